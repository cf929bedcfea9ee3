#include "pipeline/event_source.h"

#include <algorithm>
#include <memory>
#include <string>

#include "base/file_time.h"
#include "enrich/derived.h"
#include "enrich/process_history.h"
#include "pipeline/program.h"

namespace nuthatch {
namespace {

constexpr size_t kMaxAncestors = ProcessHistory::kMaxAncestors;

Value Text(std::string_view text) { return text.empty() ? Value::Missing() : Value::String(text); }

// What the record would have to tell of a file's signature, for nothing to be looked up.
struct SignatureProperties {
  PropertyId is_signed;
  PropertyId status;
};
constexpr SignatureProperties PropertiesFor(PropertyId path) {
  if (path == PropertyId::kImagePath)
    return {PropertyId::kImageSigned, PropertyId::kImageSignatureStatus};
  return {PropertyId::kProcessSigned, PropertyId::kProcessSignatureStatus};
}

// Missing where there was no header to compare.
Value IsMismatch(TrustStatus status) {
  if (status == TrustStatus::kImageMismatch) return Value::Boolean(true);
  const bool has_header =
      status != TrustStatus::kUnknownFormat && status != TrustStatus::kMalformed;
  return has_header && WasVerified(status) ? Value::Boolean(false) : Value::Missing();
}

// Missing where it is not known: what could not be verified is neither signed nor unsigned.
Value IsSigned(const SignatureVerdict& verdict) {
  switch (verdict.status) {
    case TrustStatus::kUnsigned:
    case TrustStatus::kUnknownFormat:
    case TrustStatus::kMalformed:
      return Value::Boolean(false);
    default:
      return WasVerified(verdict.status) ? Value::Boolean(true) : Value::Missing();
  }
}

// "valid", as Sysmon has it.
Value StatusText(TrustStatus status) {
  return Value::String(status == TrustStatus::kTrusted ? "valid" : NameOf(status));
}

Value SourceText(SignatureSource source) {
  if (source == SignatureSource::kNone) return Value::Missing();
  return Value::String(source == SignatureSource::kCatalog ? "catalog" : "embedded");
}

Value TimeText(UnixMillis time, Arena* arena) {
  std::string text;
  AppendFileTime(UnixMillisToFileTime(time), &text);
  return Value::String(arena->Copy(text));
}

// What the signature of a file that could not be verified is, is not known, and who asks for it is
// undecided. So is its status: else "not valid" would be true of it. That it is not the image that
// was loaded is an answer.
bool IsUnknown(TrustStatus status) {
  return !WasVerified(status) && status != TrustStatus::kImageMismatch;
}

Value PropertyOf(const SignatureAnswer& answer, PropertyId id, Arena* arena) {
  const SignatureVerdict& verdict = *answer.verdict;
  if (IsUnknown(verdict.status)) return Value::Pending();
  switch (id) {
    case PropertyId::kImageSigned:
    case PropertyId::kProcessSigned:
      return IsSigned(verdict);
    case PropertyId::kEvasionImageMismatch:
    case PropertyId::kEvasionProcessImageMismatch:
      return IsMismatch(verdict.status);
    case PropertyId::kImageSignatureStatus:
    case PropertyId::kProcessSignatureStatus:
      return StatusText(verdict.status);
    case PropertyId::kImageSigner:
    case PropertyId::kProcessSigner:
      return Text(verdict.signer);
    case PropertyId::kImageSignatureIssuer:
    case PropertyId::kProcessSignatureIssuer:
      return Text(verdict.issuer);
    case PropertyId::kImageSignatureSerial:
    case PropertyId::kProcessSignatureSerial:
      return Text(verdict.serial);
    case PropertyId::kImageSignatureThumbprint:
    case PropertyId::kProcessSignatureThumbprint:
      return Text(verdict.thumbprint);
    case PropertyId::kImageSignatureSource:
    case PropertyId::kProcessSignatureSource:
      return SourceText(verdict.source);
    default:
      return answer.timestamp ? TimeText(*answer.timestamp, arena) : Value::Missing();
  }
}

// What the event tells of the header of the image with that path.
ImageNumbers NumbersOf(PropertyId path, Event* event) {
  const auto number = [&](PropertyId id) -> uint32_t {
    const Value& value = event->Get(id);
    const bool known = value.present() && value.kind() == ValueKind::kNumber &&
                       value.number() >= 0 && value.number() <= UINT32_MAX;
    return known ? static_cast<uint32_t>(value.number()) : 0;
  };
  if (path == PropertyId::kImagePath)
    return {number(PropertyId::kImageTimestamp), number(PropertyId::kImageChecksum),
            number(PropertyId::kImageMappedSize)};
  return {number(PropertyId::kProcessImageTimestamp), number(PropertyId::kProcessImageChecksum), 0};
}

bool HasNumbers(const ImageNumbers& numbers) {
  return numbers.timestamp != 0 || numbers.checksum != 0 || numbers.mapped_size != 0;
}

}  // namespace

void EventSource::Begin(const char* base, std::span<const FoundValue> found, RouteId route,
                        ProcessTable::Ordinal as_of, Event* event) {
  found_process_ = false;
  found_parent_ = false;
  image_ = {};
  process_image_ = {};
  as_of_ = as_of;
  event->Reset(standardizer_.type(route), this);
  record_.Begin(base, found, &event->arena());
  record_.SetRoute(route);
}

Value EventSource::Resolve(Event* event, PropertyId id) {
  const Value value = FromRecord(event, id);
  if (value.state() != ValueState::kMissing) return value;
  if (id == PropertyId::kAncestorNames || id == PropertyId::kAncestorPaths)
    return processes_ == nullptr ? value : Ancestors(event, id);
  if (PropertyIsDerived(id)) return DeriveProperty(event, id);
  if (signatures_ != nullptr && PropertyIsOfSignature(id)) return OfSignature(event, id);
  return value;
}

// Its own, or its process's.
Value EventSource::FromRecord(Event* event, PropertyId id) {
  const Value value = record_.Property(id);
  if (value.state() != ValueState::kMissing) return value;
  const bool any_process = processes_ != nullptr && as_of_ > 0;
  return any_process && PropertyIsJoined(id) ? Join(event, id) : value;
}

Value EventSource::OfSignature(Event* event, PropertyId id) {
  const PropertyId path = RowOf(id).signature_of;
  Signature* const signature = path == PropertyId::kImagePath ? &image_ : &process_image_;
  // With nothing to compare no file need be read.
  const bool asks_header =
      id == PropertyId::kEvasionImageMismatch || id == PropertyId::kEvasionProcessImageMismatch;
  if (asks_header && !HasNumbers(NumbersOf(path, event))) return Value::Missing();
  if (!signature->looked_up) LookUp(event, path, signature);
  const SignatureCache::Found& found = signature->found;
  if (found.verdict) return PropertyOf(found, id, &event->arena());
  return found.flight != 0 ? Value::Pending() : Value::Missing();
}

void EventSource::LookUp(Event* event, PropertyId path, Signature* signature) {
  signature->looked_up = true;
  const SignatureProperties told = PropertiesFor(path);
  for (const PropertyId id : {told.is_signed, told.status})
    if (FromRecord(event, id).state() != ValueState::kMissing) return;
  const Value& file = event->Get(path);
  if (!file.present() || file.kind() != ValueKind::kString) return;
  if (file.strings()[0].starts_with('/')) return;  // of another system, which signs otherwise
  signature->found = signatures_->Find({file.strings()[0], NumbersOf(path, event)}, now_);
}

uint64_t EventSource::pending_flight() const {
  for (const Signature* signature : {&image_, &process_image_})
    if (!signature->found.verdict && signature->found.flight != 0) return signature->found.flight;
  return 0;
}

void EventSource::ResumeSignatures(const std::array<SignatureCache::Found, 2>& found) {
  for (const auto& [own, before] :
       {std::pair{&image_, &found[0]}, std::pair{&process_image_, &found[1]}}) {
    own->found = *before;
    SignatureAnswer& answer = own->found;
    if (before->promise) answer = before->promise->kept();
    own->looked_up = before->verdict || before->promise;
  }
}

void EventSource::ShareSignatures(const EventSource& other) {
  for (const auto& [own, its] :
       {std::pair{&image_, &other.image_}, std::pair{&process_image_, &other.process_image_}}) {
    own->looked_up = true;
    SignatureAnswer& answer = own->found;
    answer = its->found;
  }
}

Value EventSource::Join(Event* event, PropertyId id) {
  if (event->type() != EventType::kProcessStart) {
    const Value fact = Find(PropertyId::kProcessGuid, event, &process_, &found_process_).Fact(id);
    if (fact.present()) return fact;
  }
  const auto of_parent = FactOfParent(id);
  if (!of_parent) return Value::Missing();
  return Find(PropertyId::kParentGuid, event, &parent_, &found_parent_).Fact(*of_parent);
}

// By what each process's own start told of its parent. Starts that are missing end it, and so do
// ids that lead back.
Value EventSource::Ancestors(Event* event, PropertyId id) {
  const bool names = id == PropertyId::kAncestorNames;
  const PropertyId own = names ? PropertyId::kProcessName : PropertyId::kProcessPath;
  const PropertyId of_parent = names ? PropertyId::kParentName : PropertyId::kParentPath;
  auto* const texts = event->arena().AllocateArray<std::string_view>(kMaxAncestors + 1);
  std::array<std::string_view, kMaxAncestors + 1> seen = {
      event->Get(PropertyId::kProcessGuid).text()};
  size_t size = 0;
  const auto add = [&](std::string_view text) {
    if (!text.empty()) std::construct_at(texts + size++, text);
    return !text.empty();
  };
  const Value& parent = event->Get(of_parent);
  if (parent.state() == ValueState::kPending) return parent;
  std::string_view told = parent.text();
  std::string_view guid = event->Get(PropertyId::kParentGuid).text();
  for (size_t i = 1; i <= kMaxAncestors; ++i) {
    const bool again = std::find(seen.begin(), seen.end(), guid) != seen.end();
    const auto start = again ? std::nullopt : StartOf(guid);
    ancestor_.Begin(start, &event->arena());
    if (!add(told)) add(ancestor_.Fact(own).text());
    if (!start) break;
    seen[i] = guid;
    told = ancestor_.Fact(of_parent).text();
    guid = ancestor_.Fact(PropertyId::kParentGuid).text();
  }
  if (size == 1 && names) add(event->Get(PropertyId::kGrandparentName).text());
  return size == 0 ? Value::Missing() : Value::Strings({texts, size});
}

std::optional<std::string_view> EventSource::StartOf(std::string_view guid) const {
  return as_of_ > 0 && !guid.empty() ? processes_->Find(guid, as_of_) : std::nullopt;
}

ProcessStart& EventSource::Find(PropertyId guid, Event* event, ProcessStart* process, bool* found) {
  if (*found) return *process;
  *found = true;
  process->Begin(StartOf(event->Get(guid).text()), &event->arena());
  return *process;
}

}  // namespace nuthatch
