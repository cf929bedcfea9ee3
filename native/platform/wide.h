// Text for the functions of Windows.
#ifndef NUTHATCH_PLATFORM_WIDE_H_
#define NUTHATCH_PLATFORM_WIDE_H_

#include <windows.h>

#include <string>

namespace nuthatch {

inline std::wstring ToWide(const std::string& utf8) {
  const int size = static_cast<int>(utf8.size());
  std::wstring wide(MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, nullptr, 0), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, utf8.data(), size, wide.data(), static_cast<int>(wide.size()));
  return wide;
}

inline std::string ToUtf8(const std::wstring& wide) {
  const int size = static_cast<int>(wide.size());
  std::string utf8(WideCharToMultiByte(CP_UTF8, 0, wide.data(), size, nullptr, 0, nullptr, nullptr),
                   '\0');
  WideCharToMultiByte(CP_UTF8, 0, wide.data(), size, utf8.data(), static_cast<int>(utf8.size()),
                      nullptr, nullptr);
  return utf8;
}

}  // namespace nuthatch

#endif  // NUTHATCH_PLATFORM_WIDE_H_
