// What to do when a string, a pattern or a subnet of a matcher is found.
#ifndef NUTHATCH_EVALUATE_POSTINGS_H_
#define NUTHATCH_EVALUATE_POSTINGS_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
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

// Numbers distinct keys from 0, each with its postings. Filled by NumberOf and Add; from Seal on
// only the postings are left.
class Postings {
 public:
  uint32_t NumberOf(std::string_view key) {
    const auto [at, added] =
        numbers_.try_emplace(std::string(key), static_cast<uint32_t>(numbers_.size()));
    if (added) last_.push_back(kNone);
    return at->second;
  }
  // False when the key has this posting already. The postings of a target are added in one run.
  bool Add(uint32_t number, Posting posting) {
    if (last_[number] != kNone && added_[last_[number]].posting == posting) return false;
    last_[number] = static_cast<uint32_t>(added_.size());
    added_.push_back({number, posting});
    return true;
  }
  bool empty() const { return last_.empty() && ends_.empty(); }

  // The keys, in the order of their numbers.
  std::vector<std::string> Seal() {
    std::vector<std::string> keys(numbers_.size());
    while (!numbers_.empty()) {
      auto node = numbers_.extract(numbers_.begin());
      keys[node.mapped()] = std::move(node.key());
    }
    std::stable_sort(added_.begin(), added_.end(),
                     [](const Added& a, const Added& b) { return a.number < b.number; });
    ends_.assign(keys.size(), 0);
    for (const Added& a : added_) {
      postings_.push_back(a.posting);
      ends_[a.number] = static_cast<uint32_t>(postings_.size());
    }
    // A key without postings ends where the one before it does.
    for (size_t i = 1; i < ends_.size(); ++i) ends_[i] = std::max(ends_[i], ends_[i - 1]);
    added_ = {};
    last_ = {};
    return keys;
  }
  // The postings of a key, once sealed.
  std::span<const Posting> operator[](uint32_t number) const {
    const uint32_t begin = number == 0 ? 0 : ends_[number - 1];
    return {postings_.data() + begin, postings_.data() + ends_[number]};
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Added {
    uint32_t number;
    Posting posting;
  };
  std::unordered_map<std::string, uint32_t> numbers_;
  std::vector<Added> added_;
  std::vector<uint32_t> last_;     // by key: the newest in added_, or kNone
  std::vector<Posting> postings_;  // by key
  std::vector<uint32_t> ends_;     // by key: the end of its postings
};

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_POSTINGS_H_
