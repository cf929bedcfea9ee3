// What to do when a string, a pattern or a subnet of a matcher is found.
#ifndef NUTHATCH_EVALUATE_POSTINGS_H_
#define NUTHATCH_EVALUATE_POSTINGS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nuthatch {

struct Posting {
  enum class Kind : uint32_t {
    kAny,      // the term `target` is true
    kAll,      // the `all` term that has the index `target` has one more of its parts
    kPattern,  // the pattern `target` may match
  };
  Kind kind;
  uint32_t target;
  bool operator==(const Posting&) const = default;
};

// Numbers distinct keys from 0, each with its postings.
class Postings {
 public:
  uint32_t NumberOf(std::string_view key) {
    const auto number = static_cast<uint32_t>(keys_.size());
    const auto [at, added] = numbers_.try_emplace(std::string(key), number);
    if (added) {
      keys_.emplace_back(key);
      postings_.emplace_back();
    }
    return at->second;
  }
  // False when the key has this posting already. The postings of a target are added in one run.
  bool Add(uint32_t number, Posting posting) {
    std::vector<Posting>& list = postings_[number];
    if (!list.empty() && list.back() == posting) return false;
    list.push_back(posting);
    return true;
  }
  bool empty() const { return postings_.empty(); }
  const std::vector<std::string>& keys() const { return keys_; }
  std::span<const Posting> operator[](uint32_t number) const { return postings_[number]; }

  // Frees what only Add needs.
  void Seal() {
    numbers_ = {};
    keys_ = {};
  }

 private:
  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<std::string> keys_;
  std::vector<std::vector<Posting>> postings_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_POSTINGS_H_
