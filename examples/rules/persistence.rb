# Persistence (TA0003) and Privilege Escalation (TA0004)

detector 'run-key-with-script' do
  title    'A run key starts an interpreter or a program in a user folder'
  severity :high
  attack   'T1547.001'
  match registry_set_property_matches_any?(property: registry_key, patterns: [/\\currentversion\\(policies\\explorer\\)?run(once(ex)?)?$/i]) &&
        registry_set_property_matches_any?(property: registry_data, patterns: [/powershell|mshta|wscript|cscript|rundll32|regsvr32|\bcmd\b|\\appdata\\local\\temp\\|\\users\\public\\|\\programdata\\[^\\]+\.(exe|bat|ps1|vbs)/i]) &&
        # OneDrive tidies up after its update.
        registry_set_property_does_not_match_any?(property: registry_data, patterns: [/^[^&|]*cmd\.exe"? \/q \/c (del|rmdir) [^&|]*\\onedrive\\[^&|]*$/i])
  fires_on 'PowerShell', registry_set(registry_key: 'HKU\S-1-5-21-1\Software\Microsoft\Windows\CurrentVersion\Run', registry_data: 'powershell -w 1 -c a')
  ignores  'a product', registry_set(registry_key: 'HKLM\Software\Microsoft\Windows\CurrentVersion\Run', registry_data: '"C:\Program Files\App\app.exe"')
  ignores  'OneDrive tidying up', registry_set(registry_key: 'HKU\S-1-5-21-1\Software\Microsoft\Windows\CurrentVersion\RunOnce', registry_data: 'C:\Windows\system32\cmd.exe /q /c del /q "C:\Users\a\AppData\Local\Microsoft\OneDrive\Update\OneDriveSetup.exe"')
end

detector 'logon-script-value' do
  title    'A logon script was set through UserInitMprLogonScript'
  severity :high
  attack   'T1037.001'
  match registry_set_property_equals_any?(property: registry_value_name, strings: ['UserInitMprLogonScript']) ||
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['UserInitMprLogonScript'])
  fires_on 'the command', process_start(command_line: 'REG.exe ADD HKCU\Environment /v UserInitMprLogonScript /t REG_SZ /d C:\art.bat /f')
  fires_on 'the value', registry_set(registry_value_name: 'UserInitMprLogonScript', registry_path: 'HKU\S-1-5-21-1\Environment\UserInitMprLogonScript')
  ignores  'another variable', registry_set(registry_value_name: 'UserInitMpr', registry_path: 'HKU\S-1-5-21-1\Environment\UserInitMpr')
  ignores  'another variable, by a command', process_start(command_line: 'REG.exe ADD HKCU\Environment /v LogonScript /t REG_SZ /d C:\art.bat /f')
end

detector 'winlogon-value-changed' do
  title    'A Winlogon value that starts programs was changed'
  severity :high
  attack   'T1547.004'
  match registry_set_property_matches_any?(property: registry_path, patterns: [/\\windows nt\\currentversion\\winlogon\\(shell|userinit|taskman|system|vmapplet|gpextensions)$/i]) &&
        registry_set_property_does_not_equal_any?(property: registry_data, strings: ['explorer.exe', 'C:\Windows\system32\userinit.exe,', 'SystemPropertiesPerformance.exe /pagefile'])
  fires_on 'another program before it', registry_set(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Userinit', registry_data: 'C:\Users\Public\a.exe,C:\Windows\system32\userinit.exe,')
  fires_on 'a second shell', registry_set(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Shell', registry_data: 'explorer.exe, evil.exe')
  ignores  'the default of another value', registry_set(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Userinit', registry_data: 'C:\Windows\system32\userinit.exe,')
  ignores  'the default', registry_set(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\Shell', registry_data: 'explorer.exe')
end

detector 'image-file-execution-options-debugger' do
  title    'A debugger was set for a program, so that it starts something else'
  severity :high
  attack   'T1546.012', 'T1546.008'
  match registry_set_property_matches_any?(property: registry_path, patterns: [/\\image file execution options\\[^\\]+\\(debugger|globalflag)$/i, /\\silentprocessexit\\[^\\]+\\monitorprocess$/i])
  fires_on 'sticky keys', registry_set(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe\Debugger')
  ignores  'mitigation options', registry_set(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Image File Execution Options\a.exe\MitigationOptions')
end

detector 'service-runs-shell' do
  title    'A service was installed that runs a shell or a program from an odd place'
  severity :high
  attack   'T1543.003', 'T1569.002'
  match service_install_property_matches_any?(property: service_path, patterns: [/\b(cmd|powershell|pwsh|mshta|rundll32|wscript)(\.exe)?\b/i, /\\\\127\.0\.0\.1\\admin\$/i, /%comspec%/i, /\\(temp|users\\public|programdata|perflogs)\\[^\\]+\.exe/i]) ||
        registry_set_property_matches_any?(property: registry_data, patterns: [/%comspec%\s+\/[qck]/i, /\\\\127\.0\.0\.1\\admin\$/i])
  fires_on 'PowerShell', service_install(service_path: '%COMSPEC% /b /c start /b powershell -nop -w hidden')
  fires_on 'the registry', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\a\ImagePath', registry_data: '%COMSPEC% /c echo a > \\\\127.0.0.1\ADMIN$\o')
  ignores  'a product with a shell in its name', service_install(service_path: '"C:\Program Files\CmdCenter\powershellhost.exe"')
  ignores  'a service in its folder of data', service_install(service_path: '"C:\ProgramData\App\bin\svc.exe"')
  ignores  'a program that names the variable', registry_set(registry_path: 'HKLM\Software\App\Shell', registry_data: '%COMSPEC%')
end

detector 'scheduled-task-with-shell' do
  title    'A scheduled task runs a shell or script'
  severity :medium
  attack   'T1053.005'
  match (scheduled_task_property_equals_any?(property: operation, strings: ['create', 'update']) &&
         scheduled_task_property_matches_any?(property: task_content, patterns: [/<command>[^<]*(powershell|mshta|wscript|cscript|\\temp\\|\\users\\public\\)/i])) ||
        (process_is_likely?('schtasks') && process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\/create\b.*\/tr\s.*(powershell|mshta|wscript|\bcmd\b|\\temp\\|\\users\\public\\|\\appdata\\)/i]))
  fires_on 'schtasks', process_start(process_name: 'schtasks.exe', command_line: 'schtasks /create /tn a /sc daily /tr "powershell -w 1 -c a"')
  fires_on 'its definition', scheduled_task(operation: 'create', task_name: '\a', task_content: '<Task><Actions><Exec><Command>C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe</Command></Exec></Actions></Task>')
  ignores  'the definition of a product', scheduled_task(operation: 'create', task_name: '\a', task_content: '<Task><Actions><Exec><Command>C:\Program Files\a\a.exe</Command></Exec></Actions></Task>')
  ignores  'a product', process_start(process_name: 'schtasks.exe', command_line: 'schtasks /create /tn a /tr "C:\Program Files\a\a.exe"')
end

detector 'account-created' do
  title    'A local account was created from the command line'
  severity :medium
  attack   'T1136.001'
  match process_is_likely?('net', 'net1') &&
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\buser\b.*\s\/add?\b/i])
  fires_on 'net user', process_start(process_name: 'net.exe', command_line: 'net.exe user demo TheckBr0wnF0x! /add')
  fires_on 'its short form', process_start(process_name: 'net.exe', command_line: 'net user /ad demo')
  ignores  'a question', process_start(process_name: 'net.exe', command_line: 'net user demo')
end

detector 'account-made-administrator' do
  title    'An account became a member of a privileged group'
  severity :high
  attack   'T1098.007', 'T1136'
  match (account_change_property_equals_any?(property: group_name, strings: ['Administrators', 'Domain Admins', 'Enterprise Admins', 'Schema Admins', 'Backup Operators']) &&
         account_change_property_includes_any?(property: operation, strings: ['add'])) ||
        (process_is_likely?('net', 'net1') && process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\b(local)?group\b.*admin.*\s\/add?\b/i]))
  fires_on 'net', process_start(process_name: 'net1.exe', command_line: 'net1 localgroup administrators demo /add')
  fires_on 'the directory', account_change(operation: 'add_member', group_name: 'Domain Admins', target_username: 'bob')
  ignores  'another group', account_change(operation: 'add_member', group_name: 'Remote Desktop Users', target_username: 'bob')
  ignores  'one who leaves', account_change(operation: 'remove_member', group_name: 'Domain Admins', target_username: 'bob')
  ignores  'a look', process_start(process_name: 'net.exe', command_line: 'net localgroup administrators')
end

detector 'wmi-consumer-registered' do
  title    'A permanent WMI event consumer runs a command or script'
  severity :high
  attack   'T1546.003'
  match wmi_property_includes_any?(property: wmi_consumer, strings: ['CommandLineEventConsumer', 'ActiveScriptEventConsumer']) ||
        wmi_property_matches_any?(property: wmi_destination, patterns: [/powershell|cmd(\.exe)?\s|mshta|wscript|\.vbs|\.ps1/i])
  fires_on 'a command', wmi(wmi_destination: 'powershell.exe -nop -w hidden')
  fires_on 'a script', wmi(wmi_consumer: 'ActiveScriptEventConsumer.Name="a"')
  ignores  'the default consumer', wmi(wmi_consumer: 'NTEventLogEventConsumer.Name="SCM Event Log Consumer"')
  ignores  'a provider', wmi(wmi_destination: '%systemroot%\system32\wbem\cimwin32.dll')
end

detector 'system-library-replaced' do
  title    'A program library was written where a Windows service looks for it first'
  severity :high
  attack   'T1574.001'
  match file_create_property_matches_any?(property: file_path, patterns: [/^([a-z]:|\\device\\harddiskvolume\d+)\\windows\\(system32\\)?(wlbsctrl|tsmsisrv|tsvipsrv|wbemcomn|wlanhlp|oci|cdpsgshims|windowscoredeviceinfo|profapi)\.dll$/i, /\\internet explorer\\iertutil\.dll$/i, /\\windows\\[^\\]*iertutil\.dll$/i]) &&
        file_create_property_does_not_ends_with_any?(property: process_path, strings: ['\tiworker.exe', '\trustedinstaller.exe', '\msiexec.exe', '\wuauclt.exe'])
  fires_on 'IKEEXT', file_create(file_path: 'C:\Windows\System32\wlbsctrl.dll', process_path: 'System')
  ignores  'servicing', file_create(file_path: 'C:\Windows\System32\profapi.dll', process_path: 'C:\Windows\winsxs\TiWorker.exe')
end

detector 'hijacked-library-loaded' do
  title    'A service or browser loaded an unsigned library with a name that is often hijacked'
  severity :high
  attack   'T1574.001'
  match image_load_property_equals_any?(property: image_name, strings: ['wlbsctrl.dll', 'tsmsisrv.dll', 'tsvipsrv.dll', 'wbemcomn.dll', 'iertutil.dll', 'oci.dll']) &&
        image_load_property_exists?(property: image_signed) &&
        image_load_property_is_not_true?(property: image_signed)
  fires_on 'unsigned', image_load(image_name: 'wlbsctrl.dll', image_signed: false)
  ignores  'signed', image_load(image_name: 'iertutil.dll', image_signed: true)
  ignores  'a source that does not say', image_load(image_name: 'iertutil.dll')
end

detector 'accessibility-program-with-shell' do
  title    'A shell runs in the place of an accessibility program'
  severity :critical
  attack   'T1546.008'
  match process_start_property_equals_any?(property: process_name, strings: ['sethc.exe', 'utilman.exe', 'osk.exe', 'narrator.exe', 'magnify.exe', 'displayswitch.exe', 'atbroker.exe']) &&
        process_start_property_equals_any?(property: original_file_name, strings: ['cmd.exe', 'powershell.exe', 'explorer.exe', 'taskmgr.exe'])
  fires_on 'cmd as sticky keys', process_start(process_name: 'sethc.exe', original_file_name: 'Cmd.Exe')
  ignores  'sticky keys', process_start(process_name: 'sethc.exe', original_file_name: 'sethc.exe')
end
