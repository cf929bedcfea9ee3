#include "telemetry/mappings.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

#include "base/byte_reader.h"

namespace nuthatch {
namespace {

constexpr uint32_t kFormat = 1;
constexpr size_t kMaxPathDepth = 4;
// So that PathTree's numbers suffice.
constexpr size_t kMaxPaths = 16000;
// A Standardizer has a row of all properties for each.
constexpr size_t kMaxRoutes = 10000;
constexpr int kMaxExpressionDepth = 16;

// What an operation takes: s is an expression, l a literal. `repeats` may follow any number of
// times, and does so at least once when it is all there is.
struct Shape {
  std::string_view takes;
  std::string_view repeats;
};

// By opcode, as in lib/standardize/operations.ts.
constexpr auto kShapes = std::to_array<Shape>({
    {"", ""},     // field: paths
    {"l", ""},    // constant
    {"", "s"},    // first
    {"s", ""},    // lower
    {"s", ""},    // basename
    {"sl", ""},   // before_last
    {"sl", ""},   // after_last
    {"sl", ""},   // before_first
    {"sl", ""},   // after_first
    {"sl", ""},   // list_item
    {"s", ""},    // number
    {"s", ""},    // hex
    {"s", ""},    // boolean
    {"s", ""},    // guid
    {"s", ""},    // time
    {"s", "ll"},  // lookup
    {"s", "ll"},  // lookup_only
    {"s", "ls"},  // select
    {"s", "l"},   // json
    {"sl", ""},   // split
    {"l", "s"},   // join
    {"l", "s"},   // join_all
    {"s", ""},    // ip
    {"s", ""},    // nt_path
    {"s", ""},    // registry
    {"s", ""},    // registry_data
    {"s", ""},    // platform_of
    {"sl", ""},   // xml_text
    {"s", ""},    // collapse
    {"s", ""},    // trim
    {"s", ""},    // dns_answers
    {"s", ""},    // zoned_time
    {"s", ""},    // utf16
});
static_assert(kShapes.size() == kOperationCount);

bool Fits(const Shape& shape, std::string_view given) {
  if (!given.starts_with(shape.takes)) return false;
  given.remove_prefix(shape.takes.size());
  if (shape.repeats.empty()) return given.empty();
  if (shape.takes.empty() && given.empty()) return false;
  for (; !given.empty(); given.remove_prefix(shape.repeats.size())) {
    if (!given.starts_with(shape.repeats)) return false;
  }
  return true;
}

class MappingsReader {
 public:
  MappingsReader(std::span<const uint8_t> section, Mappings* out)
      : section_(section), in_(section), out_(*out) {}

  bool Read() {
    if (in_.U32() != kFormat) in_.Fail();
    List(1 + 4, [this] { Path(); });
    List(6 * 4, [this] { Mapping(); });
    return in_.AtEnd();
  }

 private:
  // A count, and `item` for each; `size` is the least that an item takes.
  template <typename Item>
  void List(size_t size, Item item) {
    for (uint32_t i = 0, count = in_.Count(size); i < count && in_.ok(); ++i) item();
  }
  void Require(bool holds) {
    if (!holds) in_.Fail();
  }

  void Path() {
    std::vector<std::string>& path = out_.paths.emplace_back();
    Require(out_.paths.size() <= kMaxPaths);
    const size_t depth = in_.U8();
    Require(depth >= 1 && depth <= kMaxPathDepth);
    for (size_t i = 0; i < depth && in_.ok(); ++i) path.emplace_back(in_.Text());
  }

  uint32_t PathNumber() {
    const uint32_t path = in_.U32();
    Require(path < out_.paths.size());
    return path;
  }

  void Mapping() {
    Mappings::Mapping mapping;
    mapping.name = in_.Text();
    List(4, [&] {
      std::vector<uint32_t>& paths = mapping.recognise.emplace_back();
      List(4, [&] { paths.push_back(PathNumber()); });
    });
    Conditions(&mapping.when);
    List(4, [&] { mapping.absent.emplace_back(in_.Text()); });
    Conditions(&mapping.escaped);
    List(9, [&] { Route(&mapping.routes.emplace_back()); });
    mapping.label = Expression(0);
    out_.mappings.push_back(std::move(mapping));
  }

  void Conditions(std::vector<Mappings::Condition>* out) {
    List(9, [&] {
      Mappings::Condition& condition = out->emplace_back();
      condition.source = Expression(0);
      List(4, [&] { condition.values.emplace_back(in_.Text()); });
    });
  }

  void Route(Mappings::Route* route) {
    const uint8_t type = in_.U8();
    Require(type < kEventTypeCount && ++routes_ <= kMaxRoutes);
    route->type = static_cast<EventType>(type);
    Conditions(&route->when);
    List(7, [&] {
      const uint16_t property = in_.U16();
      Require(property < kPropertyCount);
      route->set.push_back({static_cast<PropertyId>(property), Expression(0)});
    });
  }

  ExpressionId Expression(int depth) {
    const size_t begin = in_.position();
    const uint8_t operation = in_.U8();
    Require(operation < kOperationCount && depth < kMaxExpressionDepth);
    if (!in_.ok()) return 0;
    Mappings::Expression expression{static_cast<Operation>(operation), {}};
    std::vector<uint32_t> paths;
    std::vector<Mappings::Argument> arguments;
    if (expression.operation == Operation::kField) {
      List(4, [&] { paths.push_back(PathNumber()); });
    } else {
      Arguments(kShapes[operation], depth, &arguments);
    }
    if (!in_.ok()) return 0;
    const auto bytes = section_.subspan(begin, in_.position() - begin);
    const auto [known, fresh] = known_.try_emplace(
        std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
        static_cast<ExpressionId>(out_.expressions.size()));
    if (!fresh) return known->second;
    expression.operands = expression.operation == Operation::kField
                              ? Append(paths, &out_.paths_of_fields)
                              : Append(arguments, &out_.arguments);
    out_.expressions.push_back(expression);
    return known->second;
  }

  void Arguments(const Shape& shape, int depth, std::vector<Mappings::Argument>* out) {
    std::string given;
    List(5, [&] {
      const uint8_t tag = in_.U8();
      Require(tag <= 1);
      given += tag == 1 ? 'l' : 's';
      if (tag == 1) {
        out->push_back({true, static_cast<uint32_t>(out_.literals.size())});
        out_.literals.emplace_back(in_.Text());
      } else {
        out->push_back({false, Expression(depth + 1)});
      }
    });
    Require(Fits(shape, given));
  }

  template <typename T>
  static TableRange Append(const std::vector<T>& items, std::vector<T>* table) {
    const TableRange range{static_cast<uint32_t>(table->size()),
                           static_cast<uint32_t>(items.size())};
    table->insert(table->end(), items.begin(), items.end());
    return range;
  }

  const std::span<const uint8_t> section_;
  ByteReader in_;
  Mappings& out_;
  size_t routes_ = 0;
  std::unordered_map<std::string_view, ExpressionId> known_;  // by its bytes
};

}  // namespace

Status ReadMappings(std::span<const uint8_t> section, Mappings* out) {
  *out = {};
  if (section.empty() || MappingsReader(section, out).Read()) return {};
  return Status::Error("NUTHATCH_PLAN_CORRUPT",
                       "The Plan's mappings are damaged; compile the rules again.");
}

}  // namespace nuthatch
