#include "addon/trace_events.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "addon/error.h"
#include "addon/event_filter.h"
#include "addon/plan.h"
#include "addon/promised_work.h"
#include "addon/setter.h"
#include "addon/trace_objects.h"
#include "pipeline/image_symbols.h"
#include "pipeline/trace_blocks.h"
#include "pipeline/trace_text.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

// A trace that is read in steps, and what the last step has made.
class Reading {
 public:
  virtual ~Reading() = default;
  virtual Status Next(bool* done) = 0;
  virtual void Close() = 0;         // between two steps
  virtual size_t size() const = 0;  // of what the last step has made
  virtual const TraceEvents& events() const = 0;

  const StopFlag stop = MakeStopFlag();
  // As of the last step that has ended.
  uint64_t bytes_done = 0;
  uint64_t bytes_given = 0;
};

// Whether events are to have their call stacks, and where the files are that those name.
struct StackOptions {
  explicit StackOptions(const Napi::Object& object) : wanted(object.Get("stacks").ToBoolean()) {
    const Napi::Value root = object.Get("imageRoot");
    if (root.IsString()) image_root = root.As<Napi::String>().Utf8Value();
  }

  // nullptr where there are no files.
  std::unique_ptr<SymbolSource> Symbols() const {
    if (!image_root) return nullptr;
    return std::make_unique<ImageSymbols>(ImageSymbols::Options{image_root, /*waits=*/true});
  }

  bool wanted;
  std::optional<std::string> image_root;
};

class TextReading final : public Reading {
 public:
  TextReading(const std::string& path, EventFilter filter, const StackOptions& stacks)
      : symbols_(stacks.wanted ? stacks.Symbols() : nullptr),
        events_(OpeningFile(path), std::move(filter), stop.get()) {
    if (stacks.wanted) text_.FollowStacks(symbols_.get());
  }

  Status Next(bool* done) override {
    text_.Clear();
    Status status = events_.Next(&text_, done);
    text_.FinishStacks(events_.stage().time(), *done);
    return status;
  }
  void Close() override { events_.Close(); }
  size_t size() const override { return text().size(); }
  const TraceEvents& events() const override { return events_; }
  const std::string& text() const { return text_.text(); }

 private:
  const std::unique_ptr<SymbolSource> symbols_;
  TraceEvents events_;
  TraceText text_{events_.joiner()};
};

class BlockReading final : public Reading {
 public:
  BlockReading(const std::string& path, EventFilter filter, const LoadedPlan& plan,
               const StackOptions& stacks)
      : follows_(stacks.wanted || plan.detecting->asks_stacks()),
        symbols_(follows_ ? stacks.Symbols() : nullptr),
        blocks_(OpeningFile(path), std::move(filter), plan.detecting, stop.get()) {
    if (follows_) blocks_.FollowStacks(symbols_.get());
  }

  Status Next(bool* done) override { return blocks_.Next(&block_, done); }
  void Close() override { blocks_.Close(); }
  size_t size() const override { return block_->records + block_->files.size(); }
  const TraceEvents& events() const override { return blocks_.events(); }
  std::shared_ptr<const TraceBlock> Take() { return std::move(block_); }

 private:
  const bool follows_;
  const std::unique_ptr<SymbolSource> symbols_;
  TraceBlocks blocks_;
  std::shared_ptr<const TraceBlock> block_;
};

// Short, but of a file whose buffers hold no records, and where damage is large.
class Step : public StoppableWork {
 public:
  Step(Napi::Env env, const std::shared_ptr<Reading>& reading)
      : StoppableWork(env, "nuthatch trace", ReadOutOfMemory(), reading->stop), reading_(reading) {}

 private:
  Status Run() override { return reading_->Next(&done_); }
  Napi::Value Result() override {
    reading_->bytes_done = reading_->events().bytes_done();
    reading_->bytes_given = reading_->events().bytes_given();
    const size_t size = reading_->size();
    if (done_ && size == 0) return Env().Null();
    return Napi::Number::New(Env(), static_cast<double>(size));
  }

  const std::shared_ptr<Reading> reading_;
  bool done_ = false;
};

