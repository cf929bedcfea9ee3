// A trace that plays Windows, and what a program sees of it.
#ifndef NUTHATCH_TEST_LIVE_PLAY_H_
#define NUTHATCH_TEST_LIVE_PLAY_H_

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/utf16.h"
#include "etw/open_trace.h"
#include "live/played_etw.h"
#include "live/trace_session.h"
#include "pipeline/live_trace.h"
#include "pipeline/opening.h"
#include "trace/trace_records.h"

namespace nuthatch {

constexpr Guid kDnsClient = ParseGuid("1c95126e-7eea-49a9-a3fe-a378b03ddb4d");

// Thread names, one a millisecond: the kernel's.
inline std::vector<Bytes> KernelRecords(size_t count) {
  std::vector<Bytes> records;
  for (size_t i = 1; i <= count; ++i)
    records.push_back(Kernel({.tick = i * kSecond / 1000, .pid = 8}, 5, 0x48, 2,
                             Payload().U32(8).U32(9).Wide("a")));
  return records;
}

inline std::vector<Bytes> DnsRecords(size_t count) {
  std::vector<Bytes> records;
  for (size_t i = 1; i <= count; ++i)
    records.push_back(
        Provider({.tick = i * kSecond / 1000 + 1, .pid = 8}, kDnsClient, 3006, 0, Payload()));
  return records;
}

inline Bytes WrittenTrace(const std::vector<std::vector<Bytes>>& buffers) {
  EtlWriter writer({.buffer_size = 1 << 20});
  for (const std::vector<Bytes>& records : buffers) writer.Add({.records = records});
  return writer.bytes();
}

// `trace` outlives it.
inline std::shared_ptr<EtwSystem> Playing(const Bytes& trace, const PlayScript& script = {}) {
  std::shared_ptr<EtwSystem> system;
  const Status status = PlayedEtw::Open(Opening(trace), script, &system);
  EXPECT_TRUE(status.ok()) << status.message();
  return system;
}

// Starts it, and waits until all of it has come.
inline void PlayToEnd(LiveTrace* live) {
  // The trace's thread holds it, too, while it says so.
  const auto ended = std::make_shared<std::promise<void>>();
  live->Start([](const Status& status) { EXPECT_TRUE(status.ok()) << status.message(); },
              [ended] { ended->set_value(); }, [] {});
  ended->get_future().wait();
}

// The names of those that run, in the order in which they were started; without the recorded one.
inline std::vector<std::string> SessionsOf(EtwSystem* system) {
  WinTraceProperties all[16];
  WinTraceProperties* pointers[16];
  for (size_t i = 0; i < 16; ++i) pointers[i] = &all[i];
  uint32_t count = 0;
  EXPECT_EQ(system->QueryAllTraces(pointers, 16, &count), kEtwSuccess);
  std::vector<std::string> names;
  for (uint32_t i = 0; i < count; ++i) {
    const std::string name = Utf16ToUtf8(std::u16string_view(all[i].name));
    if (name != "recorded") names.push_back(name);
  }
  return names;
}

inline SessionRequest KernelSession() {
  SessionRequest request;
  request.name = "kernel";
  request.kernel_flags = 3;
  return request;
}

inline SessionRequest DnsSession() {
  SessionRequest request;
  request.name = "providers";
  request.providers = {{.name = "DNS", .provider = kDnsClient}};
  return request;
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_LIVE_PLAY_H_
