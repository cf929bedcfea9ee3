// Operations on registry keys and values, and the keys' paths.
#ifndef NUTHATCH_TRACE_REGISTRY_JOINS_H_
#define NUTHATCH_TRACE_REGISTRY_JOINS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "enrich/recent_names.h"
#include "trace/event_fields.h"
#include "trace/joined_event.h"

namespace nuthatch {

class RegistryJoins {
 public:
  static constexpr size_t kMaxKeys = size_t{1} << 16;
  static constexpr size_t kMaxKeyBytes = size_t{3} << 20;

  // In a pass before the one in which records are given out.
  void Learn(TraceKind kind, const EventFields& fields);
  // `says`: whether the record's source is the one that says what happened.
  void Take(TraceKind kind, const EventFields& fields, bool says, JoinedEvent* joined);

 private:
  void TakeKey(TraceKind kind, const EventFields& fields, JoinedEvent* joined);
  void TakeValue(TraceKind kind, const EventFields& fields, JoinedEvent* joined);
  void AppendOpened(const EventFields& fields, std::string* path);
  void AppendKey(uint64_t key, const std::string& name, std::string* path) const;

  // Of the kernel logger's key control blocks, and of the key objects of Kernel-Registry. Empty
  // when it has ended and the next one is not known yet.
  RecentNames keys_{kMaxKeys, kMaxKeyBytes};
  std::string text_;
  std::string base_;
  std::string relative_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TRACE_REGISTRY_JOINS_H_
