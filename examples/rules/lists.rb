# Lists and definitions that the detectors of this folder share.

list :office_apps, ['winword.exe', 'excel.exe', 'powerpnt.exe', 'outlook.exe', 'onenote.exe', 'msaccess.exe', 'mspub.exe', 'visio.exe']
list :web_servers, ['w3wp.exe', 'httpd.exe', 'nginx.exe', 'php-cgi.exe', 'tomcat9.exe', 'umworkerprocess.exe', 'java.exe']
list :shells, ['cmd.exe', 'powershell.exe', 'pwsh.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe', 'bash.exe']
list :user_folders, ['\appdata\local\temp\\', '\downloads\\', '\desktop\\', '\users\public\\', '\appdata\roaming\\', ':\programdata\\', ':\perflogs\\', '\windows\temp\\']

# Where Windows and the agents of Microsoft and VMware have the programs that open LSASS as a matter of course. Whole paths: a
# program of the same name in another folder is not one of them. Task Manager and the error reporter can write a dump.
list :lsass_readers, [
  /^([a-z]:|\\device\\harddiskvolume\d+)\\windows\\system32\\(csrss|lsass|lsm|mrt|services|smss|svchost|wininit|winlogon|wbem\\wmiprvse)\.exe$/i,
  /^([a-z]:|\\device\\harddiskvolume\d+)\\windows\\sysmon(64)?\.exe$/i,
  /^([a-z]:|\\device\\harddiskvolume\d+)\\program files\\windows defender( advanced threat protection)?\\(msmpeng|nissrv|mssense)\.exe$/i,
  /^([a-z]:|\\device\\harddiskvolume\d+)\\programdata\\microsoft\\windows defender\\platform\\[^\\]+\\(msmpeng|nissrv)\.exe$/i,
  /^([a-z]:|\\device\\harddiskvolume\d+)\\program files\\microsoft monitoring agent\\agent\\(monitoringhost|healthservice)\.exe$/i,
  /^([a-z]:|\\device\\harddiskvolume\d+)\\program files\\microsoft\\exchange server\\v\d+\\bin\\msexchangehmworker\.exe$/i,
  /^([a-z]:|\\device\\harddiskvolume\d+)\\program files\\vmware\\vmware tools\\vmtoolsd\.exe$/i,
  /^([a-z]:|\\device\\harddiskvolume\d+)\\program files \(x86\)\\microsoft\\edgeupdate\\microsoftedgeupdate\.exe$/i,
  /^([a-z]:|\\device\\harddiskvolume\d+)\\windowsazure\\guestagent_[\d._-]+\\(guestagent\\windowsazureguestagent|waappagent)\.exe$/i,
]

# PROCESS_VM_READ (0x10) with any of CREATE_THREAD (2), VM_OPERATION (8), VM_WRITE (0x20) and DUP_HANDLE (0x40), and any of
# QUERY_INFORMATION (0x400), QUERY_LIMITED_INFORMATION (0x1000) and SYNCHRONIZE (0x100000); and all rights. Without those
# that list processes: :lsass_listing_rights.
list :lsass_reading_rights, [
  0x0010, 0x0012, 0x0018, 0x001a, 0x0030, 0x0032, 0x0038, 0x003a, 0x0050, 0x0052, 0x0058, 0x005a, 0x0070, 0x0072, 0x0078, 0x007a,
  0x0412, 0x0418, 0x041a, 0x0430, 0x0432, 0x0438, 0x043a, 0x0450, 0x0452, 0x0458, 0x045a, 0x0470, 0x0472, 0x0478, 0x047a,
  0x1010, 0x1012, 0x1018, 0x101a, 0x1030, 0x1032, 0x1038, 0x103a, 0x1050, 0x1052, 0x1058, 0x105a, 0x1070, 0x1072, 0x1078, 0x107a,
  0x1412, 0x1418, 0x141a, 0x1430, 0x1432, 0x1438, 0x143a, 0x1450, 0x1452, 0x1458, 0x145a, 0x1470, 0x1472, 0x1478, 0x147a,
  0x100010, 0x100012, 0x100018, 0x10001a, 0x100030, 0x100032, 0x100038, 0x10003a, 0x100050, 0x100052, 0x100058, 0x10005a, 0x100070, 0x100072, 0x100078, 0x10007a,
  0x100412, 0x100418, 0x10041a, 0x100430, 0x100432, 0x100438, 0x10043a, 0x100450, 0x100452, 0x100458, 0x10045a, 0x100470, 0x100472, 0x100478, 0x10047a,
  0x101010, 0x101012, 0x101018, 0x10101a, 0x101030, 0x101032, 0x101038, 0x10103a, 0x101050, 0x101052, 0x101058, 0x10105a, 0x101070, 0x101072, 0x101078, 0x10107a,
  0x101412, 0x101418, 0x10141a, 0x101430, 0x101432, 0x101438, 0x10143a, 0x101450, 0x101452, 0x101458, 0x10145a, 0x101470, 0x101472, 0x101478, 0x10147a,
  0x1f0fff, 0x1f1fff, 0x1f2fff, 0x1f3fff, 0x1fffff,
]

# PROCESS_VM_READ with QUERY_INFORMATION, which since Windows 8.1 is granted together with QUERY_LIMITED_INFORMATION.
list :lsass_listing_rights, [0x0410, 0x1410, 0x100410, 0x101410]

# The options with which PowerShell is started unseen, in any abbreviation that it takes. Its dashes are any of four.
list :powershell_unseen, [
  /\s[-\/–—―](nop[a-z]*|noni[a-z]*|sta)\b/i,
  /\s[-\/–—―]w(i(n(d(o(w(s(t(y(le?)?)?)?)?)?)?)?)?)?\s+['"]?(1\b|h)/i,
]

# -EncodedCommand, in any abbreviation, and at least 30 bytes of base64; -e alone is short for it.
list :powershell_encoded, [
  /\s[-\/–—―]e(c|n(c(o(d(e(d(c(o(m(m(a(nd?)?)?)?)?)?)?)?)?)?)?)?)?\s+['"]?[a-z0-9+\/=]{40,}/i,
]

# As the service control manager names them, by their names and their display names.
list :security_services, [
  'eventlog', 'windefend', 'wdnissvc', 'sense', 'mpssvc', 'wscsvc', 'sysmon', 'sysmon64', 'securityhealthservice', 'csfalconservice', 'sentinelagent',
  'Windows Event Log', 'Windows Defender Antivirus Service', 'Microsoft Defender Antivirus Service', 'Windows Defender Advanced Threat Protection Service',
  'Windows Defender Firewall', 'Security Center', 'Windows Security Service', 'CrowdStrike Falcon Sensor Service', 'Sentinel Agent',
]

list :grunt_names, [/^grunt(http|smb|stager|bridge|tcp)/i]
list :reconnaissance_tools, [/^(sharpup|seatbelt|winpeas)/i]
list :payload_names, [/payload|beacon|meterpreter|shellcode|stager|implant|reverse_?shell/i]

define :started_by_office,
  process_start_property_equals_any?(property: parent_name, strings: :office_apps)

define :started_by_web_server,
  process_start_property_equals_any?(property: parent_name, strings: :web_servers)

define :is_a_shell,
  process_start_property_equals_any?(property: process_name, strings: :shells)
