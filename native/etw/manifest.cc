#include "etw/manifest.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "etw/xml_tags.h"

namespace nuthatch {
namespace {

struct TypeName {
  std::string_view name;
  InType in;
};
constexpr TypeName kInTypeNames[] = {
    {"UnicodeString", InType::kUtf16},
    {"AnsiString", InType::kAnsi},
    {"Int8", InType::kInt8},
    {"UInt8", InType::kUint8},
    {"Int16", InType::kInt16},
    {"UInt16", InType::kUint16},
    {"Int32", InType::kInt32},
    {"UInt32", InType::kUint32},
    {"Int64", InType::kInt64},
    {"UInt64", InType::kUint64},
    {"Float", InType::kFloat},
    {"Double", InType::kDouble},
    {"Boolean", InType::kBool32},
    {"Binary", InType::kBinary},
    {"GUID", InType::kGuid},
    {"Pointer", InType::kPointer},
    {"FILETIME", InType::kFileTime},
    {"SYSTEMTIME", InType::kSystemTime},
    {"SID", InType::kSid},
    {"HexInt32", InType::kHex32},
    {"HexInt64", InType::kHex64},
};
struct OutTypeName {
  std::string_view name;
  OutType out;
};
constexpr OutTypeName kOutTypeNames[] = {
    {"string", OutType::kText},
    {"boolean", OutType::kBool},
    {"HexInt8", OutType::kHex},
    {"HexInt16", OutType::kHex},
    {"HexInt32", OutType::kHex},
    {"HexInt64", OutType::kHex},
    {"PID", OutType::kPid},
    {"TID", OutType::kTid},
    {"Port", OutType::kPort},
    {"IPv4", OutType::kIpv4},
    {"IPv6", OutType::kIpv6},
    {"SocketAddress", OutType::kSocketAddress},
    {"Xml", OutType::kXml},
    {"Json", OutType::kJson},
    {"Win32Error", OutType::kWin32Error},
    {"NTSTATUS", OutType::kNtStatus},
    {"HResult", OutType::kHresult},
    {"Utf8", OutType::kUtf8},
};

// "win:UInt32" and "xs:boolean" without what is before the colon.
std::string_view LocalName(std::string_view name) {
  return name.substr(name.find(':') == name.npos ? 0 : name.find(':') + 1);
}

template <typename Names>
const auto* Named(const Names& names, std::string_view name) {
  const auto* found = std::find_if(std::begin(names), std::end(names),
                                   [&](const auto& other) { return other.name == name; });
  return found == std::end(names) ? nullptr : found;
}

// Decimal, or hexadecimal with 0x.
template <typename Number>
std::optional<Number> ToNumber(std::string_view text) {
  Number number = 0;
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

struct Template {
  std::vector<FieldSchema> fields;
  bool good = true;
};

struct Event {
  std::string name;
  std::string task;
  std::string opcode;
  std::string tid;  // empty: no fields
};

// "$(string.name)" without what is around the name.
std::string StringId(const std::string& message) {
  constexpr std::string_view kBefore = "$(string.";
  if (!message.starts_with(kBefore) || !message.ends_with(')')) return message;
  return message.substr(kBefore.size(), message.size() - kBefore.size() - 1);
}

class ManifestReader {
 public:
  ManifestReader(const Guid& guid, ValueMaps* maps) : guid_(guid), maps_(maps) {}

  void Read(std::string_view xml) {
    XmlTags tags(xml);
    XmlTag tag;
    while (tags.Next(&tag)) Take(tag);
  }

  void GiveMaps() {
    for (auto& [map_name, map] : own_maps_) {
      for (auto& [value, name] : map.names) {
        const auto text = strings_.find(name);
        if (text != strings_.end()) name = text->second;
      }
      maps_->Learn(guid_, map_name, std::move(map));
    }
  }

  template <typename Take>
  void Give(const Take& take) const {
    for (const auto& [key, event] : events_) {
      EventSchema schema;
      if (!event.tid.empty()) {
        const auto found = templates_.find(event.tid);
        if (found == templates_.end() || !found->second.good) continue;
        schema.fields = found->second.fields;
      }
      schema.provider = provider_;
      schema.name = event.name;
      schema.task = event.task;
      schema.opcode = LocalName(event.opcode);
      schema.version = key.second;
      if (!take(key.first, key.second, std::move(schema))) return;
    }
  }

 private:
  void Take(const XmlTag& tag) {
    if (tag.closing) {
      if (tag.name == "template") OpenTemplate(nullptr);
      if (tag.name == "struct") EndStruct();
      if (tag.name == "valueMap" || tag.name == "bitMap") map_ = nullptr;
    } else if (tag.name == "provider") {
      provider_ = tag.Get("name");
    } else if (tag.name == "event") {
      TakeEvent(tag);
    } else if (tag.name == "template") {
      OpenTemplate(tag.empty ? nullptr : &templates_[tag.Get("tid")]);
    } else if (tag.name == "valueMap" || tag.name == "bitMap") {
      map_ = tag.empty ? nullptr : &own_maps_[tag.Get("name")];
      if (map_ != nullptr) map_->bits = tag.name == "bitMap";
    } else if (map_ != nullptr && tag.name == "map") {
      TakeMapped(tag);
    } else if (tag.name == "string") {
      strings_.try_emplace(tag.Get("id"), tag.Get("value").substr(0, EventSchema::kMaxNameSize));
    } else if (template_ != nullptr && tag.name == "struct") {
      structs_.push_back(template_->fields.size());
      if (structs_.size() > EventSchema::kMaxDepth) template_->good = false;
      TakeField(tag, InType::kStruct);
    } else if (template_ != nullptr && tag.name == "data") {
      const auto* type = Named(kInTypeNames, LocalName(tag.Get("inType")));
      template_->good = template_->good && type != nullptr;
      TakeField(tag, type == nullptr ? InType::kNone : type->in);
    }
  }

  void OpenTemplate(Template* next) {
    if (template_ != nullptr && !structs_.empty()) template_->good = false;
    structs_.clear();
    template_ = next;
  }

  void TakeEvent(const XmlTag& tag) {
    const auto id = ToNumber<uint16_t>(tag.Get("value"));
    if (!id) return;
    std::string task = tag.Get("task");
    std::string name = tag.Get("symbol");
    if (name.empty()) name = task;
    const uint8_t version = ToNumber<uint8_t>(tag.Get("version")).value_or(0);
    events_.try_emplace({*id, version}, Event{std::move(name), std::move(task), tag.Get("opcode"),
                                              tag.Get("template")});
  }

  void TakeMapped(const XmlTag& tag) {
    const auto value = ToNumber<uint64_t>(tag.Get("value"));
    if (!value || map_->names.size() == ValueMap::kMaxNames) return;
    map_->names.try_emplace(*value, StringId(tag.Get("message")));
  }

  void TakeField(const XmlTag& tag, InType in) {
    if (template_->fields.size() == EventSchema::kMaxFields) {
      template_->good = false;
      return;
    }
    FieldSchema field;
    field.name = tag.Get("name").substr(0, EventSchema::kMaxNameSize);
    field.in = in;
    const auto* out = Named(kOutTypeNames, LocalName(tag.Get("outType")));
    if (out != nullptr) field.out = out->out;
    if (const std::string map = tag.Get("map"); !map.empty()) field.map = maps_->Get(guid_, map);
    SetExtent(tag.Get("count"), &field.count);
    SetExtent(tag.Get("length"), &field.length);
    if (in == InType::kBinary && field.length.form == Extent::Form::kNone) {
      template_->good = template_->good && field.out == OutType::kIpv6;
      field.length = {Extent::Form::kFixed, 16};
    }
    template_->fields.push_back(std::move(field));
  }

  // A number, or the name of an earlier field.
  void SetExtent(const std::string& text, Extent* extent) {
    if (text.empty()) return;
    if (const auto number = ToNumber<uint16_t>(text)) {
      *extent = {Extent::Form::kFixed, *number};
      return;
    }
    auto& fields = template_->fields;
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const FieldSchema& other) { return other.name == text; });
    if (field == fields.end()) {
      template_->good = false;
      return;
    }
    field->referenced = true;
    *extent = {Extent::Form::kField, static_cast<uint16_t>(field - fields.begin())};
  }

  void EndStruct() {
    if (template_ == nullptr || structs_.empty()) return;
    const size_t at = structs_.back();
    structs_.pop_back();
    if (at >= template_->fields.size()) return;
    template_->fields[at].members = static_cast<uint16_t>(template_->fields.size() - at - 1);
  }

  const Guid guid_;
  ValueMaps* maps_;
  std::string provider_;
  std::map<std::string, ValueMap> own_maps_;
  ValueMap* map_ = nullptr;                               // the one that is open
  std::map<std::string, std::string> strings_;            // of the first culture, by id
  std::map<std::pair<uint16_t, uint8_t>, Event> events_;  // by id and version
  std::map<std::string, Template, std::less<>> templates_;
  Template* template_ = nullptr;  // the one that is open
  std::vector<size_t> structs_;   // those that are open, by their place in it
};

}  // namespace

void ReadManifest(
    std::string_view xml, const Guid& provider, ValueMaps* maps,
    const std::function<bool(uint16_t id, uint8_t version, EventSchema schema)>& take) {
  ManifestReader reader(provider, maps);
  reader.Read(xml);
  reader.GiveMaps();
  reader.Give(take);
}

}  // namespace nuthatch
