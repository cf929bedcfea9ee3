/**
 * What processes deal with, by topic: hosts and ports, files, registry values and libraries, as
 * templates. Registry values are `key | value | type | data`.
 */
export type Topic = 'system' | 'shell' | 'browser' | 'office' | 'developer' | 'update' | 'agent' | 'script'

const lines = (text: string): string[] => text.trim().split(/\n\s*/)

export const hosts: Readonly<Record<Topic, readonly string[]>> = {
  system: lines(`
    settings-win.data.microsoft.com
    v10.events.data.microsoft.com
    ctldl.windowsupdate.com
    {server}
    {server}
    {host}`),
  shell: lines(`
    {pick:www|cdn|th}.bing.com
    login.live.com
    edge.microsoft.com
    {host}
    https://{host}/{word}/{guid}`),
  browser: lines(`
    {host}
    {host}
    {host}
    https://{host}/{word}/{word}?{word}={hex:12}
    https://{host}/{word}/{document}
    {pick:www|fonts|clients2|update}.googleapis.com
    {word}.{host}`),
  office: lines(`
    outlook.office365.com
    {pick:nexusrules|ecs|self.events}.officeapps.live.com
    {word}.sharepoint.example
    https://{host}/{word}/{label}.docx
    {host}`),
  developer: lines(`
    github.com
    registry.npmjs.org
    {pick:api|www}.nuget.org
    registry.{domain}
    https://{host}/{word}/{word}.git
    {host}`),
  update: lines(`
    {hex:8}.dl.delivery.mp.microsoft.com
    update.googleapis.com
    http://{host}/download/{word}/{version}/{guid}.cab
    msedge.api.cdp.microsoft.com
    {host}`),
  agent: lines(`
    {server}
    {server}
    {hex:8}.ods.{word}.example
    https://{host}/v2/ingest/{guid}
    us-v20.events.endpoint.security.example`),
  script: lines(`
    {server}
    https://{host}/{word}/{label}.zip
    {host}`),
}

