/** Sysmon (Microsoft Sysinternals): Microsoft-Windows-Sysmon/Operational, event ids 1 to 29. */
import type { Assignments, Source } from './mapping.js'
import {
  afterFirst,
  afterLast,
  basename,
  beforeFirst,
  beforeLast,
  boolean,
  collapse,
  constant,
  dnsAnswers,
  first,
  guid,
  hex,
  ip,
  isOneOf,
  listItem,
  lookup,
  lookupOnly,
  lower,
  ntPath,
  number,
  registry,
  registryData,
  select,
} from './sources.js'
import { account, channel, data, eventLog, on } from './windows-event-log.js'

/** Sysmon writes the last for a process that it does not know. */
const absent = ['', '-', '<unknown process>']

const image = (
  name: string,
  prefix: 'process' | 'parent' | 'target_process' | 'image' | 'file',
): Assignments => ({
  [`${prefix}_path`]: ntPath(data(name)),
  [`${prefix}_name`]: basename(data(name)),
})

const hashes = (prefix: 'process' | 'image' | 'file'): Assignments => ({
  [`${prefix}_md5`]: listItem(data('Hashes', 'Hash'), 'MD5'),
  [`${prefix}_sha1`]: listItem(data('Hashes', 'Hash'), 'SHA1'),
  [`${prefix}_sha256`]: listItem(data('Hashes', 'Hash'), 'SHA256'),
  [`${prefix}_imphash`]: listItem(data('Hashes', 'Hash'), 'IMPHASH'),
})

const common: Assignments = {
  ...image('Image', 'process'),
  ...account(data('User')),
  process_guid: guid(data('ProcessGuid', 'ProcessGUID')),
  process_pid: number(data('ProcessId')),
}

const started: Assignments = {
  ...hashes('process'),
  ...image('ParentImage', 'parent'),
  file_name: basename(data('Image')),
  command_line: data('CommandLine'),
  working_directory: data('CurrentDirectory'),
  original_file_name: data('OriginalFileName'),
  company: data('Company'),
  product: data('Product'),
  description: data('Description'),
  file_version: data('FileVersion'),
  integrity_level: data('IntegrityLevel'),
  session_id: number(data('TerminalSessionId')),
  logon_id: hex(data('LogonId')),
  parent_pid: number(data('ParentProcessId')),
  parent_guid: guid(data('ParentProcessGuid')),
  parent_command_line: data('ParentCommandLine'),
  parent_username: afterLast(data('ParentUser'), '\\'),
  parent_user_domain: beforeLast(data('ParentUser'), '\\'),
}

/** Events 8 and 10 name both processes by Source… and Target…; their GUIDs end in Guid or GUID. */
const acrossProcesses: Assignments = {
  ...image('SourceImage', 'process'),
  ...account(data('SourceUser')),
  ...image('TargetImage', 'target_process'),
  process_guid: guid(data('SourceProcessGuid', 'SourceProcessGUID')),
  process_pid: number(data('SourceProcessId')),
  target_process_guid: guid(data('TargetProcessGuid', 'TargetProcessGUID')),
  target_process_pid: number(data('TargetProcessId')),
  target_username: afterLast(data('TargetUser'), '\\'),
  target_domain: beforeLast(data('TargetUser'), '\\'),
}

const loaded: Assignments = {
  ...image('ImageLoaded', 'image'),
  ...hashes('image'),
  image_original_file_name: data('OriginalFileName'),
  image_company: data('Company'),
  image_product: data('Product'),
  image_description: data('Description'),
  image_signed: boolean(data('Signed')),
  image_signer: data('Signature'),
  image_signature_status: lower(data('SignatureStatus')),
}

/** Initiated: whether this process opened the connection. Source is the side that opened it. */
const isOutbound = first(data('Initiated'), constant('true'))
const thisSide = (suffix: string): Source =>
  select(isOutbound, { true: data(`Source${suffix}`), false: data(`Destination${suffix}`) })
const otherSide = (suffix: string): Source =>
  select(isOutbound, { true: data(`Destination${suffix}`), false: data(`Source${suffix}`) })

const connected: Assignments = {
  remote_ip: ip(otherSide('Ip')),
  remote_port: number(otherSide('Port')),
  remote_host: otherSide('Hostname'),
  local_ip: ip(thisSide('Ip')),
  local_port: number(thisSide('Port')),
  protocol: lower(data('Protocol')),
  direction: lookupOnly(isOutbound, { true: 'outbound', false: 'inbound' }),
  outcome: constant('success'),
}

