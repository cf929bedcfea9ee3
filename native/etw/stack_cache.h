// Stacks that a session wrote once and then refers to by a key.
#ifndef NUTHATCH_ETW_STACK_CACHE_H_
#define NUTHATCH_ETW_STACK_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <map>
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

// The kernel's StackWalk events: StackKeyKernel and StackKeyUser have a key; the frames are in a
// KeyCreate before them, or in the KeyDelete or KeyRundown that ends the key. Then it may be used
// anew. So a key and a time have a stack.
class StackCache {
 public:
  // Beyond them, further stacks are not kept.
  static constexpr size_t kMaxBytes = size_t{32} << 20;

  // Keeps the stack that a record says; of other records nothing happens.
  void Learn(const EtwRecord& record);
  // The stack that a record refers to; empty when it does not, or nothing says it.
  StackFrames Find(const EtwRecord& record) const;

 private:
  struct Said {
    bool creates = false;  // else the key ends here
    uint8_t frame_size = 8;
    std::vector<uint8_t> frames;
  };
  std::map<std::pair<uint64_t, uint64_t>, Said> said_;  // by key and time
  size_t bytes_ = 0;
};

}  // namespace nuthatch

#endif  // NUTHATCH_ETW_STACK_CACHE_H_
