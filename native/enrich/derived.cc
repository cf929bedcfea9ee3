#include "enrich/derived.h"

#include <cassert>

#include "base/entropy.h"
#include "enrich/deobfuscate.h"
#include "enrich/path_parts.h"

namespace nuthatch {
namespace {

// Part of a path; a path that does not have it lacks the property.
Value Part(std::string_view part) { return part.empty() ? Value::Missing() : Value::String(part); }

}  // namespace

Value DeriveProperty(Event* event, PropertyId derived) {
  assert(PropertyIsDerived(derived));
  const Value& source = event->Get(RowOf(derived).derived_from);
  if (!source.present()) return source;
  if (source.kind() != ValueKind::kString) return Value::Missing();
  const std::string_view text = source.strings()[0];
  switch (derived) {
    case PropertyId::kProcessDirectory:
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
    default:
      assert(false);
      return Value::Missing();
  }
}

}  // namespace nuthatch