Napi::Object SummaryOf(Napi::Env env, const TraceEvents& events) {
  Setter setter(env);
  const UndecodedCount& undecoded = events.stage().undecoded().total();
  setter.Number("raw", undecoded.raw)
      .Number("incomplete", undecoded.incomplete)
      .Set("undecoded", UndecodedOf(env, events.stage().undecoded()));
  if (const StackCounts* const stacks = events.stage().stacks())
    setter.Set("stacks", StacksOf(env, *stacks));
  const TraceReader* const reader = events.reader();
  if (reader == nullptr) return setter.object();
  const EtlFile& file = reader->file();
  return setter.Set("header", HeaderOf(env, file.header()))
      .Set("faults", FaultsOf(env, *reader))
      .Set("leftOut", EventsOf(env, events.stage().left_out().events))
      .Number("otherLeftOut", events.stage().left_out().other_records)
      .Number("lossMarks", file.loss_marks())
      .Number("outOfOrder", reader->out_of_order())
      .object();
}

// What both classes of JavaScript have.
template <typename Self, typename ReadingType>
class ReadingObject : public Napi::ObjectWrap<Self> {
 public:
  ReadingObject(const Napi::CallbackInfo& info, std::shared_ptr<ReadingType> reading)
      : Napi::ObjectWrap<Self>(info), reading_(std::move(reading)) {}

  Napi::Value Next(const Napi::CallbackInfo& info) {
    return (new Step(info.Env(), reading_))->Begin();
  }
  void Stop(const Napi::CallbackInfo&) { *reading_->stop = true; }
  void Close(const Napi::CallbackInfo&) { reading_->Close(); }
  // Of blocks alone.
  Napi::Value BytesDone(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(reading_->bytes_done));
  }
  Napi::Value BytesGiven(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(reading_->bytes_given));
  }
  Napi::Value Summary(const Napi::CallbackInfo& info) {
    return SummaryOf(info.Env(), reading_->events());
  }

 protected:
  const std::shared_ptr<ReadingType> reading_;
};

class TraceTextObject : public ReadingObject<TraceTextObject, TextReading> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "TraceText",
                       {InstanceMethod("next", &TraceTextObject::Next),
                        InstanceMethod("stop", &TraceTextObject::Stop),
                        InstanceMethod("close", &TraceTextObject::Close),
                        InstanceMethod<&TraceTextObject::Take>("take"),
                        InstanceMethod("summary", &TraceTextObject::Summary)});
  }

  explicit TraceTextObject(const Napi::CallbackInfo& info)
      : ReadingObject(info, std::make_shared<TextReading>(
                                info[0].As<Napi::String>(), ToFilter(info[1].As<Napi::Object>()),
                                StackOptions(info[2].As<Napi::Object>()))) {}

 private:
  // Between two steps, into a buffer of the text's size.
  void Take(const Napi::CallbackInfo& info) {
    auto into = info[0].As<Napi::Uint8Array>();
    const std::string& text = reading_->text();
    assert(into.ByteLength() == text.size());
    std::copy(text.begin(), text.end(), into.Data());
  }
};

class TraceBlocksObject : public ReadingObject<TraceBlocksObject, BlockReading> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "TraceBlocks",
                       {InstanceMethod("next", &TraceBlocksObject::Next),
                        InstanceMethod("stop", &TraceBlocksObject::Stop),
                        InstanceMethod("close", &TraceBlocksObject::Close),
                        InstanceMethod("bytesDone", &TraceBlocksObject::BytesDone),
                        InstanceMethod("bytesGiven", &TraceBlocksObject::BytesGiven),
                        InstanceMethod("summary", &TraceBlocksObject::Summary)});
  }

  explicit TraceBlocksObject(const Napi::CallbackInfo& info)
      : ReadingObject(info, std::make_shared<BlockReading>(
                                info[0].As<Napi::String>(), ToFilter(info[1].As<Napi::Object>()),
                                LoadedPlanOf(info[2]), StackOptions(info[3].As<Napi::Object>()))) {}

  std::shared_ptr<const TraceBlock> Take() { return reading_->Take(); }
};

}  // namespace

std::shared_ptr<const TraceBlock> TakeTraceBlock(Napi::Value blocks) {
  return TraceBlocksObject::Unwrap(blocks.As<Napi::Object>())->Take();
}

void ExportTraceEvents(Napi::Env env, Napi::Object exports) {
  exports.Set("TraceText", TraceTextObject::Define(env));
  exports.Set("TraceBlocks", TraceBlocksObject::Define(env));
}

}  // namespace nuthatch
