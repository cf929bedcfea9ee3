// What a record means together with those around it.
#ifndef NUTHATCH_TRACE_JOINED_EVENT_H_
#define NUTHATCH_TRACE_JOINED_EVENT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "enrich/process_history.h"
#include "model/schema.h"
#include "trace/stack_key.h"

namespace nuthatch {

struct JoinedProcess {
  uint32_t pid = kNoProcess;
  const Process* known = nullptr;  // more of it
};

struct JoinedConnection {
  bool known = false;
  bool inbound = false;
  bool udp = false;
  // 4 or 16 bytes in network order, in the record; empty where unknown.
  std::span<const uint8_t> local_ip;
  std::span<const uint8_t> remote_ip;
  uint16_t local_port = 0;
  uint16_t remote_port = 0;
};

// Of what is not known pid is kNoProcess and texts are empty.
struct JoinedEvent {
  std::optional<EventType> happened;  // the standard event that the record is
  JoinedProcess process;
  JoinedProcess target;
  std::string image_path;
  std::string file_path;
  std::string file_previous_path;
  bool file_changed = false;  // its content has, or may have: nothing happened that is not told yet
  std::string key_path;
  bool has_value = false;  // whose name may be empty
  std::string value_name;
  std::string_view data_type;
  std::string data;  // empty data have a type
  JoinedConnection network;
  StackKey stack;  // only where the joiner follows stacks

  // Keeps the texts' memory.
  void Clear() {
    happened.reset();
    process = target = {};
    for (std::string* text :
         {&image_path, &file_path, &file_previous_path, &key_path, &value_name, &data})
      text->clear();
    file_changed = false;
    has_value = false;
    data_type = {};
    network = {};
    stack = {};
  }
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_JOINED_EVENT_H_
