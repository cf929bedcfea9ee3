#include "addon/trace_objects.h"

#include <span>
#include <string>

#include "addon/setter.h"
#include "etw/known_providers.h"

namespace nuthatch {
namespace {

// About when what stands at a place of the file happened: when the first record of the last buffer
// before it was written. 0 where there is none.
uint64_t TimeAt(const EtlFile& file, uint64_t position) {
  const BufferEntry* before = nullptr;
  for (const BufferEntry& entry : file.buffers()) {
    const bool nearer = before == nullptr || entry.position > before->position;
    if (entry.position <= position && nearer) before = &entry;
  }
  return before == nullptr ? 0 : file.header().Clock().ToFileTime(before->first_time);
}

Napi::Array ToArray(Napi::Env env, std::span<const uint64_t> numbers) {
  Napi::Array array = Napi::Array::New(env, numbers.size());
  for (uint32_t i = 0; i < numbers.size(); ++i)
    array[i] = Napi::Number::New(env, static_cast<double>(numbers[i]));
  return array;
}

}  // namespace

Napi::Object HeaderOf(Napi::Env env, const TraceHeader& header) {
  Setter setter(env);
  setter.Text("session", header.session)
      .Text("file", header.file)
      .Number("bufferSize", header.buffer_size)
      .Number("mode", header.mode)
      .Number("buffersWritten", header.buffers_written)
      .Number("eventsLost", header.events_lost)
      .Number("buffersLost", header.buffers_lost)
      .Number("osMajor", header.os_major)
      .Number("osMinor", header.os_minor)
      .Number("osBuild", header.os_build)
      .Number("processors", header.processors)
      .Number("cpuMegahertz", header.cpu_megahertz)
      .Number("pointerSize", header.pointer_size)
      .Number("clockType", static_cast<uint64_t>(header.clock_type))
      .Big("perfFrequency", header.perf_frequency)
      .Big("bootTime", header.boot_time)
      .Big("startTime", header.start_time)
      .Big("endTime", header.end_time);
  setter.Set("bias", Napi::Number::New(env, header.bias));
  return setter.object();
}

Napi::Object FaultsOf(Napi::Env env, const TraceReader& reader) {
  const EtlFaults& faults = reader.faults();
  Napi::Array counts = Napi::Array::New(env);
  for (size_t i = 0; i < kEtlFaultKinds; ++i) {
    const auto kind = static_cast<EtlFaultKind>(i);
    if (faults.count(kind) == 0) continue;
    std::string reason = TextOf(kind).reason;
    if (const uint64_t skipped = faults.skipped(kind); skipped > 0)
      reason += "; " + std::to_string(skipped) + " " + TextOf(kind).skipped;
    counts[counts.Length()] = Setter(env)
                                  .Text("code", TextOf(kind).code)
                                  .Text("reason", reason)
                                  .Number("count", faults.count(kind))
                                  .object();
  }
  Napi::Array samples = Napi::Array::New(env);
  for (const EtlFault& fault : faults.samples()) {
    samples[samples.Length()] = Setter(env)
                                    .Text("code", TextOf(fault.kind).code)
                                    .Number("position", fault.position)
                                    .Big("time", TimeAt(reader.file(), fault.position))
                                    .object();
  }
  return Setter(env)
      .Number("total", faults.total())
      .Set("counts", counts)
      .Set("samples", samples)
      .object();
}

Napi::Array EventsOf(Napi::Env env, const EventCounts& events) {
  constexpr const char* kForms[] = {"type", "id", "message"};
  Napi::Array array = Napi::Array::New(env, events.size());
  uint32_t i = 0;
  for (const auto& [key, count] : events) {
    const Napi::HandleScope scope(env);
    Setter setter(env);
    const char* known = KnownProviderName(key.provider);
    setter.Text("provider", ToText(key.provider))
        .Text("name", known != nullptr ? known : count.provider_name)
        .Text("form", kForms[static_cast<size_t>(key.form)])
        .Number("number", key.number)
        .Number("version", key.version)
        .Number("records", count.records)
        .Number("payloadBytes", count.payload_bytes);
    if (key.group != kNoGroup) setter.Number("group", key.group);
    array[i++] = setter.object();
  }
  return array;
}

Napi::Array UndecodedOf(Napi::Env env, const UndecodedEvents& undecoded) {
  Napi::Array array = Napi::Array::New(env, undecoded.events().size());
  uint32_t i = 0;
  for (const auto& [key, count] : undecoded.events()) {
    const Napi::HandleScope scope(env);
    const char* known = KnownProviderName(key.provider);
    array[i++] = Setter(env)
                     .Text("provider", ToText(key.provider))
                     .Text("name", known != nullptr ? known : "")
                     .Number("number", key.number)
                     .Number("records", count.raw + count.incomplete)
                     .object();
  }
  return array;
}

Napi::Object StacksOf(Napi::Env env, const StackCounts& stacks) {
  return Setter(env)
      .Number("matched", stacks.matched)
      .Number("early", stacks.early)
      .Number("late", stacks.late)
      .Number("neverCame", stacks.never_came)
      .Number("dropped", stacks.dropped)
      .object();
}

Napi::Object TimelineOf(Napi::Env env, const Timeline& timeline, const EtlFile& file) {
  Napi::Array lanes = Napi::Array::New(env);
  for (const Timeline::LaneCounts& lane : timeline.lanes()) {
    const bool other = timeline.last_is_other() && &lane == &timeline.lanes().back();
    Setter setter(env);
    setter.Set("records", ToArray(env, lane.records));
    if (!other) setter.Text("provider", ToText(lane.provider));
    if (lane.group != kNoGroup) setter.Number("group", lane.group);
    lanes[lanes.Length()] = setter.object();
  }
  Napi::Array losses = Napi::Array::New(env);
  const TraceClock clock = file.header().Clock();
  for (const uint64_t time : file.loss_times())
    losses[losses.Length()] = Napi::BigInt::New(env, clock.ToFileTime(time));
  return Setter(env)
      .Big("begin", timeline.begin())
      .Big("part", timeline.part())
      .Set("lanes", lanes)
      .Set("losses", losses)
      .object();
}

}  // namespace nuthatch
