#include "addon/trace_events.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "addon/array.h"
#include "addon/error.h"
#include "addon/plan.h"
#include "addon/promised_work.h"
#include "addon/setter.h"
#include "addon/trace_objects.h"
#include "pipeline/trace_blocks.h"
#include "pipeline/trace_text.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

template <typename Number>
std::vector<Number> ToNumbers(const Napi::Value& value) {
  return ToVector(value, [](const Napi::Value& item) {
    return static_cast<Number>(item.As<Napi::Number>().Uint32Value());
  });
}

StandardEvents ToStandard(const Napi::Value& value) {
  const auto row = value.As<Napi::Object>();
  const std::string provider = row.Get("provider").As<Napi::String>();
  return {ToGuid(provider).value_or(Guid{}), ToNumbers<uint16_t>(row.Get("ids"))};
}

EventFilter ToFilter(const Napi::Object& object) {
  EventFilter filter;
  filter.providers = ToStrings(object.Get("providers"));
  filter.ids = ToNumbers<uint32_t>(object.Get("ids"));
  filter.pids = ToNumbers<uint32_t>(object.Get("pids"));
  if (object.Has("standard")) filter.standard = ToVector(object.Get("standard"), ToStandard);
  return filter;
}

TraceEvents::OpenSource Opening(std::string path) {
  return [path = std::move(path)](std::unique_ptr<ByteSource>* source) {
    return OpenFile(path, source);
  };
}

// A trace that is read in steps, and what the last step has made.
class Reading {
 public:
  virtual ~Reading() = default;
  virtual Status Next(bool* done) = 0;
  virtual size_t size() const = 0;  // of what the last step has made
  virtual const TraceEvents& events() const = 0;

  // As of the last step that has ended.
  uint64_t bytes_done = 0;
  uint64_t bytes_given = 0;
};

class TextReading final : public Reading {
 public:
  TextReading(const std::string& path, EventFilter filter)
      : events_(Opening(path), std::move(filter)) {}

  Status Next(bool* done) override {
    text_.Clear();
    return events_.Next(&text_, done);
  }
  size_t size() const override { return text().size(); }
  const TraceEvents& events() const override { return events_; }
  const std::string& text() const { return text_.text(); }

 private:
  TraceEvents events_;
  TraceText text_{events_.joiner()};
};

class BlockReading final : public Reading {
 public:
  BlockReading(const std::string& path, EventFilter filter, const LoadedPlan& plan)
      : blocks_(Opening(path), std::move(filter), plan.detecting) {}

  Status Next(bool* done) override { return blocks_.Next(&block_, done); }
  size_t size() const override { return block_->records + block_->files.size(); }
  const TraceEvents& events() const override { return blocks_.events(); }
  std::shared_ptr<const TraceBlock> Take() { return std::move(block_); }

 private:
  TraceBlocks blocks_;
  std::shared_ptr<const TraceBlock> block_;
};

// It is short, so that the end of an environment can wait for it.
class Step : public PromisedWork {
 public:
  Step(Napi::Env env, std::shared_ptr<Reading> reading)
      : PromisedWork(env, "nuthatch trace", ReadOutOfMemory()), reading_(std::move(reading)) {}

 private:
  Status Run() override { return reading_->Next(&done_); }
  void Ended() override {
    reading_->bytes_done = reading_->events().bytes_done();
    reading_->bytes_given = reading_->events().bytes_given();
  }
  Napi::Value Result() override {
    const size_t size = reading_->size();
    if (done_ && size == 0) return Env().Null();
    return Napi::Number::New(Env(), static_cast<double>(size));
  }

  const std::shared_ptr<Reading> reading_;
  bool done_ = false;
};

Napi::Object SummaryOf(Napi::Env env, const TraceEvents& events) {
  Setter setter(env);
  const UndecodedCount& undecoded = events.undecoded().total();
  setter.Number("raw", undecoded.raw)
      .Number("incomplete", undecoded.incomplete)
      .Set("undecoded", UndecodedOf(env, events.undecoded()));
  const TraceReader* const reader = events.reader();
  if (reader == nullptr) return setter.object();
  const EtlFile& file = reader->file();
  return setter.Set("header", HeaderOf(env, file.header()))
      .Set("faults", FaultsOf(env, *reader))
      .Set("leftOut", EventsOf(env, events.left_out().events))
      .Number("otherLeftOut", events.left_out().other_records)
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
                        InstanceMethod<&TraceTextObject::Take>("take"),
                        InstanceMethod("summary", &TraceTextObject::Summary)});
  }

  explicit TraceTextObject(const Napi::CallbackInfo& info)
      : ReadingObject(info, std::make_shared<TextReading>(info[0].As<Napi::String>(),
                                                          ToFilter(info[1].As<Napi::Object>()))) {}

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
                        InstanceMethod("bytesDone", &TraceBlocksObject::BytesDone),
                        InstanceMethod("bytesGiven", &TraceBlocksObject::BytesGiven),
                        InstanceMethod("summary", &TraceBlocksObject::Summary)});
  }

  explicit TraceBlocksObject(const Napi::CallbackInfo& info)
      : ReadingObject(info, std::make_shared<BlockReading>(info[0].As<Napi::String>(),
                                                           ToFilter(info[1].As<Napi::Object>()),
                                                           LoadedPlanOf(info[2]))) {}

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
