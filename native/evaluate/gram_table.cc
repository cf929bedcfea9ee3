#include "evaluate/gram_table.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "evaluate/string_hash.h"

namespace nuthatch {
namespace {

// Text as telemetry has it everywhere: a gram in it is a poor choice for a literal.
constexpr std::string_view kTypicalText =
    "c:\\windows\\system32\\svchost.exe -k netsvcs -p -s \\device\\harddiskvolume c:\\program "
    "files "
    "(x86)\\microsoft\\edge\\application\\msedge.exe\" --type= "
    "c:\\users\\admin\\appdata\\local\\temp\\"
    "c:\\programdata\\microsoft\\windows defender\\platform\\ "
    "\\registry\\machine\\software\\classes\\"
    "hklm\\software\\microsoft\\windows nt\\currentversion\\ "
    "hklm\\system\\currentcontrolset\\services\\"
    "\\device\\ hku\\s-1-5-21- c:\\windows\\syswow64\\ \\appdata\\roaming\\ "
    "c:\\windows\\microsoft.net\\"
    "framework64\\v4.0.30319\\ .dll .exe\" .exe /c \" .ps1 .com/ http://www. https:// 127.0.0.1 "
    "powershell.exe -noprofile -executionpolicy bypass -command \"& { get- \\cmd.exe /c "
    "rundll32.exe "
    "c:\\program files\\google\\chrome\\application\\chrome.exe --lang=en-us --enable-features= "
    "conhost.exe 0xffffffff -forcev1 taskhostw.exe /usr/bin/ /bin/sh -c /home/ 0000000000000000";

// How often each gram occurs in typical text and in the literals, by hash.
class GramCounts {
 public:
  void Add(std::string_view text, size_t gram_bytes, uint32_t weight) {
    for (size_t i = 0; i + gram_bytes <= text.size(); ++i) {
      counts_[Index(LoadBytes(text.data() + i, gram_bytes))] += weight;
    }
  }
  uint32_t Get(uint64_t gram) const { return counts_[Index(gram)]; }

 private:
  static size_t Index(uint64_t gram) { return MixBits(gram) >> 48; }
  std::vector<uint32_t> counts_ = std::vector<uint32_t>(size_t{1} << 16);
};

// Where the rarest gram of `literal` begins.
uint32_t RarestGram(std::string_view literal, size_t gram_bytes, const GramCounts& counts) {
  size_t best = 0;
  uint32_t best_count = UINT32_MAX;
  for (size_t i = 0; i + gram_bytes <= literal.size(); ++i) {
    const uint32_t count = counts.Get(LoadBytes(literal.data() + i, gram_bytes));
    if (count < best_count) {
      best = i;
      best_count = count;
    }
  }
  return static_cast<uint32_t>(best);
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

template <size_t kBytes>
GramTable<kBytes>::GramTable(const std::vector<std::string>& literals,
                             const std::vector<uint32_t>& members) {
  GramCounts counts;
  counts.Add(kTypicalText, kBytes, 64);
  for (const uint32_t m : members) counts.Add(literals[m], kBytes, 1);
  struct Choice {
    uint32_t gram;
    uint32_t literal;
    uint32_t offset;
  };
  std::vector<Choice> choices;
  for (const uint32_t m : members) {
    const uint32_t offset = RarestGram(literals[m], kBytes, counts);
    const auto gram = static_cast<uint32_t>(LoadBytes(literals[m].data() + offset, kBytes));
    choices.push_back({gram, m, offset});
  }
  std::sort(choices.begin(), choices.end(), [](const Choice& a, const Choice& b) {
    return a.gram != b.gram ? a.gram < b.gram : a.literal < b.literal;
  });
  // 64 bits a gram, up to what still fits the second-level cache.
  const int bits =
      kBytes == 2 ? 16 : std::clamp(static_cast<int>(std::bit_width(members.size())) + 6, 12, 20);
  mask_ = (uint32_t{1} << bits) - 1;
  bitmap_.assign((size_t{1} << bits) / 64, 0);
  slots_.assign(std::bit_ceil(members.size() * 2 + 1), Slot{0, kEmpty});
  for (size_t i = 0; i < choices.size(); ++i) {
    const Choice& c = choices[i];
    if (i == 0 || choices[i - 1].gram != c.gram) AddGram(c.gram, static_cast<uint32_t>(i));
    const bool more = i + 1 < choices.size() && choices[i + 1].gram == c.gram;
    entries_.push_back({static_cast<uint32_t>(pool_.size()),
                        static_cast<uint32_t>(literals[c.literal].size()), c.offset, c.literal,
                        more});
    pool_ += literals[c.literal];
  }
}

template <size_t kBytes>
void GramTable<kBytes>::AddGram(uint32_t gram, uint32_t first_entry) {
  const uint32_t bit = IndexOf(gram, mask_);
  bitmap_[bit / 64] |= uint64_t{1} << (bit % 64);
  const size_t mask = slots_.size() - 1;
  size_t at = MixBits(gram) & mask;
  while (slots_[at].first != kEmpty) at = (at + 1) & mask;
  slots_[at] = {gram, first_entry};
}

template <size_t kBytes>
auto GramTable<kBytes>::EntriesOf(uint32_t gram) const -> const Entry* {
  const size_t mask = slots_.size() - 1;
  for (size_t at = MixBits(gram) & mask; slots_[at].first != kEmpty; at = (at + 1) & mask) {
    if (slots_[at].gram == gram) return &entries_[slots_[at].first];
  }
  return nullptr;
}

template <size_t kBytes>
bool GramTable<kBytes>::Compare(std::string_view text, size_t at, uint32_t gram, StampSet* seen,
                                std::vector<uint32_t>* found, int64_t* budget) const {
  const Entry* e = EntriesOf(kBytes == 2 ? gram & 0xffff : gram);
  if (e == nullptr) return true;
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

template class GramTable<2>;
template class GramTable<4>;

}  // namespace nuthatch
