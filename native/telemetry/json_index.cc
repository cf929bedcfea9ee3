#include "telemetry/json_index.h"

#include <algorithm>
#include <bit>
#include <new>
#include <string>
#include <utility>

#include "simdjson.h"

namespace nuthatch {
namespace {

constexpr size_t kSmallest = size_t{64} << 10;
// What one long record made the index grow beyond this goes back with the next short one.
constexpr size_t kKeep = size_t{1} << 20;

JsonFault FaultOf(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return {"NUTHATCH_JSON_UTF8", "the record is not UTF-8"};
    case simdjson::UNESCAPED_CHARS:
      return {"NUTHATCH_JSON_INVALID", "a text holds a control character that is not escaped"};
    case simdjson::UNCLOSED_STRING:
      return {"NUTHATCH_JSON_INVALID", "a text is not closed"};
    default:
      return {"NUTHATCH_JSON_INVALID", "this is not JSON"};
  }
}

}  // namespace

struct JsonIndex::Stage {
  const simdjson::implementation* implementation = simdjson::get_active_implementation();
  // simdjson's scalar code looks a few bytes past a character that the text's end cuts off.
  const bool overreads = implementation->name() == "fallback";
  std::string padded;
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
  size_t capacity = 0;

  simdjson::error_code Fit(size_t size) {
    if (capacity > 0 && size <= capacity && (capacity <= kKeep || size > kKeep)) {
      return simdjson::SUCCESS;
    }
    capacity = 0;
    const size_t wanted = std::bit_ceil(std::max(size, kSmallest));
    const auto error =
        implementation->create_dom_parser_implementation(wanted, /*max_depth=*/1, parser);
    if (error == simdjson::SUCCESS) capacity = wanted;
    return error;
  }
};

JsonIndex::JsonIndex() : stage_(std::make_unique<Stage>()) {}
JsonIndex::~JsonIndex() = default;

JsonFault JsonIndex::Build(std::string_view text) {
  auto error = stage_->Fit(text.size());
  const char* bytes = text.data();
  if (stage_->overreads) {
    stage_->padded.assign(text).append(simdjson::SIMDJSON_PADDING, ' ');
    bytes = stage_->padded.data();
  }
  if (error == simdjson::SUCCESS) {
    error = stage_->parser->stage1(reinterpret_cast<const uint8_t*>(bytes), text.size(),
                                   simdjson::stage1_mode::regular);
  }
  if (error == simdjson::MEMALLOC) throw std::bad_alloc();  // which is not the record's fault
  if (error != simdjson::SUCCESS) return FaultOf(error);
  tokens_ = {stage_->parser->structural_indexes.get(), stage_->parser->n_structural_indexes};
  return {};
}

}  // namespace nuthatch
