// A live trace's events as lines, with their call stacks.
#ifndef NUTHATCH_TEST_LIVE_STACKED_TEXT_H_
#define NUTHATCH_TEST_LIVE_STACKED_TEXT_H_

#include <string>
#include <string_view>

#include "pipeline/live_trace.h"
#include "pipeline/trace_text.h"

namespace nuthatch {

class NoSymbols final : public SymbolSource {
 public:
  bool Find(const ImageFile&, std::string_view, uint32_t, Symbol*) override { return false; }
};

class StackedText final : public LiveOutput {
 public:
  StackedText(TraceJoiner* joiner, std::string* lines)
      : joiner_(*joiner), text_(joiner), lines_(*lines) {
    text_.FollowStacks(&symbols_);
  }
  TraceOutput* Begin(uint64_t) override { return &text_; }
  void End(uint64_t, int64_t) override { Take(false); }
  bool HasRoom() const override { return true; }
  FileOutput* files() override { return &text_; }
  void Finish() override { Take(true); }

 private:
  void Take(bool end) {
    text_.FinishStacks(joiner_.time(), end);
    lines_ += text_.text();
    text_.Clear();
  }

  TraceJoiner& joiner_;
  NoSymbols symbols_;
  TraceText text_;
  std::string& lines_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_LIVE_STACKED_TEXT_H_
