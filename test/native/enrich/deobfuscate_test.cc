// The lines are ours, in the manner of what Invoke-Obfuscation, Invoke-DOSfuscation and the
// launchers of Empire and Metasploit make.
#include "enrich/deobfuscate.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace nuthatch {
namespace {

using Layers = std::vector<std::string>;

Layers LayersOf(std::string_view line) {
  Arena arena;
  Layers layers;
  for (const std::string_view layer : Deobfuscate(line, &arena)) layers.emplace_back(layer);
  return layers;
}

// The plain form of a line: its last layer when nothing is encoded in it.
std::string Plain(std::string_view line) { return LayersOf(line).back(); }

std::string Base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    unsigned bits = 0;
    for (size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (size_t j = 0; j < 4; ++j)
      text += i + j > bytes.size() ? '=' : kDigits[bits >> (18 - 6 * j) & 63];
  }
  return text;
}

std::string Utf16(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const DecodedCodePoint c = DecodeUtf8(text);
    bytes += static_cast<char>(c.code_point & 0xff);
    bytes += static_cast<char>(c.code_point >> 8);
    text.remove_prefix(c.length);
  }
  return bytes;
}

TEST(Deobfuscate, LeavesHonestLinesAlone) {
  for (const char* line :
       {"", "C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule",
        "\"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe\" --type=renderer "
        "--lang=en-US",
        "rundll32.exe shell32.dll,Control_RunDLL \"C:\\x y\\a.cpl\",@1",
        "git log --format='%h %s' -n 5", "curl -e http://a/ -f 'http://b/?q=1+2'",
        "find . -name '*.c' -exec grep -l \"don't\" {} +", "/usr/bin/env bash -c 'echo $((1+2))'",
        "powershell -Command \"Get-Process | Where-Object { $_.CPU -gt 10 }\""}) {
    EXPECT_EQ(LayersOf(line), Layers{line});
  }
}

TEST(Deobfuscate, DropsWhatCmdDrops) {
  EXPECT_EQ(Plain("cmd /c p^o^w^e^r^s^h^e^l^l -nop"), "cmd /c powershell -nop");
  EXPECT_EQ(Plain("cmd /c \"w^h^oami\""), "cmd /c \"whoami\"");
  EXPECT_EQ(Plain("w\"\"hoa\"\"mi /a\"l\"l"), "whoami /all");
  EXPECT_EQ(Plain("cmd /c cmd /c wh^^^oami"), "cmd /c cmd /c whoami");
  EXPECT_EQ(Plain("findstr \"^a\" x"), "findstr \"^a\" x");
}

TEST(Deobfuscate, DropsBackticks) {
  EXPECT_EQ(Plain("I`E`X (`n`e`w-object)"), "IEX (new-object)");
  EXPECT_EQ(Plain("echo 'a`b'"), "echo 'a`b'");
}

TEST(Deobfuscate, ReadsLookAlikesAndDropsTheInvisible) {
  EXPECT_EQ(Plain("powershell \u2013nop \u2014w \u2015c \u201ciex\u201d"),
            "powershell -nop -w -c \"iex\"");
  EXPECT_EQ(Plain("\uff50\uff4f\uff57\uff45\uff52shell\u3000\uff0denc"), "powershell -enc");
  EXPECT_EQ(Plain("who\u200bam\u00adi"), "whoami");
  EXPECT_EQ(Plain("net   user \t x\r\n/add"), "net user x /add");
  EXPECT_EQ(Plain("echo \u00fcber \xff x"), "echo \u00fcber \xff x");
}

TEST(Deobfuscate, ExpandsCmdVariables) {
  EXPECT_EQ(Plain("%ComSpec:~-7,3% /c %COMSPEC:~0,1%"), "cmd /c C");
  EXPECT_EQ(Plain("%PUBLIC:~9,3%"), "Pub");
  EXPECT_EQ(Plain("%ProgramFiles:~-5%"), "Files");
  EXPECT_EQ(Plain("%windir:Win=Lin%"), "C:\\Lindows");
  EXPECT_EQ(Plain("%SystemRoot%\\x %NOSUCH% 100% !x!"), "C:\\Windows\\x %NOSUCH% 100% !x!");
  EXPECT_EQ(Plain("cmd /c \"set a=power&&set b=shell&&call %a%%b% -nop\""),
            "cmd /c \"set a=power&&set b=shell&&call powershell -nop\"");
  EXPECT_EQ(Plain("cmd /v:on /c \"set x=zwhoamiz&&call !x:~1,6!\""),
            "cmd /v:on /c \"set x=zwhoamiz&&call whoami\"");
}

