// Stacks that a session wrote once and then refers to by a key.
#ifndef NUTHATCH_ETW_STACK_CACHE_H_
#define NUTHATCH_ETW_STACK_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "etw/record.h"

namespace nuthatch {

// Code addresses, from the innermost.
struct StackFrames {
  std::span<const uint8_t> bytes;
  uint8_t frame_size = 8;

  size_t count() const { return bytes.size() / frame_size; }
  uint64_t operator[](size_t i) const {
    return frame_size == 4 ? LoadAt<uint32_t>(bytes, i * 4) : LoadAt<uint64_t>(bytes, i * 8);
  }
};

// What a record refers to a stack by.
struct StackReference {
  uint64_t key = 0;
  uint64_t raw_time = 0;  // of the record
};

// The kernel's StackWalk events: StackKeyKernel and StackKeyUser have a key; the frames are in a
// KeyCreate before them, or in the KeyDelete or KeyRundown that ends the key. Then it may be used
// anew. So a key and a time have a stack.
class StackCache {
 public:
  // Beyond them the oldest give way, and what refers to a stack of their time has none any more:
  // the one that follows under the same key is another.
  static constexpr size_t kMaxBytes = size_t{32} << 20;

  // Keeps the stack that a record says; of other records nothing happens.
  void Learn(const EtwRecord& record);
  // None of a record that refers to no stack.
  static std::optional<StackReference> ReferenceOf(const EtwRecord& record);
  // Empty when nothing says it, or not yet. They last until more is learned.
  StackFrames Find(const StackReference& of) const;
  // The stack that a record refers to.
  StackFrames Find(const EtwRecord& record) const;

 private:
  using Key = std::pair<uint64_t, uint64_t>;  // and time
  struct Said {
    bool creates = false;  // else the key ends here
    uint8_t frame_size = 8;
    std::vector<uint8_t> frames;
  };
  static size_t BytesOf(const Said& said);
  void ForgetOldest();

  std::map<Key, Said> said_;
  std::deque<Key> order_;  // in which they were said
  size_t bytes_ = 0;
  uint64_t forgotten_ = 0;  // the latest time of those that gave way
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_STACK_CACHE_H_
