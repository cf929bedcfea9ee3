#include "pipeline/record_stage.h"

#include <algorithm>

#include "base/ascii.h"

namespace nuthatch {
namespace {

template <typename T>
bool Has(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// The first field of a kernel event that is a process: what the event is about.
uint32_t ProcessOf(const DecodedEvent& event) {
  return event.record->group == kNoGroup ? kNoId : event.FirstOf(OutType::kPid);
}

FileNews NewsOf(const RunningImage& image) {
  if (image.loaded) return image.of_process ? FileNews::kProcessStarted : FileNews::kImageLoaded;
  return image.of_process ? FileNews::kProcessRuns : FileNews::kImageRuns;
}

}  // namespace

bool EventFilter::Passes(const EtwRecord& record) const {
  return ids.empty() || Has(ids, uint32_t{KeyOf(record).number});
}

// A handful of providers: to look at all of them costs less than to look one up.
bool EventFilter::IsStandard(const EtwRecord& record) const {
  if (record.kind != HeaderKind::kEvent) return false;
  for (const StandardEvents& events : *standard) {
    if (events.provider == record.provider) return Has(events.ids, record.id);
  }
  return false;
}

bool EventFilter::Passes(const DecodedEvent& event, uint32_t actor) const {
  if (!pids.empty() && !Has(pids, event.record->pid) && !Has(pids, ProcessOf(event)) &&
      !Has(pids, actor))
    return false;
  if (providers.empty()) return true;
  const std::string guid = ToText(event.record->provider);
  return std::any_of(providers.begin(), providers.end(), [&](const std::string& wanted) {
    return EqualIgnoringAsciiCase(wanted, event.provider) || EqualIgnoringAsciiCase(wanted, guid);
  });
}

void RecordStage::Learn(const EtwRecord& record) {
  decoder_.Learn(record);
  if (joiner_.ObserveToLearn(record)) joiner_.Learn(decoder_.Decode(record));
}

// Before files of which it is said that they are on it.
void RecordStage::GiveWindowsVolume(FileOutput* output) {
  const Volumes& volumes = joiner_.volumes();
  if (volumes.revision() == given_volumes_) return;
  given_volumes_ = volumes.revision();
  const std::string_view windows = volumes.windows_volume();
  if (!windows.empty()) output->AddFile(FileNews::kOnWindowsVolume, windows, {});
}

void RecordStage::GiveRunningImages(FileOutput* output) {
  if (joiner_.running_images()->empty()) return;
  GiveWindowsVolume(output);
  std::string path;
  for (const RunningImage& image : joiner_.running_images()->Take()) {
    path.clear();
    joiner_.volumes().AppendPath(image.path, &path);
    output->AddFile(NewsOf(image), path, image.numbers);
  }
}

void RecordStage::Give(const EtwRecord& record, TraceOutput* output) {
  ++records_;
  if (!GiveEvent(record, output) && filter_.standard) left_out_.Add(record);
}

// False when the filter leaves it out.
bool RecordStage::GiveEvent(const EtwRecord& record, TraceOutput* output) {
  const bool is_joined = joiner_.Observe(record);
  const bool is_wanted = filter_.Passes(record);
  const bool is_standard = !filter_.standard || filter_.IsStandard(record);
  if (!is_joined && !(is_wanted && is_standard)) return false;
  const DecodedEvent& event = decoder_.Decode(record);
  const JoinedEvent& joined = joiner_.Join(event, !(is_wanted && is_standard));
  GiveWindowsVolume(output);
  if (joined.file_changed) output->AddFile(FileNews::kChanged, joined.file_path, {});
  if (!is_wanted || !(is_standard || joined.happened)) return false;
  if (!filter_.Passes(event, joined.process.pid)) return false;
  undecoded_.Add(event);
  output->Add(event, joined, records_);
  return true;
}

}  // namespace nuthatch
