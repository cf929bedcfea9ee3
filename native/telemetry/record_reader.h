// Reads JSON objects: checks that they are, and keeps where the wanted values stand. Values are not
// decoded here. Nothing of a malformed line is kept.
#ifndef NUTHATCH_TELEMETRY_RECORD_READER_H_
#define NUTHATCH_TELEMETRY_RECORD_READER_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "telemetry/json_index.h"
#include "telemetry/json_text.h"
#include "telemetry/key_memory.h"
#include "telemetry/path_tree.h"

namespace nuthatch {

// A wanted value of a record.
struct FoundValue {
  PathTree::Slot slot;
  JsonSlice slice;
};

// Reused from record to record; one thread at a time.
class RecordReader {
 public:
  static constexpr size_t kMaxDepth = 1024;

  // `paths` must outlive the reader.
  explicit RecordReader(const PathTree& paths) : paths_(paths), entered_(paths.nodes()) {}

  // Appends the wanted values in `text` to *found. Of those with the same slot the last counts:
  // members may have equal names. Checked by RFC 8259, but for the escapes in strings; `text` must
  // be shorter than JsonSlice::kMaxLength. After a fault *found is as it was.
  JsonFault Read(std::string_view text, std::vector<FoundValue>* found);

  // Makes ready to read whole lines, each a record: the tokens of all of them are looked for at
  // once, which is faster than line by line, but for a text of more than kMostOpened bytes. The
  // text must stay.
  static constexpr size_t kMostOpened = size_t{1} << 20;
  void Open(std::string_view lines);
  // As Read, for one of the lines opened; they may be left out but are read in order. Where values
  // stand is counted from the beginning of all lines.
  JsonFault ReadLine(std::string_view line, std::vector<FoundValue>* found);

 private:
  struct Frame {
    uint32_t begin;
    PathTree::Slot slot;
    PathTree::Node node;  // kNoNode: no member of it is wanted
    char closer;

    // All of the object or array, whose end is at `end`.
    FoundValue Whole(uint32_t end) const {
      const JsonKind kind = closer == '}' ? JsonKind::kObject : JsonKind::kArray;
      return {slot, JsonSlice(kind, begin, end + 1 - begin)};
    }
  };

  const PathTree::Member* FindKey(PathTree::Node node, const char* bytes, const uint32_t* token,
                                  KeyMemory::Key** last);
  const PathTree::Member* SearchKey(PathTree::Node node, const char* bytes, const uint32_t* token,
                                    KeyMemory::Key** last);
  PathTree::Member Search(PathTree::Node node, std::string_view raw_key);
  // What ends a row of scalars: another token than a comma, an array or object, no JSON.
  enum class Stop { kEnd, kContainer, kNoMember, kNoValue };

  void BeginRecord();
  bool ReadOpened(std::string_view line, std::vector<FoundValue>* found);
  JsonFault Walk(const char* bytes, const uint32_t** token, const uint32_t* end,
                 std::vector<FoundValue>* found);
  Stop ReadMembers(PathTree::Node node, const char* bytes, const uint32_t** token,
                   PathTree::Member* member, std::vector<FoundValue>* found);
  static Stop SkipMembers(const char* bytes, const uint32_t** token);
  static Stop ReadElements(const char* bytes, const uint32_t** token);
  void Void(PathTree::Node child, std::vector<FoundValue>* found);

  const PathTree& paths_;
  JsonIndex index_;  // of one record
  JsonIndex lines_index_;
  const char* lines_ = nullptr;
  std::span<const uint32_t> left_;  // tokens of the lines that have not been read
  KeyMemory keys_;
  KeyMemory::Key* last_key_ = nullptr;
  Arena arena_;                // keys with escapes
  PathTree::Member searched_;  // of the last key that was not known
  uint32_t record_ = 0;
  std::vector<uint32_t> entered_;  // by node: the record in which it was last entered
  std::array<Frame, kMaxDepth> frames_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TELEMETRY_RECORD_READER_H_
