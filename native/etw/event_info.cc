#include "etw/event_info.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/load_bytes.h"
#include "base/utf16.h"

namespace nuthatch {
namespace {

constexpr size_t kHead = 0x70;
constexpr size_t kPropertySize = 24;

// EVENT_PROPERTY_INFO's flags.
constexpr uint32_t kPropertyStruct = 1;
constexpr uint32_t kPropertyLengthField = 2;
constexpr uint32_t kPropertyCountField = 4;
constexpr uint32_t kPropertyFixedLength = 0x10;
constexpr uint32_t kPropertyFixedCount = 0x20;

// What the offset at `at` points to; empty when it is zero.
std::string TextAt(std::span<const uint8_t> bytes, size_t at) {
  const auto offset = LoadAt<uint32_t>(bytes, at);
  if (offset == 0 || offset >= bytes.size()) return {};
  const size_t size = std::min(EventSchema::kMaxNameSize, bytes.size() - offset);
  std::string text = Utf16ToUtf8(bytes.subspan(offset, size));
  // Tasks, opcodes and names of values often end in a space, which is Windows' own.
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

class InfoReader {
 public:
  InfoReader(std::span<const uint8_t> bytes, ValueMaps* maps, EventSchema* schema)
      : bytes_(bytes), maps_(maps), schema_(schema) {}

  bool Read() {
    properties_ = LoadAt<uint32_t>(bytes_, 0x64);
    const auto top = LoadAt<uint32_t>(bytes_, 0x68);
    if (properties_ > (bytes_.size() - kHead) / kPropertySize) return false;
    places_.assign(properties_, kNowhere);
    schema_->provider = TextAt(bytes_, 0x34);
    schema_->task = TextAt(bytes_, 0x44);
    schema_->opcode = TextAt(bytes_, 0x48);
    return ReadFields(0, top, 0);
  }

 private:
  static constexpr uint32_t kNowhere = 0xFFFFFFFF;

  bool ReadFields(uint32_t begin, uint32_t count, unsigned depth) {
    if (begin > properties_ || count > properties_ - begin || depth > EventSchema::kMaxDepth)
      return false;
    for (uint32_t i = begin; i < begin + count; ++i) {
      if (schema_->fields.size() == EventSchema::kMaxFields || !ReadField(i, depth)) return false;
    }
    return true;
  }

  bool ReadField(uint32_t index, unsigned depth) {
    const size_t at = kHead + index * kPropertySize;
    const auto flags = LoadAt<uint32_t>(bytes_, at);
    const auto in = LoadAt<uint16_t>(bytes_, at + 8);
    const auto out = LoadAt<uint16_t>(bytes_, at + 10);
    const size_t place = schema_->fields.size();
    places_[index] = static_cast<uint32_t>(place);
    FieldSchema& field = schema_->fields.emplace_back();
    field.name = TextAt(bytes_, at + 4);
    if (!SetCount(flags, LoadAt<uint16_t>(bytes_, at + 16), &field)) return false;
    if ((flags & kPropertyStruct) != 0) {
      field.in = InType::kStruct;
      if (!ReadFields(in, out, depth + 1)) return false;
      schema_->fields[place].members = static_cast<uint16_t>(schema_->fields.size() - place - 1);
      return true;
    }
    const std::string map = TextAt(bytes_, at + 12);
    if (!map.empty()) field.map = maps_->Get(LoadAt<Guid>(bytes_, 0), map);
    return SetType(in, out, &field) && SetLength(flags, LoadAt<uint16_t>(bytes_, at + 18), &field);
  }

  bool Refer(uint16_t property, Extent* extent) {
    if (property >= properties_ || places_[property] == kNowhere) return false;
    schema_->fields[places_[property]].referenced = true;
    *extent = {Extent::Form::kField, static_cast<uint16_t>(places_[property])};
    return true;
  }

  bool SetCount(uint32_t flags, uint16_t count, FieldSchema* field) {
    if ((flags & kPropertyCountField) != 0) return Refer(count, &field->count);
    if ((flags & kPropertyFixedCount) != 0 || count > 1)
      field->count = {Extent::Form::kFixed, count};
    return true;
  }

  static bool SetType(uint16_t in, uint16_t out, FieldSchema* field) {
    field->out = FromTdhOutType(out);
    switch (in) {
      case 300:
        field->in = InType::kCountedUtf16;
        return true;
      case 301:
        field->in = InType::kCountedAnsi;
        return true;
      case 306:
        field->in = InType::kChar16;
        return true;
      case 307:
        field->in = InType::kInt8;
        field->out = OutType::kText;
        return true;
      case 308:
        field->in = InType::kSize;
        return true;
      case 310:
        field->in = InType::kTokenSid;
        return true;
      default:
        field->in = static_cast<InType>(in);
        return in >= 1 && in <= 25 && in != 24;
    }
  }

  bool SetLength(uint32_t flags, uint16_t length, FieldSchema* field) {
    const bool text = field->in == InType::kUtf16 || field->in == InType::kAnsi;
    if (!text && field->in != InType::kBinary) return true;
    if ((flags & kPropertyLengthField) != 0) return Refer(length, &field->length);
    if (length > 0 && (!text || (flags & kPropertyFixedLength) != 0))
      field->length = {Extent::Form::kFixed, length};
    if (field->in == InType::kBinary && field->length.form == Extent::Form::kNone) {
      if (field->out != OutType::kIpv6) return false;
      field->length = {Extent::Form::kFixed, 16};
    }
    return true;
  }

  const std::span<const uint8_t> bytes_;
  ValueMaps* maps_;
  EventSchema* schema_;
  uint32_t properties_ = 0;
  std::vector<uint32_t> places_;  // in the schema, of each property
};

}  // namespace

bool ReadEventInfo(std::span<const uint8_t> bytes, ValueMaps* maps, EventKey* key,
                   EventSchema* schema) {
  if (bytes.size() < kHead) return false;
  *key = {LoadAt<Guid>(bytes, 0), LoadAt<uint16_t>(bytes, 0x20), bytes[0x22], kNoGroup,
          EventForm::kId};
  schema->version = key->version;
  constexpr uint32_t kXmlFile = 0;
  return LoadAt<uint32_t>(bytes, 0x30) == kXmlFile && InfoReader(bytes, maps, schema).Read();
}

std::vector<std::string> MapNamesOf(std::span<const uint8_t> bytes) {
  std::vector<std::string> names;
  const auto properties = LoadAt<uint32_t>(bytes, 0x64);
  for (size_t at = kHead; at < kHead + properties * kPropertySize; at += kPropertySize) {
    if ((LoadAt<uint32_t>(bytes, at) & kPropertyStruct) != 0) continue;
    if (std::string name = TextAt(bytes, at + 12); !name.empty()) names.push_back(std::move(name));
  }
  return names;
}

bool ReadMapInfo(std::span<const uint8_t> bytes, std::string* name, ValueMap* map) {
  constexpr size_t kEntries = 16;
  constexpr size_t kEntrySize = 8;
  constexpr uint32_t kValueMap = 1;
  constexpr uint32_t kBitMap = 2;
  if (bytes.size() < kEntries) return false;
  *name = TextAt(bytes, 0);
  const auto flag = LoadAt<uint32_t>(bytes, 4);
  const auto count = LoadAt<uint32_t>(bytes, 8);
  if ((flag != kValueMap && flag != kBitMap) || count > ValueMap::kMaxNames ||
      count > (bytes.size() - kEntries) / kEntrySize)
    return false;
  map->bits = flag == kBitMap;
  for (size_t at = kEntries; at < kEntries + count * kEntrySize; at += kEntrySize) {
    std::string text = TextAt(bytes, at);
    if (!text.empty()) map->names.try_emplace(LoadAt<uint32_t>(bytes, at + 4), std::move(text));
  }
  return true;
}

bool ReadEventMap(std::span<const uint8_t> bytes, Guid* provider, std::string* name,
                  ValueMap* map) {
  if (bytes.size() < sizeof(Guid)) return false;
  *provider = LoadAt<Guid>(bytes, 0);
  return ReadMapInfo(bytes.subspan(sizeof(Guid)), name, map);
}

OutType FromTdhOutType(uint16_t out) {
  constexpr struct {
    uint16_t tdh;
    OutType out;
  } kOutTypes[] = {
      {1, OutType::kText},        {2, OutType::kDefault},        {13, OutType::kBool},
      {15, OutType::kHex},        {16, OutType::kHex},           {17, OutType::kHex},
      {18, OutType::kHex},        {19, OutType::kHex},           {20, OutType::kPid},
      {21, OutType::kTid},        {22, OutType::kPort},          {23, OutType::kIpv4},
      {24, OutType::kIpv6},       {25, OutType::kSocketAddress}, {28, OutType::kXml},
      {30, OutType::kWin32Error}, {31, OutType::kNtStatus},      {32, OutType::kHresult},
      {33, OutType::kLocalTime},  {34, OutType::kJson},          {35, OutType::kUtf8},
      {36, OutType::kPkcs7},      {37, OutType::kCodePointer},   {38, OutType::kUtcTime},
  };
  const auto* known = std::find_if(std::begin(kOutTypes), std::end(kOutTypes),
                                   [&](const auto& other) { return other.tdh == out; });
  return known == std::end(kOutTypes) ? OutType::kDefault : known->out;
}

}  // namespace nuthatch
