/**
 * What every Defender for Endpoint record has: the envelope of the streaming API, the device, and the
 * process that acted. Records are put together as text: objects would only be walked again to write them.
 */
import type { Device, Process } from '../device.js'
import { lowerJson } from '../images.js'
import { timestamp } from '../timestamp.js'
import type { Values } from '../values.js'

export type Table = 'Process' | 'Network' | 'File' | 'Registry' | 'ImageLoad' | 'Logon' | ''

export interface Happening {
  readonly values: Values
  readonly device: Device
  readonly process: Process
  /** Milliseconds since 1970. */
  readonly now: number
}

export const quote = JSON.stringify

/** `fields`: the columns of the table, with a comma before each. */
export function record({ values, device, process, now }: Happening, table: Table, fields: string): string {
  const received = timestamp(now + 1000 + values.next() * 30000)
  const published = timestamp(now + 40000 + values.next() * 150000)
  return [
    '{"time":"',
    published,
    '","tenantId":"7c3e11d0-52a6-4b7e-9f0d-8a64c2b1e905","operationName":"Publish","category":"AdvancedHunting-Device',
    table,
    'Events","_TimeReceivedBySvc":"',
    received,
    '","properties":{',
    device.columns,
    device.nextReport(),
    ',"Timestamp":"',
    timestamp(now),
    initiating(process),
    '","AppGuardContainerId":""',
    fields,
    ',"MachineGroup":"',
    device.group,
    '"},"Tenant":"DefaultTenant"}',
  ].join('')
}

export const integrity = ({ account, elevated, session }: Process): string => {
  if (session === 0 && account.sid.length < 9) return 'System'
  return elevated ? 'High' : 'Medium'
}

const elevation = (process: Process): string => {
  if (process.session === 0) return 'TokenElevationTypeDefault'
  return process.elevated ? 'TokenElevationTypeFull' : 'TokenElevationTypeLimited'
}

/**
 * Of the process that acts. Joined from few parts, most of
 * them made before, as this is half of every record.
 */
function initiating(process: Process): string {
  const { image, account, parent } = process
  return [
    image.file,
    parent ? `"${parent.program.name}"` : 'null',
    ',"InitiatingProcessFolderPath":',
    image.lowerPath ?? lowerJson(process.path),
    ',"InitiatingProcessCommandLine":',
    quote(process.line),
    ',"InitiatingProcessId":',
    process.pid,
    ',"InitiatingProcessCreationTime":"',
    process.created,
    account.columns,
    integrity(process),
    '","InitiatingProcessTokenElevation":"',
    elevation(process),
    '","InitiatingProcessParentId":',
    parent?.pid ?? 0,
    ',"InitiatingProcessParentCreationTime":',
    parent ? `"${parent.created}"` : 'null',
    image.resource,
    process.session,
    remoteSession,
    process.uniqueId,
  ].join('')
}

const remoteSession =
  ',"IsInitiatingProcessRemoteSession":false,"InitiatingProcessRemoteSessionDeviceName":null,' +
  '"InitiatingProcessRemoteSessionIP":null,"InitiatingProcessUniqueId":"'

/** `process` was started by the one that acts. */
export function started(happening: Happening, process: Process): string {
  const { program, image, account } = process
  return record(
    happening,
    'Process',
    `,"ActionType":"ProcessCreated","FileName":"${program.name}","FolderPath":${quote(process.path)},` +
      `"SHA1":"${image.sha1}","SHA256":"${image.sha256}","MD5":"${image.md5}","FileSize":${image.size},` +
      `"ProcessId":${process.pid},"ProcessUniqueId":"${process.uniqueId}","ProcessCommandLine":${quote(process.line)},` +
      `"ProcessCreationTime":"${process.created}","AccountDomain":"${account.domain}",` +
      `"AccountName":${quote(account.name)},"AccountSid":"${account.sid}","AccountUpn":${account.upn},` +
      `"AccountObjectId":null,"LogonId":${account.logonId},"ProcessIntegrityLevel":"${integrity(process)}",` +
      `"ProcessTokenElevation":"${elevation(process)}",${image.versionInfo},` +
      `"InitiatingProcessSignerType":"OsVendor","InitiatingProcessSignatureStatus":"Valid",` +
      `"CreatedProcessSessionId":${process.session},"IsProcessRemoteSession":false,` +
      `"ProcessRemoteSessionDeviceName":null,"ProcessRemoteSessionIP":null,"AdditionalFields":null`,
  )
}
