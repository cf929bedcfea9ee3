/** Browsers, Office and what else people start, with their updaters; see ../catalogue.ts for the form. */
export const applications = String.raw`
chrome.exe | C:\Program Files\Google\Chrome\Application | Google LLC | Google Chrome | 14{n:4}.0.{n:7400}.{n:200}
  as user; by explorer.exe; often 2; single; on desktop; does 30 22 8 4; topic browser
  > "{path}" --profile-directory="Profile {n:9}" https://{host}/{label}
  > "{path}" --single-argument https://{host}/{word}/{word}?id={guid}
  > "{path}" {pick:|--flag-switches-begin --flag-switches-end |--restore-last-session}
chrome.exe | C:\Program Files\Google\Chrome\Application | Google LLC | Google Chrome | 14{n:4}.0.{n:7400}.{n:200}
  as user; by chrome.exe; often 24; on desktop; does 4 2 1 3; topic browser
  > "{path}" --type=renderer --string-annotations --video-capture-use-gpu-memory-buffer --lang=en-US --device-scale-factor=1.{n:9} --num-raster-threads=4 --enable-main-frame-before-activation --renderer-client-id={n:900} --time-ticks-at-unix-epoch=-{ticks} --launch-time-ticks={ticks} --metrics-shmem-handle={n:9000},i,{ticks},{ticks},2097152 --field-trial-handle={n:9000},i,{ticks},{ticks},262144 --variations-seed-version --mojo-platform-channel-handle={n:9000} /prefetch:1
  > "{path}" --type=utility --utility-sub-type={pick:network.mojom.NetworkService|storage.mojom.StorageService|data_decoder.mojom.DataDecoderService|chrome.mojom.ProcessorMetrics|unzip.mojom.Unzipper} --lang=en-US --service-sandbox-type={pick:none|service|utility} --string-annotations --field-trial-handle={n:9000},i,{ticks},{ticks},262144 --variations-seed-version --mojo-platform-channel-handle={n:9000} /prefetch:8
  > "{path}" --type=gpu-process --string-annotations --gpu-preferences={b64:60}AA --field-trial-handle={n:9000},i,{ticks},{ticks},262144 --variations-seed-version --mojo-platform-channel-handle={n:9000} /prefetch:2
  > "{path}" --type=crashpad-handler "--user-data-dir={local}\Google\Chrome\User Data" /prefetch:4 --monitor-self-annotation=ptype=crashpad-handler "--database={local}\Google\Chrome\User Data\Crashpad" --annotation=plat=Win64 --annotation=prod=Chrome --initial-client-data=0x{hex:3},0x{hex:3},0x{hex:3},0x{hex:2},0x{hex:3},0x7ff{hex:9}
msedge.exe | C:\Program Files (x86)\Microsoft\Edge\Application | Microsoft | Microsoft Edge | 14{n:4}.0.{n:3900}.{n:120}
  as user; by explorer.exe; often 2; single; on desktop; does 28 20 10 4; topic browser
  > "{path}" --no-startup-window --win-session-start
  > "{path}" --single-argument https://{host}/{word}/{document}
  > "{path}" --profile-directory=Default https://{host}/{word}/{guid}
msedge.exe | C:\Program Files (x86)\Microsoft\Edge\Application | Microsoft | Microsoft Edge | 14{n:4}.0.{n:3900}.{n:120}
  as user; by msedge.exe; often 18; on desktop; does 4 2 1 3; topic browser
  > "{path}" --type=renderer --lang=en-US --js-flags=--ms-user-locale= --device-scale-factor=1 --num-raster-threads=4 --renderer-client-id={n:900} --time-ticks-at-unix-epoch=-{ticks} --launch-time-ticks={ticks} --always-read-main-dll --metrics-shmem-handle={n:9000},i,{ticks},{ticks},2097152 --field-trial-handle={n:9000},i,{ticks},{ticks},262144 --variations-seed-version --mojo-platform-channel-handle={n:9000} /prefetch:1
  > "{path}" --type=utility --utility-sub-type={pick:edge_search_indexer.mojom.SearchIndexerInterfaceBroker|entity_extraction_service.mojom.Extractor|asset_store.mojom.AssetStoreService|network.mojom.NetworkService} --lang=en-US --service-sandbox-type={pick:search_indexer|entity_extraction|asset_store_service|none} --message-loop-type-ui --always-read-main-dll --field-trial-handle={n:9000},i,{ticks},{ticks},262144 --mojo-platform-channel-handle={n:9000} /prefetch:8
firefox.exe | C:\Program Files\Mozilla Firefox | Mozilla Corporation | Firefox | 14{n:6}.0.{n:4}
  as user; by explorer.exe; often 1; single; on desktop; does 25 20 4 4; topic browser
  > "{path}" -osint -url "https://{host}/{word}?session={hex:32}"
firefox.exe | C:\Program Files\Mozilla Firefox | Mozilla Corporation | Firefox | 14{n:6}.0.{n:4}
  as user; by firefox.exe; often 10; on desktop; does 3 1 1 3; topic browser
  > "{path}" -contentproc -isForBrowser -prefsHandle {n:9000}:{n:60000} -prefMapHandle {n:9000}:{n:300000} -jsInitHandle {n:9000}:{n:300000} -parentBuildID 2026010{n:9}{n:99999} -sandboxingKind {n:4} -win32kLockedDown -appDir "C:\Program Files\Mozilla Firefox\browser" - {guid} {n:20000} "\\.\pipe\gecko-crash-server-pipe.{n:20000}" {n:90} tab
msedgewebview2.exe | C:\Program Files (x86)\Microsoft\EdgeWebView\Application\{ver} | Microsoft | Microsoft Edge WebView2 | 140.0.{n:3900}.{n:120}
  as user; by ms-teams.exe OUTLOOK.EXE SearchApp.exe; often 8; on desktop; does 8 5 2 3; topic browser
  > "{path}" --embedded-browser-webview=1 --webview-exe-name={pick:ms-teams|OUTLOOK|SearchApp}.exe --webview-exe-version={version} --user-data-dir="{local}\Packages\{word}_8wekyb3d8bbwe\LocalCache\EBWebView" --noerrdialogs --embedded-browser-webview-dpi-awareness=2 --mojo-named-platform-channel-pipe={n:20000}.{n:20000}.{ticks}
OUTLOOK.EXE | C:\Program Files\Microsoft Office\root\Office16 | Microsoft | Microsoft Outlook | 16.0.1{n:9000}.20{n:900}
  as user; by explorer.exe; often 1; single; on desktop; does 24 16 14 4; topic office
  > "{path}"
  > "{path}" /eml "{home}\Downloads\{label}.eml"
  > "{path}" /f "{local}\Microsoft\Windows\INetCache\{label}.msg"
WINWORD.EXE | C:\Program Files\Microsoft Office\root\Office16 | Microsoft | Microsoft Word | 16.0.1{n:9000}.20{n:900}
  as user; by explorer.exe OUTLOOK.EXE; often 3; on desktop; does 9 14 16 6; topic office
  > "{path}" /n "{folder}\{label}.docx" /o ""
  > "{path}" /n "{local}\Microsoft\Windows\INetCache\Content.Outlook\{HEX:8}\{label}.docx" /o "u"
  > "{path}" /Automation -Embedding
EXCEL.EXE | C:\Program Files\Microsoft Office\root\Office16 | Microsoft | Microsoft Excel | 16.0.1{n:9000}.20{n:900}
  as user; by explorer.exe OUTLOOK.EXE; often 3; on desktop; does 9 14 16 6; topic office
  > "{path}" "{folder}\{label}.xlsx"
  > "{path}" /dde
  > "{path}" "\\{server}\{word}\{label}\{label}.xlsm"
POWERPNT.EXE | C:\Program Files\Microsoft Office\root\Office16 | Microsoft | Microsoft PowerPoint | 16.0.1{n:9000}.20{n:900}
  as user; by explorer.exe OUTLOOK.EXE; often 2; on desktop; does 7 10 12 6; topic office
  > "{path}" "{folder}\{label}.pptx" /ou "u"
  > "{path}" /s "\\{server}\{word}\{label}.ppsx"
ONENOTEM.EXE | C:\Program Files\Microsoft Office\root\Office16 | Microsoft | Send to OneNote Tool | 16.0.1{n:9000}.20{n:900}
  as user; by explorer.exe; logon; on desktop; does 0 1 1 1; topic office
  > /tsr
ai.exe | C:\Program Files\Microsoft Office\root\vfs\ProgramFilesCommonX64\Microsoft Shared\Office16 | Microsoft | Artificial Intelligence Host | 0.12.2.0
  as user; by WINWORD.EXE EXCEL.EXE OUTLOOK.EXE; often 3; on desktop; does 1 1 1 4; topic office
  > "{path}" "{GUID}" "{GUID}" "{n:30000}" "C:\Program Files\Microsoft Office\Root\Office16\{pick:WINWORD|EXCEL|OUTLOOK}.EXE" "{pick:Word|Excel|Outlook}CombinedFloatieLreOnline.onnx"
OfficeClickToRun.exe | C:\Program Files\Common Files\Microsoft Shared\ClickToRun | Microsoft | Microsoft Office Click-to-Run (SxS) | 16.0.1{n:9000}.20{n:900}
  as system; by services.exe; boot 1; on desktop; does 8 10 10 2; topic update
  > "{path}" /service
  > "{path}" /update SCHEDULEDTASK displaylevel=False
ms-teams.exe | C:\Program Files\WindowsApps\MSTeams_{ver}_x64__8wekyb3d8bbwe | Microsoft | Microsoft Teams | 25{n:300}.{n:1500}.{n:4000}.{n:900}
  as user; by explorer.exe; logon; single; on desktop; does 22 10 5 4; topic office
  > "{path}" msteams:system-initiated
  > "{path}" "msteams:/l/meetup-join/19:meeting_{b64:48}@thread.v2/0?context={guid}"
OneDrive.exe | {local}\Microsoft\OneDrive | Microsoft | Microsoft OneDrive | 25.{n:250}.{n:1200}.000{n:9}
  as user; by explorer.exe; logon; single; on desktop; does 14 14 8 3; topic office
  > "{path}" /background
FileCoAuth.exe | {local}\Microsoft\OneDrive\{ver} | Microsoft | Microsoft OneDriveFile Co-Authoring Executable | 25.{n:250}.{n:1200}.000{n:9}
  as user; by svchost.exe; often 3; on desktop; does 4 3 2 3; topic office
  > {path} -Embedding
slack.exe | {local}\slack\app-{ver} | Slack Technologies, LLC | Slack | 4.{n:46}.{n:200}
  as user; by explorer.exe slack.exe; often 5; on desktop; does 14 6 2 3; topic browser
  > "{path}" --type=renderer --enable-crash-reporter={guid},no_channel --user-data-dir="{roaming}\Slack" --app-user-model-id=com.squirrel.slack.slack --app-path="{local}\slack\app-{ver}\resources\app.asar" --field-trial-handle={n:9000},i,{ticks},{ticks},262144 --mojo-platform-channel-handle={n:9000} /prefetch:1
  > "{path}" --startup
Zoom.exe | {roaming}\Zoom\bin | Zoom Communications, Inc. | Zoom Workplace | 6.{n:6}.{n:12}.{n:9000}
  as user; by explorer.exe; often 2; on desktop; does 18 4 3 5; topic browser
  > "{path}" "--url=zoommtg://{host}/join?action=join&confid={b64:60}&confno={n:99999999}&zc=0"
  > "{path}" --action=join --runaszvideo=TRUE
AcroRd32.exe | C:\Program Files (x86)\Adobe\Acrobat Reader DC\Reader | Adobe Inc. | Adobe Acrobat Reader | 25.{n:9}.{n:20900}
  as user; by explorer.exe chrome.exe OUTLOOK.EXE; often 3; on desktop; does 5 6 6 5; topic office
  > "{path}" "{folder}\{label}.pdf"
  > "{path}" --type=renderer "{home}\Downloads\{label} ({n:9}).pdf"
7zFM.exe | C:\Program Files\7-Zip | Igor Pavlov | 7-Zip File Manager | 24.0{n:9}
  as user; by explorer.exe; often 1; on desktop; does 0 8 2 2; topic office
  > "{path}" "{home}\Downloads\{label}.{pick:7z|zip|rar}"
Spotify.exe | {roaming}\Spotify | Spotify AB | Spotify | 1.2.{n:70}.{n:500}
  as user; by explorer.exe Spotify.exe; often 2; on desktop; does 10 5 1 3; topic browser
  > "{path}" --type=utility --utility-sub-type=network.mojom.NetworkService --user-agent-product="Chrome/{version} Spotify/1.2.{n:70}" --lang=en --mojo-platform-channel-handle={n:9000} /prefetch:8
  > {path} --autostart --minimized
GoogleUpdater.exe | C:\Program Files (x86)\Google\GoogleUpdater\{ver} | Google LLC | Google Updater | 14{n:4}.0.{n:7400}.0
  as system; by svchost.exe services.exe; often 3; does 5 4 5 3; topic update
  > "{path}" --wake --system
  > "{path}" --system --windows-service --service={pick:update|update-internal}
  > "{path}" --crash-handler --system --database="C:\Program Files (x86)\Google\GoogleUpdater\{ver}\Crashpad" --url=https://clients2.google.com/cr/report --annotation=prod=Update4 --annotation=ver={ver} --initial-client-data=0x{hex:3},0x{hex:3},0x{hex:3},0x{hex:2}
MicrosoftEdgeUpdate.exe | C:\Program Files (x86)\Microsoft\EdgeUpdate | Microsoft | Microsoft Edge Update | 1.3.{n:220}.{n:60}
  as system; by svchost.exe MicrosoftEdgeUpdate.exe; often 4; does 6 3 6 3; topic update
  > "{path}" /{pick:c|ua /installsource scheduler|svc|cr|registermsihelper}
  > "{path}" /ping {b64:200}
  > "{path}" /report "C:\Program Files (x86)\Microsoft\EdgeUpdate\Log\{guid}.dmp" /machine /custom_info_filename "C:\Windows\SystemTemp\{hex:4}.tmp"
AdobeARM.exe | C:\Program Files (x86)\Common Files\Adobe\ARM\1.0 | Adobe Inc. | Adobe Reader and Acrobat Manager | 1.824.{n:60}.{n:9000}
  as user; by taskhostw.exe explorer.exe; often 1; on desktop; does 4 3 3 3; topic update
  > "{path}" /PRODUCT:Reader /VERSION:25.0 /MODE:{n:4} /SESSION:{guid}
Update.exe | {local}\slack | GitHub | Squirrel | 2.{n:9}.{n:9}.0
  as user; by slack.exe explorer.exe; often 1; on desktop; does 4 8 3 3; topic update
  > "{path}" --checkForUpdate "https://{host}/desktop-releases/windows/x64?team={HEX:11}"
  > "{path}" --processStart "slack.exe" --process-start-args "--startup"
`
