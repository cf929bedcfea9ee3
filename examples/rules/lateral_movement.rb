# Lateral Movement (TA0008), Discovery (TA0007), Command and Control (TA0011), Collection (TA0009), Impact (TA0040)

detector 'remote-service-control' do
  title    'sc works on the services of another machine'
  severity :medium
  attack   'T1021.002', 'T1569.002'
  match process_is_likely?('sc') &&
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\bsc(\.exe)?"?\s+\\\\[^\\\s]+\s+(create|config|start|stop|query|failure)\b/i])
  fires_on 'a stop', process_start(process_name: 'sc.exe', command_line: '"C:\windows\system32\sc.exe" \\\\WORKSTATION6 stop IKEEXT')
  ignores  'this machine', process_start(process_name: 'sc.exe', command_line: 'sc.exe start wuauserv')
end

detector 'service-control-manager-over-the-network' do
  title    'The service control manager was called through its named pipe from another machine'
  severity :medium
  attack   'T1021.002', 'T1569.002'
  match share_access_property_ends_with_any?(property: share_name, strings: ['\IPC$']) &&
        share_access_property_equals_any?(property: share_file, strings: ['svcctl', 'atsvc', 'winreg'])
  fires_on 'svcctl', share_access(share_name: '\\\\*\IPC$', share_file: 'svcctl')
  ignores  'the workstation service', share_access(share_name: '\\\\*\IPC$', share_file: 'wkssvc')
end

detector 'file-written-to-admin-share' do
  title    'A program or library was written through an administrative share'
  severity :high
  attack   'T1021.002', 'T1570'
  match share_access_property_matches_any?(property: share_name, patterns: [/\\(admin|c)\$$/i]) &&
        share_access_property_matches_any?(property: share_file, patterns: [/\.(exe|dll|bat|ps1|vbs|hta|scr|sys)$/i])
  fires_on 'a library', share_access(share_name: '\\\\*\C$', share_file: 'Windows\System32\wlbsctrl.dll')
  ignores  'a text', share_access(share_name: '\\\\*\C$', share_file: 'a.txt')
end

detector 'powershell-remoting-child' do
  title    'The PowerShell remoting host started a hidden or encoded shell'
  severity :medium
  attack   'T1021.006'
  match parent_process_is_likely?('wsmprovhost') &&
        is_a_shell? &&
        (process_start_property_matches_any?(property: deobfuscated_command_line, patterns: :powershell_unseen) ||
         process_start_property_matches_any?(property: deobfuscated_command_line, patterns: :powershell_encoded) ||
         process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\/c\b.*\b(powershell|mshta|rundll32|certutil)\b/i]))
  fires_on 'a stager', process_start(parent_name: 'wsmprovhost.exe', process_name: 'powershell.exe', command_line: 'powershell -noP -sta -w 1 -enc SQBmACgAJABQAFMAVgBlAHIA')
  fires_on 'an encoded command alone', process_start(parent_name: 'wsmprovhost.exe', process_name: 'powershell.exe', command_line: 'powershell -ec SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA')
  fires_on 'a shell between', process_start(parent_name: 'wsmprovhost.exe', process_name: 'cmd.exe', command_line: 'cmd /c po^wershell -c a')
  ignores  'the script of an administrator', process_start(parent_name: 'wsmprovhost.exe', process_name: 'cmd.exe', command_line: 'cmd /c C:\tools\inventory.bat')
  ignores  'its console', process_start(parent_name: 'wsmprovhost.exe', process_name: 'conhost.exe', command_line: 'conhost.exe 0xffffffff -ForceV1')
end

detector 'dcom-starts-browser' do
  title    'A browser or management console was started for automation from another machine'
  severity :medium
  attack   'T1021.003'
  match process_start_property_equals_any?(property: process_name, strings: ['iexplore.exe', 'mmc.exe']) &&
        process_start_property_equals_any?(property: parent_name, strings: ['svchost.exe']) &&
        process_start_property_equals_any?(property: session_id, numbers: [0]) &&
        process_start_property_includes_any?(property: command_line, strings: ['-embedding'])
  fires_on 'Internet Explorer', process_start(process_name: 'iexplore.exe', parent_name: 'svchost.exe', session_id: 0, command_line: '"iexplore.exe" -Embedding')
  ignores  'a link in a document', process_start(process_name: 'iexplore.exe', parent_name: 'svchost.exe', session_id: 1, command_line: '"iexplore.exe" -Embedding')
  ignores  'a person', process_start(process_name: 'iexplore.exe', parent_name: 'explorer.exe', command_line: '"iexplore.exe"')
