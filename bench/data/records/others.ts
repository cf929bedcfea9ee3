/**
 * Records of the remaining tables: logons, and of DeviceEvents name queries, scripts, pipes, opened
 * processes, tasks, services, drivers and files that are watched.
 */
import { fill } from '../template.js'
import { hosts } from '../topics.js'
import { type Happening, quote, record } from './envelope.js'
import { script } from './scripts.js'

/** DeviceEvents has a column for everything, of which a record fills few. */
const columns = [
  'FileName',
  'FolderPath',
  'SHA1',
  'SHA256',
  'MD5',
  'FileSize',
  'AccountDomain',
  'AccountName',
  'AccountSid',
  'RemoteUrl',
  'RemoteDeviceName',
  'ProcessId',
  'ProcessCommandLine',
  'ProcessCreationTime',
  'ProcessTokenElevation',
  'LogonId',
  'RegistryKey',
  'RegistryValueName',
  'RegistryValueData',
  'RemoteIP',
  'RemotePort',
  'LocalIP',
  'LocalPort',
  'FileOriginUrl',
  'FileOriginIP',
] as const
type Filled = Partial<Record<(typeof columns)[number], string | number>>

function event(happening: Happening, action: string, filled: Filled, more: object | null): string {
  let text = `,"ActionType":"${action}"`
  for (const column of columns) {
    const value = filled[column]
    text += `,"${column}":${value === undefined ? 'null' : quote(value)}`
  }
  return record(happening, '', `${text},"AdditionalFields":${more ? quote(quote(more)) : 'null'}`)
}

const acting = (happening: Happening, ...names: readonly string[]): Happening => {
  const process = happening.device.living(happening.values.pick(names))
  return process ? { ...happening, process } : happening
}

/** A new session begins: of the user at the screen now and then, mostly of the network or a service. */
export function logon(from: Happening): string {
  const { values, device } = from
  const type = values.pick(['Network', 'Network', 'Network', 'Service', 'Batch', 'Unlock', 'Interactive'])
  const user = type === 'Interactive' && values.chance(0.4) ? device.logOn() : device.user
  const happening = acting(from, 'lsass.exe')
  const failed = values.chance(0.06)
  const remote = type === 'Network'
  return record(
    happening,
    'Logon',
    `,"ActionType":"${failed ? 'LogonFailed' : 'LogonSuccess'}","LogonType":"${type}",` +
      `"AccountDomain":"${user.domain}","AccountName":${quote(user.name)},"AccountSid":"${user.sid}",` +
      `"Protocol":"${values.pick(['Kerberos', 'Negotiate', 'NTLM'])}","FailureReason":${failed ? '"InvalidUserNameOrPassword"' : 'null'},` +
      `"IsLocalAdmin":${values.chance(0.1)},"LogonId":${failed ? 'null' : user.logonId},` +
      `"RemoteDeviceName":${remote ? quote(`wks-${values.word()}${values.below(900)}`) : 'null'},` +
      `"RemoteIP":${remote ? `"10.${values.below(200)}.${values.below(250)}.${values.below(250)}"` : 'null'},` +
      `"RemoteIPType":${remote ? '"Private"' : 'null'},"RemotePort":${remote ? 49152 + values.below(16000) : 'null'},` +
      `"AdditionalFields":"{\\"IsLocalLogon\\":${!remote}}"`,
  )
}

export function nameQuery(happening: Happening): string {
  const { values, device, process } = happening
  const host = fill(values.pick(hosts[process.program.topic]), device.scene).replace(
    /^https?:\/\/([^/]+).*/,
    '$1',
  )
  return event(
    happening,
    'DnsQueryResponse',
    {},
    {
      DnsQueryString: host,
      DnsQueryResult: Array.from({ length: 1 + values.below(3) }, () => ({
        DnsQueryType: values.pick(['A', 'A', 'AAAA', 'Cname']),
        Result: values.publicAddress(),
      })),
    },
  )
}

export function scriptRun(from: Happening): string {
  const { values, device } = from
  const happening = acting(from, 'powershell.exe', 'powershell.exe', 'cscript.exe', 'WINWORD.EXE')
  const kind = values.pick(['ScriptContent', 'AmsiScriptContent', 'PowerShellCommand', 'PowerShellCommand'])
  if (kind === 'PowerShellCommand') return event(happening, kind, {}, { Command: script(values, 1) })
  const content = values.again(`script\n${device.id}`, () => script(values, 3 + values.below(14)))
  const hash = { SHA256: values.hex(64) }
  return event(happening, kind, hash, { ScriptContent: content })
}

