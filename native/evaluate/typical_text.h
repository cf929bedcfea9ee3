// Text as telemetry has it everywhere, folded: bytes and grams that are common in it are a poor
// choice for a literal to hang on.
#ifndef NUTHATCH_EVALUATE_TYPICAL_TEXT_H_
#define NUTHATCH_EVALUATE_TYPICAL_TEXT_H_

#include <string_view>

namespace nuthatch {

inline constexpr std::string_view kTypicalText =
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

}  // namespace nuthatch

#endif  // NUTHATCH_EVALUATE_TYPICAL_TEXT_H_
