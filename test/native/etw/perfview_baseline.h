// What PerfView lists of a trace: the first five events of each name, in the order of the trace.
#ifndef NUTHATCH_TEST_ETW_PERFVIEW_BASELINE_H_
#define NUTHATCH_TEST_ETW_PERFVIEW_BASELINE_H_

#include <gtest/gtest.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/load_bytes.h"
#include "etw/perfview_names.h"
#include "etw/record.h"

namespace nuthatch {

// A line of PerfView's: EVENT 1,491.123: Name PID=..; TID=..; PName=..; ProceNum=..; DataLen=..;
struct BaselineEvent {
  std::string name;
  int64_t microseconds;
  uint32_t pid;
  uint32_t tid;
  uint32_t cpu;
  uint32_t size;
};

inline int64_t NumberOf(std::string text) {
  std::erase_if(text, [](char c) { return c == ',' || c == '.'; });
  int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  EXPECT_EQ(error, std::errc()) << text;
  return number;
}

inline std::string After(const std::string& line, const std::string& key) {
  const size_t at = line.find(key);
  if (at == line.npos) return "";
  const size_t begin = at + key.size();
  return line.substr(begin, line.find(';', begin) - begin);
}

inline std::optional<BaselineEvent> ParseBaseline(const std::string& line) {
  if (!line.starts_with("EVENT ")) return std::nullopt;
  const size_t name = line.find(": ") + 2;
  const auto field = [&](const char* key) {
    return static_cast<uint32_t>(NumberOf(After(line, key)));
  };
  return BaselineEvent{line.substr(name, line.find(" PID=") - name),
                       NumberOf(line.substr(6, name - 2 - 6)),
                       field(" PID="),
                       field(" TID="),
                       field(" ProceNum="),
                       field(" DataLen=")};
}

// The thread that PerfView shows of a record: that of its header, but of some that of the payload,
// and of others none where we give the thread that caused it.
inline uint32_t PerfViewThread(const EtwRecord& record, const std::string& name) {
  const auto at = [&](size_t offset) { return LoadAt<uint32_t>(record.payload, offset); };
  const std::map<std::string, size_t> payload = {
      // Not the thread, which is at the end, but the low half of how long it took.
      {"Windows Kernel/DiskIO/FlushBuffers", 8},
      {"Windows Kernel/DiskIO/Read", record.payload.size() - 4},
      {"Windows Kernel/DiskIO/Write", record.payload.size() - 4},
      {"Windows Kernel/Memory/HardFault", 32},
      {"Windows Kernel/PerfInfo/Sample", 8},
      {"Windows Kernel/Thread/Start", 4},
      {"Windows Kernel/Thread/Stop", 4},
  };
  if (const auto found = payload.find(name); found != payload.end()) return at(found->second);
  static const std::set<std::string> none = {
      "Windows Kernel/Image/DCStart", "Windows Kernel/Image/DCStop", "Windows Kernel/Image/Unload",
      "Windows Kernel/Process/Start", "Windows Kernel/Process/Stop",
  };
  return none.contains(name) ? kNoId : record.tid;
}

// PerfView takes the process of kernel events from payloads (test/native/trace compares those).
inline bool Matches(const EtwRecord& record, const BaselineEvent& event, uint64_t begin) {
  const auto ticks = static_cast<int64_t>(record.time - begin);
  // It rounds to a microsecond.
  if (std::abs(ticks - event.microseconds * 10) > 5) return false;
  if (record.cpu != event.cpu || record.payload.size() != event.size) return false;
  if (KindOf(record) != KindOf(event.name)) return false;
  const bool from_payload =
      IsKernelName(event.name) || event.name.starts_with("KernelTraceControl");
  return PerfViewThread(record, event.name) == event.tid &&
         (from_payload || record.pid == event.pid);
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_PERFVIEW_BASELINE_H_
