#include "image/exported_code.h"

#include "image/headers.h"
#include "image/read.h"

namespace nuthatch {
namespace {

// "name begin end", in hexadecimal.
std::vector<std::string> CodeOf(const PeWriter& writer) {
  const Bytes file = writer.Write();
  MemorySource source(file);
  ImageHeaders headers;
  Anomalies anomalies;
  EXPECT_TRUE(ReadImageHeaders(&source, &headers, &anomalies).ok());
  ImageView view(&source, headers, &anomalies);
  std::vector<std::string> all;
  for (const ExportedCode& code : ReadExportedCode(&view)) {
    char text[64];
    std::snprintf(text, sizeof(text), "%s %x %x", code.name.c_str(), code.begin, code.end);
    all.push_back(text);
  }
  return all;
}

// With code from 0x5000 to 0x5200.
PeWriter WithCode() {
  PeWriter writer;
  Section code;
  code.name = ".text";
  code.virtual_address = 0x5000;
  code.virtual_size = 0x200;
  code.raw_size = 0x200;
  code.raw_offset = 0;  // its bytes are not read
  code.characteristics = kSectionReadable | kSectionExecutable;
  writer.more_sections.emplace_back(code, Bytes(0x200));
  return writer;
}

void PutFunctions(const std::vector<std::pair<uint32_t, uint32_t>>& functions, PeWriter* writer) {
  ByteSink sink;
  for (const auto& [begin, end] : functions) {
    sink.U32(begin);
    sink.U32(end);
    sink.U32(0);
  }
  writer->Set(Directory::kException, writer->Put(sink.bytes()), sink.bytes().size());
}

TEST(ExportedCode, EndsWhereTheNextBegins) {
  PeWriter writer = WithCode();
  PutExports({{"NtB", {}, 0x5020}, {"NtA", {}, 0x5000}, {"NtC", {}, 0x5040}}, &writer);
  EXPECT_EQ(CodeOf(writer),
            (std::vector<std::string>{"NtA 5000 5020", "NtB 5020 5040", "NtC 5040 5200"}));
}

TEST(ExportedCode, EndsWhereTheTableOfFunctionsSaysAndBeforeWhatIsNotExported) {
  PeWriter writer = WithCode();
  PutExports({{"A", {}, 0x5000}, {"Leaf", {}, 0x5080}, {"Z", {}, 0x5100}}, &writer);
  PutFunctions({{0x5000, 0x5030}, {0x5030, 0x5060}, {0x5090, 0x50A0}}, &writer);
  EXPECT_EQ(CodeOf(writer),
            (std::vector<std::string>{"A 5000 5030", "Leaf 5080 5090", "Z 5100 5200"}));
}

TEST(ExportedCode, OfTwoNamesNtIsTaken) {
  PeWriter writer = WithCode();
  PutExports({{"ZwOpenProcess", {}, 0x5000}, {"NtOpenProcess", {}, 0x5000}, {"B", {}, 0x5020}},
             &writer);
  EXPECT_EQ(CodeOf(writer), (std::vector<std::string>{"NtOpenProcess 5000 5020", "B 5020 5200"}));
}

TEST(ExportedCode, DataAndForwardersAreNone) {
  PeWriter writer = WithCode();
  PutExports({{"Data", {}, 0x1000},
              {"Heap", "NTDLL.RtlAllocateHeap"},
              {"A", {}, 0x5000},
              {"", {}, 0x5010}},
             &writer);
  EXPECT_EQ(CodeOf(writer), (std::vector<std::string>{"A 5000 5200"}));
  EXPECT_EQ(CodeOf(WithCode()), std::vector<std::string>{});
}

}  // namespace
}  // namespace nuthatch