export const files: Readonly<Record<Topic, readonly string[]>> = {
  system: lines(String.raw`
    C:\Windows\Prefetch\{HEX:8}-{HEX:8}.pf
    C:\Windows\System32\LogFiles\WMI\RtBackup\EtwRT{word}{n:99}.etl
    C:\ProgramData\Microsoft\Windows\WER\ReportQueue\AppCrash_{word}_{hex:40}_{hex:8}_{guid}\Report.wer
    C:\Windows\System32\config\systemprofile\AppData\Local\Microsoft\Windows\INetCache\IE\{HEX:8}\{label}[{n:9}].xml
    C:\Windows\ServiceState\EventLog\Data\lastalive{n:2}.dat
    C:\ProgramData\Microsoft\Search\Data\Applications\Windows\GatherLogs\SystemIndex\SystemIndex.{n:90}.gthr
    C:\Windows\Temp\{guid}.tmp
    C:\Windows\ServiceProfiles\NetworkService\AppData\Local\Microsoft\Windows\DeliveryOptimization\Cache\{hex:40}\content.phf`),
  shell: lines(String.raw`
    {roaming}\Microsoft\Windows\Recent\{label}.lnk
    {roaming}\Microsoft\Windows\Recent\AutomaticDestinations\{hex:16}.automaticDestinations-ms
    {local}\Microsoft\Windows\Explorer\thumbcache_{pick:16|32|96|256|768}.db
    {local}\Packages\Microsoft.Windows.ContentDeliveryManager_cw5n1h2txyewy\LocalState\Assets\{hex:64}
    {folder}\{document}
    {folder}\{label}\{document}
    \\{server}\{word}$\{user}\{document}
    {local}\ConnectedDevicesPlatform\{hex:16}\ActivitiesCache.db-wal`),
  browser: lines(String.raw`
    {local}\Google\Chrome\User Data\Default\Cache\Cache_Data\f_{hex:6}
    {local}\Google\Chrome\User Data\Default\Code Cache\js\{hex:16}_0
    {local}\Microsoft\Edge\User Data\Default\Service Worker\CacheStorage\{hex:40}\{guid}\{hex:16}_0
    {local}\Microsoft\Edge\User Data\Default\Extensions\{hex:32}\{version}_0\_locales\{pick:de|en|fr|es}\messages.json
    {home}\Downloads\{document}
    {home}\Downloads\{label}.{pick:pdf|zip|docx|crdownload}
    {local}\Mozilla\Firefox\Profiles\{hex:8}.default-release\cache2\entries\{HEX:40}
    {temp}\{guid}.tmp`),
  office: lines(String.raw`
    {folder}\{label}.{pick:docx|xlsx|pptx}
    {folder}\~${'$'}{label}.docx
    {local}\Microsoft\Windows\INetCache\Content.Outlook\{HEX:8}\{document}
    {local}\Microsoft\Office\16.0\OfficeFileCache\0\0\{HEX:32}.C
    {roaming}\Microsoft\Office\Recent\{label}.LNK
    {home}\OneDrive - {word}\{label}\{document}
    {roaming}\Microsoft\Teams\IndexedDB\https_teams.microsoft.com_0.indexeddb.leveldb\{n:99999}.ldb
    \\{server}\{word}\{label}\{document}`),
  developer: lines(String.raw`
    {repo}\node_modules\{word}-{word}\dist\{word}.{pick:js|mjs|d.ts|js.map}
    {repo}\node_modules\.cache\{word}\{hex:40}.json
    {repo}\.git\objects\{hex:2}\{hex:38}
    {repo}\.git\refs\remotes\origin\{word}\{word}-{n:9999}
    {repo}\obj\Release\net8.0\{word}.{word}.dll
    {repo}\out\build\x64-Debug\CMakeFiles\{word}.dir\src\{word}_{word}.cc.obj
    {repo}\src\{word}\{word}_{word}.{pick:ts|cs|cc|h|py}
    {roaming}\Code\User\workspaceStorage\{hex:32}\state.vscdb
    {roaming}\npm-cache\_cacache\content-v2\sha512\{hex:2}\{hex:2}\{hex:124}`),
  update: lines(String.raw`
    C:\Windows\SoftwareDistribution\Download\{hex:32}\{word}-kb50{n:99999}-x64_{hex:40}.cab
    C:\Windows\WinSxS\Temp\InFlight\{hex:32}\amd64_{word}-{word}_31bf3856ad364e35_{build}_none_{hex:16}\{word}.dll
    C:\Windows\Installer\{hex:5}.msi
    C:\Program Files\{word}\{word}\{version}\{word}.{word}.dll
    C:\Program Files (x86)\Google\GoogleUpdater\{version}\updater.log
    C:\Windows\ccmcache\{hex:2}\{word}-{version}.msi
    C:\Windows\Logs\CBS\CbsPersist_{date}{n:999999}.log
    C:\Config.Msi\{hex:6}.rbf`),
  agent: lines(String.raw`
    C:\ProgramData\{word}Agent\spool\{guid}.json
    C:\ProgramData\{word}Agent\policies\{guid}\{word}.xml
    C:\Windows\CCM\Logs\{word}{word}.log
    C:\Windows\CCM\Inventory\Temp\{guid}.xml
    C:\ProgramData\Microsoft\Windows Defender\Scans\History\CacheManager\{GUID}-{n:9}.bin
    D:\Backup\{word}\{date}\{hex:16}.blk
    D:\MSSQL\DATA\{word}_{word}.mdf
    C:\inetpub\logs\LogFiles\W3SVC{n:9}\u_ex{date}.log`),
  script: lines(String.raw`
    {temp}\__PSScriptPolicyTest_{hex:8}.{hex:3}.ps1
    {folder}\{label}.csv
    C:\Logs\{word}\{word}-{date}-{hex:8}.log
    {local}\Microsoft\Windows\PowerShell\StartupProfileData-{pick:Interactive|NonInteractive}
    {temp}\{guid}.txt`),
}

