# Credential Access (TA0006)

detector 'lsass-handle-with-memory-read' do
  title       'A process outside the usual ones may read the memory of LSASS'
  description <<~TEXT
    Dumping tools open LSASS with PROCESS_VM_READ, alone or with rights to write, run or duplicate. The rules compare
    whole access masks, so that rights nobody asks for together with it (such as SET_QUOTA) are not found.
    System services that ask for the same are left out by their whole path. Task Manager is not: it asks for all rights
    when it writes a dump. Masks that also serve to list processes are for lsass-handle-from-user-folder.
  TEXT
  severity    :high
  attack      'T1003.001'
  references  'https://attack.mitre.org/techniques/T1003/001/'
  match process_access_property_ends_with_any?(property: target_process_path, strings: ['\lsass.exe']) &&
        process_access_property_equals_any?(property: granted_access, numbers: :lsass_reading_rights) &&
        process_access_property_does_not_match_any?(property: process_path, patterns: :lsass_readers)
  fires_on 'a tool in Downloads', process_access(process_path: 'C:\Users\a\Downloads\x.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1010)
  fires_on 'rights to read and to write', process_access(process_path: 'C:\Users\a\Downloads\x.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1038)
  fires_on 'a mask that no tool has by default', process_access(process_path: 'C:\Users\a\Downloads\x.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1018)
  fires_on 'Task Manager at a dump', process_access(process_path: 'C:\Windows\System32\taskmgr.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1fffff)
  fires_on 'the name of an antivirus in another folder', process_access(process_path: 'C:\Temp\MsMpEng.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1010)
  fires_on 'the folders of Windows in another folder', process_access(process_path: 'C:\Temp\Windows\System32\svchost.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1010)
  ignores  'the service host', process_access(process_path: 'C:\Windows\System32\svchost.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1fffff)
  ignores  'Microsoft Defender', process_access(process_path: 'C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.2009.7-0\MsMpEng.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1438)
  ignores  'a .NET program that lists processes', process_access(process_path: 'C:\WindowsAzure\GuestAgent\CollectGuestLogs.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1410)
  ignores  'query rights only', process_access(process_path: 'C:\Users\a\Downloads\x.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1000)
end

detector 'lsass-handle-from-user-folder' do
  title       'A program outside the folders of programs may query and read LSASS'
  description <<~TEXT
    Every program that lists processes and their modules asks for these rights, and so do dumping tools. What
    tells them apart here is where the program is: not below Windows, Program Files or Azure's agent; or rundll32 and
    its like, which do not list processes.
  TEXT
  severity    :medium
  attack      'T1003.001'
  match process_access_property_ends_with_any?(property: target_process_path, strings: ['\lsass.exe']) &&
        process_access_property_equals_any?(property: granted_access, numbers: :lsass_listing_rights) &&
        (process_access_property_matches_any?(property: process_path, patterns: [/\\windows\\(system32|syswow64)\\(rundll32|regsvr32|mshta|wscript|cscript)\.exe$/i, /\\windows\\(temp|tasks|tracing)\\/i]) ||
         process_access_property_does_not_match_any?(property: process_path, patterns: [/^([a-z]:|\\device\\harddiskvolume\d+)\\(windows|windowsazure|program files( \(x86\))?|programdata\\microsoft\\windows defender)\\/i]))
  fires_on 'a tool in Downloads', process_access(process_path: 'C:\Users\a\Downloads\x.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1410)
  fires_on 'rundll32', process_access(process_path: 'C:\Windows\System32\rundll32.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1410)
  ignores  'a .NET program that lists processes', process_access(process_path: 'C:\WindowsAzure\GuestAgent\CollectGuestLogs.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1410)
  ignores  'a program that lists names', process_access(process_path: 'C:\Users\a\Downloads\x.exe', target_process_path: 'C:\Windows\System32\lsass.exe', granted_access: 0x1400)
end

detector 'lsass-handle-through-dbghelp' do
  title    'LSASS opened from a minidump library'
  severity :high
  attack   'T1003.001'
  match process_access_property_ends_with_any?(property: target_process_path, strings: ['\lsass.exe']) &&
        process_access_property_includes_any?(property: call_trace, strings: ['\dbghelp.dll', '\dbgcore.dll', '\comsvcs.dll'])
  fires_on 'a MiniDumpWriteDump call', process_access(target_process_path: 'C:\Windows\system32\lsass.exe', call_trace: 'C:\Windows\SYSTEM32\ntdll.dll+9c584|C:\Windows\SYSTEM32\dbgcore.DLL+6cd7')
  ignores  'an ordinary caller', process_access(target_process_path: 'C:\Windows\system32\lsass.exe', call_trace: 'C:\Windows\SYSTEM32\ntdll.dll+9c584')
end

detector 'lsass-handle-from-unbacked-code' do
  title    'LSASS opened by code that no module on disk holds'
  severity :high
  attack   'T1003.001', 'T1620'
  match process_access_property_ends_with_any?(property: target_process_path, strings: ['\lsass.exe']) &&
        process_access_property_includes_any?(property: call_trace, strings: ['UNKNOWN(']) &&
        process_access_property_does_not_include_any?(property: call_trace, strings: ['\system.ni.dll+', '\system.dll+']) &&
        process_access_property_does_not_equal_any?(property: granted_access, numbers: [0x1000, 0x400, 0x1400, 0x2000, 0x100000, 0x101000, 0x40]) &&
        process_access_property_does_not_match_any?(property: process_path, patterns: :lsass_readers)
  fires_on 'injected code', process_access(process_path: 'C:\a.exe', target_process_path: 'C:\Windows\system32\lsass.exe', call_trace: 'C:\Windows\SYSTEM32\ntdll.dll+9c584|UNKNOWN(000001D4)', granted_access: 0x1010)
  fires_on 'injected code in a false antivirus', process_access(process_path: 'C:\Temp\MsMpEng.exe', target_process_path: 'C:\Windows\system32\lsass.exe', call_trace: 'C:\Windows\SYSTEM32\ntdll.dll+9c584|UNKNOWN(000001D4)', granted_access: 0x1018)
  ignores  'compiled .NET code that lists processes', process_access(process_path: 'C:\a.exe', target_process_path: 'C:\Windows\system32\lsass.exe', call_trace: 'C:\Windows\SYSTEM32\ntdll.dll+9c534|C:\Windows\assembly\NativeImages_v4.0.30319_64\System\36b9\System.ni.dll+2f94a6|UNKNOWN(00007FFBCBC70D87)', granted_access: 0x1410)
  ignores  'a name look-up', process_access(process_path: 'C:\a.exe', target_process_path: 'C:\Windows\system32\lsass.exe', call_trace: 'UNKNOWN(000001D4)', granted_access: 0x1000)
end

detector 'lsass-dump-file' do
  title    'A file was written that looks like a dump of LSASS'
  severity :high
  attack   'T1003.001'
  match file_create_property_matches_any?(property: file_name, patterns: [/(lsass|dumpert).*\.(dmp|mdmp|zip|out)$/i])
  fires_on 'Task Manager', file_create(file_path: 'C:\Users\a\AppData\Local\Temp\2\lsass.DMP', file_name: 'lsass.DMP')
  ignores  'another dump', file_create(file_path: 'C:\Temp\chrome.dmp', file_name: 'chrome.dmp')
end

detector 'lsass-dump-tool-command-line' do
  title    'A dumping tool was pointed at LSASS'
  severity :critical
  attack   'T1003.001'
  match process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['lsass']) &&
        (process_is_likely?('procdump', 'procdump64') ||
         process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['procdump', ' -ma ', 'minidump', 'createdump']))
  fires_on 'ProcDump', process_start(process_name: 'procdump.exe', command_line: 'procdump.exe -accepteula -ma lsass.exe out.dmp')
  fires_on 'ProcDump, renamed', process_start(process_name: 'svc.exe', original_file_name: 'procdump', command_line: 'svc.exe lsass.exe out')
  fires_on 'another with its options', process_start(process_name: 'a.exe', command_line: 'a.exe -ma lsass.exe o.dmp')
  ignores  'LSASS for another reason', process_start(process_name: 'tasklist.exe', command_line: 'tasklist /fi "imagename eq lsass.exe"')
  ignores  'ProcDump on something else', process_start(process_name: 'procdump.exe', command_line: 'procdump.exe -ma notepad.exe')
end

detector 'comsvcs-minidump' do
  title    'rundll32 dumps a process through comsvcs.dll'
  severity :critical
  attack   'T1003.001', 'T1218.011'
  match process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['comsvcs']) &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['minidump', '#24', '#+24', '#-24', '#65560'])
  fires_on 'by name', process_start(process_name: 'rundll32.exe', command_line: 'rundll32.exe C:\windows\System32\comsvcs.dll, MiniDump 624 C:\temp\l.dmp full')
  fires_on 'by ordinal, with carets', process_start(process_name: 'rundll32.exe', command_line: 'rundll32 com^svcs.dll,#24 624 a.dmp full')
  ignores  'another export', process_start(process_name: 'rundll32.exe', command_line: 'rundll32 comsvcs.dll,Register')
end

detector 'dumpert' do
  title       'Outflank Dumpert ran'
  description 'By its name, its original name, or the dump that it writes, whatever it is called itself.'
  severity    :critical
  attack      'T1003.001', 'T1106'
  match process_start_property_includes_any?(property: process_name, strings: ['dumpert']) ||
        process_start_property_includes_any?(property: original_file_name, strings: ['dumpert']) ||
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\bdumpert\.dll\b/i]) ||
        file_create_property_equals_any?(property: file_name, strings: ['dumpert.dmp'])
  fires_on 'by its name', process_start(process_name: 'Outflank-Dumpert.exe')
  fires_on 'renamed', process_start(process_name: 'a.exe', original_file_name: 'Outflank-Dumpert.exe')
  fires_on 'as a library', process_start(process_name: 'rundll32.exe', command_line: 'rundll32.exe C:\Temp\Outflank-Dumpert.dll,Dump')
  fires_on 'its dump', file_create(file_path: 'C:\Windows\Temp\dumpert.dmp', file_name: 'dumpert.dmp', process_name: 'a.exe')
  ignores  'a tool with a name alike', process_start(process_name: 'dumper.exe', original_file_name: 'dumper.exe', command_line: 'dumper.exe dumper.dll')
  ignores  'the dump of another program', file_create(file_path: 'C:\Windows\Temp\dumper.dmp', file_name: 'dumper.dmp')
end

detector 'registry-hive-saved' do
  title    'The SAM, SECURITY or SYSTEM hive was saved to a file'
  severity :high
  attack   'T1003.002'
  match process_is_likely?('reg') &&
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\b(save|export)\s+"?(hklm|hkey_local_machine)\\(sam|security|system|sam\\sam|security\\policy\\secrets)"?(\s|$)/i])
  fires_on 'reg save', process_start(process_name: 'reg.exe', command_line: 'reg.exe save HKLM\sam sam')
  fires_on 'the LSA secrets alone', process_start(process_name: 'reg.exe', command_line: '"reg" save HKLM\security\policy\secrets C:\Temp\secrets')
  ignores  'export below SYSTEM', process_start(process_name: 'reg.exe', command_line: 'reg export "HKLM\SYSTEM\CurrentControlSet\Services\Wlansvc" a.txt /y')
end

detector 'locked-file-copied-by-esentutl' do
  title    'esentutl copied a file out of a shadow copy'
  severity :high
  attack   'T1003.002', 'T1003.003'
  match process_is_likely?('esentutl') &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['/y', '-y']) &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['/vss', '-vss', 'ntds.dit', '\config\sam', '/config/sam'])
  fires_on 'the SAM hive', process_start(process_name: 'esentutl.exe', command_line: 'esentutl.exe /y /vss C:\windows/system32/config/SAM /d C:\ProgramData\SAM')
  ignores  'a repair', process_start(process_name: 'esentutl.exe', command_line: 'esentutl.exe /p a.edb')
end

detector 'sam-hive-copied' do
  title    'A copy of the SAM hive appeared outside its folder'
  severity :high
  attack   'T1003.002'
  match file_create_property_equals_any?(property: file_name, strings: ['sam', 'sam.save', 'sam.hiv', 'sam.bak', 'ntds.dit']) &&
        file_create_property_does_not_include_any?(property: file_path, strings: ['\windows\system32\config\\', '\windows\ntds\\', '\regback\\'])
  fires_on 'in ProgramData', file_create(file_path: 'C:\ProgramData\SAM', file_name: 'SAM')
  ignores  'where it lives', file_create(file_path: 'C:\Windows\System32\config\SAM', file_name: 'SAM')
end

detector 'ntds-snapshot' do
  title    'The Active Directory database was copied with ntdsutil or a shadow copy'
  severity :high
  attack   'T1003.003'
  match process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['ntds.dit', 'ac i ntds', 'activate instance ntds']) ||
        (process_is_likely?('ntdsutil') && process_start_property_includes_any?(property: command_line, strings: ['ifm', 'snapshot']))
  fires_on 'install from media', process_start(process_name: 'ntdsutil.exe', command_line: 'ntdsutil "ac i ntds" "ifm" "create full c:\temp" q q')
  ignores  'ntdsutil alone', process_start(process_name: 'ntdsutil.exe', command_line: 'ntdsutil')
end

detector 'mimikatz' do
  title    'Mimikatz, by its words'
  severity :critical
  attack   'T1003.001', 'T1003.004', 'T1003.006'
  match process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['mimikatz', 'sekurlsa::', 'lsadump::', 'kerberos::', 'privilege::debug', 'crypto::certificates', 'dpapi::', 'vault::cred', 'misc::memssp']) ||
        script_property_includes_any?(property: script_content, strings: ['mimikatz', 'sekurlsa::', 'lsadump::', 'kerberos::golden', 'privilege::debug'])
  fires_on 'on a command line', process_start(process_name: 'a.exe', command_line: 'a.exe "privilege::debug" "sekurlsa::logonpasswords" exit')
  fires_on 'in a script', script(script_content: 'Invoke-Mimikatz -DumpCreds')
  ignores  'a word of it in a note', process_start(process_name: 'git.exe', command_line: 'git commit -m "find sekurlsa and lsadump"')
  ignores  'a script about credentials', script(script_content: 'cmdkey /list; Get-StoredCredential | Where { $_.Type -eq "kerberos" }')
  ignores  'words alike', process_start(process_name: 'ksetup.exe', command_line: 'ksetup.exe /debug kerberos:crypto')
end

detector 'directory-replication-by-user' do
  title    'A user account asked a domain controller to replicate secrets (DCSync)'
  severity :critical
  attack   'T1003.006'
  match directory_access_property_includes_any?(property: access_properties, strings: ['1131f6aa-9c07-11d1-f79f-00c04fc2dcd2', '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2', '89e95b76-444d-4c62-991a-0facbeda640c']) &&
        directory_access_property_does_not_end_with_any?(property: username, strings: ['$']) &&
        directory_access_property_does_not_start_with_any?(property: username, strings: ['MSOL_', 'AAD_'])
  fires_on 'a person', directory_access(username: 'pgustavo', access_properties: '{1131f6aa-9c07-11d1-f79f-00c04fc2dcd2}')
  ignores  'a domain controller', directory_access(username: 'DC01$', access_properties: '{1131f6aa-9c07-11d1-f79f-00c04fc2dcd2}')
end

detector 'vault-read-by-script' do
  title    'A script read web credentials from the Windows vault'
  severity :high
  attack   'T1555.004'
  match (image_load_property_equals_any?(property: image_name, strings: ['vaultcli.dll']) &&
         image_load_property_equals_any?(property: process_name, strings: :shells)) ||
        script_property_includes_any?(property: script_content, strings: ['windows.security.credentials.passwordvault', 'vaultcmd /listcreds', 'retrievepassword']) ||
        (process_is_likely?('vaultcmd') && process_start_property_includes_any?(property: command_line, strings: ['/listcreds', '/listproperties']))
  fires_on 'the WinRT vault', script(script_content: '[void][Windows.Security.Credentials.PasswordVault,Windows.Security.Credentials,ContentType=WindowsRuntime]')
  fires_on 'the library of the vault', image_load(image_name: 'vaultcli.dll', process_name: 'powershell.exe')
  ignores  'a browser that keeps passwords there', image_load(image_name: 'vaultcli.dll', process_name: 'iexplore.exe')
  fires_on 'vaultcmd', process_start(process_name: 'VaultCmd.exe', command_line: 'vaultcmd /listcreds:"Web Credentials" /all')
  ignores  'another script about passwords', script(script_content: 'Get-Credential; [Windows.Security.Credentials.UI.CredentialPicker]::PickAsync($o)')
  ignores  'a list of the vaults', process_start(process_name: 'VaultCmd.exe', command_line: 'vaultcmd /list')
end

detector 'lsa-secrets-key-opened' do
  title    'A script host or user tool opened the LSA keys that hold the boot key'
  severity :medium
  attack   'T1003.004', 'T1003.002'
  match object_access_property_includes_any?(property: object_name, strings: ['\control\lsa\jd', '\control\lsa\skew1', '\control\lsa\gbg', '\control\lsa\data', '\security\policy\secrets', '\sam\domains\account']) &&
        object_access_property_does_not_end_with_any?(property: process_name, strings: ['lsass.exe', 'services.exe', 'svchost.exe', 'wininit.exe', 'msmpeng.exe'])
  fires_on 'from PowerShell', object_access(object_name: '\REGISTRY\MACHINE\SYSTEM\ControlSet001\Control\Lsa\JD', process_name: 'powershell.exe')
  ignores  'LSASS itself', object_access(object_name: '\REGISTRY\MACHINE\SYSTEM\ControlSet001\Control\Lsa\JD', process_name: 'lsass.exe')
end

detector 'kerberos-ticket-tool' do
  title    'Rubeus or a look-alike asked for Kerberos tickets'
  severity :high
  attack   'T1550.002', 'T1550.003', 'T1558'
  match process_start_property_includes_any?(property: process_name, strings: ['rubeus', 'kekeo']) ||
        process_start_property_includes_any?(property: original_file_name, strings: ['rubeus', 'kekeo']) ||
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\b(asktgt|asktgs|s4u|createnetonly)\b.*\s\/(user|ticket|rc4|aes256|outfile|program|domain):/i, /\brenew\s+\/ticket:/i])
  fires_on 'by its name', process_start(process_name: 'Rubeus.exe')
  fires_on 'renamed', process_start(process_name: 'r.exe', original_file_name: 'Rubeus.exe')
  fires_on 'asktgt', process_start(process_name: 'r.exe', command_line: 'r.exe asktgt /user:bob /rc4:81d310fa34e6a56a31145445891bb7b8')
  fires_on 'another order', process_start(process_name: 'r.exe', command_line: 'r.exe asktgt /nowrap /ptt /user:bob /rc4:81d310fa34e6a56a31145445891bb7b8')
  ignores  'a tool of Windows that asks for a ticket', process_start(process_name: 'klist.exe', command_line: 'klist get host/srv1 /renew /user:bob')
end

detector 'kerberos-roasting-tool' do
  title    'Rubeus or a look-alike asked for Kerberos answers to break'
  severity :high
  attack   'T1558.003', 'T1558.004'
  match process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\s(asreproast|kerberoast)(\s+\/|\s*$)/i])
  fires_on 'accounts without pre-authentication', process_start(process_name: 'r.exe', command_line: 'r.exe asreproast /format:hashcat /outfile:a.txt')
  fires_on 'service accounts', process_start(process_name: 'r.exe', command_line: 'r.exe kerberoast')
  ignores  'a text about it', process_start(process_name: 'notepad.exe', command_line: 'notepad.exe C:\notes\kerberoast.txt')
end
