#include "telemetry/standardizer.h"

#include <utility>

namespace nuthatch {

Standardizer::Standardizer(std::shared_ptr<const Mappings> mappings, const PropertySets& live)
    : mappings_(std::move(mappings)),
      live_(live),
      kept_(mappings_->expressions.size()),
      slots_(mappings_->paths_of_fields.size(), PathTree::kNoSlot) {
  for (size_t i = 0; i < mappings_->mappings.size(); ++i) {
    const Mappings::Mapping& mapping = mappings_->mappings[i];
    auto& alternatives = recognise_.emplace_back();
    for (const std::vector<uint32_t>& alternative : mapping.recognise) {
      auto& slots = alternatives.emplace_back();
      for (const uint32_t path : alternative) slots.push_back(paths_.Add(mappings_->paths[path]));
    }
    KeepAll(mapping.when);
    KeepAll(mapping.escaped);
    Keep(mapping.label);
    first_route_.push_back(static_cast<RouteId>(types_.size()));
    for (const Mappings::Route& route : mapping.routes) AddRoute(i, route);
    routes_of_mapping_.emplace_back(mapping.routes);
  }
  paths_.Finish();
}

void Standardizer::AddRoute(size_t mapping, const Mappings::Route& route) {
  KeepAll(route.when);
  types_.push_back(route.type);
  mapping_of_.push_back(mapping);
  const size_t row = sources_.size();
  sources_.resize(row + kPropertyCount, kNoExpression);
  for (const Mappings::Assignment& assignment : route.set) {
    if (!live(route.type, assignment.property)) continue;
    sources_[row + static_cast<size_t>(assignment.property)] = assignment.source;
    Keep(assignment.source);
  }
}

void Standardizer::KeepAll(const std::vector<Mappings::Condition>& conditions) {
  for (const Mappings::Condition& condition : conditions) Keep(condition.source);
}

// Calls back with the place in paths_of_fields of each field that the expression reads.
template <typename Callback>
void Standardizer::ForEachField(ExpressionId id, Callback callback) const {
  const Mappings::Expression& expression = mappings_->expressions[id];
  const auto [begin, count] = expression.operands;
  for (uint32_t i = begin; i < begin + count; ++i) {
    if (expression.operation == Operation::kField) {
      callback(i);
    } else if (!mappings_->arguments[i].is_literal) {
      ForEachField(mappings_->arguments[i].index, callback);
    }
  }
}

void Standardizer::Keep(ExpressionId id) {
  if (kept_[id]) return;
  kept_[id] = true;
  ForEachField(id, [this](uint32_t field) {
    slots_[field] = paths_.Add(mappings_->paths[mappings_->paths_of_fields[field]]);
  });
}

std::vector<uint8_t> Standardizer::SlotsOf(EventType type,
                                           const std::bitset<kPropertyCount>& properties) const {
  std::vector<uint8_t> slots(paths_.slots());
  const auto add = [&](ExpressionId id) {
    ForEachField(id, [&](uint32_t field) { slots[slots_[field]] = 1; });
  };
  for (RouteId route = 0; route < types_.size(); ++route) {
    if (types_[route] != type) continue;
    for (size_t p = 0; p < kPropertyCount; ++p) {
      const ExpressionId id =
          properties[p] ? source(route, static_cast<PropertyId>(p)) : kNoExpression;
      if (id != kNoExpression) add(id);
    }
    // Whether texts are escaped, MappedRecord asks of every record.
    for (const auto& condition : mappings_->mappings[mapping_of_[route]].escaped)
      add(condition.source);
  }
  return slots;
}

std::vector<SlotUse> Standardizer::UsesOfRouting() const {
  std::vector<SlotUse> uses(paths_.slots());
  for (const auto& alternatives : recognise_)
    for (const auto& slots : alternatives)
      for (const PathTree::Slot slot : slots) uses[slot] = SlotUse::kPresence;
  const auto add = [&](ExpressionId id) {
    ForEachField(id, [&](uint32_t field) { uses[slots_[field]] = SlotUse::kText; });
  };
  const auto add_all = [&](const std::vector<Mappings::Condition>& conditions) {
    for (const Mappings::Condition& condition : conditions) add(condition.source);
  };
  for (const Mappings::Mapping& mapping : mappings_->mappings) {
    add_all(mapping.when);
    add_all(mapping.escaped);
    add(mapping.label);
    for (const Mappings::Route& route : mapping.routes) add_all(route.when);
  }
  return uses;
}

std::span<const std::string> Standardizer::keys(const Mappings::Expression& json) const {
  const auto [begin, count] = json.operands;
  if (count < 2) return {};
  return std::span(mappings_->literals).subspan(mappings_->arguments[begin + 1].index, count - 1);
}

}  // namespace nuthatch