end

detector 'browser-starts-odd-program' do
  title    'Internet Explorer started a program that it never starts'
  severity :high
  attack   'T1055', 'T1203'
  match parent_process_is_likely?('iexplore') &&
        process_start_property_equals_any?(property: process_name, strings: ['notepad.exe', 'cmd.exe', 'powershell.exe', 'rundll32.exe', 'wscript.exe', 'mshta.exe'])
  fires_on 'notepad', process_start(parent_name: 'iexplore.exe', process_name: 'notepad.exe')
  ignores  'a tab', process_start(parent_name: 'iexplore.exe', process_name: 'iexplore.exe')
end

detector 'web-server-starts-shell' do
  title    'A web server process started a shell or a discovery command'
  severity :critical
  attack   'T1505.003', 'T1190'
  match started_by_web_server? &&
        process_start_property_equals_any?(property: process_name, strings: ['cmd.exe', 'powershell.exe', 'pwsh.exe', 'bash.exe', 'sh', 'bash', 'whoami.exe', 'net.exe', 'ipconfig.exe', 'certutil.exe'])
  fires_on 'IIS', process_start(parent_name: 'w3wp.exe', process_name: 'cmd.exe')
  ignores  'its compiler', process_start(parent_name: 'w3wp.exe', process_name: 'csc.exe')
end

detector 'web-shell-file' do
  title    'A server page was written into a folder that a web server serves'
  severity :high
  attack   'T1505.003'
  match file_create_property_equals_any?(property: file_extension, strings: ['aspx', 'ashx', 'asmx', 'asp', 'jsp', 'jspx', 'php']) &&
        file_create_property_matches_any?(property: file_path, patterns: [/\\(inetpub\\wwwroot|frontend\\httpproxy\\(owa|ecp)|clientaccess\\owa)\\/i]) &&
        file_create_property_does_not_end_with_any?(property: process_path, strings: ['\msiexec.exe', '\exsetupui.exe', '\setup.exe'])
  fires_on 'ProxyLogon', file_create(file_path: 'C:\inetpub\wwwroot\aspnet_client\a.aspx', process_path: 'c:\windows\system32\inetsrv\w3wp.exe')
  ignores  'a picture', file_create(file_path: 'C:\inetpub\wwwroot\a.png', process_path: 'c:\windows\system32\inetsrv\w3wp.exe')
end

detector 'account-question-by-tool' do
  title    'Groups or accounts of the domain were listed'
  severity :low
  attack   'T1087.002', 'T1069.002'
  match process_is_likely?('net', 'net1', 'nltest', 'dsquery', 'adfind') &&
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\b(group|accounts|user|localgroup)\b.*\/do(main)?\b/i, /\/(domain_trusts|dclist|dsgetdc)/i, /objectcategory=|trustdmp/i])
  fires_on 'Domain Admins', process_start(process_name: 'net.exe', command_line: 'net.exe group "Domain Admins" /domain')
  ignores  'a share', process_start(process_name: 'net.exe', command_line: 'net use z: \\\\srv\a')
end

detector 'sam-domain-enumerated' do
  title    'A user account opened a privileged group of the directory'
  severity :low
  attack   'T1069.002'
  match object_access_property_includes_any?(property: object_type, strings: ['SAM_GROUP', 'SAM_ALIAS']) &&
        object_access_property_matches_any?(property: object_name, patterns: [/-(512|518|519|544|551)$/, /administrators|domain admins/i]) &&
        object_access_property_does_not_end_with_any?(property: username, strings: ['$'])
  fires_on 'Domain Admins', object_access(object_type: 'SAM_GROUP', object_name: 'S-1-5-21-1-2-3-512', username: 'bob')
  ignores  'the machine itself', object_access(object_type: 'SAM_GROUP', object_name: 'S-1-5-21-1-2-3-512', username: 'DC01$')
end

