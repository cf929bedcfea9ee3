/** Records of the network, files, the registry and image loads: what a process does, by its topic. */
import type { Device, Process } from '../device.js'
import { fill } from '../template.js'
import { files, hosts, libraries, ownLibraries, registry } from '../topics.js'
import type { Values } from '../values.js'
import { type Happening, quote, record } from './envelope.js'

/** What was done before by this program here may be done again, as much as the setting repeats. */
const again = <T>(what: string, { values, device, process }: Happening, make: () => T): T =>
  values.again(`${what}\n${process.program.name}\n${device.id}`, make)

export function connection(happening: Happening): string {
  const { values, device } = happening
  const action = values.pick(connections)
  const [remote, kind] = again('remote', happening, () => remoteEnd(happening))
  return record(
    happening,
    'Network',
    `,"ActionType":"${action}",${remote},"LocalIP":"${device.localAddress}",` +
      `"LocalPort":${49152 + values.below(16000)},"Protocol":"${values.chance(0.9) ? 'Tcp' : 'Udp'}",` +
      `"LocalIPType":"Private","RemoteIPType":"${kind}","AdditionalFields":null`,
  )
}

const connections = [
  ...Array<string>(16).fill('ConnectionSuccess'),
  'ConnectionFailed',
  'ConnectionRequest',
  'InboundConnectionAccepted',
  'ListeningConnectionCreated',
]
const ports = [443, 443, 443, 443, 443, 80, 80, 8080, 53, 5671, 3478]
const insidePorts = [445, 135, 389, 88, 53, 1433, 3389, 5985, 443, 9997]

/** Servers of the own domain have private addresses. Some connections are by address alone. */
function remoteEnd({ values, device, process }: Happening): [columns: string, kind: string] {
  const host = fill(values.pick(hosts[process.program.topic]), device.scene)
  const inside = host.endsWith('.finch.example')
  const address = values.addressOf(/^(?:https?:\/\/)?([^/]+)/.exec(host)?.[1] ?? host, inside)
  const url = values.chance(0.25) ? 'null' : quote(host)
  return [
    `"RemoteIP":"${address}","RemotePort":${values.pick(inside ? insidePorts : ports)},"RemoteUrl":${url}`,
    inside ? 'Private' : 'Public',
  ]
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1)
const hashes = (values: Values): string =>
  `"SHA1":"${values.hex(40)}","SHA256":"${values.hex(64)}","MD5":"${values.hex(32)}","FileSize":${values.below(4e6)}`

const fileActions = [
  ...Array<string>(14).fill('FileCreated'),
  'FileModified',
  'FileModified',
  'FileDeleted',
  'FileDeleted',
  'FileRenamed',
]

export function fileChange(happening: Happening): string {
  const { values, device, process } = happening
  const action = values.pick(fileActions)
  const [path, file] = again('file', happening, () => {
    const path = fill(values.pick(files[process.program.topic]), device.scene)
    return [path, `"FileName":${quote(nameOf(path))},"FolderPath":${quote(path)},${hashes(values)}`]
  })
  const downloaded = path.includes('\\Downloads\\')
  const origin = downloaded ? quote(`https://${values.host()}/${values.guid()}`) : 'null'
  const previous = action === 'FileRenamed' ? `${path}.${values.hex(6)}.tmp` : null
  return record(
    happening,
    'File',
    `,"ActionType":"${action}",${file},"FileOriginUrl":${origin},"FileOriginReferrerUrl":null,` +
      `"FileOriginIP":null,"PreviousFileName":${quote(previous && nameOf(previous))},` +
      `"PreviousFolderPath":${quote(previous)},"RequestProtocol":"Local","RequestSourceIP":null,` +
      `"RequestSourcePort":null,"RequestAccountName":${quote(process.account.name)},"RequestAccountDomain":` +
      `"${process.account.domain}","RequestAccountSid":"${process.account.sid}","ShareName":null,` +
      `"SensitivityLabel":null,"SensitivitySubLabel":null,"IsAzureInfoProtectionApplied":null,` +
      `"AdditionalFields":"{\\"FileType\\":\\"${values.pick(fileTypes)}\\"}"`,
  )
}

const fileTypes = ['Unknown', 'PortableExecutable', 'Text', 'Zip', 'OfficeOpenXml', 'Pdf', 'Image', 'Json']
const registryActions = [
  ...Array<string>(12).fill('RegistryValueSet'),
  'RegistryKeyCreated',
  'RegistryKeyCreated',
  'RegistryKeyCreated',
  'RegistryKeyDeleted',
  'RegistryValueDeleted',
]

export function registryChange(happening: Happening): string {
  const { values, process, device } = happening
  const action = values.pick(registryActions)
  const [key, value, type, data] = again('registry', happening, () =>
    fill(values.pick(registry[process.program.topic]), device.scene)
      .split(' | ')
      .map((text) => quote(text)),
  )
  const ofKey = action.startsWith('RegistryKey')
  const gone = action.endsWith('Deleted')
  const set = ofKey || gone ? 'null' : data
  return record(
    happening,
    'Registry',
    `,"ActionType":"${action}","RegistryKey":${gone ? 'null' : key},` +
      `"RegistryValueName":${ofKey || gone ? 'null' : value},"RegistryValueData":${set},` +
      `"RegistryValueType":${ofKey ? 'null' : type},"PreviousRegistryKey":${key},` +
      `"PreviousRegistryValueName":${ofKey ? 'null' : value},` +
      `"PreviousRegistryValueData":${action === 'RegistryValueSet' && values.chance(0.5) ? data : 'null'}`,
  )
}

interface Library {
  readonly columns: string
}
const known = new WeakMap<Values, Map<string, Library>>()

/** The same library of the same version has the same hashes wherever it is loaded. */
function library(values: Values, path: string, version: string): Library {
  let all = known.get(values)
  if (!all) {
    all = new Map()
    known.set(values, all)
  }
  const key = `${path}\n${version}`
  let one = all.get(key)
  if (!one) {
    one = { columns: `"FileName":${quote(nameOf(path))},"FolderPath":${quote(path)},${hashes(values)}` }
    // What users have in their folders is no end of files: those are not kept.
    if (all.size < 20000) all.set(key, one)
  }
  return one
}

export function imageLoad(happening: Happening): string {
  const { values, device, process } = happening
  const { columns } = values.chance(0.7)
    ? systemLibrary(values, device)
    : again('library', happening, () => programLibrary(values, device, process))
  return record(happening, 'ImageLoad', `,"ActionType":"ImageLoaded",${columns}`)
}

function systemLibrary(values: Values, device: Device): Library {
  const name = values.pick(libraries)
  const path = `C:\\Windows\\${values.chance(0.85) ? 'System32' : 'SysWOW64'}\\${name}${name.includes('.') ? '' : '.dll'}`
  return library(values, path, device.scene.device.build)
}

function programLibrary(values: Values, device: Device, { path, image }: Process): Library {
  const name = fill(values.pick(ownLibraries), device.scene)
  return library(values, path.slice(0, path.lastIndexOf('\\') + 1) + name, image.version)
}
