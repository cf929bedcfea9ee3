#include "pipeline/debug_help.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <functional>
#include <future>
#include <map>
#include <memory>

#include "base/utf16.h"

namespace nuthatch {
namespace {

using namespace std::chrono_literals;

constexpr uint32_t kExport = 4;  // SYM_TYPE
constexpr uint32_t kPdb = 3;
constexpr uint32_t kFunction = 5;  // SymTagEnum
constexpr uint32_t kData = 7;
constexpr uint32_t kPublicSymbol = 10;

struct FakeSymbol {
  std::u16string name;
  uint32_t rva;
  uint32_t size;
  uint32_t tag = kFunction;
};

// DbgHelp, of one image: functions have no object that they belong to.
struct FakeDebugHelp {
  std::u16string image = u"C:\\é.dll";
  uint32_t timestamp = 77;
  uint32_t type = kPdb;
  bool unmatched = false;
  bool takes_path = true;
  std::vector<FakeSymbol> symbols;
  std::function<void()> before_load;
  std::u16string search_path;
  size_t processes = 0;
  size_t modules = 0;
  size_t told = 0;
} fake;

int32_t Initialize(void*, const char16_t* path, int32_t) {
  fake.search_path = path;
  fake.processes += fake.takes_path;
  return fake.takes_path;
}
int32_t Cleanup(void*) {
  if (fake.processes == 0) return 0;
  --fake.processes;
  return 1;
}
uint64_t LoadModule(void*, void*, const char16_t* image, const char16_t*, uint64_t base, uint32_t,
                    const void*, uint32_t) {
  if (image != fake.image) return 0;
  if (fake.before_load) fake.before_load();
  ++fake.modules;
  return base;
}
int32_t UnloadModule(void*, uint64_t) {
  --fake.modules;
  return 1;
}
int32_t ModuleInfo(void*, uint64_t base, WinModuleInfo* module) {
  if (module->size_of_struct != sizeof(WinModuleInfo)) return 0;
  module->base = base;
  module->timestamp = fake.timestamp;
  module->symbol_type = fake.type;
  module->pdb_unmatched = fake.unmatched;
  return 1;
}
int32_t EnumSymbols(void*, uint64_t base, const char16_t*, DebugHelpFunctions::OnSymbol on_symbol,
                    void* context) {
  for (const FakeSymbol& symbol : fake.symbols) {
    std::vector<uint8_t> bytes(sizeof(WinSymbolInfo) + symbol.name.size() * 2);
    auto* info = reinterpret_cast<WinSymbolInfo*>(bytes.data());
    info->module_base = base;
    info->address = base + symbol.rva;
    info->size = symbol.size;
    info->tag = symbol.tag;
    info->name_length = static_cast<uint32_t>(symbol.name.size());
    std::memcpy(bytes.data() + offsetof(WinSymbolInfo, name), symbol.name.data(),
                symbol.name.size() * 2);
    ++fake.told;
    if (on_symbol(info, symbol.size, context) == 0) break;
  }
  return 1;
}

class DebugHelpTest : public testing::Test {
 protected:
  void SetUp() override {
    fake = {};
    const DebugHelpFunctions functions = {[](uint32_t options) { return options; },
                                          Initialize,
                                          Cleanup,
                                          LoadModule,
                                          UnloadModule,
                                          ModuleInfo,
                                          EnumSymbols};
    functions_ = functions;
    help_ = std::make_unique<DebugHelp>(functions_, "C:\\é");
    ASSERT_TRUE(help_->Open().ok());
  }
  void TearDown() override {
    EXPECT_EQ(fake.modules, 0u) << "all are unloaded";
    help_.reset();
    EXPECT_EQ(fake.processes, 0u);
  }

  // "begin-end name", a function a line.
  std::string Read(uint32_t timestamp = 77, const std::string& path = "C:\\é.dll") {
    return TextOf(help_->Read(path, timestamp));
  }
  static std::string TextOf(const std::vector<ExportedCode>& functions) {
    std::string text;
    for (const auto& [begin, end, name] : functions)
      text += std::to_string(begin) + "-" + std::to_string(end) + " " + name + "\n";
    return text;
  }