export const registry: Readonly<Record<Topic, readonly string[]>> = {
  system: lines(String.raw`
    HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Services\bam\State\UserSettings\{sid} | \Device\HarddiskVolume3\Program Files\{word}\{word}.exe | Binary | {hex:48}
    HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces\{{guid}} | {pick:LeaseObtainedTime|LeaseTerminatesTime|T1|T2} | Dword | 17{n:99999999}
    HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\{{GUID}} | {pick:DynamicInfo|Hash|Triggers} | Binary | {hex:72}
    HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\{word}svc | {pick:Start|Type|ErrorControl} | Dword | {pick:1|2|3}
    HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Diagnostics\DiagTrack\SettingsRequests\{word}.{hex:8} | ETag | String | "{b64:44}"
    HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\USB\VID_{HEX:4}&PID_{HEX:4}\{hex:12} | FriendlyName | String | {label}`),
  shell: lines(String.raw`
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\RecentDocs\.{pick:docx|pdf|xlsx} | {n:150} | Binary | {hex:96}
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\UserAssist\{{GUID}}\Count | P:\{word}\{word}.rkr | Binary | {hex:144}
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Classes\Local Settings\Software\Microsoft\Windows\Shell\BagMRU\{n:20}\{n:20} | MRUListEx | Binary | {hex:40}
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\Windows\CurrentVersion\CloudStore\Store\Cache\DefaultAccount\{word}{guid}\Current | Data | Binary | {hex:120}
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Compatibility Assistant\Store | C:\Program Files\{word}\{word}.exe | Binary | {hex:64}`),
  browser: lines(String.raw`
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Google\Chrome\PreferenceMACs\Default\extensions.settings | {hex:32} | String | {HEX:64}
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\Edge\PreferenceMACs\Default | {word}.{word} | String | {HEX:64}
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Google\Chrome\StabilityMetrics | user_experience_metrics.stability.exited_cleanly | Dword | {n:2}`),
  office: lines(String.raw`
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\Office\16.0\{pick:Word|Excel|PowerPoint}\Reading Locations\Document {n:50} | Datetime | String | 2026-01-0{n:9}T{n:24}:{n:60}
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\Office\16.0\{pick:Word|Excel|PowerPoint}\File MRU | Item {n:50} | String | [F00000000][T01DC{HEX:12}][O00000000]*{folder}\{document}
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\Office\16.0\Common\Roaming\Identities\{hex:64}\Settings\{n:2000}\{{GUID}} | Data | Binary | {hex:80}
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\Office\16.0\Outlook\Search\Catalog | {local}\Microsoft\Outlook\{user}@{domain}.ost | Binary | {hex:32}`),
  developer: lines(String.raw`
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\VisualStudio\17.0_{hex:8}\ProjectMRUList | File{n:30} | String | {repo}\{word}.sln
    HKEY_CURRENT_USER\{sid}\SOFTWARE\Microsoft\VSCommon\ConnectedUser\IdeUserV4\Cache | {guid} | Binary | {hex:96}
    HKEY_CURRENT_USER\{sid}\Console\C:_src_{word} | WindowSize | Dword | {n:9000000}`),
  update: lines(String.raw`
    HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Installer\UserData\S-1-5-18\Components\{HEX:32} | {HEX:32} | String | C:\Program Files\{word}\{word}\{word}.dll
    HKEY_LOCAL_MACHINE\COMPONENTS\DerivedData\Components\amd64_{word}-{word}_31bf3856ad364e35_{build}_none_{hex:16} | c!{word}.._31bf3856ad364e35_{build}_{hex:16} | Binary | {hex:40}
    HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\{{GUID}} | {pick:DisplayVersion|InstallDate|EstimatedSize|ModifyPath} | String | {version}
    HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\ClientState\{{GUID}} | {pick:LastCheckSuccess|ActivePing|DayOfLastRollCall} | Qword | {ticks}
    HKEY_LOCAL_MACHINE\SOFTWARE\Classes\CLSID\{{GUID}}\InprocServer32 | ThreadingModel | String | {pick:Both|Apartment|Free}`),
  agent: lines(String.raw`
    HKEY_LOCAL_MACHINE\SOFTWARE\{word}\{word}Agent\State | Last{word}Run | String | 2026-01-0{n:9}T{n:24}:{n:60}:{n:60}Z
    HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\CCM\StateSystem\{hex:8} | {guid} | String | {label}
    HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Advanced Threat Protection\Heartbeat | {word}Health{n:99} | Qword | {ticks}
    HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows Defender\Signature Updates | SignatureLocation | String | C:\ProgramData\Microsoft\Windows Defender\Definition Updates\{{GUID}}`),
  script: lines(String.raw`
    HKEY_CURRENT_USER\{sid}\SOFTWARE\{word}\{word} | {word} | String | {label}
    HKEY_LOCAL_MACHINE\SOFTWARE\{word}\{word}\Inventory | {word}{n:900} | ExpandString | %ProgramFiles%\{word}\{label}`),
}

/** Libraries of Windows, which everything loads. */
export const libraries: readonly string[] = `
  ntdll kernel32 kernelbase user32 gdi32 gdi32full win32u msvcrt ucrtbase advapi32 sechost rpcrt4 combase ole32 oleaut32
  shell32 shlwapi shcore ws2_32 mswsock dnsapi iphlpapi winhttp wininet urlmon crypt32 bcrypt bcryptprimitives ncrypt
  cryptsp rsaenh msasn1 wintrust secur32 sspicli schannel kerberos msv1_0 netapi32 netutils srvcli wkscli logoncli userenv
  profext powrprof umpdc dbghelp version setupapi cfgmgr32 devobj imm32 msctf textinputframework uxtheme dwmapi dcomp
  d3d11 d3d10warp dxgi dxcore d2d1 dwrite windowscodecs propsys clbcatq comctl32 comdlg32 winspool.drv winmm mmdevapi
  audioses avrt wtsapi32 winsta taskschd wbemcomn wbemprox wbemsvc fastprox amsi mpoav mpclient sxs xmllite
  msxml6 mscoree mscoreei clr clrjit wldp windows.storage windows.ui twinapi.appcore rmclient coremessaging
  coreuicomponents ntmarta cabinet msi srpapi edputil apphelp gpapi dsreg samcli policymanager dhcpcsvc
  dhcpcsvc6 nlaapi rasadhlp fwpuclnt webio winnsi wshtcpip napinsp pnrpnsp wevtapi pcacli tdh mfplat`
  .trim()
  .split(/\s+/)

/** Libraries that programs bring with them, in their folders. */
export const ownLibraries = lines(`
    {word}{word}.dll
    {word}.{word}.dll
    lib{word}-{n:20}.dll
    api-{word}-l1-{n:9}-0.dll
    {word}_{word}_x64.dll`)