detector 'whoami-by-odd-parent' do
  title    'A program or script host asks who it is'
  severity :low
  attack   'T1033'
  match process_is_likely?('whoami') &&
        (process_start_property_equals_any?(property: parent_name, strings: ['w3wp.exe', 'wsmprovhost.exe', 'mshta.exe', 'rundll32.exe', 'services.exe']) ||
         process_start_property_matches_any?(property: parent_command_line, patterns: :powershell_unseen) ||
         process_start_property_matches_any?(property: parent_command_line, patterns: :powershell_encoded) ||
         process_start_property_includes_any?(property: command_line, strings: ['/groups', '/priv', '/all']))
  fires_on 'from a hidden PowerShell', process_start(process_name: 'whoami.exe', parent_name: 'powershell.exe', parent_command_line: 'powershell -noP -sta -w 1 -enc SQBmAA==', command_line: 'whoami /user')
  fires_on 'from an encoded command alone', process_start(process_name: 'whoami.exe', parent_name: 'powershell.exe', parent_command_line: 'powershell -e SQBmACgAJABQAFMAVgBlAHIAcwBpAG8AbgBUAGEAYgBsAGUALgBQAFMA', command_line: 'whoami')
  fires_on 'from a web server', process_start(process_name: 'whoami.exe', parent_name: 'w3wp.exe', command_line: 'whoami')
  fires_on 'with its privileges', process_start(process_name: 'whoami.exe', parent_name: 'cmd.exe', command_line: 'whoami /priv')
  ignores  'a person in PowerShell', process_start(process_name: 'whoami.exe', parent_name: 'powershell.exe', parent_command_line: '"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"', command_line: 'whoami /user')
  ignores  'a person', process_start(process_name: 'whoami.exe', parent_name: 'cmd.exe', command_line: 'whoami')
end

detector 'shell-network-connection' do
  title    'A script interpreter or system tool connects to a public address'
  severity :medium
  attack   'T1071.001', 'T1105'
  match network_connection_property_equals_any?(property: process_name, strings: ['mshta.exe', 'rundll32.exe', 'regsvr32.exe', 'wscript.exe', 'cscript.exe', 'certutil.exe', 'bitsadmin.exe', 'msbuild.exe', 'installutil.exe', 'wsmprovhost.exe', 'notepad.exe']) &&
        network_connection_property_equals_any?(property: direction, strings: ['outbound']) &&
        network_connection_property_exists?(property: remote_ip) &&
        network_connection_property_is_not_in_any_subnet?(property: remote_ip, subnets: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '169.254.0.0/16', '::1/128', 'fe80::/10', 'fc00::/7'])
  fires_on 'notepad', network_connection(process_name: 'notepad.exe', direction: 'outbound', remote_ip: '8.8.8.8')
  ignores  'the local network', network_connection(process_name: 'notepad.exe', direction: 'outbound', remote_ip: '10.1.2.3')
end

detector 'program-in-user-folder-on-listener-port' do
  title    'A program in a user folder connects to a port that command and control servers like'
  severity :medium
  attack   'T1571'
  match network_connection_property_equals_any?(property: remote_port, numbers: [4444, 4443, 5555, 6666, 7777, 8081, 8443, 8888, 9001, 31337, 50050]) &&
        network_connection_property_matches_any?(property: process_path, patterns: [/\\(downloads|appdata\\local\\temp|users\\public|programdata|perflogs)\\[^\\]+\.exe$/i])
  fires_on 'a payload', network_connection(remote_port: 8443, process_path: 'C:\Users\a\Downloads\payload.exe')
  ignores  'a browser', network_connection(remote_port: 8443, process_path: 'C:\Program Files\b\browser.exe')
end

detector 'command-and-control-pipe' do
  title       'A named pipe has a name that Cobalt Strike or Covenant gives it'
  description <<~TEXT
    Beacons and Grunts talk to one another through pipes (msagent, status, gruntsvc, isapi); msse is the loader's,
    and postex that of a job in the process that a beacon injected it into. Profiles can change all of these.
  TEXT
  severity    :high
  attack      'T1071.002', 'T1090.001', 'T1055'
  match pipe_property_matches_any?(property: pipe_name, patterns: [/^\\(msse-\d+-server|postex_(ssh_)?[0-9a-f]{4}|msagent_[0-9a-f]{2}|status_[0-9a-f]{2}|gruntsvc|isapi_(http|dg)|mojo\.5688\.8052)/i])
  fires_on 'the loader of Cobalt Strike', pipe(pipe_name: '\MSSE-1234-server')
  fires_on 'a job in another process', pipe(pipe_name: '\postex_ssh_fedac123')
  ignores  'a browser, whose numbers are others', pipe(pipe_name: '\mojo.5688.8053.1234')
  ignores  'a status of a product', pipe(pipe_name: '\status_queue')
end

