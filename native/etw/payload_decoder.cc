#include "etw/payload_decoder.h"

#include <algorithm>
#include <limits>

namespace nuthatch {

void PayloadDecoder::Decode(const EventSchema& schema, Span payload, uint8_t pointer_size,
                            DecodedEvent* event) {
  schema_ = &schema;
  rest_ = payload;
  pointer_size_ = pointer_size;
  entries_.clear();
  values_.assign(schema.fields.size(), 0);
  event->incomplete = !DecodeFields(0, schema.fields.size());
  event->fields = entries_;
  event->rest = rest_;
}

bool PayloadDecoder::DecodeFields(size_t begin, size_t end) {
  for (size_t i = begin; i < end; i += 1 + schema_->fields[i].members) {
    if (rest_.empty() && schema_->fields[i].optional) return true;
    if (TakeNumber(i)) continue;
    const Span before = rest_;
    const size_t entries = entries_.size();
    if (DecodeField(i)) continue;
    // A struct of which some members could be read stays, as far as it goes.
    if (entries_.size() <= entries + 1) {
      entries_.resize(entries);
      rest_ = before;
    }
    return false;
  }
  return true;
}

// The shortest way for the most frequent field: a single value of a fixed size that nothing refers
// to. False when it is another one, or is not all there.
bool PayloadDecoder::TakeNumber(size_t index) {
  const FieldSchema& field = schema_->fields[index];
  const size_t size = FixedSize(field.in, pointer_size_);
  const bool single = field.count.form == Extent::Form::kNone && !field.referenced;
  if (size == 0 || !single || size > rest_.size() || entries_.size() == kMaxEntries) return false;
  entries_.push_back(
      {.schema = &field, .data = rest_.first(size), .value_size = static_cast<uint8_t>(size)});
  rest_ = rest_.subspan(size);
  return true;
}

bool PayloadDecoder::DecodeField(size_t index) {
  const FieldSchema& field = schema_->fields[index];
  if (field.count.form == Extent::Form::kRest) return DecodeUntilEnd(index);
  if (field.count.form != Extent::Form::kNone) {
    size_t count = 0;
    return Extend(field.count, &count) && DecodeArray(index, count);
  }
  if (field.in == InType::kStruct) return DecodeStruct(index);
  DecodedField* entry = Push(index);
  return entry != nullptr && DecodeValue(index, entry);
}

// An array of as many values of one size as there are.
bool PayloadDecoder::DecodeUntilEnd(size_t index) {
  const size_t size = FixedSize(schema_->fields[index].in, pointer_size_);
  return size > 0 && DecodeArray(index, rest_.size() / size);
}

bool PayloadDecoder::DecodeArray(size_t index, size_t count) {
  const FieldSchema& field = schema_->fields[index];
  const size_t at = entries_.size();
  if (count > std::numeric_limits<uint16_t>::max() || Push(index) == nullptr) return false;
  entries_[at].array = true;
  entries_[at].count = static_cast<uint16_t>(count);
  const size_t size = FixedSize(field.in, pointer_size_);
  if (size > 0) {
    entries_[at].value_size = static_cast<uint8_t>(size);
    return Take(size * count, &entries_[at].data);
  }
  const Span before = rest_;
  bool good = true;
  for (size_t i = 0; good && i < count; ++i) {
    const size_t element = entries_.size();
    if (field.in == InType::kStruct) {
      good = DecodeStruct(index);
    } else {
      DecodedField* entry = Push(index);
      good = entry != nullptr && DecodeValue(index, entry);
      if (!good && entry != nullptr) entries_.pop_back();
    }
    if (element < entries_.size()) entries_[element].element = true;
  }
  entries_[at].data = before.first(before.size() - rest_.size());
  entries_[at].children = static_cast<uint32_t>(entries_.size() - at - 1);
  return good;
}

bool PayloadDecoder::DecodeStruct(size_t index) {
  const size_t at = entries_.size();
  if (Push(index) == nullptr) return false;
  const Span before = rest_;
  const bool good = DecodeFields(index + 1, index + 1 + schema_->fields[index].members);
  entries_[at].data = before.first(before.size() - rest_.size());
  entries_[at].children = static_cast<uint32_t>(entries_.size() - at - 1);
  return good;
}

bool PayloadDecoder::DecodeValue(size_t index, DecodedField* entry) {
  const FieldSchema& field = schema_->fields[index];
  if (const size_t size = FixedSize(field.in, pointer_size_); size > 0) {
    if (!Take(size, &entry->data)) return false;
    entry->value_size = static_cast<uint8_t>(size);
    if (field.referenced) {
      const uint64_t number = UnsignedOf(entry->data);
      values_[index] =
          static_cast<uint32_t>(std::min<uint64_t>(number, std::numeric_limits<uint32_t>::max()));
    }
    return true;
  }
  size_t length = 0;
  switch (field.in) {
    case InType::kUtf16:
      return TakeText(field, 2, &entry->data);
    case InType::kAnsi:
      return TakeText(field, 1, &entry->data);
    case InType::kBinary:
      return Extend(field.length, &length) && Take(length, &entry->data);
    case InType::kCountedUtf16:
    case InType::kCountedAnsi:
    case InType::kCountedBinary:
      return TakeCounted(&entry->data);
    case InType::kSid:
      return TakeSid(&entry->data);
    case InType::kTokenSid:
      return TakeTokenSid(&entry->data);
    default:
      return field.in == InType::kNone;
  }
}

bool PayloadDecoder::Extend(const Extent& extent, size_t* value) {
  switch (extent.form) {
    case Extent::Form::kFixed:
      *value = extent.value;
      return true;
    case Extent::Form::kField:
      *value = values_[extent.value];
      return true;
    case Extent::Form::kPrefix: {
      Span prefix;
      if (!Take(2, &prefix)) return false;
      *value = LoadAt<uint16_t>(prefix, 0);
      return true;
    }
    case Extent::Form::kRest:
      *value = rest_.size();
      return true;
    case Extent::Form::kNone:
      return false;
  }
  return false;
}

// To a NUL, which is left out, and may be missing at the end of the payload; or as long as said.
bool PayloadDecoder::TakeText(const FieldSchema& field, size_t unit, Span* value) {
  size_t length = 0;
  if (field.length.form == Extent::Form::kRest) return Take(rest_.size() / unit * unit, value);
  if (field.length.form != Extent::Form::kNone)
    return Extend(field.length, &length) && Take(length * unit, value);
  if (rest_.size() < unit) return false;
  size_t end = 0;
  while (end + unit <= rest_.size() && (unit == 2 ? LoadAt<uint16_t>(rest_, end) : rest_[end]) != 0)
    end += unit;
  *value = rest_.first(end);
  rest_ = rest_.subspan(std::min(end + unit, rest_.size() / unit * unit));
  return true;
}

bool PayloadDecoder::TakeCounted(Span* value) {
  Span size;
  return Take(2, &size) && Take(LoadAt<uint16_t>(size, 0), value);
}

// u8 revision, u8 n, 6 bytes of authority, u32[n].
bool PayloadDecoder::TakeSid(Span* value) {
  constexpr size_t kMaxSubAuthorities = 15;
  if (rest_.size() < 8 || rest_[1] > kMaxSubAuthorities) return false;
  return Take(8 + size_t{4} * rest_[1], value);
}

// Some recorders write a zero where the token's pointer was, and the SID all the same: it is
// recognized by its revision and authority.
bool PayloadDecoder::TakeTokenSid(Span* value) {
  if (rest_.size() < 4) return false;
  const size_t token = size_t{2} * pointer_size_;
  if (LoadAt<uint32_t>(rest_, 0) == 0) {
    constexpr uint8_t kAuthority[] = {0, 0, 0, 0, 0};
    const bool follows = rest_.size() >= token + 8 && rest_[token] == 1 && rest_[token + 1] <= 15 &&
                         std::equal(std::begin(kAuthority), std::end(kAuthority),
                                    rest_.begin() + static_cast<ptrdiff_t>(token) + 2);
    if (!follows) {
      Span none;
      return Take(4, &none);
    }
  }
  Span skipped;
  return Take(token, &skipped) && TakeSid(value);
}

bool PayloadDecoder::Take(size_t size, Span* value) {
  if (size > rest_.size()) return false;
  *value = rest_.first(size);
  rest_ = rest_.subspan(size);
  return true;
}

DecodedField* PayloadDecoder::Push(size_t index) {
  if (entries_.size() == kMaxEntries) return nullptr;
  DecodedField& entry = entries_.emplace_back();
  entry.schema = &schema_->fields[index];
  return &entry;
}

}  // namespace nuthatch
