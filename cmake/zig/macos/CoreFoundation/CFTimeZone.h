// Abseil asks CoreFoundation for the name of the local time zone. Zig has none of macOS's
// frameworks, and Nuthatch asks for no local time: here the zone has no name, and Abseil would go
// on to read /etc/localtime.
#ifndef NUTHATCH_CMAKE_ZIG_MACOS_COREFOUNDATION_CFTIMEZONE_H_
#define NUTHATCH_CMAKE_ZIG_MACOS_COREFOUNDATION_CFTIMEZONE_H_

using CFTimeZoneRef = const void*;
using CFStringRef = const void*;
using CFIndex = long;
using CFStringEncoding = unsigned;
inline constexpr CFStringEncoding kCFStringEncodingUTF8 = 0x08000100;

inline CFTimeZoneRef CFTimeZoneCopyDefault() { return nullptr; }
inline CFStringRef CFTimeZoneGetName(CFTimeZoneRef) { return nullptr; }
inline CFIndex CFStringGetLength(CFStringRef) { return 0; }
inline CFIndex CFStringGetMaximumSizeForEncoding(CFIndex, CFStringEncoding) { return 0; }
inline bool CFStringGetCString(CFStringRef, char*, CFIndex, CFStringEncoding) { return false; }
inline void CFRelease(CFTimeZoneRef) {}

#endif  // NUTHATCH_CMAKE_ZIG_MACOS_COREFOUNDATION_CFTIMEZONE_H_