  DebugHelpFunctions functions_;
  std::unique_ptr<DebugHelp> help_;
};

TEST_F(DebugHelpTest, TellsTheFunctionsOfAnImageByAddress) {
  EXPECT_EQ(fake.search_path, u"C:\\é");
  fake.symbols = {{u"Later", 200, 50},
                  {u"Variable", 300, 8, kData},
                  {u"Wé", 100, 20},
                  {u"Public", 400, 0, kPublicSymbol}};
  EXPECT_EQ(Read(), "100-120 Wé\n200-250 Later\n400-400 Public\n");
}

TEST_F(DebugHelpTest, NothingOfAnotherBuildOrWithoutAPdb) {
  fake.symbols = {{u"A", 100, 20}};
  EXPECT_EQ(Read(78), "") << "the file is not the one that was mapped";
  EXPECT_EQ(Read(77, "C:\\other.dll"), "");
  fake.type = kExport;
  EXPECT_EQ(Read(), "") << "exports we read ourselves";
  fake.type = kPdb;
  fake.unmatched = true;
  EXPECT_EQ(Read(), "");
  fake.unmatched = false;
  EXPECT_EQ(Read(), "100-120 A\n");
}

TEST_F(DebugHelpTest, IsBounded) {
  fake.symbols.assign(DebugHelp::kMostFunctions + 10, {u"A", 100, UINT32_MAX});
  EXPECT_EQ(help_->Read("C:\\é.dll", 77).size(), DebugHelp::kMostFunctions);
  EXPECT_EQ(fake.told, DebugHelp::kMostFunctions) << "it is not asked for more";
  const std::u16string name(DebugHelp::kLongestName + 1, u'a');
  fake.symbols.assign(DebugHelp::kMostNameBytes / DebugHelp::kLongestName + 10, {name, 100, 1});
  const std::vector<ExportedCode> functions = help_->Read("C:\\é.dll", 77);
  EXPECT_EQ(functions.size(), DebugHelp::kMostNameBytes / DebugHelp::kLongestName);
  EXPECT_EQ(functions[0].name.size(), DebugHelp::kLongestName);
}

TEST_F(DebugHelpTest, ASearchPathThatIsNotTakenIsAnError) {
  fake.takes_path = false;
  DebugHelp none(functions_, "?");
  EXPECT_STREQ(none.Open().code(), "NUTHATCH_SYMBOLS_UNAVAILABLE");
}

// JavaScript's thread makes them, and ends those that were never opened.
TEST_F(DebugHelpTest, MakingOneAndEndingItUnopenedWaitForNobodyWhoReads) {
  std::promise<void> begun;
  std::promise<void> answer;
  fake.before_load = [&] {
    begun.set_value();
    answer.get_future().wait();
  };
  auto reading = std::async(std::launch::async, [this] { return Read(); });
  begun.get_future().wait();
  auto making = std::async(std::launch::async, [this] { DebugHelp another(functions_, "D:\\"); });
  // Only a fault takes a minute.
  EXPECT_EQ(making.wait_for(1min), std::future_status::ready);
  answer.set_value();
  EXPECT_EQ(reading.get(), "");
}

TEST_F(DebugHelpTest, FunctionsThatAreExportedKeepThatName) {
  const std::vector<ExportedCode> exports = {{100, 150, "NtA"}, {200, 300, "NtB"}};
  const std::vector<ExportedCode> debug = {
      {100, 150, "ZwA"}, {160, 160, "Public"}, {220, 400, "Inner"}, {500, 500, "Last"}};
  EXPECT_EQ(TextOf(MergeFunctions(exports, debug)),
            "100-150 NtA\n160-200 Public\n200-220 NtB\n220-400 Inner\n500-500 Last\n");
  EXPECT_EQ(TextOf(MergeFunctions({}, debug)),
            "100-150 ZwA\n160-220 Public\n220-400 Inner\n500-500 Last\n");
  EXPECT_EQ(TextOf(MergeFunctions(exports, {})), "100-150 NtA\n200-300 NtB\n");
}

#ifndef _WIN32
TEST(DebugHelp, IsOfWindows) {
  std::unique_ptr<DebugHelp> help;
  EXPECT_STREQ(DebugHelp::Load("C:\\", &help).code(), "NUTHATCH_SYMBOLS_UNAVAILABLE");
}
#endif

}  // namespace
}  // namespace nuthatch
