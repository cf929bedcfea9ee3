// The structures against those of Windows, and DbgHelp itself.
#include <windows.h>
// After windows.h.
#include <dbghelp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "pipeline/debug_help.h"
#include "support/same_field.h"

namespace nuthatch {
namespace {

EXPECT_SAME_FIELD(WinSymbolInfo, size, SYMBOL_INFOW, Size);
EXPECT_SAME_FIELD(WinSymbolInfo, address, SYMBOL_INFOW, Address);
EXPECT_SAME_FIELD(WinSymbolInfo, tag, SYMBOL_INFOW, Tag);
EXPECT_SAME_FIELD(WinSymbolInfo, name_length, SYMBOL_INFOW, NameLen);
static_assert(offsetof(WinSymbolInfo, name) == offsetof(SYMBOL_INFOW, Name));
static_assert(sizeof(WinModuleInfo) == sizeof(IMAGEHLP_MODULEW64));
EXPECT_SAME_FIELD(WinModuleInfo, timestamp, IMAGEHLP_MODULEW64, TimeDateStamp);
EXPECT_SAME_FIELD(WinModuleInfo, symbol_type, IMAGEHLP_MODULEW64, SymType);
EXPECT_SAME_FIELD(WinModuleInfo, pdb_unmatched, IMAGEHLP_MODULEW64, PdbUnmatched);

TEST(WindowsDebugHelp, TakesFoldersAndKnowsNothingOfAnImageWithoutAPdb) {
  std::unique_ptr<DebugHelp> help;
  const Status status = DebugHelp::Load("C:\\", &help);
  ASSERT_TRUE(status.ok()) << status.message();
  ASSERT_TRUE(help->Open().ok());
  EXPECT_TRUE(help->Read("C:\\none.dll", 1).empty());
  EXPECT_TRUE(help->Read("C:\\windows\\system32\\kernel32.dll", 1).empty());
}

// test/wine/named.c, made by scripts/test-wine.sh with its PDB beside it.
TEST(WindowsDebugHelp, NamesFunctionsThatOnlyThePdbHas) {
  constexpr uint32_t kTimestamp = 1600000000;
  const char* const folder = std::getenv("NUTHATCH_NAMED_IMAGE");
  if (folder == nullptr) GTEST_SKIP() << "NUTHATCH_NAMED_IMAGE says no folder";
  std::unique_ptr<DebugHelp> help;
  ASSERT_TRUE(DebugHelp::Load(folder, &help).ok());
  ASSERT_TRUE(help->Open().ok());
  const std::string image = std::string(folder) + "\\named.dll";
  const std::vector<ExportedCode> functions = help->Read(image, kTimestamp);
  for (const char* name : {"hidden_function", "exported_function"}) {
    const auto found = std::find_if(functions.begin(), functions.end(),
                                    [&](const ExportedCode& each) { return each.name == name; });
    ASSERT_NE(found, functions.end()) << name << ", of " << functions.size();
    EXPECT_GE(found->begin, 0x1000u) << name;
    EXPECT_GT(found->end, found->begin) << name;
  }
  EXPECT_TRUE(help->Read(image, kTimestamp + 1).empty()) << "this is another build";
}

}  // namespace
}  // namespace nuthatch
