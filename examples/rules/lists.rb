# Lists and definitions that the detectors of this folder share.

list :office_apps, ['winword.exe', 'excel.exe', 'powerpnt.exe', 'outlook.exe', 'onenote.exe', 'msaccess.exe', 'mspub.exe', 'visio.exe']
list :web_servers, ['w3wp.exe', 'httpd.exe', 'nginx.exe', 'php-cgi.exe', 'tomcat9.exe', 'umworkerprocess.exe', 'java.exe']
list :shells, ['cmd.exe', 'powershell.exe', 'pwsh.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe', 'bash.exe']
list :user_folders, ['\appdata\local\temp\\', '\downloads\\', '\desktop\\', '\users\public\\', '\appdata\roaming\\', ':\programdata\\', ':\perflogs\\', '\windows\temp\\']
list :lsass_readers, ['\windows\system32\svchost.exe', '\windows\system32\csrss.exe', '\windows\system32\wininit.exe', '\windows\system32\services.exe', '\windows\system32\lsm.exe', '\windows\system32\wbem\wmiprvse.exe', '\windows\system32\lsass.exe', '\windows\system32\vmtoolsd.exe', '\msmpeng.exe', '\windowsazureguestagent.exe', '\monitoringhost.exe', '\healthservice.exe', '\windows\system32\taskmgr.exe', '\windows\system32\winlogon.exe', '\windows\system32\smss.exe', '\windows\sysmon.exe', '\windows\sysmon64.exe', '\windows\system32\wermgr.exe', '\windows\system32\werfault.exe', '\microsoftedgeupdate.exe', '\mssense.exe', '\windows\explorer.exe', '\waappagent.exe', '\nissrv.exe', '\msexchangehmworker.exe', '\windows\system32\mrt.exe']

define :started_by_office,
  process_start_property_equals_any?(property: parent_name, strings: :office_apps)

define :started_by_web_server,
  process_start_property_equals_any?(property: parent_name, strings: :web_servers)

define :is_a_shell,
  process_start_property_equals_any?(property: process_name, strings: :shells)
