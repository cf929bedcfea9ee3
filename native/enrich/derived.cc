#include "enrich/derived.h"

#include <cassert>

#include "base/ascii.h"
#include "base/entropy.h"
#include "enrich/deobfuscate.h"
#include "enrich/path_parts.h"
#include "enrich/process_broker.h"

namespace nuthatch {
namespace {

// Part of a path; a path that does not have it lacks the property.
Value Part(std::string_view part) { return part.empty() ? Value::Missing() : Value::String(part); }

constexpr PropertyId kForBroker[] = {PropertyId::kParentCommandLine, PropertyId::kProcessCreatorPid,
                                     PropertyId::kProcessCreatorPath,
                                     PropertyId::kProcessCreatorCommandLine};
constexpr PropertyId kForSpoofing[] = {
    PropertyId::kProcessPath, PropertyId::kParentPath, PropertyId::kProcessCreatorPid,
    PropertyId::kProcessCreatorCommandLine, PropertyId::kProcessCreatorUserSid};
constexpr PropertyId kForRewriting[] = {PropertyId::kCommandLine};

std::string_view TextOf(Event* event, PropertyId id) { return event->Get(id).text(); }

ProcessFacts Creator(Event* event) {
  return {TextOf(event, PropertyId::kProcessCreatorPath),
          TextOf(event, PropertyId::kProcessCreatorCommandLine),
          TextOf(event, PropertyId::kProcessCreatorUserSid)};
}

// Its creator's, who is its parent where nothing else is told.
Value Broker(Event* event) {
  const bool by_other = event->Get(PropertyId::kProcessCreatorPid).present();
  const ProcessFacts parent{
      TextOf(event, PropertyId::kParentPath), TextOf(event, PropertyId::kParentCommandLine), {}};
  return Part(BrokerOf(by_other ? Creator(event) : parent));
}

// What the kernel creates by itself is nobody's lie.
Value ParentSpoofed(Event* event) {
  constexpr double kSystemPid = 4;
  const Value& pid = event->Get(PropertyId::kProcessCreatorPid);
  if (pid.present() && pid.kind() == ValueKind::kNumber && pid.number() <= kSystemPid)
    return Value::Boolean(false);
  const std::string_view path = TextOf(event, PropertyId::kProcessPath);
  const bool is_copy =
      !path.empty() && EqualIgnoringAsciiCase(path, TextOf(event, PropertyId::kParentPath));
  const auto spoofs = SpoofsParent(Creator(event), is_copy);
  return spoofs ? Value::Boolean(*spoofs) : Value::Missing();
}

Value CommandLineRewritten(Event* event, std::string_view at_end) {
  const std::string_view at_start = TextOf(event, PropertyId::kCommandLine);
  return at_start.empty() ? Value::Missing() : Value::Boolean(at_start != at_end);
}

}  // namespace

std::span<const PropertyId> AlsoDerivedFrom(PropertyId derived) {
  switch (derived) {
    case PropertyId::kProcessBroker:
      return kForBroker;
    case PropertyId::kEvasionParentSpoofed:
      return kForSpoofing;
    case PropertyId::kEvasionCommandLineRewritten:
      return kForRewriting;
    default:
      return {};
  }
}

Value DeriveProperty(Event* event, PropertyId derived) {
  assert(PropertyIsDerived(derived));
  const Value& source = event->Get(RowOf(derived).derived_from);
  if (!source.present()) return source;
  if (source.kind() != ValueKind::kString) return Value::Missing();
  for (const PropertyId other : AlsoDerivedFrom(derived))
    if (event->Get(other).state() == ValueState::kPending) return Value::Pending();
  const std::string_view text = source.strings()[0];
  switch (derived) {
    case PropertyId::kProcessDirectory:
    case PropertyId::kParentDirectory:
    case PropertyId::kImageDirectory:
    case PropertyId::kFileDirectory:
      return Part(PathDirectory(text));
    case PropertyId::kFileExtension:
      return Part(PathExtension(text));
    case PropertyId::kCommandLineLength:
      return Value::Number(static_cast<double>(text.size()));
    case PropertyId::kCommandLineEntropy:
      return Value::Number(ShannonEntropy(text));
    case PropertyId::kDeobfuscatedCommandLine:
      return Value::Strings(Deobfuscate(text, &event->arena()));
    case PropertyId::kProcessBroker:
      return Broker(event);
    case PropertyId::kEvasionParentSpoofed:
      return ParentSpoofed(event);
    case PropertyId::kEvasionCommandLineRewritten:
      return CommandLineRewritten(event, text);
    default:
      assert(false);
      return Value::Missing();
  }
}

}  // namespace nuthatch
