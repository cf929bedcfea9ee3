#include "pipeline/program.h"

#include <algorithm>
#include <bitset>
#include <span>
#include <utility>

#include "enrich/derived.h"

namespace nuthatch {
namespace {

using PropertySet = std::bitset<kPropertyCount>;

constexpr size_t Index(PropertyId id) { return static_cast<size_t>(id); }

template <typename Callback>
void ForEachEventType(Callback callback) {
  for (size_t i = 0; i < kEventTypeCount; ++i) callback(static_cast<EventType>(i), i);
}

PropertySets EveryProperty() {
  PropertySets sets;
  for (PropertySet& set : sets) set.set();
  return sets;
}

bool Asks(const PropertySet& set, PropertyId path) {
  for (size_t p = 0; p < kPropertyCount; ++p) {
    const auto id = static_cast<PropertyId>(p);
    if (set[p] && PropertyIsOfSignature(id) && RowOf(id).signature_of == path) return true;
  }
  return false;
}

// Of any event.
PropertySet AskedBy(const Plan& plan) {
  PropertySet asked;
  ForEachEventType([&](EventType type, size_t) {
    for (size_t p = 0; p < kPropertyCount; ++p)
      if (plan.Uses(type, static_cast<PropertyId>(p))) asked.set(p);
  });
  return asked;
}

bool AskForAccounts(const PropertySet& asked) {
  return asked[Index(PropertyId::kUsername)] || asked[Index(PropertyId::kUserDomain)] ||
         asked[Index(PropertyId::kParentUsername)] || asked[Index(PropertyId::kParentUserDomain)];
}

// What a signature is looked up by, and the files that change.
void AddSignatures(PropertySets* sets) {
  bool any = false;
  for (PropertySet& set : *sets) {
    const auto add = [&](std::initializer_list<PropertyId> ids) {
      for (const PropertyId id : ids) set.set(Index(id));
      any = true;
    };
    if (Asks(set, PropertyId::kImagePath))
      add({PropertyId::kImagePath, PropertyId::kImageSigned, PropertyId::kImageSignatureStatus,
           PropertyId::kImageTimestamp, PropertyId::kImageChecksum, PropertyId::kImageMappedSize});
    if (Asks(set, PropertyId::kProcessPath))
      add({PropertyId::kProcessPath, PropertyId::kProcessSigned,
           PropertyId::kProcessSignatureStatus, PropertyId::kProcessImageTimestamp,
           PropertyId::kProcessImageChecksum});
  }
  if (!any) return;
  ForEachEventType([&](EventType type, size_t i) {
    for (const PropertyId id : {PropertyId::kFilePath, PropertyId::kFilePreviousPath})
      if (PropertyIsOn(id, type)) (*sets)[i].set(Index(id));
  });
}

// What detectors ask for, and what that is derived from.
PropertySets PropertiesOf(const Plan& plan) {
  PropertySets sets;
  ForEachEventType([&](EventType type, size_t i) {
    for (size_t p = 0; p < kPropertyCount; ++p) {
      const auto id = static_cast<PropertyId>(p);
      if (!plan.Uses(type, id)) continue;
      sets[i].set(p);
      sets[i].set(Index(RowOf(id).derived_from));
      for (const PropertyId other : AlsoDerivedFrom(id)) sets[i].set(Index(other));
    }
  });
  AddSignatures(&sets);
  return sets;
}

// What each ancestor's start is asked for.
void AddAncestors(PropertySet* set, PropertySet* kept) {
  const bool names = (*set)[Index(PropertyId::kAncestorNames)];
  const bool paths = (*set)[Index(PropertyId::kAncestorPaths)];
  if (names) {
    set->set(Index(PropertyId::kParentName)).set(Index(PropertyId::kGrandparentName));
    kept->set(Index(PropertyId::kProcessName)).set(Index(PropertyId::kParentName));
  }
  if (paths) {
    set->set(Index(PropertyId::kParentPath));
    kept->set(Index(PropertyId::kProcessPath)).set(Index(PropertyId::kParentPath));
  }
  if (!names && !paths) return;
  set->set(Index(PropertyId::kParentGuid));
  kept->set(Index(PropertyId::kParentGuid));
}

// Adds to *sets the ids that joining needs. Returns the facts of starts that it joins.
PropertySet AddJoins(PropertySets* sets) {
  PropertySet kept;
  ForEachEventType([&](EventType type, size_t i) {
    AddAncestors(&(*sets)[i], &kept);
    for (size_t p = 0; p < kPropertyCount; ++p) {
      const auto id = static_cast<PropertyId>(p);
      if (!(*sets)[i][p] || !PropertyIsJoined(id)) continue;
      const auto of_parent = FactOfParent(id);
      if (type == EventType::kProcessStart && !of_parent) continue;
      (*sets)[i].set(Index(PropertyId::kProcessGuid));
      if (type != EventType::kProcessStart) kept.set(p);
      if (!of_parent) continue;
      kept.set(Index(*of_parent)).set(Index(PropertyId::kParentGuid));
      (*sets)[i].set(Index(PropertyId::kParentGuid));
    }
  });
  return kept;
}

PropertySets LiveProperties(const Plan& plan, Output output, PropertySet* kept) {
  PropertySets sets = EveryProperty();
  // Every fact is kept: a detection's report shows them, whatever its detector asks for.
  *kept = AddJoins(&sets);
  if (output == Output::kDetections) {
    sets = PropertiesOf(plan);
    AddJoins(&sets);
  }
  PropertySet& at_start = sets[static_cast<size_t>(EventType::kProcessStart)];
  at_start |= *kept;
  at_start.set(Index(PropertyId::kProcessGuid));
  return sets;
}

std::vector<PathTree::Slot> LiveSlots(const Mappings& mappings, const PathTree& all,
                                      const PathTree& live) {
  std::vector<PathTree::Slot> slots(all.slots(), PathTree::kNoSlot);
  for (const std::vector<std::string>& path : mappings.paths) {
    const PathTree::Slot slot = all.SlotOf(path);
    if (slot != PathTree::kNoSlot) slots[slot] = live.SlotOf(path);
  }
  return slots;
}

std::bitset<kEventTypeCount> StackedTypes(const Standardizer& standardizer) {
  const PathTree& paths = standardizer.paths();
  const PathTree::Node stack = paths.Find(PathTree::kRoot, "callstack").child;
  std::bitset<kEventTypeCount> types;
  if (stack == PathTree::kNoNode) return types;
  ForEachEventType([&](EventType type, size_t i) {
    const std::vector<uint8_t> slots = standardizer.SlotsOf(type, PropertySet().set());
    const std::span<const PathTree::Slot> of_stack = paths.SlotsBelow(stack);
    types[i] = std::any_of(of_stack.begin(), of_stack.end(),
                           [&](PathTree::Slot slot) { return slots[slot] != 0; });
  });
  return types;
}

}  // namespace

Program::Program(std::shared_ptr<const Plan> the_plan, std::shared_ptr<const Mappings> mappings,
                 Output the_output)
    : plan(std::move(the_plan)),
      output(the_output),
      standardizer(mappings, LiveProperties(*plan, output, &kept_facts)),
      reporter(std::move(mappings), EveryProperty()),
      stacked_types(StackedTypes(standardizer)),
      live_slots(LiveSlots(reporter.mappings(), reporter.paths(), standardizer.paths())),
      start_slots(standardizer.SlotsOf(EventType::kProcessStart, kept_facts)) {
  const PropertySet asked = AskedBy(*plan);
  asks_image_signatures = Asks(asked, PropertyId::kImagePath);
  asks_process_signatures = Asks(asked, PropertyId::kProcessPath);
  asks_accounts = AskForAccounts(asked);
}

std::optional<PropertyId> FactOfParent(PropertyId property) {
  switch (property) {
    case PropertyId::kParentName:
      return PropertyId::kProcessName;
    case PropertyId::kParentPath:
      return PropertyId::kProcessPath;
    case PropertyId::kParentCommandLine:
      return PropertyId::kCommandLine;
    case PropertyId::kParentOriginalFileName:
      return PropertyId::kOriginalFileName;
    case PropertyId::kGrandparentName:
      return PropertyId::kParentName;
    case PropertyId::kParentUsername:
      return PropertyId::kUsername;
    case PropertyId::kParentUserDomain:
      return PropertyId::kUserDomain;
    case PropertyId::kParentUserSid:
      return PropertyId::kUserSid;
    case PropertyId::kParentIntegrityLevel:
      return PropertyId::kIntegrityLevel;
    case PropertyId::kParentSessionId:
      return PropertyId::kSessionId;
    default:
      return std::nullopt;
  }
}

}  // namespace nuthatch
