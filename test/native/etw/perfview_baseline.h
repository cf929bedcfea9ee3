// What PerfView lists of a trace: the first five events of each name, in the order of the trace.
#ifndef NUTHATCH_TEST_ETW_PERFVIEW_BASELINE_H_
#define NUTHATCH_TEST_ETW_PERFVIEW_BASELINE_H_

#include <gtest/gtest.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "etw/known_providers.h"
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

// PerfView's names of the kernel's classes that are not ours.
inline const std::map<std::string, std::string> kClassNames = {
    {"DiskIO", "DiskIo"}, {"Memory", "PageFault"}, {"SysConfig", "SystemConfigEx"}};

inline bool IsKernelName(const std::string& name) {
  return name.starts_with("Windows Kernel/") || name.starts_with("MSNT_SystemTrace/");
}

// The provider that PerfView's name says, by our name for it.
inline std::string ProviderOf(const std::string& name) {
  if (name.starts_with("KernelTraceControl/MetaData/")) return "EventMetadata";
  const size_t first = name.find('/');
  if (!IsKernelName(name) && !name.starts_with("KernelTraceControl/")) return name.substr(0, first);
  const std::string second = name.substr(first + 1, name.find('/', first + 1) - first - 1);
  const auto known = kClassNames.find(second);
  return known == kClassNames.end() ? second : known->second;
}

inline bool IsProvider(const EtwRecord& record, const std::string& name) {
  const char* known = KnownProviderName(record.provider);
  // "Image/Load" is type 10 of the class Process.
  if (name == "Image" && record.group == 3 && record.opcode == 10) return true;
  return known == nullptr ? record.group == kNoGroup : known == name;
}

// PerfView takes the process and thread of kernel events from payloads, and shows -1 where the
// record has none.
inline bool Matches(const EtwRecord& record, const BaselineEvent& event, uint64_t begin) {
  const auto ticks = static_cast<int64_t>(record.time - begin);
  // It rounds to a microsecond.
  if (std::abs(ticks - event.microseconds * 10) > 5) return false;
  if (record.cpu != event.cpu || record.payload.size() != event.size) return false;
  if (!IsProvider(record, ProviderOf(event.name))) return false;
  const bool from_payload =
      IsKernelName(event.name) || event.name.starts_with("KernelTraceControl");
  return from_payload || (record.pid == event.pid && record.tid == event.tid);
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_ETW_PERFVIEW_BASELINE_H_
