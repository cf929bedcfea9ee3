#include "pipeline/trace_blocks.h"

#include <gtest/gtest.h>

#include "pipeline/opening.h"
#include "pipeline/signature_rules.h"

namespace nuthatch {
namespace {

class NoSymbols final : public SymbolSource {
 public:
  bool Find(const ImageFile&, std::string_view, uint32_t, Symbol*) override { return false; }
};

// So many loads of an image with a path of 30,000 characters, and the stack of another event.
Bytes TraceOf(size_t loads) {
  EtlWriter writer({.buffer_size = 1 << 20});
  writer.Add({.records = {StackWalk(1, {1, 4, 4}, {1})}});
  const Bytes load = ImageLoad({2, 700, 7}, 700, "\\" + std::string(30'000, 'x'));
  constexpr size_t kInBuffer = 16;
  for (size_t i = 0; i < loads; i += kInBuffer)
    writer.Add({.records = std::vector<Bytes>(std::min(kInBuffer, loads - i), load)});
  return writer.bytes();
}

class TraceBlocksTest : public testing::Test {
 protected:
  // The records that have been read when the first block with events is given, and all.
  std::pair<uint64_t, uint64_t> Read(const Bytes& trace) {
    const auto program =
        std::make_shared<Program>(AsksFor(EventType::kImageLoad, PropertyId::kImageSignatureStatus),
                                  Traces(), Output::kEvents);
    TraceBlocks blocks(Opening(trace), {}, program);
    blocks.FollowStacks(&symbols_);
    uint64_t first = 0;
    for (bool done = false; !done;) {
      std::shared_ptr<const TraceBlock> block;
      EXPECT_TRUE(blocks.Next(&block, &done).ok());
      events_ += block->events.size();
      if (events_ > 0 && first == 0) first = blocks.events().stage().records();
    }
    return {first, blocks.events().stage().records()};
  }

  NoSymbols symbols_;
  size_t events_ = 0;
};

TEST_F(TraceBlocksTest, AreHeldWhileTheirEventsMayGetTheirStacks) {
  const auto [first, all] = Read(TraceOf(100));
  EXPECT_EQ(first, all);
  EXPECT_EQ(events_, all);
}

TEST_F(TraceBlocksTest, AreHeldNoLongerThanThereIsRoomFor) {
  constexpr size_t kLoads = 2 * HeldBlocks::kMostBytes / 30'000;
  const auto [first, all] = Read(TraceOf(kLoads));
  EXPECT_EQ(all, kLoads + 2) << "the trace's header, and a stack";
  EXPECT_LT(first, all);
  EXPECT_GE(first, kLoads / 4);
  EXPECT_EQ(events_, all);
}

}  // namespace
}  // namespace nuthatch
