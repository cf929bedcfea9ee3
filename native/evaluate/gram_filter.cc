#include "evaluate/gram_filter.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <queue>

#include "evaluate/gram_scan.h"
#include "evaluate/typical_text.h"

namespace nuthatch {
namespace {

using ByteSet = std::bitset<256>;

// How often each byte is met, in all.
const std::array<double, 256>& ByteFrequencies() {
  static const std::array<double, 256> frequencies = [] {
    std::array<double, 256> f;
    f.fill(1.0 / 256);
    for (const char c : kTypicalText) f[static_cast<unsigned char>(c)] += 1;
    for (double& each : f) each /= static_cast<double>(kTypicalText.size() + 1);
    return f;
  }();
  return frequencies;
}

double FrequencyOf(const ByteSet& set) {
  if (set.all()) return 1;
  double sum = 0;
  for (size_t i = 0; i < set.size(); ++i) {
    if (set[i]) sum += ByteFrequencies()[i];
  }
  return sum;
}

// By position, the bytes that the grams of a group have there.
using ByteSets = std::array<ByteSet, Gram::kMaxSize>;

struct Group {
  ByteSets bytes;
  double passes = 0;  // the share of places that it lets pass
  size_t next = 0;    // the group after it
  size_t before = 0;
  uint32_t changes = 0;
  bool gone = false;
};

ByteSets BytesOf(Gram gram) {
  ByteSets bytes;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i < gram.size) {
      bytes[i].set(gram.bytes >> (8 * i) & 0xff);
    } else {
      bytes[i].set();
    }
  }
  return bytes;
}

double PassesOf(const ByteSets& bytes) {
  double passes = 1;
  for (const ByteSet& set : bytes) passes *= FrequencyOf(set);
  return passes;
}

ByteSets Union(const ByteSets& a, const ByteSets& b) {
  ByteSets both;
  for (size_t i = 0; i < both.size(); ++i) both[i] = a[i] | b[i];
  return both;
}

// Of grams in order, those next to each other are alike: their first bytes are few.
bool Before(Gram a, Gram b) {
  if (a.size != b.size) return a.size < b.size;
  const auto big_endian = [](Gram g) {
    return (g.bytes & 0xff) << 24 | (g.bytes >> 8 & 0xff) << 16 | (g.bytes >> 16 & 0xff) << 8 |
           g.bytes >> 24;
  };
  return big_endian(a) < big_endian(b);
}

// Joins groups next to each other, first those whose union lets the least more pass than they do.
class Grouping {
 public:
  explicit Grouping(const std::vector<Gram>& grams) {
    for (const Gram gram : grams) Add(gram);
    for (size_t i = 0; i < groups_.size(); ++i) {
      groups_[i].passes = PassesOf(groups_[i].bytes);
      groups_[i].next = i + 1;
      groups_[i].before = i == 0 ? kNone : i - 1;
    }
    for (size_t i = 0; i + 1 < groups_.size(); ++i) Propose(i);
  }

  std::vector<ByteSets> JoinedTo(size_t most) {
    for (size_t left = groups_.size(); left > most;) {
      const Proposal best = proposals_.top();
      proposals_.pop();
      if (!IsCurrent(best)) continue;
      Join(best.group);
      --left;
    }
    std::vector<ByteSets> joined;
    for (const Group& group : groups_) {
      if (!group.gone) joined.push_back(group.bytes);
    }
    return joined;
  }

 private:
  static constexpr size_t kNone = SIZE_MAX;
  struct Proposal {
    double cost;
    size_t group;  // to be joined with the one after it
    uint32_t changes;
    uint32_t next_changes;
    bool operator<(const Proposal& other) const { return cost > other.cost; }
  };

  // Grams with the same first two bytes are one group from the beginning.
  void Add(Gram gram) {
    const bool same = !groups_.empty() && gram.size == last_.size &&
                      (gram.bytes & 0xffff) == (last_.bytes & 0xffff);
    last_ = gram;
    if (!same) groups_.emplace_back();
    Group& group = groups_.back();
    group.bytes = Union(group.bytes, BytesOf(gram));
  }
  void Propose(size_t i) {
    const Group& a = groups_[i];
    const Group& b = groups_[a.next];
    const double cost = PassesOf(Union(a.bytes, b.bytes)) - a.passes - b.passes;
    proposals_.push({cost, i, a.changes, b.changes});
  }
  bool IsCurrent(const Proposal& p) const {
    const Group& group = groups_[p.group];
    return !group.gone && group.changes == p.changes && group.next < groups_.size() &&
           groups_[group.next].changes == p.next_changes;
  }
  void Join(size_t i) {
    Group& group = groups_[i];
    Group& next = groups_[group.next];
    group.bytes = Union(group.bytes, next.bytes);
    group.passes = PassesOf(group.bytes);
    ++group.changes;
    next.gone = true;
    group.next = next.next;
    if (group.next < groups_.size()) {
      groups_[group.next].before = i;
      Propose(i);
    }
    if (group.before != kNone) Propose(group.before);
  }

  std::vector<Group> groups_;
  Gram last_{};
  std::priority_queue<Proposal> proposals_;
};

}  // namespace

GramFilter::GramFilter(std::vector<Gram> grams) : scan_(GramScans().front().scan) {
  std::sort(grams.begin(), grams.end(), Before);
  const std::vector<ByteSets> groups = Grouping(grams).JoinedTo(GramTables::kGroups);
  for (size_t g = 0; g < groups.size(); ++g) {
    const auto bit = static_cast<uint8_t>(1u << (g % 8));
    for (size_t i = 0; i < Gram::kMaxSize; ++i) {
      for (size_t c = 0; c < 256; ++c) {
        if (!groups[g][i][c]) continue;
        tables_.groups[i][c] |= uint32_t{1} << g;
        if (c < 128) tables_.ascii[g / 8][i][c] |= bit;
        tables_.low[g / 8][i][c % 16] |= bit;
        tables_.high[g / 8][i][c / 16] |= bit;
      }
    }
  }
}

}  // namespace nuthatch
