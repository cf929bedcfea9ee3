#include "evaluate/gram_table.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/string_hash.h"
#include "evaluate/typical_text.h"

namespace nuthatch {
namespace {

// How often each gram of four bytes occurs in typical text and in the literals, by hash.
class GramCounts {
 public:
  void Add(std::string_view text, uint32_t weight) {
    for (size_t i = 0; i + Gram::kMaxSize <= text.size(); ++i) {
      counts_[Index(text.data() + i)] += weight;
    }
  }
  uint32_t Get(const char* gram) const { return counts_[Index(gram)]; }

 private:
  static size_t Index(const char* gram) { return MixBits(LoadBytes(gram, Gram::kMaxSize)) >> 48; }
  std::vector<uint32_t> counts_ = std::vector<uint32_t>(size_t{1} << 16);
};

// Where the rarest gram of `literal` begins.
uint32_t RarestGram(std::string_view literal, const GramCounts& counts) {
  size_t best = 0;
  uint32_t best_count = UINT32_MAX;
  for (size_t i = 0; i + Gram::kMaxSize <= literal.size(); ++i) {
    const uint32_t count = counts.Get(literal.data() + i);
    if (count < best_count) {
      best = i;
      best_count = count;
    }
  }
  return static_cast<uint32_t>(best);
}

// By member, where its gram begins: short literals are their own.
std::vector<uint32_t> OffsetsOf(GramTable::Key key, const std::vector<std::string>& literals,
                                const std::vector<uint32_t>& members) {
  std::vector<uint32_t> offsets(members.size());
  if (key == GramTable::Key::kTwoBytes) return offsets;
  GramCounts counts;
  counts.Add(kTypicalText, 64);
  for (const uint32_t m : members) counts.Add(literals[m], 1);
  for (size_t i = 0; i < members.size(); ++i) offsets[i] = RarestGram(literals[members[i]], counts);
  return offsets;
}

// Whether a[0, size) and b[0, size) are equal; takes one from *budget for each word compared.
bool EqualBytes(const char* a, const char* b, size_t size, int64_t* budget) {
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    --*budget;
    if (LoadBytes(a + i, 8) != LoadBytes(b + i, 8)) return false;
  }
  return std::memcmp(a + i, b + i, size - i) == 0;
}

}  // namespace

GramTable::GramTable(Key key, const std::vector<std::string>& literals,
                     const std::vector<uint32_t>& members, std::vector<Gram>* grams)
    : key_mask_(key == Key::kTwoBytes ? 0xffff : 0xffffffff), bitmap_(members.size(), 16) {
  const std::vector<uint32_t> offsets = OffsetsOf(key, literals, members);
  struct Choice {
    uint32_t key;
    uint32_t literal;
    uint32_t offset;
  };
  std::vector<Choice> choices;
  for (size_t i = 0; i < members.size(); ++i) {
    const std::string_view gram =
        std::string_view(literals[members[i]]).substr(offsets[i], Gram::kMaxSize);
    const auto bytes = static_cast<uint32_t>(LoadBytes(gram.data(), gram.size()));
    grams->push_back({bytes, static_cast<uint32_t>(gram.size())});
    choices.push_back({bytes & key_mask_, members[i], offsets[i]});
  }
  std::sort(choices.begin(), choices.end(), [](const Choice& a, const Choice& b) {
    return a.key != b.key ? a.key < b.key : a.literal < b.literal;
  });
  slots_.assign(std::bit_ceil(members.size() * 2 + 1), Slot{0, kEmpty});
  for (size_t i = 0; i < choices.size(); ++i) {
    const Choice& c = choices[i];
    if (i == 0 || choices[i - 1].key != c.key) AddKey(c.key, static_cast<uint32_t>(i));
    const bool more = i + 1 < choices.size() && choices[i + 1].key == c.key;
    entries_.push_back({static_cast<uint32_t>(pool_.size()),
                        static_cast<uint32_t>(literals[c.literal].size()), c.offset, c.literal,
                        more});
    pool_ += literals[c.literal];
  }
}

void GramTable::AddKey(uint32_t key, uint32_t first_entry) {
  bitmap_.Add(key);
  const size_t mask = slots_.size() - 1;
  size_t at = MixBits(key) & mask;
  while (slots_[at].first != kEmpty) at = (at + 1) & mask;
  slots_[at] = {key, first_entry};
}

auto GramTable::EntriesOf(uint32_t key) const -> const Entry* {
  const size_t mask = slots_.size() - 1;
  for (size_t at = MixBits(key) & mask; slots_[at].first != kEmpty; at = (at + 1) & mask) {
    if (slots_[at].key == key) return &entries_[slots_[at].first];
  }
  return nullptr;
}

bool GramTable::CompareAll(const Entry* e, std::string_view text, size_t at, StampSet* seen,
                           std::vector<uint32_t>* found, int64_t* budget) const {
  for (;; ++e) {
    if (--*budget < 0) return false;
    if (at >= e->offset && text.size() - (at - e->offset) >= e->size &&
        !seen->Contains(e->literal) &&
        EqualBytes(text.data() + (at - e->offset), pool_.data() + e->begin, e->size, budget)) {
      seen->Insert(e->literal);
      found->push_back(e->literal);
    }
    if (!e->more) return true;
  }
}

}  // namespace nuthatch
