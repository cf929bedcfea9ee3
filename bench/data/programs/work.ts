/** Developer tools, servers and agents; see ../catalogue.ts for the form. */
export const workPrograms = String.raw`
MsMpEng.exe | C:\ProgramData\Microsoft\Windows Defender\Platform\{ver}-0 | Microsoft | Antimalware Service Executable | 4.18.25{n:99}.{n:9}
  as system; by services.exe; boot 1; does 4 6 6 2; topic agent
  > "{path}"
MpCmdRun.exe | C:\ProgramData\Microsoft\Windows Defender\Platform\{ver}-0 | Microsoft | Microsoft Malware Protection Command Line Utility | 4.18.25{n:99}.{n:9}
  as network; by MsMpEng.exe svchost.exe; often 3; does 3 2 2 4; topic agent
  > "{path}" {pick:SignatureUpdate -ScheduleJob -RestrictPrivileges|SpyNetServiceDss -RestrictPrivileges|SignaturesUpdateService -ScheduleJob -UnmanagedUpdate} -AccessKey {GUID} -Reinvoke
MsSense.exe | C:\Program Files\Windows Defender Advanced Threat Protection | Microsoft | Windows Defender Advanced Threat Protection Service Executable | 10.87{n:90}.{n:30000}.1000
  as system; by services.exe; boot 1; does 8 4 4 2; topic agent
  > "{path}"
SenseCncProxy.exe | C:\Program Files\Windows Defender Advanced Threat Protection | Microsoft | Windows Defender Advanced Threat Protection Communication Module | 10.87{n:90}.{n:30000}.1000
  as network; by MsSense.exe; often 3; does 9 1 1 3; topic agent
  > "{path}" --session {guid} --endpoint winatp-gw-{pick:weu|neu|eus|cus}.example
CcmExec.exe | C:\Windows\CCM | Microsoft | Host Process for Microsoft Configuration Manager | 5.00.9{n:140}.10{n:99}
  as system; by services.exe; boot 1; does 7 9 7 3; topic agent
  > C:\Windows\CCM\CcmExec.exe
SCNotification.exe | C:\Windows\CCM | Microsoft | SCNotification | 5.00.9{n:140}.10{n:99}
  as user; by CcmExec.exe; logon; on desktop; does 0 1 2 3; topic agent
  > "{path}"
HealthService.exe | C:\Program Files\Microsoft Monitoring Agent\Agent | Microsoft | Microsoft Monitoring Agent Service | 10.20.18{n:99}.0
  as system; by services.exe; boot 1; on server; does 6 6 3 2; topic agent
  > "{path}"
MonitoringHost.exe | C:\Program Files\Microsoft Monitoring Agent\Agent | Microsoft | Microsoft Monitoring Agent Host | 10.20.18{n:99}.0
  as system; by HealthService.exe; often 3; on server; does 3 4 3 4; topic agent
  > "{path}" -Embedding
cscript.exe | C:\Windows\System32 | Microsoft | Microsoft Console Based Script Host | {build}
  as system; by MonitoringHost.exe; often 2; on server; does 0 2 1 4; topic agent
  > "C:\Windows\system32\cscript.exe" /nologo "C:\Program Files\Microsoft Monitoring Agent\Agent\Health Service State\Monitoring Host Temporary Files {n:9000}\{n:9000}\{word}Discovery.vbs" {GUID} {{GUID}} {device}.{domain}
splunkd.exe | C:\Program Files\SplunkUniversalForwarder\bin | Splunk Inc. | splunkd service | 9.{n:5}.{n:9}
  as system; by services.exe; boot 1; on server; does 9 8 1 2; topic agent
  > "{path}" service
splunk-winevtlog.exe | C:\Program Files\SplunkUniversalForwarder\bin | Splunk Inc. | Splunk Windows event log monitor | 9.{n:5}.{n:9}
  as system; by splunkd.exe; often 2; on server; does 1 3 1 3; topic agent
  > "{path}"
splunk-powershell.exe | C:\Program Files\SplunkUniversalForwarder\bin | Splunk Inc. | Splunk PowerShell monitor | 9.{n:5}.{n:9}
  as system; by splunkd.exe; often 1; on server; does 0 2 1 4; topic agent
  > "{path}" --stanza {word}-{word} --checkpoint "C:\Program Files\SplunkUniversalForwarder\var\lib\splunk\modinputs\{guid}"
vmtoolsd.exe | C:\Program Files\VMware\VMware Tools | VMware, Inc. | VMware Tools Core Service | 12.{n:6}.{n:9}.{n:30000}
  as system; by services.exe; boot 1; on server; does 1 3 3 2; topic agent
  > "{path}"
sqlservr.exe | C:\Program Files\Microsoft SQL Server\MSSQL16.MSSQLSERVER\MSSQL\Binn | Microsoft | SQL Server Windows NT - 64 Bit | 2022.160.{n:4200}.{n:9}
  as network; by services.exe; boot 1; on server; does 14 10 2 1; topic agent
  > "{path}" -sMSSQLSERVER
w3wp.exe | C:\Windows\System32\inetsrv | Microsoft | IIS Worker Process | {build}
  as network; by svchost.exe; often 2; on server; does 16 9 2 5; topic agent
  > c:\windows\system32\inetsrv\w3wp.exe -ap "{pick:DefaultAppPool|api|intranet|reports}-{word}" -v "v4.0" -l "webengine4.dll" -a \\.\pipe\iisipm{guid} -h "C:\inetpub\temp\apppools\{word}\{word}.config" -w "" -m 0 -t 20 -ta 0
dns.exe | C:\Windows\System32 | Microsoft | Domain Name System (DNS) Server | {build}
  as system; by services.exe; boot 1; on server; does 20 1 2 1; topic system
  > C:\Windows\system32\dns.exe
backupagent.exe | C:\Program Files\Wren Backup\bin | Example Backup GmbH | Backup agent | 8.{n:9}.{n:400}
  as system; by services.exe; often 2; on server; does 8 10 2 2; topic agent
  > "{path}" --job {guid} --catalog "D:\Backup\{word}\{date}\{hex:16}.cat" --target backup{n:9}.{domain} --threads {n:16} --since {ticks}
Code.exe | {local}\Programs\Microsoft VS Code | Microsoft | Visual Studio Code | 1.{n:106}.{n:4}
  as user; by explorer.exe; often 1; single; on developer; does 10 14 3 4; topic developer
  > "{path}" {repo}
  > "{path}" --unity-launch
Code.exe | {local}\Programs\Microsoft VS Code | Microsoft | Visual Studio Code | 1.{n:106}.{n:4}
  as user; by Code.exe; often 9; on developer; does 5 8 1 3; topic developer
  > "{path}" --type=utility --utility-sub-type=node.mojom.NodeService --lang=en-US --service-sandbox-type=none --user-data-dir="{roaming}\Code" --standard-schemes=vscode-webview,vscode-file --enable-sandbox --secure-schemes=vscode-webview,vscode-file --field-trial-handle={n:9000},i,{ticks},{ticks},262144 --mojo-platform-channel-handle={n:9000} /prefetch:8
  > "{path}" --ms-enable-electron-run-as-node "{home}\.vscode\extensions\{word}.{word}-{version}\dist\server.js" --node-ipc --clientProcessId={n:30000}
devenv.exe | C:\Program Files\Microsoft Visual Studio\2022\Professional\Common7\IDE | Microsoft | Microsoft Visual Studio | 17.{n:14}.{n:36000}
  as user; by explorer.exe; often 1; single; on developer; does 9 18 10 5; topic developer
  > "{path}" "{repo}\{word}.sln"
MSBuild.exe | C:\Program Files\Microsoft Visual Studio\2022\Professional\MSBuild\Current\Bin\amd64 | Microsoft | MSBuild.exe | 17.{n:14}.{n:36000}
  as user; by devenv.exe cmd.exe; often 4; on developer; does 0 20 1 6; topic developer
  > "{path}" /nologo /nodemode:1 /nodeReuse:true /low:false
  > "{path}" {repo}\{word}.csproj /t:{pick:Build|Restore|Rebuild|Publish} /p:Configuration={pick:Debug|Release} /p:BuildId={guid} /m /v:minimal
csc.exe | C:\Program Files\Microsoft Visual Studio\2022\Professional\MSBuild\Current\Bin\Roslyn | Microsoft | Microsoft C# compiler | 4.{n:14}.{n:9}
  as user; by MSBuild.exe; often 4; on developer; does 0 12 0 5; topic developer
  > "{path}" /noconfig /unsafe- /checked- /nowarn:1701,1702 /fullpaths /nostdlib+ /errorreport:prompt /warn:7 /define:TRACE;RELEASE;NET8_0 /highentropyva+ /out:obj\Release\net8.0\{word}.{word}.dll /sourcelink:obj\{hex:16}.sourcelink.json /target:library @"{temp}\{guid}.rsp"
cl.exe | C:\Program Files\Microsoft Visual Studio\2022\Professional\VC\Tools\MSVC\{ver}\bin\HostX64\x64 | Microsoft | Microsoft C/C++ Compiler Driver | 14.4{n:4}.{n:36000}
  as user; by MSBuild.exe ninja.exe; often 5; on developer; does 0 10 0 4; topic developer
  > "{path}" /nologo /TP -DWIN32 -D_WINDOWS -I{repo}\include -I{repo}\third_party\{word}\include /DWIN32 /EHsc /O2 /Ob2 /DNDEBUG -std:c++20 -MD /showIncludes /FoCMakeFiles\{word}.dir\src\{word}_{word}.cc.obj /FdCMakeFiles\{word}.dir\ /FS -c {repo}\src\{word}_{word}.cc
ninja.exe | C:\Program Files\Microsoft Visual Studio\2022\Professional\Common7\IDE\CommonExtensions\Microsoft\CMake\Ninja | Kitware | Ninja | 1.1{n:3}.{n:3}
  as user; by cmd.exe devenv.exe; often 2; on developer; does 0 9 0 2; topic developer
  > "{path}" -C {repo}\out\build\x64-{pick:Debug|Release} {word}_{pick:tests|core|tool|bench}.exe
node.exe | C:\Program Files\nodejs | Node.js | Node.js JavaScript Runtime | 2{n:3}.{n:22}.{n:4}
  as user; by cmd.exe Code.exe; often 7; on developer; does 9 16 0 3; topic developer
  > "{path}" "{roaming}\npm\node_modules\npm\bin\npm-cli.js" {pick:ci|install|run build|test|run lint} --prefix {repo}\packages\{word}-{word}
  > "{path}" {repo}\node_modules\{pick:typescript\bin\tsc|vite\bin\vite.js|eslint\bin\eslint.js|jest\bin\jest.js} --config {word}.config.{pick:js|mjs|json} --cache-location {temp}\{hex:12}
git.exe | C:\Program Files\Git\mingw64\bin | The Git Development Community | Git for Windows | 2.{n:52}.{n:3}.1
  as user; by Code.exe devenv.exe cmd.exe; often 14; on developer; does 5 8 0 2; topic developer
  > git.exe {pick:status -z -uall|rev-parse --show-toplevel|for-each-ref --format=%(refname)%00%(upstream:short)%00%(objectname)|config --get commit.template|ls-files --stage -- src}
  > git.exe fetch --filter=blob:none origin {hex:40} --depth={n:50}
  > "git" show --textconv :{word}/{word}/{word}_{word}.{pick:ts|cs|cc|py|md}
  > git.exe log --format=%H%n%aN%n%aE%n%at%n%P%n%B -z --shortstat -n{n:99} {hex:40}...{hex:40} -- packages/{word}/src/{word}.ts
python.exe | {local}\Programs\Python\Python313 | Python Software Foundation | Python | 3.13.{n:12}
  as user; by cmd.exe Code.exe; often 4; on developer; does 6 10 1 6; topic developer
  > python -m {pick:pytest|pip install|black|mypy} {pick:-q|--verbose|--no-cache-dir} {word}_{word} --rootdir {repo}
  > "{path}" {repo}\scripts\{word}_{word}.py --input {folder}\{label}.csv --seed {n:99999} --run {guid}
docker.exe | C:\Program Files\Docker\Docker\resources\bin | Docker Inc. | Docker CLI | 28.{n:5}.{n:4}
  as user; by cmd.exe Code.exe; often 3; on developer; does 4 3 0 3; topic developer
  > docker {pick:run --rm -it|exec -i|logs -f|inspect --type container} {hex:64}
  > docker build -t registry.{domain}/{word}/{word}:{hex:10} --build-arg REV={hex:40} -f {repo}\Dockerfile .
java.exe | C:\Program Files\Eclipse Adoptium\jdk-{ver}-hotspot\bin | Eclipse Adoptium | OpenJDK Platform binary | 21.0.{n:9}.{n:12}
  as user; by explorer.exe cmd.exe; often 2; on developer; does 8 14 0 4; topic developer
  > "{path}" -Xmx{n:16}g -XX:+UseG1GC -Dfile.encoding=UTF-8 -Djava.io.tmpdir={temp}\{hex:10} -cp {home}\.m2\repository\org\{word}\{word}\{version}\{word}-{version}.jar;{repo}\target\classes org.{word}.{word}.Main --port {n:60000}
ssh.exe | C:\Windows\System32\OpenSSH | OpenSSH | OpenSSH client | 9.{n:9}.0.0
  as user; by git.exe cmd.exe Code.exe; often 2; on developer; does 9 1 0 3; topic developer
  > "C:\Windows\System32\OpenSSH\ssh.exe" -o SendEnv=GIT_PROTOCOL git@{host} "git-upload-pack '{word}/{word}-{word}.git'"
  > ssh.exe -T -D {n:60000} {person}@{server} -i {home}\.ssh\{word}_ed25519
wsl.exe | C:\Program Files\WSL | Microsoft | Windows Subsystem for Linux Launcher | 2.{n:7}.{n:9}.0
  as user; by explorer.exe Code.exe; often 1; on developer; does 1 1 1 4; topic developer
  > wsl.exe -d Debian -e /bin/sh -lc "cd /home/{word}/{word} && make -j{n:16} {word}"
`
