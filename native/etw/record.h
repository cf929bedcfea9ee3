// A record of a trace, from a file or a live session, with its header read and its payload not.
#ifndef NUTHATCH_ETW_RECORD_H_
#define NUTHATCH_ETW_RECORD_H_

#include <cstdint>
#include <span>

#include "base/guid.h"
#include "base/load_bytes.h"

namespace nuthatch {

enum class HeaderKind : uint8_t {
  kSystem,    // SYSTEM_TRACE_HEADER: kernel
  kCompact,   // the same without processor times
  kPerfInfo,  // PERFINFO_TRACE_HEADER: kernel, with neither process nor thread
  kClassic,   // EVENT_TRACE_HEADER: TraceEvent()
  kInstance,  // EVENT_INSTANCE_GUID_HEADER: TraceEventInstance()
  kEvent,     // EVENT_HEADER: EventWrite(), by manifest or self-describing
  kMessage,   // WPP's TraceMessage()
};

// TRACE_MESSAGE_…: what the header of a message has, in this order.
enum MessageFlag : uint16_t {
  kMessageSequence = 0x01,
  kMessageGuid = 0x02,
  kMessageComponent = 0x04,  // u32 instead of a GUID
  kMessageTime = 0x08,
  kMessageIds = 0x20,  // thread, process
  kMessagePointer32 = 0x40,
  kMessagePointer64 = 0x80,
};

enum class ExtendedType : uint16_t {
  kRelatedActivity = 1,
  kSid = 2,
  kTerminalSession = 3,
  kInstanceInfo = 4,
  kStack32 = 5,
  kStack64 = 6,
  kPebsIndex = 7,
  kPmcCounters = 8,
  kPsmKey = 9,
  kEventKey = 10,
  kSchema = 11,  // TraceLogging
  kProviderTraits = 12,
  kProcessStartKey = 13,
  kControlGuid = 14,
  kQpcDelta = 15,
  kContainerId = 16,
};

inline bool IsStack(ExtendedType type) {
  return type == ExtendedType::kStack32 || type == ExtendedType::kStack64;
}

struct ExtendedItem {
  ExtendedType type;
  std::span<const uint8_t> data;
};

// The items that follow an EVENT_HEADER, laid out as in a file: u16 size of all (a multiple of 8),
// u16 type, u16 whose bit 0 says that another follows, u16 size of the data, data, padding. A live
// session's items, which Windows hands over by pointers, are copied into this form.
class ExtendedItems {
 public:
  ExtendedItems() = default;
  explicit ExtendedItems(std::span<const uint8_t> bytes) : rest_(bytes) {}

  // False after the last, and where an item is malformed.
  bool Next(ExtendedItem* item) {
    if (rest_.size() < kHead) return false;
    const size_t size = LoadAt<uint16_t>(rest_, 0);
    const size_t data = LoadAt<uint16_t>(rest_, 6);
    more_ = (LoadAt<uint16_t>(rest_, 4) & 1) != 0;
    if (size < kHead || size % 8 != 0 || size > rest_.size() || data > size - kHead) return false;
    *item = {static_cast<ExtendedType>(LoadAt<uint16_t>(rest_, 2)), rest_.subspan(kHead, data)};
    rest_ = rest_.subspan(size);
    return true;
  }
  // Whether the item that Next gave names another one.
  bool more() const { return more_; }
  std::span<const uint8_t> rest() const { return rest_; }

 private:
  static constexpr size_t kHead = 8;
  std::span<const uint8_t> rest_;
  bool more_ = false;
};

constexpr uint32_t kNoId = 0xFFFFFFFF;  // the pid and tid of a record that has none
constexpr uint8_t kNoGroup = 0xFF;      // the group of what the kernel's classes are not

// What a header lacks is zero, but for pid, tid and group. The spans are whose memory the record is
// in; who gives the record says for how long.
struct EtwRecord {
  HeaderKind kind{};
  uint8_t pointer_size = 8;  // 4 or 8, in the payload of this record
  uint8_t group = kNoGroup;  // of the kernel's class; that of its groups, but of image loads
  uint8_t opcode = 0;        // of kernel and classic records their type
  uint8_t level = 0;
  uint8_t channel = 0;
  uint16_t id = 0;       // kEvent: the event's; kMessage: the message's number
  uint16_t version = 0;  // of the event
  uint16_t task = 0;
  uint16_t flags = 0;       // kEvent: EVENT_HEADER_FLAG_…; kMessage: TRACE_MESSAGE_…
  uint16_t properties = 0;  // kEvent: EVENT_HEADER_PROPERTY_…
  uint16_t cpu = 0;         // without meaning where the session had one buffer for all CPUs
  uint32_t pid = kNoId;
  uint32_t tid = kNoId;
  uint64_t keyword = 0;
  uint64_t raw_time = 0;  // by the session's clock: other records refer to this
  uint64_t time = 0;      // FILETIME, 100 ns since 1601 in UTC
  // As it is stored: two u32 of kernel and user time, or cycles, of which the header does not tell.
  uint64_t processor_time = 0;
  Guid provider;  // or class; zero for a group of the kernel's that is not known
  Guid activity;
  uint32_t instance = 0;         // kInstance
  uint32_t parent_instance = 0;  // kInstance
  Guid parent_class;             // kInstance
  uint32_t sequence = 0;         // kMessage
  ExtendedItems extended;        // kEvent; no item of it is malformed
  std::span<const uint8_t> payload;
  uint64_t position = 0;  // in the file; of the buffer where that is compressed
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_RECORD_H_