const file: Assignments = {
  ...image('TargetFilename', 'file'),
  ...hashes('file'),
  is_executable: boolean(data('IsExecutable')),
}

/** A Zone.Identifier stream, its lines folded into one: "[ZoneTransfer] ZoneId=3 HostUrl=https://…". */
const zone = collapse(data('Contents'))
const stream: Assignments = {
  ...file,
  file_content: data('Contents'),
  file_origin_url: beforeFirst(afterFirst(zone, 'HostUrl='), ' '),
  file_referrer_url: beforeFirst(afterFirst(zone, 'ReferrerUrl='), ' '),
}

const key: Assignments = {
  registry_path: registry(data('TargetObject')),
  registry_raw_path: data('TargetObject'),
  registry_key: registry(data('TargetObject')),
}

/** TargetObject is the key and the value's name. */
const value: Assignments = {
  ...key,
  registry_key: registry(beforeLast(data('TargetObject'), '\\')),
  registry_value_name: afterLast(data('TargetObject'), '\\'),
}

const valueSet: Assignments = {
  ...value,
  registry_data: registryData(data('Details')),
  registry_data_type: lookupOnly(beforeFirst(data('Details'), ' ('), {
    DWORD: 'dword',
    QWORD: 'qword',
    'Binary Data': 'binary',
  }),
}

const wmi: Assignments = {
  operation: lookup(data('Operation'), { Created: 'create', Deleted: 'delete', Modified: 'update' }),
  wmi_namespace: data('EventNamespace'),
  wmi_name: data('Name'),
  wmi_query: data('Query'),
  wmi_consumer: data('Consumer', 'Type'),
  wmi_destination: data('Destination'),
}

/** Event 12 without an EventType (a shipper lost it) could be a creation or a deletion: left unmapped. */
const eventTypeIs = (...values: readonly string[]) => isOneOf(data('EventType'), ...values)

const blocked = { outcome: constant('failure') }

export const sysmon = eventLog('sysmon', [isOneOf(channel, 'Microsoft-Windows-Sysmon/Operational')], {
  absent,
  common,
  routes: [
    on('1', 'process_start', started),
    on('5', 'process_end'),
    on('3', 'network_connection', connected),
    on('7', 'image_load', loaded),
    on('10', 'process_access', {
      ...acrossProcesses,
      granted_access: number(data('GrantedAccess')),
      call_trace: data('CallTrace'),
    }),
    on('12', 'registry_create', key, eventTypeIs('CreateKey')),
    on('12', 'registry_delete', key, eventTypeIs('DeleteKey')),
    on('12', 'registry_delete', value, eventTypeIs('DeleteValue')),
    on('13', 'registry_set', valueSet),
    on('14', 'registry_rename', { ...key, registry_new_name: registry(data('NewName')) }),
    on('11', 'file_create', file),
    on('15', 'file_create', stream),
    on('2', 'file_modify', file),
    on('23 26', 'file_delete', file),
    on('27', 'file_create', { ...file, ...blocked, is_executable: boolean(constant('true')) }),
    on('28', 'file_delete', { ...file, ...blocked }),
    on('29', 'file_create', { ...file, is_executable: boolean(constant('true')) }),
    on('17', 'pipe', { operation: constant('create'), pipe_name: data('PipeName') }),
    on('18', 'pipe', { operation: constant('connect'), pipe_name: data('PipeName') }),
    on('22', 'dns_query', {
      query_name: data('QueryName'),
      query_status: data('QueryStatus'),
      query_results: dnsAnswers(data('QueryResults')),
    }),
    on('6', 'driver_load', loaded),
    on('8', 'remote_thread', {
      ...acrossProcesses,
      start_address: hex(data('StartAddress')),
      start_module: data('StartModule'),
      start_function: data('StartFunction'),
    }),
    on('9', 'raw_disk_read', { raw_device: data('Device') }),
    on('19 20 21', 'wmi', wmi),
    on('25', 'process_tamper', { tamper_type: data('Type') }),
    on('4', 'service_change', { service_name: constant('Sysmon'), operation: lower(data('State')) }),
  ],
})