detector 'remote-execution-pipe' do
  title       'A named pipe of PsExec or one of its kind'
  description 'Administrators use PsExec as well; the pipe says that commands come from another machine.'
  severity    :medium
  attack      'T1569.002', 'T1021.002'
  match pipe_property_matches_any?(property: pipe_name, patterns: [/^\\(psexesvc|remcom_|csexec|paexec)/i])
  fires_on 'PsExec', pipe(pipe_name: '\PSEXESVC-WORKSTATION5-1234-stdin')
  ignores  'a service of another kind', pipe(pipe_name: '\psexec_inventory')
end

detector 'microphone-used-by-unpackaged-program' do
  title    'The microphone or camera was used by an interpreter or a program in a user folder'
  severity :high
  attack   'T1123', 'T1125'
  match registry_set_property_matches_any?(property: registry_path, patterns: [/\\capabilityaccessmanager\\consentstore\\(microphone|webcam)\\nonpackaged\\.*(#users#|powershell|rundll32|mshta|#programdata#|#temp#)/i])
  fires_on 'PowerShell', registry_set(registry_path: 'HKU\S-1-5-21-1\Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone\NonPackaged\C:#Windows#System32#WindowsPowerShell#v1.0#powershell.exe\LastUsedTimeStart')
  ignores  'a product', registry_set(registry_path: 'HKU\S-1-5-21-1\Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone\NonPackaged\C:#Program Files#Zoom#zoom.exe\LastUsedTimeStart')
end

detector 'shadow-copies-deleted' do
  title    'Shadow copies or boot recovery were removed'
  severity :critical
  attack   'T1490'
  match process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/vssadmin(\.exe)?"?\s+(delete|resize)\s+shadow/i, /wmic(\.exe)?"?\s.*shadowcopy\s+.*delete/i, /win32_shadowcopy.*(delete|remove)/i, /bcdedit(\.exe)?"?\s+.*(recoveryenabled"?\s+"?(no|off|0|false)|ignoreallfailures)/i, /wbadmin(\.exe)?"?\s+delete\s+(catalog|systemstatebackup)/i]) ||
        script_property_matches_any?(property: script_content, patterns: [/win32_shadowcopy.*(delete|remove)/i])
  fires_on 'vssadmin', process_start(command_line: 'vssadmin.exe delete shadows /all /quiet')
  fires_on 'WMI, with an option before', process_start(command_line: 'wmic.exe /nointeractive shadowcopy delete')
  fires_on 'PowerShell', process_start(command_line: 'powershell Get-WmiObject Win32_Shadowcopy | ForEach-Object { $_.Delete() }')
  fires_on 'a script', script(script_content: 'Get-CimInstance Win32_ShadowCopy | Remove-CimInstance')
  ignores  'a list', process_start(command_line: 'vssadmin list shadows')
  ignores  'a list, from a script', script(script_content: 'Get-CimInstance Win32_ShadowCopy | Format-Table')
end

detector 'purplesharp' do
  title       'PurpleSharp simulates an attack'
  description <<~TEXT
    PurpleSharp carries out techniques through the Windows API, on this machine or from a service on another. Renamed, it is
    known by its original name and by its arguments.
  TEXT
  severity    :medium
  attack      'T1106', 'T1569.002'
  references  'https://github.com/mvelazc0/PurpleSharp'
  match process_start_property_includes_any?(property: process_name, strings: ['purplesharp']) ||
        process_start_property_includes_any?(property: original_file_name, strings: ['purplesharp']) ||
        process_start_property_includes_any?(property: parent_name, strings: ['purplesharp']) ||
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\s\/t\s+t1\d{3}(\.\d{3})?\b/i, /\s\/rhost\s.*\s\/ruser\s/i])
  fires_on 'by its name', process_start(process_name: 'PurpleSharp.exe')
  fires_on 'renamed', process_start(process_name: 'svc.exe', original_file_name: 'PurpleSharp.exe')
  fires_on 'what it starts', process_start(process_name: 'notepad.exe', parent_name: 'PurpleSharp.exe')
  fires_on 'by the technique', process_start(process_name: 'svc.exe', command_line: 'svc.exe /t T1055.002')
  fires_on 'on another machine', process_start(process_name: 'svc.exe', command_line: 'svc.exe /rhost win10-1 /ruser bob /d lab /t T1059')
  ignores  'a task with an option alike', process_start(process_name: 'robocopy.exe', command_line: 'robocopy a b /t t100')
end

