// Where the properties of a record's event come from: its mapping; then, for what the record does
// not tell, the process table; then what the engine derives, and what it finds out of signatures.
#ifndef NUTHATCH_PIPELINE_EVENT_SOURCE_H_
#define NUTHATCH_PIPELINE_EVENT_SOURCE_H_

#include <array>
#include <span>

#include "enrich/process_table.h"
#include "model/event.h"
#include "pipeline/process_start.h"
#include "telemetry/mapped_record.h"
#include "trust/signature_cache.h"

namespace nuthatch {

// Reused from record to record; one thread at a time.
class EventSource final : public PropertySource {
 public:
  // `processes` is nullptr when nothing is joined; `of_starts` has read what is in it.
  // `signatures` is nullptr when none is verified. All must outlive the source.
  EventSource(const Standardizer& standardizer, const Standardizer& of_starts,
              const ProcessTable* processes, SignatureCache* signatures)
      : standardizer_(standardizer),
        record_(standardizer),
        processes_(processes),
        process_(of_starts),
        parent_(of_starts),
        ancestor_(of_starts),
        signatures_(signatures) {}

  // Of what follows the time is now, as far as signatures that are known get old.
  void BeginBlock() {
    if (signatures_ != nullptr) now_ = signatures_->Now();
  }

  // Makes `event` the one of a record with that route; see MappedRecord::Begin. Joined facts are
  // as of a process start.
  void Begin(const char* base, std::span<const FoundValue> found, RouteId route,
             ProcessTable::Ordinal as_of, Event* event);

  Value Resolve(Event* event, PropertyId id) override;

  // The check that a property of this event waits for; 0 if none does.
  uint64_t pending_flight() const;
  // Of its image and its process's: what was found of them, for when it is evaluated again.
  std::array<SignatureCache::Found, 2> signatures() const {
    return {image_.found, process_image_.found};
  }
  // After Begin: these are asked for no more, and those that were promised are there if they are.
  void ResumeSignatures(const std::array<SignatureCache::Found, 2>& found);
  // After Begin: signatures are what `other`, of the same event, has found. None is verified.
  void ShareSignatures(const EventSource& other);
  // After Begin: none is found out.
  void ShareNoSignatures() { image_.looked_up = process_image_.looked_up = true; }

 private:
  // Of one of the event's files.
  struct Signature {
    bool looked_up = false;
    SignatureCache::Found found;
  };

  Value FromRecord(Event* event, PropertyId id);
  Value OfSignature(Event* event, PropertyId id);
  void LookUp(Event* event, PropertyId path, Signature* signature);
  Value Join(Event* event, PropertyId id);
  Value Ancestors(Event* event, PropertyId id);
  std::optional<std::string_view> StartOf(std::string_view guid) const;
  ProcessStart& Find(PropertyId guid, Event* event, ProcessStart* process, bool* found);

  const Standardizer& standardizer_;
  MappedRecord record_;
  const ProcessTable* const processes_;
  ProcessTable::Ordinal as_of_ = 0;
  // Of this event, once looked for.
  ProcessStart process_;
  ProcessStart parent_;
  bool found_process_ = false;
  bool found_parent_ = false;
  ProcessStart ancestor_;  // one after the other
  SignatureCache* const signatures_;
  int64_t now_ = 0;
  Signature image_;
  Signature process_image_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_PIPELINE_EVENT_SOURCE_H_
