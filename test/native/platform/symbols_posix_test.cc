#include <gtest/gtest.h>

#include "platform/symbols.h"

namespace nuthatch {
namespace {

TEST(FunctionFinder, TellsTheFirstFunctionThatIsMissing) {
  FunctionFinder find;
  find.In(ProcessSymbols());
  void* (*allocate)(size_t) = nullptr;
  find.Find("malloc", &allocate);
  EXPECT_NE(allocate, nullptr);
  find.FindIfThere("one_that_may_be_missing", &allocate);
  EXPECT_EQ(allocate, nullptr);
  EXPECT_EQ(find.missing(), "");
  find.Find("first", &allocate);
  find.Find("second", &allocate);
  EXPECT_EQ(find.missing(), "first is missing");
}

TEST(FunctionFinder, FindsNothingInALibraryThatIsNotThere) {
  FunctionFinder find;
  find.InSystemLibrary("kernel32.dll");
  void* (*allocate)(size_t) = nullptr;
  find.Find("malloc", &allocate);
  EXPECT_EQ(allocate, nullptr) << "this process has one, and is not asked";
  EXPECT_EQ(find.missing(), "kernel32.dll cannot be loaded");
}

}  // namespace
}  // namespace nuthatch
