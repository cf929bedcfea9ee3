// What a trace's events are as text, live and recorded.
#ifndef NUTHATCH_TEST_LIVE_PLAYED_TEXT_H_
#define NUTHATCH_TEST_LIVE_PLAYED_TEXT_H_

#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "live/play.h"
#include "pipeline/live_trace.h"
#include "pipeline/record_stage.h"
#include "pipeline/trace_text.h"

namespace nuthatch {

class PlayedText final : public LiveOutput {
 public:
  PlayedText(TraceJoiner* joiner, std::string* text) : text_(joiner), all_(*text) {}

  TraceOutput* Begin(uint64_t) override { return &text_; }
  void End(uint64_t, int64_t) override {
    all_ += text_.text();
    text_.Clear();
  }
  bool HasRoom() const override { return true; }
  FileOutput* files() override { return &text_; }
  void Finish() override {}

 private:
  TraceText text_;
  std::string& all_;
};

inline std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// If not said otherwise nothing is given before all of it has come.
inline std::vector<std::string> PlayedLines(
    const std::vector<std::vector<Bytes>>& buffers, std::vector<SessionRequest> sessions,
    const PlayScript& script = {}, std::chrono::milliseconds within = std::chrono::hours(1)) {
  const Bytes trace = WrittenTrace(buffers);
  LiveTraceOptions options;
  options.source.sessions = std::move(sessions);
  options.in_order_within = within;
  std::string text;
  LiveTrace live(Playing(trace, script), options,
                 [&](TraceJoiner* joiner) { return std::make_unique<PlayedText>(joiner, &text); });
  PlayToEnd(&live);
  return LinesOf(text);
}

inline std::vector<std::string> RecordedLines(const std::vector<std::vector<Bytes>>& buffers) {
  const Bytes trace = WrittenTrace(buffers);
  RecordStage stage{EventFilter()};
  EtwRecord record;
  for (const auto reader = Open(trace); reader->Next(&record);) stage.Learn(record);
  TraceText text(stage.joiner());
  for (const auto reader = Open(trace); reader->Next(&record);) stage.Give(record, &text);
  return LinesOf(std::string(text.text()));
}

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_LIVE_PLAYED_TEXT_H_