TEST(Deobfuscate, JoinsStrings) {
  EXPECT_EQ(Plain("iex ('Down'+\"load\" + 'String')"), "iex 'DownloadString'");
  EXPECT_EQ(Plain("$a='N'+'onPublic,Static'"), "$a='NonPublic,Static'");
  EXPECT_EQ(Plain("$x.\"GetField\"('a','N'+'onPublic')"), "$x.\"GetField\"('a','NonPublic')");
  EXPECT_EQ(Plain("powershell \"iex (('a'+'b')+'c')\""), "powershell \"iex 'abc'\"");
  EXPECT_EQ(Plain("powershell -c \"\\\"ie\\\"+\\\"x\\\"\""), "powershell -c \"'iex'\"");
  EXPECT_EQ(Plain("('a','b','c')-join''"), "'abc'");
  EXPECT_EQ(Plain("-join('ie','x') 1"), "'iex' 1");
  EXPECT_EQ(Plain("'a'+$b+'c'"), "'a'+$b+'c'");
}

TEST(Deobfuscate, FormatsAndReplaces) {
  EXPECT_EQ(Plain("&(\"{1}{0}\"-f'ex','i')"), "&'iex'");
  EXPECT_EQ(Plain("(\"{2}{0}{1}\" -f ('b'+'c'),'d','a')"), "'abcd'");
  EXPECT_EQ(Plain("(\"{0}{5}\" -f 'a')"), "(\"{0}{5}\" -f 'a')");
  EXPECT_EQ(Plain("('hXXllo'.Replace('XX','e'))"), "'hello'");
  EXPECT_EQ(Plain("('hQQllo' -creplace 'QQ','e' -replace 'L','m')"), "'hemmo'");
  EXPECT_EQ(Plain("('a.c' -replace '.','x')"), "('a.c' -replace '.','x')");  // any character
  EXPECT_EQ(Plain("('a|c' -replace '\\|','b')"), "'abc'");
}

TEST(Deobfuscate, ReadsCharacterCodes) {
  EXPECT_EQ(Plain("[char]73+[char]0x45+[ChAr]88"), "'IEX'");
  EXPECT_EQ(Plain("[string][char]73+'ex'"), "'Iex'");
  EXPECT_EQ(Plain("-join[char[]](105,101,120)"), "'iex'");
  EXPECT_EQ(Plain("(105,101,120|%{[char]$_})-join''"), "'iex'");
  EXPECT_EQ(Plain("-join((105, 0x65, 120) | foreach-object { [char][int]$_ })"), "'iex'");
  EXPECT_EQ(
      Plain("[String]::Join('',('69_65_78'.Split('_')|%{[char]([convert]::toint16($_,16))}))"),
      "'iex'");
  EXPECT_EQ(Plain("('105,101,120' -split ','|%{[char][int]$_})-join''"), "'iex'");
  EXPECT_EQ(Plain("(110,98,127|%{[char]($_ -bxor 7)})-join''"), "'iex'");
  EXPECT_EQ(Plain("((151, 145 ,170)|.'%' { ([char]( $x::\"toint16\"((${_}) ,8)))})-join''"),
            "'iex'");
  EXPECT_EQ(
      Plain("('1101001 1100101 1111000'.split(' ')|%{[char][convert]::toint32($_,2)})-join''"),
      "'iex'");
  EXPECT_EQ(Plain("$p=80,443,8080"), "$p=80,443,8080");
}

TEST(Deobfuscate, TakesCharactersOfKnownVariables) {
  EXPECT_EQ(Plain("&($env:ComSpec[4,24,25]-join'')"), "&'iex'");
  EXPECT_EQ(Plain(".($PSHome[4]+$PSHOME[30]+'x')"), ".'iex'");
  EXPECT_EQ(Plain("&($ShellId[1]+$ShellId[13]+'x')"), "&'iex'");
  EXPECT_EQ(Plain("&($VerbosePreference.ToString()[1,3]+'x'-join'')"), "&'iex'");
  EXPECT_EQ(Plain("('xei'[-1..-3]-join'')"), "'iex'");
  EXPECT_EQ(Plain("$PSHOME[99]"), "$PSHOME[99]");
}

TEST(Deobfuscate, DecodesEncodedCommands) {
  const std::string script = "IEX (New-Object Net.WebClient)";
  for (const char* option :
       {"-EncodedCommand", "-enc", "-e", "-eNcO", "/ec", "\u2013Enc", "-encodedc"}) {
    const std::string line =
        std::string("powershell.exe -nop ") + option + " " + Base64(Utf16(script));
    EXPECT_EQ(LayersOf(line).back(), script) << option;
  }
  EXPECT_EQ(LayersOf("powershell -e \"" + Base64(Utf16(script)) + "\"").back(), script);
  EXPECT_EQ(LayersOf("powershell -enc " + Base64(Utf16("echo \u00e4\u20ac hello world"))).back(),
            "echo \u00e4\u20ac hello world");
}

TEST(Deobfuscate, DecodesFromBase64String) {
  EXPECT_EQ(LayersOf("[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('" +
                     Base64("whoami /all") + "'))")
                .back(),
            "whoami /all");
  EXPECT_EQ(LayersOf("x::frombase64string( \"" + Base64(Utf16("whoami")) + "\" )").back(),
            "whoami");
  EXPECT_EQ(LayersOf("x::FromBase64String('d2hv'+'YW1pIC9hbGw=')").back(), "whoami /all");
}