const pipes = [
  'wkssvc',
  'srvsvc',
  'lsass',
  'ntsvcs',
  'LOCAL\\crashpad_{n:9000}_{HEX:16}',
  'LOCAL\\mojo.{n:30000}.{n:30000}.{ticks}',
  'chrome.nativeMessaging.out.{hex:16}',
  'dotnet-diagnostic-{n:30000}',
  'PIPE_EVENTROOT\\CIMV2SCM EVENT PROVIDER',
  'PSHost.{ticks}.{n:30000}.DefaultAppDomain.powershell',
  'docker_engine',
  '{word}Agent_{guid}',
]

export function pipe(happening: Happening): string {
  const { values, device } = happening
  const name = fill(values.pick(pipes), device.scene)
  return event(
    happening,
    'NamedPipeEvent',
    {},
    {
      PipeName: `\\Device\\NamedPipe\\${name}`,
      FileOperation: values.pick(['File opened', 'File created']),
      NamedPipeEnd: values.pick(['Client', 'Server']),
      ThreadId: values.below(30000),
    },
  )
}

const rights = [4096, 4096, 5136, 1024, 64, 1049600, 2097151]

/** Only what looks at every process in Windows opens LSASS, and asks for nothing that reads its memory. */
export function openedProcess(from: Happening): string {
  const { values, device } = from
  const lsass = values.chance(0.5) ? device.living('lsass.exe') : undefined
  const process = lsass ?? values.pick(device.live)
  const happening = acting(from, 'svchost.exe', 'MsMpEng.exe', 'services.exe')
  const access = process.program.name === 'lsass.exe' ? 4096 : values.pick(rights)
  return event(
    happening,
    'OpenProcessApiCall',
    {
      FileName: process.program.name,
      FolderPath: process.path,
      SHA1: process.image.sha1,
      SHA256: process.image.sha256,
      ProcessId: process.pid,
      ProcessCommandLine: process.line,
      ProcessCreationTime: process.created,
    },
    { DesiredAccess: access },
  )
}

export function task(from: Happening): string {
  const { values, device } = from
  const name = fill('\\{word}\\{word} {pick:update|sync|cleanup} {guid}', device.scene)
  const command = fill('C:\\Program Files\\{word}\\{word}\\{word}.exe', device.scene)
  const content =
    `<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.4" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">` +
    `<RegistrationInfo><URI>${name}</URI></RegistrationInfo><Triggers><CalendarTrigger><StartBoundary>2026-01-0${1 + values.below(9)}` +
    `T0${values.below(9)}:00:00</StartBoundary></CalendarTrigger></Triggers><Actions Context="Author"><Exec><Command>${command}</Command>` +
    `<Arguments>--run ${values.guid()}</Arguments></Exec></Actions></Task>`
  const action = values.pick(['ScheduledTaskCreated', 'ScheduledTaskUpdated', 'ScheduledTaskUpdated'])
  return event(acting(from, 'svchost.exe'), action, {}, { TaskName: name, TaskContent: content })
}

export function service(from: Happening): string {
  const { values, device } = from
  const path = fill('C:\\Program Files\\{word}\\{word}\\{version}\\{word}svc.exe', device.scene)
  const file = { FileName: path.slice(path.lastIndexOf('\\') + 1), FolderPath: path, SHA1: values.hex(40) }
  return event(acting(from, 'services.exe'), 'ServiceInstalled', file, {
    ServiceName: `${values.word()} ${values.word()} service ${values.below(99)}`,
    ServiceStartType: 2,
    ServiceType: 16,
    ServiceAccount: 'LocalSystem',
  })
}

export function driver(from: Happening): string {
  const { values, device } = from
  const name = fill('{pick:vm|usb|hid|net|stor}{word}{n:99}.sys', device.scene)
  const file = { FileName: name, FolderPath: `C:\\Windows\\System32\\drivers\\${name}` }
  return event(
    acting(from, 'ntoskrnl.exe'),
    'DriverLoad',
    { ...file, SHA1: values.hex(40), SHA256: values.hex(64) },
    null,
  )
}

export function sensitiveFile(happening: Happening): string {
  const { values, device } = happening
  const path = fill('{folder}\\{label}\\{document}', device.scene)
  const file = { FileName: path.slice(path.lastIndexOf('\\') + 1), FolderPath: path, SHA256: values.hex(64) }
  return event(happening, 'SensitiveFileRead', file, { FileType: 'Document' })
}
