#include "pipeline/detection_writer.h"

#include <array>
#include <string>
#include <vector>

#include "base/immortal.h"
#include "evaluate/property_matcher.h"
#include "pipeline/json_writer.h"

namespace nuthatch {
namespace {

// `text` as Explain gives it.
void AppendShown(std::string_view text, bool is_json, std::string* out) {
  if (is_json) {
    *out += text;
  } else {
    AppendJsonString(text, out);
  }
}

void AppendMatch(const Term& term, bool negated, const Value& value, const MatchedText& match,
                 std::string* out) {
  *out += "{\"property\":\"";
  *out += PropertyName(term.property);
  *out += "\",\"match\":\"";
  *out += MatchName(term.match, negated);
  *out += '"';
  if (value.present()) {
    *out += ",\"value\":";
    AppendShown(match.value, value.kind() != ValueKind::kString, out);
  }
  if (!negated && !(term.strings.empty() && term.numbers.empty())) {
    *out += ",\"pattern\":";
    AppendShown(match.pattern, term.strings.empty() && term.match != MatchKind::kBetween, out);
  }
  *out += '}';
}

// A property of an event type, and how it begins as a member.
struct Member {
  PropertyId id;
  std::string begin;
};
using Members = std::array<std::vector<Member>, kEventTypeCount>;

Members MembersOfTypes() {
  Members members;
  for (size_t type = 0; type < kEventTypeCount; ++type) {
    for (size_t i = 0; i < kPropertyCount; ++i) {
      const auto id = static_cast<PropertyId>(i);
      if (PropertyIsOn(id, static_cast<EventType>(type)))
        members[type].push_back({id, ",\"" + std::string(PropertyName(id)) + "\":"});
    }
  }
  return members;
}

}  // namespace

void AppendEvent(Event* event, bool with_derived, std::string* out) {
  static const Immortal<Members> members(MembersOfTypes());
  *out += "{\"event_type\":";
  AppendJsonString(EventTypeName(event->type()), out);
  for (const Member& member : (*members)[static_cast<size_t>(event->type())]) {
    if (!with_derived && PropertyIsDerived(member.id)) continue;
    const Value& value = event->Get(member.id);
    if (value.state() == ValueState::kMissing) continue;
    *out += member.begin;
    AppendJsonValue(value, out);
  }
  *out += '}';
}

DetectionWriter::DetectionWriter(const Program& program, const ProcessTable* processes,
                                 SignatureCache* signatures)
    : program_(program),
      reader_(program.reporter.paths()),
      record_(program.reporter),
      source_(program.reporter, program.standardizer, processes, signatures) {}

// False only if the bytes are no longer those that were evaluated.
bool DetectionWriter::ReadAgain(const RecordOrigin& origin, ProcessTable::Ordinal as_of) {
  arena_.Reset();
  found_.clear();
  const bool is_line = origin.trace.empty();
  if (is_line && !reader_.Read(origin.text, &found_).ok()) return false;
  const std::span<const FoundValue> found = is_line ? found_ : origin.trace;
  record_.Begin(origin.text.data(), found, &arena_);
  const auto route = record_.FindRoute();
  if (!route) return false;
  source_.Begin(origin.text.data(), found, *route, as_of, &event_);
  return true;
}

bool DetectionWriter::StandardForm(const RecordOrigin& origin, ProcessTable::Ordinal as_of,
                                   std::string* out) {
  if (!ReadAgain(origin, as_of)) return false;
  source_.ShareNoSignatures();
  out->clear();
  AppendEvent(&event_, false, out);
  return true;
}

void DetectionWriter::Append(std::span<const DetectorId> fired, Event* event, Evaluator* evaluator,
                             const EventSource& source, const RecordOrigin& origin,
                             ProcessTable::Ordinal as_of, std::string* out) {
  if (fired.empty() || !ReadAgain(origin, as_of)) return;
  source_.ShareSignatures(source);
  standard_form_ = ",\"source\":";
  AppendJsonString(origin.source, &standard_form_);
  standard_form_ += ",\"line\":";
  AppendJsonNumber(origin.line, &standard_form_);
  standard_form_ += ",\"event\":";
  AppendEvent(&event_, false, &standard_form_);
  for (const DetectorId detector : fired) {
    *out += '{';
    *out += program_.plan->detector_members(detector);
    *out += standard_form_;
    *out += ",\"matched\":[";
    AppendMatches(detector, event, evaluator, out);
    *out += "]}\n";
  }
}

// A term that is true by its negation shows the values that the property has, if any.
void DetectionWriter::AppendMatches(DetectorId detector, Event* event, Evaluator* evaluator,
                                    std::string* out) {
  evaluator->TrueTerms(detector, &terms_);
  std::string_view separator = "";
  for (const Literal literal : terms_) {
    const Term& term = program_.plan->term(literal >> 1);
    const bool negated = (literal & 1) != 0;
    const Value& value = event->Get(term.property);
    std::vector<MatchedText> matches = negated ? Describe(value) : Explain(term, value);
    if (!value.present()) matches.emplace_back();
    for (const MatchedText& match : matches) {
      *out += separator;
      AppendMatch(term, negated, value, match, out);
      separator = ",";
    }
  }
}

}  // namespace nuthatch