TEST(Deobfuscate, LooksBelowEachLayer) {
  const std::string inner = "&('ie'+'x') 'whoami'";
  const std::string middle = "powershell -enc " + Base64(Utf16(inner));
  const Layers layers = LayersOf("cmd /c p^owershell -enc " + Base64(Utf16(middle)));
  ASSERT_EQ(layers.size(), 4u);
  EXPECT_EQ(layers[2], middle);
  EXPECT_EQ(layers[3], "&'iex' 'whoami'");
}

TEST(Deobfuscate, StopsBelowTheFifthLayer) {
  std::string line = "whoami /all";
  for (int i = 0; i < 8; ++i) line = "powershell -enc " + Base64(Utf16(line));
  EXPECT_EQ(LayersOf(line).size(), 1u + kMaxDeobfuscationDepth);
}

TEST(Deobfuscate, DropsWhatIsNoText) {
  for (const std::string& bytes : {std::string(30, '\0'), std::string("\x01\x02\x03\x04\x05\x06"),
                                   std::string("\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8")}) {
    EXPECT_EQ(LayersOf("powershell -enc " + Base64(bytes)).size(), 1u);
  }
  EXPECT_EQ(LayersOf("gcc -e AAAAAAAAAAAA").size(), 1u);
  EXPECT_EQ(LayersOf("tool -e longargument").size(), 1u);
  EXPECT_EQ(LayersOf("powershell -enc").size(), 1u);
}

TEST(Deobfuscate, ReadsTheWholeOfWhatWindowsCanStart) {
  std::string line;
  while (line.size() < 32756 * 3) line += "\u3042";
  line += " who\"\"ami";  // 32,766 UTF-16 units
  EXPECT_TRUE(Plain(line).ends_with(" whoami"));
}

TEST(Deobfuscate, ReadsTheBeginningOfWhatIsLonger) {
  const std::string encoded = " -enc " + Base64(Utf16("whoami /all"));
  const std::string padding(kMaxDeobfuscated, 'x');
  const std::string honest = "cmd " + padding;
  EXPECT_EQ(LayersOf(honest), Layers{honest});
  EXPECT_EQ(LayersOf(honest + encoded), Layers{honest + encoded});
  EXPECT_EQ(LayersOf(encoded + " " + padding), (Layers{encoded + " " + padding, "whoami /all"}));
  const std::string hidden = "c^md " + padding;
  EXPECT_EQ(LayersOf(hidden), (Layers{hidden, ("cmd " + padding).substr(0, kMaxDeobfuscated - 1)}));
}

TEST(Deobfuscate, CutsNoCharacter) {
  for (const std::string character : {"\u00e9", "\u3042", "\U0001f600"}) {
    std::string line = "c^md ";
    while (line.size() <= kMaxDeobfuscated) line += character;
    const std::string plain = Plain(line);
    EXPECT_TRUE(IsValidUtf8(plain));
    EXPECT_GE(plain.size() + 1 + 3, kMaxDeobfuscated);
  }
}

// What a line may make of itself: each of these would be gigabytes, or hours, without bounds.
TEST(Deobfuscate, IsBounded) {
  std::string doubling = "set a=xxxxxxxxxxxxxxxx&";
  for (char c = 'b'; c <= 'z'; ++c) {
    const std::string before(1, static_cast<char>(c - 1));
    doubling += std::string("set ") + c + "=%" + before + "%%" + before + "%&";
  }
  const auto repeat = [](std::string_view text, size_t bytes) {
    std::string result;
    while (result.size() < bytes) result += text;
    return result;
  };
  const std::string many = repeat("{0}", 30000);
  const std::string lines[] = {
      doubling,
      "'" + many + "' -f '" + many + "'",
      "('" + repeat("a", 60000) + "'" + repeat(".replace('a','aaaa')", 60000) + ")",
      "set x=" + repeat("a", 30000) + "&" + repeat("%x:a=bb%", 60000),
      repeat("(", 100000) + "'a'+'b'",
      repeat("('a'+", 100000),
      repeat("'a'.replace(", 100000),
      repeat("[string]", 100000) + "(",
      repeat("'", 100000),
      repeat("\"' ", 100000),
      repeat("\"{0}\" -f ", 100000),
      repeat("65,", 100000),
      repeat("(65,66)|%{", 100000),
      repeat("-enc AAAAAAAA ", 100000),
      repeat("FromBase64String(", 100000),
      repeat("w\"\"", 100000),
      repeat("%a", 100000),
      repeat("set a=", 100000),
      repeat("\\\"", 100000),
      repeat("^", 100000),
      repeat("$env:comspec[0..26]+", 100000)};
  for (const std::string& line : lines) {
    size_t total = 0;
    for (const std::string& layer : LayersOf(line)) total += layer.size();
    EXPECT_LE(total, line.size() + std::max(kMinDeobfuscationBudget, 4 * line.size()));
  }
}

}  // namespace
}  // namespace nuthatch
