// Writes the sample telemetry in telemetry/: `node examples/make-telemetry.mjs`.
// Invented machines and people; a day of ordinary work with one intrusion in it, as Sysmon, Security
// and PowerShell event logs in two shipper shapes (workstation.ndjson) and as Microsoft Defender
// advanced hunting records (cloud.ndjson).
import { writeFileSync } from 'node:fs'

let state = 20260302
const below = (n) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0
  return Math.floor((state / 4294967296) * n)
}
const pick = (list) => list[below(list.length)]
const hex = (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join('')
const guid = () => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`
let clock = Date.UTC(2026, 2, 2, 8, 0, 0)
const tick = () => (clock += 200 + below(4000))
const iso = () => new Date(clock).toISOString()

const host = 'WS-0117.corp.example'
const user = 'CORP\\maria.keller'
const system32 = 'C:\\Windows\\System32\\'

// --- event logs -------------------------------------------------------------------------------
const log = []
const utc = () => iso().replace('T', ' ').replace('Z', '')
function record(channel, provider, id, data) {
  tick()
  const flat = {
    '@timestamp': iso(),
    EventID: id,
    Channel: channel,
    SourceName: provider,
    Hostname: host,
    Level: '4',
  }
  log.push({ ...flat, ...data, Message: `${provider} ${id}` })
}
function nested(channel, provider, id, data) {
  tick()
  log.push({
    '@timestamp': iso(),
    event_id: id,
    log_name: channel,
    source_name: provider,
    computer_name: host,
    level: 'Information',
    beat: { name: 'collector' },
    event_data: data,
    message: `${provider} ${id}`,
  })
}
const sysmon = (id, data, shape = record) =>
  shape('Microsoft-Windows-Sysmon/Operational', 'Microsoft-Windows-Sysmon', id, {
    RuleName: '-',
    UtcTime: utc(),
    ...data,
  })
const hashes = () =>
  `SHA1=${hex(40).toUpperCase()},MD5=${hex(32).toUpperCase()},SHA256=${hex(64).toUpperCase()},IMPHASH=${hex(32).toUpperCase()}`

function start(parent, image, commandLine, more = {}, shape = record) {
  const process = { guid: `{${guid()}}`, pid: String(1000 + below(12000)), image, commandLine }
  sysmon(
    1,
    {
      ...by(process),
      CommandLine: commandLine,
      CurrentDirectory: 'C:\\Users\\maria.keller\\',
      User: user,
      IntegrityLevel: 'Medium',
      Hashes: hashes(),
      OriginalFileName: image.split('\\').pop(),
      Company: 'Microsoft Corporation',
      Product: 'Windows',
      ParentProcessGuid: parent.guid,
      ParentProcessId: parent.pid,
      ParentImage: parent.image,
      ParentCommandLine: parent.commandLine,
      LogonId: '0x3c21d',
      TerminalSessionId: '1',
      ...more,
    },
    shape,
  )
  return process
}
const by = (process) => ({ ProcessGuid: process.guid, ProcessId: process.pid, Image: process.image })
const services = {
  guid: `{${guid()}}`,
  pid: '700',
  image: `${system32}services.exe`,
  commandLine: `${system32}services.exe`,
}
const explorer = {
  guid: `{${guid()}}`,
  pid: '4120',
  image: 'C:\\Windows\\explorer.exe',
  commandLine: 'C:\\Windows\\Explorer.EXE',
}

function ordinaryWork(rounds) {
  for (let i = 0; i < rounds; i++) {
    const shape = pick([record, nested])
    const program = pick([
      'svchost.exe -k netsvcs -p',
      'taskhostw.exe',
      'SearchProtocolHost.exe Global\\UsGthrFltPipe',
      'conhost.exe 0xffffffff -ForceV1',
      'backgroundTaskHost.exe -ServerName:App',
    ])
    const process = start(
      pick([services, explorer]),
      system32 + program.split(' ')[0],
      system32 + program,
      {},
      shape,
    )
    for (let j = below(6); j > 0; j--) noise(process, shape)
    sysmon(5, by(process), shape)
  }
}
/** What a process does besides, by Sysmon's number of the event; name is a library's. */
const doings = [
  (process, name) => [
    7,
    {
      ...by(process),
      ImageLoaded: system32 + name,
      Hashes: hashes(),
      Signed: 'true',
      Signature: 'Microsoft Windows',
      SignatureStatus: 'Valid',
    },
  ],
  (process) => [
    13,
    {
      ...by(process),
      EventType: 'SetValue',
      TargetObject: `HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\${hex(6)}`,
      Details: `DWORD (0x${hex(8)})`,
    },
  ],
  (process) => [
    11,
    {
      ...by(process),
      TargetFilename: `C:\\Users\\maria.keller\\AppData\\Local\\Temp\\${hex(8)}.tmp`,
      CreationUtcTime: utc(),
    },
  ],
  (process) => [
    3,
    {
      ...by(process),
      ...connection,
      SourcePort: String(50000 + below(9000)),
      DestinationIp: `203.0.113.${1 + below(250)}`,
      DestinationPort: '443',
    },
  ],
  (process) => [
    22,
    {
      ...by(process),
      QueryName: `cdn${below(90)}.example`,
      QueryStatus: '0',
      QueryResults: `::ffff:203.0.113.${below(250)};`,
    },
  ],
  (process) => [
    10,
    {
      ...access(services, process.guid, process.pid, process.image),
      GrantedAccess: '0x1000',
      CallTrace: 'C:\\Windows\\SYSTEM32\\ntdll.dll+9c584',
    },
  ],
]
const connection = { User: user, Protocol: 'tcp', Initiated: 'true', SourceIp: '10.20.1.17' }
const access = (source, guid, pid, image) => ({
  SourceProcessGUID: source.guid,
  SourceProcessId: source.pid,
  SourceImage: source.image,
  TargetProcessGUID: guid,
  TargetProcessId: pid,
  TargetImage: image,
})
function noise(process, shape) {
  const name = pick(['edputil.dll', 'ole32.dll', 'urlmon.dll', 'bcrypt.dll'])
  const [id, data] = doings[below(doings.length)](process, name)
  sysmon(id, data, shape)
}

function intrusion() {
  const word = start(
    explorer,
    'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
    '"WINWORD.EXE" /n "C:\\Users\\maria.keller\\Downloads\\invoice.docm"',
  )
  const shell = hiddenShell(word)
  sysmon(3, {
    ...by(shell),
    ...connection,
    SourcePort: '51234',
    DestinationIp: '198.51.100.23',
    DestinationPort: '8443',
  })
  sysmon(13, {
    ...by(shell),
    EventType: 'SetValue',
    TargetObject:
      'HKU\\S-1-5-21-1004336348-1177238915-682003330-1107\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater',
    Details: 'powershell -w 1 -c "gc $env:TEMP\\u.ps1|iex"',
  })
  start(shell, `${system32}whoami.exe`, '"C:\\Windows\\system32\\whoami.exe" /groups', {}, nested)
  dumpCredentials(shell)
  replicateDirectory()
  start(shell, `${system32}wevtutil.exe`, '"C:\\Windows\\system32\\wevtutil.exe" cl Security')
  record('Security', 'Microsoft-Windows-Eventlog', 1102, {})
}
function hiddenShell(word) {
  const payload =
    "$k=7;$d=[Convert]::FromBase64String('AAECAw==')|%{$_ -bxor $k};IEX([Text.Encoding]::ASCII.GetString($d))"
  const encoded = Buffer.from(payload, 'utf16le').toString('base64')
  const shell = start(
    word,
    `${system32}WindowsPowerShell\\v1.0\\powershell.exe`,
    `powershell.exe -nop -w hidden -enc ${encoded}`,
    { OriginalFileName: 'PowerShell.EXE' },
  )
  record('Microsoft-Windows-PowerShell/Operational', 'Microsoft-Windows-PowerShell', 4104, {
    MessageNumber: '1',
    MessageTotal: '1',
    ScriptBlockText: payload,
    ScriptBlockId: guid(),
    Path: '',
  })
  return shell
}
function dumpCredentials(shell) {
  const dump = start(
    shell,
    `${system32}rundll32.exe`,
    'rundll32 C:\\windows\\System32\\com^svcs.dll, Mini""Dump 624 C:\\Windows\\Temp\\l.dmp full',
  )
  sysmon(10, {
    ...access(dump, `{${guid()}}`, '624', `${system32}lsass.exe`),
    GrantedAccess: '0x1fffff',
    CallTrace:
      'C:\\Windows\\SYSTEM32\\ntdll.dll+9c584|C:\\Windows\\SYSTEM32\\dbgcore.DLL+6cd7|C:\\Windows\\System32\\comsvcs.dll+27fa',
  })
}
function replicateDirectory() {
  record('Security', 'Microsoft-Windows-Security-Auditing', 4662, {
    SubjectUserName: 'maria.keller',
    SubjectDomainName: 'CORP',
    SubjectUserSid: 'S-1-5-21-1004336348-1177238915-682003330-1107',
    SubjectLogonId: '0x3c21d',
    ObjectServer: 'DS',
    ObjectType: '%{19195a5b-6da0-11d0-afd3-00c04fd930c9}',
    ObjectName: `%{${guid()}}`,
    AccessMask: '0x100',
    Properties: '%%7688\n\t\t{1131f6aa-9c07-11d1-f79f-00c04fc2dcd2}',
  })
}

// --- advanced hunting -------------------------------------------------------------------------
const cloud = []
function hunting(table, action, device, actor, properties) {
  tick()
  cloud.push({
    time: iso(),
    tenantId: '00000000-0000-4000-8000-00000000feed',
    operationName: 'Publish',
    category: `AdvancedHunting-${table}`,
    properties: {
      DeviceId: device.id,
      DeviceName: device.name,
      ReportId: below(99999),
      Timestamp: iso(),
      ActionType: action,
      InitiatingProcessFileName: actor.name,
      InitiatingProcessFolderPath: actor.path.toLowerCase(),
      InitiatingProcessCommandLine: actor.commandLine,
      InitiatingProcessId: actor.pid,
      InitiatingProcessCreationTime: iso(),
      InitiatingProcessAccountName: 'system',
      InitiatingProcessAccountDomain: 'nt authority',
      InitiatingProcessAccountSid: 'S-1-5-18',
      InitiatingProcessSHA1: hex(40),
      InitiatingProcessSHA256: hex(64),
      InitiatingProcessMD5: hex(32),
      InitiatingProcessIntegrityLevel: 'System',
      InitiatingProcessParentFileName: 'services.exe',
      InitiatingProcessParentId: 700,
      ...properties,
    },
  })
}
const actor = (name, folder, args = '') => ({
  name,
  path: folder + name,
  commandLine: `${folder}${name}${args}`,
  pid: 1000 + below(9000),
})
function child(device, parent, name, folder, commandLine) {
  hunting('DeviceProcessEvents', 'ProcessCreated', device, parent, {
    FileName: name,
    FolderPath: folder + name,
    ProcessCommandLine: commandLine,
    ProcessId: 1000 + below(9000),
    ProcessCreationTime: iso(),
    SHA1: hex(40),
    SHA256: hex(64),
    MD5: hex(32),
    AccountName: 'system',
    AccountDomain: 'nt authority',
    AccountSid: 'S-1-5-18',
    ProcessIntegrityLevel: 'System',
    ProcessVersionInfoOriginalFileName: name,
    AdditionalFields: null,
  })
}
function servers(rounds) {
  const device = { id: hex(40), name: 'srv-web02.corp.example' }
  const svchost = actor('svchost.exe', system32, ' -k netsvcs')
  for (let i = 0; i < rounds; i++) serverWork(device, svchost)
  webShell(device)
}
function serverWork(device, svchost) {
  child(device, svchost, 'taskhostw.exe', system32, 'taskhostw.exe')
  hunting('DeviceNetworkEvents', 'ConnectionSuccess', device, svchost, {
    RemoteIP: `203.0.113.${below(250)}`,
    RemotePort: 443,
    LocalIP: '10.20.4.2',
    LocalPort: 50000 + below(9000),
    Protocol: 'Tcp',
    RemoteUrl: `https://api${below(20)}.example/v1`,
  })
  hunting('DeviceEvents', 'DnsQueryResponse', device, svchost, {
    AdditionalFields: JSON.stringify({
      DnsQueryString: `api${below(20)}.example`,
      DnsQueryResult: [{ DnsQueryType: 'A', Result: '203.0.113.9' }],
    }),
  })
  hunting('DeviceRegistryEvents', 'RegistryValueSet', device, svchost, {
    RegistryKey: 'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\Tcpip',
    RegistryValueName: 'Domain',
    RegistryValueData: 'corp.example',
    RegistryValueType: 'String',
  })
  hunting('DeviceImageLoadEvents', 'ImageLoaded', device, svchost, {
    FileName: 'bcrypt.dll',
    FolderPath: `${system32}bcrypt.dll`,
    SHA1: hex(40),
    SHA256: hex(64),
    MD5: hex(32),
  })
}
function webShell(device) {
  const w3wp = actor('w3wp.exe', `${system32}inetsrv\\`, ' -ap "DefaultAppPool"')
  hunting('DeviceFileEvents', 'FileCreated', device, w3wp, {
    FileName: 'help.aspx',
    FolderPath: 'C:\\inetpub\\wwwroot\\aspnet_client\\help.aspx',
    FileSize: 2417,
    SHA256: hex(64),
  })
  child(device, w3wp, 'cmd.exe', system32, '"cmd.exe" /c whoami')
  child(
    device,
    actor('cmd.exe', system32),
    'vssadmin.exe',
    system32,
    'vssadmin.exe delete shadows /all /quiet',
  )
}

ordinaryWork(60)
intrusion()
ordinaryWork(40)
servers(30)
const lines = (records) => `${records.map((r) => JSON.stringify(r)).join('\n')}\n`
writeFileSync(new URL('telemetry/workstation.ndjson', import.meta.url), lines(log))
writeFileSync(new URL('telemetry/cloud.ndjson', import.meta.url), lines(cloud))
