// What the payload of an event consists of, whoever says so: our own tables, the event itself, the
// trace, or a manifest.
#ifndef NUTHATCH_ETW_EVENT_SCHEMA_H_
#define NUTHATCH_ETW_EVENT_SCHEMA_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "etw/value_map.h"

namespace nuthatch {

// How a value is stored. Numbers to 25 as TDH_INTYPE_… of tdh.h and TlgIn… of TraceLogging.
enum class InType : uint8_t {
  kNone = 0,
  kUtf16 = 1,  // to its NUL, or of a given length in characters
  kAnsi = 2,   // the same of bytes
  kInt8 = 3,
  kUint8 = 4,
  kInt16 = 5,
  kUint16 = 6,
  kInt32 = 7,
  kUint32 = 8,
  kInt64 = 9,
  kUint64 = 10,
  kFloat = 11,
  kDouble = 12,
  kBool32 = 13,
  kBinary = 14,  // of a given length
  kGuid = 15,
  kPointer = 16,  // as wide as the record's pointers
  kFileTime = 17,
  kSystemTime = 18,
  kSid = 19,
  kHex32 = 20,
  kHex64 = 21,
  kCountedUtf16 = 22,  // u16 size in bytes before it
  kCountedAnsi = 23,
  kStruct = 24,
  kCountedBinary = 25,
  // Of WMI classes.
  kTokenSid = 26,  // TOKEN_USER, then the SID; only a zero u32 where there is none
  kSize = 27,      // a number as wide as pointers
  kChar16 = 28,
};
constexpr size_t kInTypes = 29;

// What a value means. Numbers to 38 as TraceLogging's.
enum class OutType : uint8_t {
  kDefault = 0,
  kNoPrint = 1,
  kText = 2,
  kBool = 3,
  kHex = 4,
  kPid = 5,
  kTid = 6,
  kPort = 7,  // in network order
  kIpv4 = 8,
  kIpv6 = 9,
  kSocketAddress = 10,
  kXml = 11,
  kJson = 12,
  kWin32Error = 13,
  kNtStatus = 14,
  kHresult = 15,
  kFileTime = 16,
  kSigned = 17,
  kUnsigned = 18,
  kLocalTime = 33,
  kUtf8 = 35,
  kPkcs7 = 36,
  kCodePointer = 37,
  kUtcTime = 38,
};

// How many, or how long: given, in a u16 before it, in an earlier field, or up to the end.
struct Extent {
  enum class Form : uint8_t { kNone, kFixed, kPrefix, kField, kRest };
  Form form = Form::kNone;
  uint16_t value = 0;  // kFixed: the number; kField: the index of the schema's field
};

struct FieldSchema {
  std::string name;
  InType in = InType::kNone;
  OutType out = OutType::kDefault;
  Extent count;                   // kNone: not an array
  const ValueMap* map = nullptr;  // of numbers: whoever has the schema has the map
  Extent length;                  // of text (in characters) and kBinary: kNone, kFixed or kField
  uint16_t members = 0;     // kStruct: the fields after it that are in it, those of nested ones too
  bool referenced = false;  // some field's extent
  bool optional = false;    // a payload may end before it
};

struct EventSchema {
  static constexpr size_t kMaxFields = 1024;
  static constexpr unsigned kMaxDepth = 8;  // of structs in structs
  // Of a name, in bytes: what is longer is cut off. An array of structs repeats those of its
  // members.
  static constexpr size_t kMaxNameSize = 256;

  std::string provider;
  std::string name;
  std::string task;
  std::string opcode;
  uint16_t version = 0;
  std::vector<FieldSchema> fields;  // a struct, then its members
  // What other builds of Windows write with the same version: for payloads that this does not fit
  // to the last byte.
  std::shared_ptr<const EventSchema> other;
};

// Bytes of a value; 0 when that depends on the value.
constexpr size_t FixedSize(InType in, size_t pointer_size) {
  switch (in) {
    case InType::kInt8:
    case InType::kUint8:
      return 1;
    case InType::kInt16:
    case InType::kUint16:
    case InType::kChar16:
      return 2;
    case InType::kInt32:
    case InType::kUint32:
    case InType::kFloat:
    case InType::kBool32:
    case InType::kHex32:
      return 4;
    case InType::kInt64:
    case InType::kUint64:
    case InType::kDouble:
    case InType::kFileTime:
    case InType::kHex64:
      return 8;
    case InType::kGuid:
    case InType::kSystemTime:
      return 16;
    case InType::kPointer:
    case InType::kSize:
      return pointer_size;
    default:
      return 0;
  }
}

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_EVENT_SCHEMA_H_