detector 'covenant-grunt' do
  title       'A Grunt of Covenant ran'
  description 'Known only by the names that Covenant gives its launchers, which a careful operator changes.'
  severity    :high
  attack      'T1071.001', 'T1059'
  match process_start_property_matches_any?(property: process_name, patterns: :grunt_names) ||
        process_start_property_matches_any?(property: original_file_name, patterns: :grunt_names) ||
        process_start_property_matches_any?(property: parent_name, patterns: :grunt_names)
  fires_on 'by its name', process_start(process_name: 'GruntHTTP.exe')
  fires_on 'renamed', process_start(process_name: 'a.exe', original_file_name: 'GruntSMB.exe')
  fires_on 'what it starts', process_start(process_name: 'cmd.exe', parent_name: 'GruntHTTP2.exe')
  ignores  'the task runner of JavaScript', process_start(process_name: 'grunt.exe', parent_name: 'grunt.exe', original_file_name: 'grunt.exe')
end

detector 'sharphound' do
  title       'SharpHound maps the domain for BloodHound'
  severity    :high
  attack      'T1087.002', 'T1069.002', 'T1482'
  match process_start_property_includes_any?(property: process_name, strings: ['sharphound']) ||
        process_start_property_includes_any?(property: original_file_name, strings: ['sharphound']) ||
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/\s--?collectionmethods?[\s=]+['"]?(all|default|dconly|session|loggedon|computeronly|objectprops|acl|trusts)\b/i, /\s-c\s+(all|dconly|session|loggedon)\b.*\s--?(zipfilename|outputdirectory|stealth|loop)\b/i]) ||
        file_create_property_matches_any?(property: file_name, patterns: [/^\d{14}_(bloodhound\.zip|(users|groups|computers|domains|gpos|ous|containers)\.json)$/i])
  fires_on 'by its name', process_start(process_name: 'SharpHound.exe')
  fires_on 'renamed', process_start(process_name: 'a.exe', original_file_name: 'SharpHound.exe')
  fires_on 'by its arguments', process_start(process_name: 'a.exe', command_line: 'a.exe --CollectionMethods All --ZipFilename o.zip')
  fires_on 'what it writes', file_create(file_path: 'C:\Users\a\20201027090130_BloodHound.zip', file_name: '20201027090130_BloodHound.zip')
  ignores  'a copy to all', process_start(process_name: 'a.exe', command_line: 'a.exe --collection all')
  ignores  'another dated archive', file_create(file_path: 'C:\backup\20201027090130_users.zip', file_name: '20201027090130_users.zip')
end

detector 'local-reconnaissance-tool' do
  title       'Seatbelt, SharpUp or winPEAS looks for ways to more rights'
  severity    :high
  attack      'T1082', 'T1518.001', 'T1007', 'T1552.001'
  match process_start_property_matches_any?(property: process_name, patterns: :reconnaissance_tools) ||
        process_start_property_matches_any?(property: original_file_name, patterns: :reconnaissance_tools) ||
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/^\s*("[^"]+"|\S+)\s+-group=(all|user|system|slack|chromium|remote|misc)(\s+-(full|q|outputfile|computername)\b|\s*$)/i, /\saudit\s+(hijackablepaths|modifiableservices|unquotedservicepath|alwaysinstallelevated|cachedgpppassword)\b/i])
  fires_on 'by its name', process_start(process_name: 'winPEASx64.exe')
  fires_on 'renamed', process_start(process_name: 'a.exe', original_file_name: 'Seatbelt.exe')
  fires_on 'by its arguments', process_start(process_name: 'a.exe', command_line: 'a.exe -group=system -outputfile=o.txt')
  ignores  'a group among other arguments', process_start(process_name: 'a.exe', command_line: 'a.exe run -group=all --report')
end

detector 'lazagne' do
  title       'LaZagne collects stored passwords'
  severity    :high
  attack      'T1555', 'T1555.003', 'T1552.001'
  match process_start_property_includes_any?(property: process_name, strings: ['lazagne']) ||
        process_start_property_includes_any?(property: original_file_name, strings: ['lazagne']) ||
        process_start_property_matches_any?(property: deobfuscated_command_line, patterns: [/^\s*("[^"]+"|\S+)\s+(all|browsers|sysadmin|wifi|windows|mails|databases)\b.*\s-o[anj]\b/i])
  fires_on 'by its name', process_start(process_name: 'laZagne.exe')
  fires_on 'renamed, with its original name', process_start(process_name: 'a.exe', original_file_name: 'lazagne.exe')
  fires_on 'by its arguments', process_start(process_name: 'a.exe', command_line: 'a.exe all -oN -output C:\Users\Public')
  ignores  'a plain word', process_start(process_name: 'a.exe', command_line: 'a.exe all -output C:\Users\Public')
end
