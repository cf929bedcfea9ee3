#include "addon/live_options.h"

#include <string>
#include <utility>

#include "addon/array.h"
#include "addon/error.h"
#include "addon/event_filter.h"
#include "addon/setter.h"
#include "addon/trace_objects.h"
#include "live/played_etw.h"
#include "platform/file.h"

namespace nuthatch {
namespace {

Guid GuidOf(const Napi::Value& text) {
  return ToGuid(text.As<Napi::String>().Utf8Value()).value_or(Guid{});
}

uint32_t NumberOf(const Napi::Object& object, const char* name, uint32_t otherwise = 0) {
  const Napi::Value value = object.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().Uint32Value() : otherwise;
}

uint64_t BigOf(const Napi::Object& object, const char* name) {
  bool lossless = false;
  return object.Get(name).As<Napi::BigInt>().Uint64Value(&lossless);
}

WinClassicEvent ToClassicEvent(const Napi::Value& value) {
  const auto object = value.As<Napi::Object>();
  return {GuidOf(object.Get("provider")), static_cast<uint8_t>(NumberOf(object, "type")), {}};
}

ProviderRequest ToProvider(const Napi::Value& value) {
  const auto object = value.As<Napi::Object>();
  ProviderRequest provider;
  provider.name = object.Get("name").As<Napi::String>();
  provider.provider = GuidOf(object.Get("guid"));
  provider.level = static_cast<uint8_t>(NumberOf(object, "level"));
  provider.keyword = BigOf(object, "keyword");
  provider.stacks = ToVector(object.Get("stacks"), [](const Napi::Value& id) {
    return static_cast<uint16_t>(id.As<Napi::Number>().Uint32Value());
  });
  provider.capture_state = object.Get("captureState").ToBoolean();
  return provider;
}

SessionRequest ToSession(const Napi::Value& value) {
  const auto object = value.As<Napi::Object>();
  SessionRequest session;
  session.name = object.Get("name").As<Napi::String>();
  session.kernel_flags = NumberOf(object, "kernelFlags");
  session.kernel_stacks = ToVector(object.Get("kernelStacks"), ToClassicEvent);
  session.providers = ToVector(object.Get("providers"), ToProvider);
  const auto buffers = object.Get("buffers").As<Napi::Object>();
  session.buffer_kilobytes = NumberOf(buffers, "kilobytes");
  session.least_buffers = NumberOf(buffers, "least");
  session.most_buffers = NumberOf(buffers, "most");
  return session;
}

Overflow OverflowOf(const std::string& name) {
  if (name == "spill") return Overflow::kSpill;
  return name == "drop-newest" ? Overflow::kDropNewest : Overflow::kDropOldest;
}

PlayScript ToScript(const Napi::Object& play) {
  PlayScript script;
  const Napi::Value speed = play.Get("speed");
  if (speed.IsNumber()) script.speed = speed.As<Napi::Number>();
  script.repeat = NumberOf(play, "repeat", 1);
  script.shuffle = NumberOf(play, "shuffle", 1);
  script.killed_at = NumberOf(play, "killedAt");
  script.clock_back_at = NumberOf(play, "clockBackAt");
  script.clock_back = NumberOf(play, "clockBack");
  if (const Napi::Value buffers = play.Get("buffers"); buffers.IsObject()) {
    const auto object = buffers.As<Napi::Object>();
    script.buffers = {NumberOf(object, "kilobytes"), NumberOf(object, "least"),
                      NumberOf(object, "most")};
  }
  const auto each = [&](const char* name, auto add) {
    if (!play.Get(name).IsArray()) return;
    for (const Napi::Object& item :
         ToVector(play.Get(name), [](const Napi::Value& each) { return each.As<Napi::Object>(); }))
      add(item);
  };
  each("stalls", [&](const Napi::Object& stall) {
    script.stalls.push_back(
        {NumberOf(stall, "at"), std::chrono::milliseconds(NumberOf(stall, "milliseconds"))});
  });
  each("losses", [&](const Napi::Object& loss) {
    script.losses.push_back(
        {NumberOf(loss, "at"), NumberOf(loss, "events"), NumberOf(loss, "buffers")});
  });
  each("accounts", [&](const Napi::Object& account) {
    script.accounts[account.Get("sid").As<Napi::String>()] = {
        account.Get("name").As<Napi::String>(), account.Get("domain").As<Napi::String>()};
  });
  each("failures", [&](const Napi::Object& failure) {
    script.failures[failure.Get("of").As<Napi::String>()] = {NumberOf(failure, "error"),
                                                             NumberOf(failure, "times", UINT32_MAX),
                                                             NumberOf(failure, "after")};
  });
  return script;
}

Napi::Object AccountsOf(Napi::Env env, const AccountCounts& counts, uint64_t unnamed_starts) {
  Setter setter(env);
  setter.Number("named", counts.named)
      .Number("failed", counts.failed)
      .Number("unnamedStarts", unnamed_starts);
  if (counts.failed > 0)
    setter.Text("failure", counts.failed_sid + ": " + ErrorOfWindows(counts.error));
  return setter.object();
}

}  // namespace

LiveTraceOptions LiveOptionsOf(Napi::Object options) {
  LiveTraceOptions result;
  result.source.sessions = ToVector(options.Get("sessions"), ToSession);
  result.source.attach = options.Get("attach").As<Napi::String>();
  result.source.queue.bytes = NumberOf(options, "queueBytes");
  result.source.queue.overflow = OverflowOf(options.Get("overflow").As<Napi::String>());
  result.source.queue.spill_folder = options.Get("spillFolder").As<Napi::String>();
  result.source.restart = options.Get("restart").ToBoolean();
  result.filter = ToFilter(options.Get("filter").As<Napi::Object>());
  result.in_order_within = std::chrono::milliseconds(NumberOf(options, "inOrderWithin"));
  result.cached_stacks_within = std::chrono::milliseconds(NumberOf(options, "cachedStacksWithin"));
  return result;
}

std::shared_ptr<DebugHelp> DebugHelpOf(Napi::Object options) {
  const Napi::Value path = options.Get("symbolPath");
  if (!path.IsString()) return nullptr;
  std::unique_ptr<DebugHelp> debug;
  const Status status = DebugHelp::Load(path.As<Napi::String>().Utf8Value(), &debug);
  if (!status.ok()) throw ErrorOf(options.Env(), status);
  return debug;
}

std::shared_ptr<EtwSystem> EtwSystemOf(Napi::Object options) {
  std::shared_ptr<EtwSystem> system;
  const Napi::Value play = options.Get("play");
  const Status status =
      play.IsObject()
          ? PlayedEtw::Open(OpeningFile(play.As<Napi::Object>().Get("file").As<Napi::String>()),
                            ToScript(play.As<Napi::Object>()), &system)
          : LoadWindowsEtw(&system);
  if (!status.ok()) throw ErrorOf(options.Env(), status);
  return system;
}

Napi::Object ToObject(Napi::Env env, const LiveTraceCounts& counts) {
  const LiveCounts& source = counts.source;
  Setter setter(env);
  if (counts.stacks) {
    Napi::Object stacks = StacksOf(env, *counts.stacks);
    stacks.Set("untold", static_cast<double>(counts.stacks->untold));
    setter.Set("stacks", stacks);
  }
  if (counts.accounts)
    setter.Set("accounts", AccountsOf(env, *counts.accounts, counts.unnamed_starts));
  return setter.Number("queued", source.queue.queued)
      .Number("dropped", source.queue.dropped)
      .Number("spilled", source.queue.spilled)
      .Number("mostQueuedBytes", source.queue.most_bytes)
      .Number("eventsLost", source.events_lost)
      .Number("buffersLost", source.buffers_lost)
      .Number("tooLarge", source.too_large)
      .Number("restarts", source.restarts)
      .Number("orphans", source.orphans)
      .Number("records", counts.records)
      .Number("outOfOrder", counts.out_of_order)
      .Number("raw", counts.raw)
      .Number("incomplete", counts.incomplete)
      .Number("waitedP50", counts.waited_p50)
      .Number("waitedP99", counts.waited_p99)
      .object();
}

}  // namespace nuthatch
