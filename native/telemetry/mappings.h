// The vendors' mappings, as the section MAPS of a Plan holds them (lib/standardize/encode.ts), with
// every number in them checked.
#ifndef NUTHATCH_TELEMETRY_MAPPINGS_H_
#define NUTHATCH_TELEMETRY_MAPPINGS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/schema.h"

namespace nuthatch {

using ExpressionId = uint32_t;

// Index and count in one of Mappings' tables.
struct TableRange {
  uint32_t begin = 0;
  uint32_t count = 0;
};

struct Mappings {
  struct Argument {
    bool is_literal;
    uint32_t index;  // in `literals`, else in `expressions`
  };
  struct Expression {
    Operation operation;
    TableRange operands;  // of field: in `paths_of_fields`; of all others: in `arguments`
  };
  struct Condition {
    ExpressionId source;
    std::vector<std::string> values;
  };
  struct Assignment {
    PropertyId property;
    ExpressionId source;
  };
  struct Route {
    EventType type;
    std::vector<Condition> when;
    std::vector<Assignment> set;
  };
  struct Mapping {
    std::string name;
    std::vector<std::vector<uint32_t>> recognise;  // in `paths`
    std::vector<Condition> when;
    std::vector<std::string> absent;
    std::vector<Condition> escaped;  // when these hold, texts are XML-escaped once too often
    std::vector<Route> routes;
    ExpressionId label;
  };

  std::vector<std::vector<std::string>> paths;  // of one to four keys
  std::vector<uint32_t> paths_of_fields;        // in `paths`
  std::vector<std::string> literals;
  std::vector<Argument> arguments;
  std::vector<Expression> expressions;  // those used by others come first; no two are equal
  std::vector<Mapping> mappings;
};

// NUTHATCH_PLAN_CORRUPT. No bytes at all are no mappings.
Status ReadMappings(std::span<const uint8_t> section, Mappings* out);

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_MAPPINGS_H_
