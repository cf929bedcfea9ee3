#include "telemetry/record_reader.h"

#include <algorithm>
#include <cstring>

namespace nuthatch {
namespace {

using Node = PathTree::Node;
using Slot = PathTree::Slot;

constexpr JsonFault Invalid(const char* reason) { return {"NUTHATCH_JSON_INVALID", reason}; }

bool Equals(const char* begin, const char* end, std::string_view word) {
  return static_cast<size_t>(end - begin) == word.size() &&
         std::memcmp(begin, word.data(), word.size()) == 0;
}

// The kind of the number, true, false or null in [begin, end), or kAbsent when it is none.
JsonKind WordKind(const char* begin, const char* end) {
  switch (*begin) {
    case 'n':
      return Equals(begin, end, "null") ? JsonKind::kNull : JsonKind::kAbsent;
    case 't':
      return Equals(begin, end, "true") ? JsonKind::kTrue : JsonKind::kAbsent;
    case 'f':
      return Equals(begin, end, "false") ? JsonKind::kFalse : JsonKind::kAbsent;
    default:
      return IsJsonNumber({begin, static_cast<size_t>(end - begin)}) ? JsonKind::kNumber
                                                                     : JsonKind::kAbsent;
  }
}

JsonFault NotAnObject(char first) {
  constexpr std::string_view kOtherValues = "[\"tfn-0123456789";
  if (kOtherValues.find(first) != kOtherValues.npos) {
    return {"NUTHATCH_JSON_NOT_OBJECT", "a record must be a JSON object"};
  }
  return Invalid("this is not JSON");
}

constexpr bool OpensContainer(char c) { return c == '{' || c == '['; }

// Where what begins at `token` ends, white space aside. Another token follows it.
const char* EndOf(const char* bytes, const uint32_t* token) {
  const char* end = bytes + token[1];
  while (IsJsonSpace(end[-1])) --end;
  return end;
}

// The string at `token`, without its quotes.
JsonSlice TextAt(const char* bytes, const uint32_t* token) {
  const auto end = static_cast<uint32_t>(EndOf(bytes, token) - bytes);
  return {JsonKind::kString, *token + 1, end - *token - 2};
}

// The number, true, false or null at `token`; absent when it is none.
JsonSlice WordAt(const char* bytes, const uint32_t* token) {
  const char* const end = EndOf(bytes, token);
  return {WordKind(bytes + *token, end), *token, static_cast<size_t>(end - bytes) - *token};
}

bool IsScalar(const char* bytes, const uint32_t* token) {
  return bytes[*token] == '"' || WordAt(bytes, token).kind() != JsonKind::kAbsent;
}

}  // namespace

PathTree::Member RecordReader::Search(Node node, std::string_view raw_key) {
  const PathTree::Member member = paths_.Find(node, raw_key);
  if (member.slot != PathTree::kNoSlot || member.child != PathTree::kNoNode) return member;
  if (!HasEscape(raw_key)) return member;
  arena_.Reset();
  return paths_.Find(node, UnescapeJson(raw_key, &arena_));
}

// What is wanted of the member whose key is at `token`; nullptr when there is no key.
inline const PathTree::Member* RecordReader::FindKey(Node node, const char* bytes,
                                                     const uint32_t* token) {
  const char* const quoted = bytes + token[0];
  const auto* const known = keys_.Guess(node, quoted, token[1] - token[0]);
  return known != nullptr ? known : SearchKey(node, bytes, token);
}

const PathTree::Member* RecordReader::SearchKey(Node node, const char* bytes,
                                                const uint32_t* token) {
  const char* const quoted = bytes + *token;
  if (*quoted != '"') return nullptr;
  const std::string_view key(quoted, static_cast<size_t>(EndOf(bytes, token) - quoted));
  if (const auto* known = keys_.Guess(node, quoted, key.size())) return known;
  searched_ = Search(node, key.substr(1, key.size() - 2));
  keys_.Remember(node, key, searched_);
  return &searched_;
}

// A second member with the name of an object that was read before: the first one is void.
void RecordReader::Void(Node child, std::vector<FoundValue>* found) {
  if (entered_[child] == record_) {
    for (const Slot slot : paths_.SlotsBelow(child)) found->push_back({slot, {}});
  }
  entered_[child] = record_;
}

JsonFault RecordReader::Read(std::string_view text, std::vector<FoundValue>* found) {
  if (const JsonFault fault = index_.Build(text); !fault.ok()) return fault;
  if (text[index_.tokens().front()] != '{') return NotAnObject(text[index_.tokens().front()]);
  if (text[index_.tokens().back()] != '}') {
    return Invalid("the object is not closed, or text follows it");
  }
  keys_.BeginRecord();
  if (++record_ == 0) std::fill(entered_.begin(), entered_.end(), record_++);
  const size_t found_before = found->size();
  const JsonFault fault = Walk(text.data(), found);
  if (!fault.ok()) found->resize(found_before);
  return fault;
}

// The object is the first token, and the last one is a closing brace: a token follows every other.
JsonFault RecordReader::Walk(const char* bytes, std::vector<FoundValue>* found) {
  const uint32_t* token = index_.tokens().data();
  const uint32_t* const end = token + index_.tokens().size();
  Frame* const bottom = frames_.data();
  Frame* frame = bottom;
  *frame = {*token++, PathTree::kNoSlot, PathTree::kRoot, '}'};
  bool empty = bytes[*token] == '}';
  for (;;) {
    PathTree::Member member;
    const Stop stop = empty                  ? Stop::kEnd
                      : frame->closer == ']' ? ReadElements(bytes, &token)
                      : frame->node == PathTree::kNoNode
                          ? SkipMembers(bytes, &token)
                          : ReadMembers(frame->node, bytes, &token, &member, found);
    if (stop == Stop::kNoMember) {
      return Invalid("a member must be a name in quotes, a colon and a value");
    }
    if (stop == Stop::kNoValue) {
      return Invalid("a value is missing, or is neither text, number, true, false nor null");
    }
    if (stop == Stop::kContainer) {
      if (frame == bottom + kMaxDepth - 1) {
        return {"NUTHATCH_JSON_TOO_DEEP", "more than 1024 levels of nesting"};
      }
      const bool object = bytes[*token] == '{';
      *++frame = {*token++, member.slot, object ? member.child : PathTree::kNoNode,
                  object ? '}' : ']'};
      empty = bytes[*token] == frame->closer;
      continue;
    }
    while (bytes[*token] == frame->closer) {
      if (frame->slot != PathTree::kNoSlot) {
        const JsonKind kind = frame->closer == '}' ? JsonKind::kObject : JsonKind::kArray;
        found->push_back({frame->slot, JsonSlice(kind, frame->begin, *token + 1 - frame->begin)});
      }
      ++token;
      if (frame == bottom) return token == end ? JsonFault{} : Invalid("text follows the object");
      if (token == end) return Invalid("the object is not closed");
      --frame;
    }
    if (bytes[*token++] != ',') return Invalid("a comma or closing bracket is missing");
    empty = false;
  }
}

// From the name at *token to what ends the object or opens a value.
inline RecordReader::Stop RecordReader::ReadMembers(Node node, const char* bytes,
                                                    const uint32_t** token,
                                                    PathTree::Member* member,
                                                    std::vector<FoundValue>* found) {
  const uint32_t* at = *token;
  const auto stop = [&](Stop why) {
    *token = at;
    return why;
  };
  for (;; ++at) {
    const PathTree::Member* const wanted = FindKey(node, bytes, at);
    if (wanted == nullptr || bytes[at[1]] != ':') return stop(Stop::kNoMember);
    at += 2;
    if (wanted->child != PathTree::kNoNode) Void(wanted->child, found);
    const bool keep = wanted->slot != PathTree::kNoSlot;
    if (bytes[*at] == '"') {
      if (keep) found->push_back({wanted->slot, TextAt(bytes, at)});
    } else if (OpensContainer(bytes[*at])) {
      *member = *wanted;
      return stop(Stop::kContainer);
    } else {
      const JsonSlice word = WordAt(bytes, at);
      if (word.kind() == JsonKind::kAbsent) return stop(Stop::kNoValue);
      if (keep) found->push_back({wanted->slot, word});
    }
    if (bytes[*++at] != ',') return stop(Stop::kEnd);
  }
}

// As ReadMembers, in an object of which nothing is wanted.
RecordReader::Stop RecordReader::SkipMembers(const char* bytes, const uint32_t** token) {
  for (const uint32_t*& at = *token;; ++at) {
    if (bytes[*at] != '"' || bytes[at[1]] != ':') return Stop::kNoMember;
    at += 2;
    if (OpensContainer(bytes[*at])) return Stop::kContainer;
    if (!IsScalar(bytes, at)) return Stop::kNoValue;
    if (bytes[*++at] != ',') return Stop::kEnd;
  }
}

// From the value at *token to what ends the array or opens a value.
RecordReader::Stop RecordReader::ReadElements(const char* bytes, const uint32_t** token) {
  for (const uint32_t*& at = *token;; ++at) {
    if (OpensContainer(bytes[*at])) return Stop::kContainer;
    if (!IsScalar(bytes, at)) return Stop::kNoValue;
    if (bytes[*++at] != ',') return Stop::kEnd;
  }
}

}  // namespace nuthatch
