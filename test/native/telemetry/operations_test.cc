#include "telemetry/operations.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace nuthatch {
namespace {

// The result as text: numbers and booleans in their usual form, several values joined by |.
std::string Apply(Operation operation, std::string_view x, std::string_view literal = "") {
  Arena arena;
  const Value value = TextOperationOf(operation)(x, literal, &arena);
  if (!value.present()) return "(missing)";
  if (value.kind() == ValueKind::kBoolean) return value.boolean() ? "(true)" : "(false)";
  if (value.kind() == ValueKind::kNumber) return std::to_string(value.number());
  std::string all;
  for (const std::string_view text : value.strings()) {
    if (!all.empty()) all += '|';
    all += text;
  }
  return all;
}

using Examples = std::vector<std::pair<std::string, std::string>>;

void Expect(Operation operation, const Examples& examples, std::string_view literal = "") {
  for (const auto& [x, result] : examples) {
    EXPECT_EQ(Apply(operation, x, literal), result) << "of " << x;
  }
}

TEST(Operations, Lower) {
  Expect(Operation::kLower, {{"AbC-1", "abc-1"}, {"abc", "abc"}, {"É", "É"}, {"", "(missing)"}});
}

TEST(Operations, Basename) {
  Expect(Operation::kBasename, {{R"(C:\a\b.exe)", "b.exe"},
                                {"/usr/bin/sh", "sh"},
                                {R"(C:\a/b)", "b"},
                                {"x", "x"},
                                {R"(C:\)", "(missing)"}});
}

TEST(Operations, PartsBeforeAndAfterASeparator) {
  Expect(Operation::kBeforeLast, {{"a.b.c", "a.b"}, {"abc", "(missing)"}, {".a", "(missing)"}},
         ".");
  Expect(Operation::kAfterLast, {{"a.b.c", "c"}, {"abc", "abc"}, {"a.", "(missing)"}}, ".");
  Expect(Operation::kBeforeFirst, {{"a.b.c", "a"}, {"abc", "abc"}, {".a", "(missing)"}}, ".");
  Expect(Operation::kAfterFirst, {{"a.b.c", "b.c"}, {"abc", "(missing)"}, {"a.", "(missing)"}},
         ".");
  Expect(Operation::kAfterFirst, {{"a => b => c", "b => c"}}, " => ");
}

TEST(Operations, ListItem) {
  Expect(Operation::kListItem,
         {{"SHA1=AB,MD5=CDEF", "cdef"},
          {" md5 = CD ,SHA1=AB", "cd"},
          {"SHA1=AB", "(missing)"},
          {"MD5=", "(missing)"},
          {"MD5", "(missing)"},
          {"MD5=0000", "(missing)"},
          {"MD5=0000,MD5=1", "(missing)"},  // the first item counts
          {"MD5=a=b", "a=b"},
          {"XMD5=1,MD5=2", "2"},
          {"", "(missing)"}},
         "MD5");
}

TEST(Operations, Number) {
  Expect(Operation::kNumber, {{"9428", "9428.000000"},
                              {" -1.5e2\t", "-150.000000"},
                              {"0x1730", "5936.000000"},
                              {"0XfF", "255.000000"},
                              {"1e-999", "0.000000"},
                              {"1e999", "(missing)"},
                              {"-1e999", "(missing)"},
                              {"08", "(missing)"},
                              {"+1", "(missing)"},
                              {"0x", "(missing)"},
                              {"0x-1", "(missing)"},
                              {"0x00000000000000001", "(missing)"},  // 17 digits
                              {"1 2", "(missing)"},
                              {"inf", "(missing)"},
                              {"nan", "(missing)"},
                              {"", "(missing)"}});
  EXPECT_EQ(Apply(Operation::kNumber, std::string(400, '9')), "(missing)");
  EXPECT_EQ(Apply(Operation::kNumber, "0." + std::string(400, '0') + "1"), "0.000000");
  EXPECT_EQ(Apply(Operation::kNumber, "0xffffffffffffffff"), "18446744073709551616.000000");
}

TEST(Operations, Hex) {
  Expect(Operation::kHex, {{"0x000003E7", "0x3e7"},
                           {"999", "0x3e7"},
                           {" 0 ", "0x0"},
                           {"18446744073709551615", "0xffffffffffffffff"},
                           {"18446744073709551616", "(missing)"},
                           {"-1", "(missing)"},
                           {"1.0", "(missing)"},
                           {"0x", "(missing)"},
                           {"x", "(missing)"}});
}

TEST(Operations, Boolean) {
  Expect(Operation::kBoolean, {{"true", "(true)"},
                               {"YES", "(true)"},
                               {"1", "(true)"},
                               {"False", "(false)"},
                               {"no", "(false)"},
                               {"0", "(false)"},
                               {"2", "(missing)"},
                               {" true", "(missing)"}});
}

TEST(Operations, Guid) {
  Expect(Operation::kGuid,
         {{"{B98409F1-2D78-5F91-6C13-000000000700}", "b98409f1-2d78-5f91-6c13-000000000700"},
          {"b98409f1", "b98409f1"},
          {"{00000000-0000-0000-0000-000000000000}", "(missing)"},
          {"0", "(missing)"},
          {"{}", "(missing)"},
          {"{{1}}", "{1}"}});
}

TEST(Operations, Time) {
  Expect(Operation::kTime, {{"2020-10-22 06:57:55.600", "2020-10-22T06:57:55.600Z"},
                            {"2020-10-22T06:57:55Z", "2020-10-22T06:57:55Z"},
                            {"2026-03-02T06:03:08.9341799Z", "2026-03-02T06:03:08.9341799Z"},
                            {"2020-10-22T06:57:55.1+02:00", "2020-10-22T04:57:55.1Z"},
                            {"2020-01-01T00:30:00+01:00", "2019-12-31T23:30:00Z"},
                            {"2020-02-28T23:30:00-01:30", "2020-02-29T01:00:00Z"},
                            {"2020-10-22T06:57:60Z", "2020-10-22T06:57:60Z"},
                            {"0000-01-01T00:00:00+01:00", "(missing)"},
                            {"9999-12-31T23:59:59-00:01", "(missing)"},
                            {"2020-13-22T06:57:55", "(missing)"},
                            {"2020-10-22T24:57:55", "(missing)"},
                            {"2020-10-22T06:57:55.Z", "(missing)"},
                            {"2020-10-22T06:57:55z", "(missing)"},
                            {"2020-10-22T06:57:55+0200", "(missing)"},
                            {"2020-10-22T06:57:55+24:00", "(missing)"},
                            {"2020-10-22", "(missing)"},
                            {"2020-10-22T06:57", "(missing)"},
                            {"yesterday", "(missing)"},
                            {"", "(missing)"}});
}

TEST(Operations, ZonedTime) {
  Expect(Operation::kZonedTime, {{"2020-10-22 06:57:55.600", "(missing)"},
                                 {"2020-10-22T06:57:55Z", "2020-10-22T06:57:55Z"},
                                 {"2020-10-22 06:57:55.60Z", "2020-10-22T06:57:55.60Z"},
                                 {"2020-10-22T06:57:55.1+02:00", "2020-10-22T04:57:55.1Z"},
                                 {"2020-10-22T06:57:55-24:00", "(missing)"},
                                 {"2020-10-22", "(missing)"},
                                 {"Z", "(missing)"}});
}

TEST(Operations, Split) {
  Expect(Operation::kSplit,
         {{"a; b ;;c", "a|b|c"}, {"a", "a"}, {" ; ;", "(missing)"}, {"", "(missing)"}}, ";");
  Expect(Operation::kSplit, {{" a ", "a"}}, "");  // an empty separator splits nothing
}

TEST(Operations, Ip) {
  Expect(Operation::kIp, {{"192.0.2.1", "192.0.2.1"},
                          {"::ffff:192.0.2.1", "192.0.2.1"},
                          {"::FFFF:c000:201", "192.0.2.1"},
                          {"fe80::1%12", "fe80::1"},
                          {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
                          {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
                          {"0:0:0:0:0:0:0:0", "::"},
                          {"::1", "::1"},
                          {"1:0:0:0:0:0:0:0", "1::"},
                          {"::192.0.2.1", "::c000:201"},
                          {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
                          {"1.2.3", "(missing)"},
                          {"01.2.3.4", "(missing)"},
                          {"1.2.3.256", "(missing)"},
                          {"host", "(missing)"},
                          {"", "(missing)"}});
}

TEST(Operations, NtPath) {
  Expect(Operation::kNtPath, {{R"(\??\C:\a)", R"(C:\a)"},
                              {R"(\\?\C:\a)", R"(C:\a)"},
                              {R"(\\?\UNC\srv\x)", R"(\\?\UNC\srv\x)"},
                              {R"(\Device\HarddiskVolume2\a)", R"(\Device\HarddiskVolume2\a)"},
                              {R"(C:\a)", R"(C:\a)"},
                              {R"(\??\)", R"(\??\)"}});
}

TEST(Operations, Registry) {
  Expect(Operation::kRegistry,
         {{R"(HKEY_LOCAL_MACHINE\SOFTWARE\A)", R"(HKLM\SOFTWARE\A)"},
          {R"(\REGISTRY\MACHINE\SOFTWARE)", R"(HKLM\SOFTWARE)"},
          {R"(\registry\user\S-1-5-18)", R"(HKU\S-1-5-18)"},
          {R"(hklm\x)", R"(HKLM\x)"},
          {R"(HKEY_USERS)", "HKU"},
          {R"(HKEY_CLASSES_ROOT\.txt)", R"(HKCR\.txt)"},
          {R"(HKEY_CURRENT_USER\a)", R"(HKCU\a)"},
          {R"(HKEY_CURRENT_CONFIG\a)", R"(HKCC\a)"},
          {R"(HKLM\System\ControlSet001\Services)", R"(HKLM\System\CurrentControlSet\Services)"},
          {R"(HKEY_LOCAL_MACHINE\SYSTEM\controlset002)", R"(HKLM\SYSTEM\CurrentControlSet)"},
          {R"(HKLM\System\ControlSet01\x)", R"(HKLM\System\ControlSet01\x)"},
          {R"(HKLM\System\ControlSet0011)", R"(HKLM\System\ControlSet0011)"},
          {R"(HKU\System\ControlSet001\x)", R"(HKU\System\ControlSet001\x)"},
          {R"(HKLMX\a)", R"(HKLMX\a)"},
          {R"(a\HKLM\b)", R"(a\HKLM\b)"}});
}

TEST(Operations, RegistryData) {
  Expect(Operation::kRegistryData, {{"DWORD (0x00000001)", "1"},
                                    {"DWORD (0xffffffff)", "4294967295"},
                                    {"DWORD (0x1ffffffff)", "DWORD (0x1ffffffff)"},
                                    {"QWORD (0x00000001-0x00000000)", "4294967296"},
                                    {"QWORD (0xffffffffffffffff)", "18446744073709551615"},
                                    {"QWORD (0x1-)", "QWORD (0x1-)"},
                                    {"DWORD (0x1-0x2)", "DWORD (0x1-0x2)"},
                                    {"DWORD (0x)", "DWORD (0x)"},
                                    {"DWORD (0x1) ", "DWORD (0x1) "},
                                    {"Binary Data", "Binary Data"}});
}

TEST(Operations, PlatformOf) {
  Expect(Operation::kPlatformOf, {{R"(C:\Windows)", "windows"},
                                  {"c:x", "windows"},
                                  {R"(\\srv\x)", "windows"},
                                  {"/usr/bin/sh", "linux"},
                                  {"/Users/a", "macos"},
                                  {"/Userspace/a", "linux"},
                                  {"a.exe", "(missing)"},
                                  {"", "(missing)"}});
}

TEST(Operations, XmlText) {
  Expect(Operation::kXmlText,
         {{"<a><b>x</b></a>", "x"},
          {"<bb>1</bb><b >2</b>", "2"},
          {"<b k='v'> a &amp; b </b>", "a & b"},
          {"<b/><b>x</b>", "(missing)"},  // the first element counts
          {"<b></b>", "(missing)"},
          {"</b>x<", "(missing)"},
          {"<b>x", "(missing)"},
          {"<b", "(missing)"},
          {"", "(missing)"}},
         "b");
}

TEST(Operations, DnsAnswers) {
  Expect(Operation::kDnsAnswers, {{"type:  5 a.example;::ffff:192.0.2.1;", "a.example|192.0.2.1"},
                                  {"::FFFF:192.0.2.1", "192.0.2.1"},
                                  {"::ffff:host;fe80::1", "::ffff:host|fe80::1"},
                                  {"type: 5", "type: 5"},
                                  {"type: x a", "type: x a"},
                                  {";;", "(missing)"},
                                  {"", "(missing)"}});
}

TEST(Operations, CollapseAndTrim) {
  Expect(Operation::kCollapse,
         {{" a\r\n\t b  c ", "a b c"}, {"a b", "a b"}, {" \n", "(missing)"}, {"", "(missing)"}});
  Expect(Operation::kTrim, {{"\t a b\v", "a b"}, {"  ", "(missing)"}});
}

}  // namespace
}  // namespace nuthatch
