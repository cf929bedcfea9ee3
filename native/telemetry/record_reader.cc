#include "telemetry/record_reader.h"

#include <algorithm>
#include <cstring>

namespace nuthatch {
namespace {

using Node = PathTree::Node;
using Slot = PathTree::Slot;

constexpr const char* kNoMember = "a member must be a name in quotes, a colon and a value";
constexpr const char* kNoValue =
    "a value is missing, or is neither text, number, true, false nor null";

constexpr JsonFault Invalid(const char* reason) { return {"NUTHATCH_JSON_INVALID", reason}; }

// The kind of the number, true, false or null in [begin, end), or kAbsent when it is none.
JsonKind WordKind(const char* begin, const char* end) {
  const std::string_view word(begin, static_cast<size_t>(end - begin));
  switch (*begin) {
    case 'n':
      return word == "null" ? JsonKind::kNull : JsonKind::kAbsent;
    case 't':
      return word == "true" ? JsonKind::kTrue : JsonKind::kAbsent;
    case 'f':
      return word == "false" ? JsonKind::kFalse : JsonKind::kAbsent;
    default:
      return IsJsonNumber(word) ? JsonKind::kNumber : JsonKind::kAbsent;
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

// What is wanted of the member whose key is at `token`; nullptr when there is no key. *last is the
// key before, and then this one.
inline const PathTree::Member* RecordReader::FindKey(Node node, const char* bytes,
                                                     const uint32_t* token, KeyMemory::Key** last) {
  KeyMemory::Key* const known =
      KeyMemory::Guess(*last, node, bytes + token[0], token[1] - token[0]);
  if (known == nullptr) return SearchKey(node, bytes, token, last);
  *last = known;
  return &known->member;
}

const PathTree::Member* RecordReader::SearchKey(Node node, const char* bytes, const uint32_t* token,
                                                KeyMemory::Key** last) {
  const char* const quoted = bytes + *token;
  if (*quoted != '"') return nullptr;
  const std::string_view key(quoted, static_cast<size_t>(EndOf(bytes, token) - quoted));
  KeyMemory::Key* place = KeyMemory::Guess(*last, node, quoted, key.size());
  if (place == nullptr) {
    searched_ = Search(node, key.substr(1, key.size() - 2));
    place = keys_.Remember(*last, node, key, searched_);
    if (place == nullptr) return &searched_;
  }
  *last = place;
  return &place->member;
}

// A second member with the name of an object that was read before: the first one is void.
void RecordReader::Void(Node child, std::vector<FoundValue>* found) {
  if (entered_[child] == record_) {
    for (const Slot slot : paths_.SlotsBelow(child)) found->push_back({slot, {}});
  }
  entered_[child] = record_;
}

void RecordReader::BeginRecord() {
  last_key_ = keys_.beginning();
  if (++record_ == 0) std::fill(entered_.begin(), entered_.end(), record_++);
}

JsonFault RecordReader::Read(std::string_view text, std::vector<FoundValue>* found) {
  if (const JsonFault fault = index_.Build(text); !fault.ok()) return fault;
  const std::span<const uint32_t> tokens = index_.tokens();
  if (text[tokens.front()] != '{') return NotAnObject(text[tokens.front()]);
  if (text[tokens.back()] != '}') return Invalid("the object is not closed, or text follows it");
  const size_t found_before = found->size();
  const uint32_t* token = tokens.data();
  const uint32_t* const end = token + tokens.size();
  JsonFault fault = Walk(text.data(), &token, end, found);
  if (fault.ok() && token != end) fault = Invalid("text follows the object");
  if (!fault.ok()) found->resize(found_before);
  return fault;
}

// A line that ends within a string has a control character in it, its newline: so when the index is
// good, no line's strings reach into the next one.
void RecordReader::Open(std::string_view lines) {
  lines_ = lines.data();
  left_ = {};
  if (lines.size() > kMostOpened || !lines_index_.Build(lines).ok()) return;
  const std::span<const uint32_t> tokens = lines_index_.tokens();
  if (lines[tokens.back()] == '}') left_ = tokens;
}

JsonFault RecordReader::ReadLine(std::string_view line, std::vector<FoundValue>* found) {
  const size_t found_before = found->size();
  if (ReadOpened(line, found)) return {};
  found->resize(found_before);
  // What is wrong is told of the line by itself.
  const JsonFault fault = Read(line, found);
  const auto begin = static_cast<uint32_t>(line.data() - lines_);
  for (size_t i = found_before; i < found->size(); ++i) (*found)[i].slice.offset += begin;
  return fault;
}

// False when nothing is known of the line, or it is not a record.
bool RecordReader::ReadOpened(std::string_view line, std::vector<FoundValue>* found) {
  const auto begin = static_cast<uint32_t>(line.data() - lines_);
  const auto end = begin + static_cast<uint32_t>(line.size());
  const uint32_t* token = left_.data();
  const uint32_t* const last = token + left_.size();
  while (token != last && *token < begin) ++token;
  const uint32_t* const first = token;
  const bool read = token != last && *token < end && lines_[*token] == '{' &&
                    Walk(lines_, &token, last, found).ok();
  const bool alone = read && token[-1] < end && (token == last || *token >= end);
  if (!alone) token = std::lower_bound(first, last, end);
  left_ = {token, last};
  return alone;
}

// Reads the object that begins at *token, which is left after it. The last token is a closing
// brace: so a token follows every other of the object.
JsonFault RecordReader::Walk(const char* bytes, const uint32_t** from, const uint32_t* end,
                             std::vector<FoundValue>* found) {
  BeginRecord();
  const uint32_t* token = *from;
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
    if (stop == Stop::kNoMember) return Invalid(kNoMember);
    if (stop == Stop::kNoValue) return Invalid(kNoValue);
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
      if (frame->slot != PathTree::kNoSlot) found->push_back(frame->Whole(*token));
      ++token;
      if (frame == bottom) {
        *from = token;
        return {};
      }
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
  KeyMemory::Key* last_key = last_key_;
  const auto stop = [&](Stop why) {
    *token = at;
    last_key_ = last_key;
    return why;
  };
  for (;; ++at) {
    const PathTree::Member* const wanted = FindKey(node, bytes, at, &last_key);
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
