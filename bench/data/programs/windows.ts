/** Programs of Windows itself; see ../catalogue.ts for the form. `{build}` is the device's Windows. */
export const windowsPrograms = String.raw`
ntoskrnl.exe | C:\Windows\System32 | Microsoft | NT Kernel & System | {build}
  as system; does 6 2 3 1; topic system
  >
smss.exe | C:\Windows\System32 | Microsoft | Windows Session Manager | {build}
  as system; by ntoskrnl.exe; boot 1; does 0 0 1 0; topic system
  > \SystemRoot\System32\smss.exe
csrss.exe | C:\Windows\System32 | Microsoft | Client Server Runtime Process | {build}
  as system; by smss.exe; boot 1; does 0 0 1 1; topic system
  > %SystemRoot%\system32\csrss.exe ObjectDirectory=\Windows SharedSection=1024,20480,768 Windows=On SubSystemType=Windows ServerDll=basesrv,1 ServerDll=winsrv:UserServerDllInitialization,3 ServerDll=sxssrv,4 ProfileControl=Off MaxRequestThreads=16
wininit.exe | C:\Windows\System32 | Microsoft | Windows Start-Up Application | {build}
  as system; by smss.exe; boot 1; does 0 0 1 0; topic system
  > wininit.exe
services.exe | C:\Windows\System32 | Microsoft | Services and Controller app | {build}
  as system; by wininit.exe; boot 1; does 1 1 4 1; topic system
  > C:\Windows\system32\services.exe
lsass.exe | C:\Windows\System32 | Microsoft | Local Security Authority Process | {build}
  as system; by wininit.exe; boot 1; does 4 1 2 1; topic system
  > C:\Windows\system32\lsass.exe
winlogon.exe | C:\Windows\System32 | Microsoft | Windows Logon Application | {build}
  as system; by smss.exe; boot 1; does 0 1 3 1; topic shell
  > winlogon.exe
dwm.exe | C:\Windows\System32 | Microsoft | Desktop Window Manager | {build}
  as system; by winlogon.exe; boot 1; on desktop; does 0 0 1 1; topic shell
  > "dwm.exe"
svchost.exe | C:\Windows\System32 | Microsoft | Host Process for Windows Services | {build}
  as system; by services.exe; boot 9; does 2 2 3 1; topic system
  > C:\Windows\system32\svchost.exe -k netsvcs -p -s {pick:Schedule|Winmgmt|gpsvc|ProfSvc|Themes|UserManager|lfsvc|BITS|wuauserv|Appinfo|iphlpsvc|LanmanServer|ShellHWDetection|SENS|DsmSvc|TokenBroker|seclogon|wlidsvc|UsoSvc|WpnService|DmEnrollmentSvc}
  > C:\Windows\system32\svchost.exe -k LocalSystemNetworkRestricted -p -s {pick:PcaSvc|SysMain|TrkWks|WdiSystemHost|NcbService|StorSvc|UmRdpService|DeviceAssociationService|hidserv|Netman|WiaRpc}
  > C:\Windows\system32\svchost.exe -k DcomLaunch -p{pick:| -s LSM| -s PlugPlay| -s SystemEventsBroker}
  > C:\Windows\System32\svchost.exe -k {pick:utcsvc -p|wsappx -p -s AppXSvc|wsappx -p -s ClipSVC|appmodel -p -s StateRepository|swprv|smphost|WerSvcGroup|termsvcs -s TermService}
svchost.exe | C:\Windows\System32 | Microsoft | Host Process for Windows Services | {build}
  as local; by services.exe; boot 5; does 2 1 2 1; topic system
  > C:\Windows\system32\svchost.exe -k LocalServiceNetworkRestricted -p -s {pick:EventLog|Dhcp|lmhosts|AppIDSvc|RmSvc|wscsvc|TimeBrokerSvc|NgcCtnrSvc|WinHttpAutoProxySvc|vmictimesync}
  > C:\Windows\system32\svchost.exe -k LocalService -p -s {pick:nsi|W32Time|EventSystem|FontCache|LicenseManager|netprofm|bthserv|SstpSvc|WdiServiceHost|fdPHost|workfolderssvc|CDPSvc}
  > C:\Windows\system32\svchost.exe -k LocalServiceNoNetwork{pick:Firewall| } -p
  > C:\Windows\System32\svchost.exe -k LocalServiceAndNoImpersonation -p -s {pick:SSDPSRV|upnphost|FDResPub|QWAVE|SCardSvr|BthAvctpSvc}
svchost.exe | C:\Windows\System32 | Microsoft | Host Process for Windows Services | {build}
  as network; by services.exe; boot 3; does 6 1 2 1; topic system
  > C:\Windows\system32\svchost.exe -k NetworkService -p -s {pick:Dnscache|LanmanWorkstation|NlaSvc|CryptSvc|WinRM|DoSvc|TapiSrv}
  > C:\Windows\System32\svchost.exe -k NetworkServiceNetworkRestricted -p{pick:| -s PolicyAgent}
  > C:\Windows\System32\svchost.exe -k RPCSS -p
svchost.exe | C:\Windows\System32 | Microsoft | Host Process for Windows Services | {build}
  as user; by services.exe; often 2; does 2 2 3 2; topic shell
  > C:\Windows\system32\svchost.exe -k UnistackSvcGroup -s {pick:CDPUserSvc|WpnUserService|OneSyncSvc|PimIndexMaintenanceSvc}
  > C:\Windows\system32\svchost.exe -k {pick:ClipboardSvcGroup -p -s cbdhsvc|PrintWorkflow -s PrintWorkflowUserSvc|BcastDVRUserService -s BcastDVRUserService|DevicesFlow -s DevicesFlowUserSvc}
spoolsv.exe | C:\Windows\System32 | Microsoft | Spooler SubSystem App | {build}
  as system; by services.exe; boot 1; does 2 3 4 3; topic system
  > C:\Windows\System32\spoolsv.exe
SearchIndexer.exe | C:\Windows\System32 | Microsoft | Microsoft Windows Search Indexer | {build}
  as system; by services.exe; boot 1; on desktop; does 1 4 2 1; topic system
  > C:\Windows\system32\SearchIndexer.exe /Embedding
SearchProtocolHost.exe | C:\Windows\System32 | Microsoft | Microsoft Windows Search Protocol Host | {build}
  as system; by SearchIndexer.exe; often 5; on desktop; does 0 2 2 3; topic system
  > "C:\Windows\system32\SearchProtocolHost.exe" Global\UsGthrFltPipeMssGthrPipe_{sid}{n:900}_ Global\UsGthrCtrlFltPipeMssGthrPipe_{sid}{n:900} 1 -2147483646 "Software\Microsoft\Windows Search" "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT; MS Search 4.0 Robot)" "C:\ProgramData\Microsoft\Search\Data\Temp\usgthrsvc" "DownLevelDaemon" "1"
SearchFilterHost.exe | C:\Windows\System32 | Microsoft | Microsoft Windows Search Filter Host | {build}
  as system; by SearchIndexer.exe; often 5; on desktop; does 0 1 1 2; topic system
  > "C:\Windows\system32\SearchFilterHost.exe" 0 {n:9000} {n:9000} {n:9000} 8192 {n:9000} {n:900}
WmiPrvSE.exe | C:\Windows\System32\wbem | Microsoft | WMI Provider Host | {build}
  as network; by svchost.exe; often 5; does 1 2 4 5; topic system
  > C:\Windows\system32\wbem\wmiprvse.exe -secured -Embedding
  > C:\Windows\sysWOW64\wbem\wmiprvse.exe -secured -Embedding
taskhostw.exe | C:\Windows\System32 | Microsoft | Host Process for Windows Tasks | {build}
  as user; by svchost.exe; often 6; does 1 3 5 3; topic shell
  > taskhostw.exe {pick:|Install $(Arg0)|-RegisterUserDevice|KEYROAMING|SYSTEM|NGCKeyPregen}
  > taskhostw.exe {GUID}
RuntimeBroker.exe | C:\Windows\System32 | Microsoft | Runtime Broker | {build}
  as user; by svchost.exe; often 5; on desktop; does 0 2 4 3; topic shell
  > C:\Windows\System32\RuntimeBroker.exe -Embedding
dllhost.exe | C:\Windows\System32 | Microsoft | COM Surrogate | {build}
  as user; by svchost.exe; often 6; does 1 3 3 4; topic shell
  > C:\Windows\system32\DllHost.exe /Processid:{{GUID}}
backgroundTaskHost.exe | C:\Windows\System32 | Microsoft | Background Task Host | {build}
  as user; by svchost.exe; often 6; on desktop; does 5 3 5 4; topic shell
  > "C:\Windows\system32\backgroundTaskHost.exe" -ServerName:{pick:App|CortanaUI|BackgroundTaskHost|Global.IrisService|ShellFeedsUI}.AppX{hex:32}.mca
  > "C:\Windows\system32\backgroundTaskHost.exe" -ServerName:{pick:CloudStoreBGTask|Microsoft.Windows.ContentDelivery|WinStore}.AppX{hex:26}.mca
smartscreen.exe | C:\Windows\System32 | Microsoft | Windows Defender SmartScreen | {build}
  as user; by svchost.exe; often 3; on desktop; does 9 1 2 2; topic shell
  > C:\Windows\System32\smartscreen.exe -Embedding
consent.exe | C:\Windows\System32 | Microsoft | Consent UI for administrative applications | {build}
  as system; by svchost.exe; often 2; on desktop; does 1 0 1 3; topic shell
  > consent.exe {n:9000} {n:600} {HEX:16}
userinit.exe | C:\Windows\System32 | Microsoft | Userinit Logon Application | {build}
  as user; by winlogon.exe; logon; on desktop; does 1 1 2 1; topic shell
  > C:\Windows\system32\userinit.exe
explorer.exe | C:\Windows | Microsoft | Windows Explorer | {build}
  as user; by userinit.exe; logon; single; on desktop; does 3 8 8 4; topic shell
  > C:\Windows\Explorer.EXE
sihost.exe | C:\Windows\System32 | Microsoft | Shell Infrastructure Host | {build}
  as user; by svchost.exe; logon; single; on desktop; does 0 1 4 1; topic shell
  > sihost.exe
StartMenuExperienceHost.exe | C:\Windows\SystemApps\Microsoft.Windows.StartMenuExperienceHost_cw5n1h2txyewy | Microsoft | Start menu | {build}
  as user; by svchost.exe; logon; single; on desktop; does 1 3 4 2; topic shell
  > "{path}" -ServerName:App.AppX{hex:32}.mca
SearchApp.exe | C:\Windows\SystemApps\Microsoft.Windows.Search_cw5n1h2txyewy | Microsoft | Search application | {build}
  as user; by svchost.exe; logon; single; on desktop; does 6 4 4 2; topic shell
  > "{path}" -ServerName:CortanaUI.AppX{hex:32}.mca
conhost.exe | C:\Windows\System32 | Microsoft | Console Window Host | {build}
  as user; by cmd.exe powershell.exe git.exe node.exe python.exe; often 14; does 0 0 1 3; topic script
  > \??\C:\Windows\system32\conhost.exe 0xffffffff -ForceV1
  > \??\C:\Windows\system32\conhost.exe 0x4
cmd.exe | C:\Windows\System32 | Microsoft | Windows Command Processor | {build}
  as user; by explorer.exe Code.exe node.exe svchost.exe; often 7; does 1 4 1 2; topic script
  > C:\Windows\system32\cmd.exe /c ""{folder}\{label}.bat" "
  > cmd.exe /d /s /c "npm run {pick:build|lint|test|watch|format} -- --filter={word}-{word}"
  > "C:\Windows\system32\cmd.exe" /c dir /b /s "{home}\{pick:Documents|Pictures|source}\{label}" 1>"{temp}\{guid}.txt"
  > C:\Windows\system32\cmd.exe /c "C:\Program Files\Common Files\{pick:Printing|Inventory|Backup}\{word}\{word}.cmd" {n:999} {date}
  > cmd /c robocopy "\\{server}\{word}$" "D:\{word}\{label}" /MIR /R:2 /W:5 /LOG:"C:\Logs\{word}-{date}.log"
powershell.exe | C:\Windows\System32\WindowsPowerShell\v1.0 | Microsoft | Windows PowerShell | {build}
  as user; by explorer.exe cmd.exe Code.exe; often 3; does 5 5 2 9; topic script
  > powershell.exe -ExecutionPolicy RemoteSigned -File "C:\Scripts\{word}\{pick:Get|Update|Export|Sync}-{word}{word}.ps1" -Site {word} -Since 2026-01-0{n:9} -Limit {n:5000}
  > "C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" -Command "Get-ChildItem -Path '{home}\Documents\{label}' -Recurse | Measure-Object -Property Length -Sum"
  > powershell.exe -Command "& {'{folder}\{label}.ps1'} -Ticket INC{n:9999999} -Verbose"
  > powershell Get-CimInstance -ClassName {pick:Win32_LogicalDisk|Win32_Product|Win32_QuickFixEngineering|Win32_Battery|Win32_Printer} ^| Export-Csv "C:\Logs\inventory\{device}-{hex:8}.csv"
powershell.exe | C:\Windows\System32\WindowsPowerShell\v1.0 | Microsoft | Windows PowerShell | {build}
  as system; by svchost.exe; often 3; does 5 5 3 9; topic agent
  > "C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe" -ExecutionPolicy AllSigned -File "C:\ProgramData\{word}Agent\policies\{guid}\detect.ps1"
  > powershell.exe -Version 5.1 -s -File "C:\Program Files\{word}\Health\{pick:disk|update|license|certificate}-check.ps1" -Run {n:99999} -Out "C:\ProgramData\{word}\Health\{guid}.json"
rundll32.exe | C:\Windows\System32 | Microsoft | Windows host process (Rundll32) | {build}
  as user; by explorer.exe svchost.exe; often 4; does 0 1 3 4; topic shell
  > "C:\Windows\system32\rundll32.exe" Windows.Storage.ApplicationData.dll,CleanupTemporaryState
  > C:\Windows\system32\rundll32.exe C:\Windows\system32\shell32.dll,OpenAs_RunDLL {folder}\{document}
  > rundll32.exe C:\Windows\system32\PcaSvc.dll,PcaPatchSdbTask
  > C:\Windows\System32\rundll32.exe C:\Windows\System32\printui.dll,PrintUIEntry /in /n "\\{server}\{word}-{n:99}" /q
reg.exe | C:\Windows\System32 | Microsoft | Registry Console Tool | {build}
  as admin; by cmd.exe powershell.exe; often 3; does 0 0 6 2; topic script
  > reg query "HKLM\SOFTWARE\{word}\{word}" /v {pick:Version|InstallPath|Channel|LastRun} /reg:64
  > reg add "HKCU\Software\{word}\{word}" /v {word} /t REG_SZ /d "{label}" /f
  > reg  query HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{{GUID}} /v DisplayVersion
sc.exe | C:\Windows\System32 | Microsoft | Service Control Manager Configuration Tool | {build}
  as admin; by cmd.exe powershell.exe; often 1; does 0 0 2 2; topic script
  > sc query {word}svc
  > sc.exe qc "{word} {word} Service" {n:9000}
schtasks.exe | C:\Windows\System32 | Microsoft | Task Scheduler Configuration Tool | {build}
  as admin; by cmd.exe msiexec.exe powershell.exe; often 1; does 0 2 3 2; topic script
  > schtasks.exe /query /tn "\{word}\{word} update {guid}" /fo LIST /v
  > schtasks /run /tn "{word} nightly {n:99}"
net.exe | C:\Windows\System32 | Microsoft | Net Command | {build}
  as user; by cmd.exe; often 1; does 2 0 1 2; topic script
  > net use {pick:H|S|T|X}: \\{server}\{word} /persistent:no
  > net  start "{word} {word}"
ipconfig.exe | C:\Windows\System32 | Microsoft | IP Configuration Utility | {build}
  as user; by cmd.exe powershell.exe; often 1; does 0 0 0 2; topic script
  > ipconfig  {pick:/all|/flushdns|/registerdns|/displaydns}
msiexec.exe | C:\Windows\System32 | Microsoft | Windows installer | {build}
  as system; by services.exe; often 3; does 3 14 12 6; topic update
  > C:\Windows\system32\msiexec.exe /V
  > C:\Windows\syswow64\MsiExec.exe -Embedding {HEX:32}
  > C:\Windows\System32\MsiExec.exe -Embedding {HEX:32} {pick:E Global\MSI0000|C|M Global\MSI0000}
  > msiexec.exe /i "C:\Windows\ccmcache\{hex:2}\{word}-{version}.msi" /qn /norestart /l*v "C:\Logs\install\{word}-{guid}.log" REBOOT=ReallySuppress
TiWorker.exe | C:\Windows\WinSxS\amd64_microsoft-windows-servicingstack_31bf3856ad364e35_{build}_none_7e3142bd90aa5c16 | Microsoft | Windows Modules Installer Worker | {build}
  as system; by svchost.exe; often 1; does 1 20 12 3; topic update
  > {path} -Embedding
TrustedInstaller.exe | C:\Windows\servicing | Microsoft | Windows Modules Installer | {build}
  as system; by services.exe; often 1; does 0 6 6 2; topic update
  > C:\Windows\servicing\TrustedInstaller.exe
usocoreworker.exe | C:\Windows\System32 | Microsoft | USO Core Worker Process | {build}
  as system; by svchost.exe; often 2; does 4 3 6 4; topic update
  > C:\Windows\System32\usocoreworker.exe -Embedding
MoUsoCoreWorker.exe | C:\Windows\UUS\amd64 | Microsoft | MoUSO Core Worker Process | {build}
  as system; by svchost.exe; often 2; does 5 3 7 4; topic update
  > C:\Windows\uus\AMD64\MoUsoCoreWorker.exe
WerFault.exe | C:\Windows\System32 | Microsoft | Windows Problem Reporting | {build}
  as user; by svchost.exe; often 2; does 2 4 2 3; topic system
  > C:\Windows\system32\WerFault.exe -u -p {n:20000} -s {n:9000}
  > C:\Windows\system32\WerFault.exe -pss -s {n:900} -p {n:30000} -ip {n:30000}
wermgr.exe | C:\Windows\System32 | Microsoft | Windows Problem Reporting | {build}
  as system; by svchost.exe; often 2; does 3 4 2 3; topic system
  > C:\Windows\system32\wermgr.exe -upload
  > "C:\Windows\system32\wermgr.exe" "-outproc" "0" "{n:9000}" "{n:9000}" "{n:9000}" "{n:9000}" "0" "0" "{n:9000}" "0" "0" "0" "0" "0"
audiodg.exe | C:\Windows\System32 | Microsoft | Windows Audio Device Graph Isolation | {build}
  as local; by svchost.exe; often 2; on desktop; does 0 0 1 4; topic system
  > C:\Windows\system32\AUDIODG.EXE 0x{hex:3} 0x{hex:3}
mmc.exe | C:\Windows\System32 | Microsoft | Microsoft Management Console | {build}
  as admin; by explorer.exe; often 1; on server; does 4 2 4 4; topic shell
  > "C:\Windows\system32\mmc.exe" "C:\Windows\system32\{pick:dsa|gpmc|dnsmgmt|services|compmgmt|eventvwr}.msc"
defrag.exe | C:\Windows\System32 | Microsoft | Disk Defragmenter Module | {build}
  as system; by svchost.exe; often 1; does 0 1 2 2; topic system
  > C:\Windows\system32\defrag.exe -c -h -k -g -$
  > C:\Windows\system32\defrag.exe \\?\Volume{{guid}}\ -h -o -$
notepad.exe | C:\Windows\System32 | Microsoft | Notepad | {build}
  as user; by explorer.exe; often 2; on desktop; does 0 3 2 3; topic office
  > "C:\Windows\system32\NOTEPAD.EXE" {folder}\{label}.{pick:txt|log|ini|md|json}
`
