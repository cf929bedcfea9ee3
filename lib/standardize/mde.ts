/**
 * Microsoft Defender for Endpoint advanced hunting: records of the streaming API (columns under
 * `properties`) and plain rows (columns at the top). An ActionType belongs to one table, so it alone
 * gives the event type. The Initiating… columns are the process that acted; in ProcessCreated they are
 * the parent of the new process.
 */

import type { EventTypeName } from '../schema/event-types.js'
import type { Assignments, Mapping, Route, Source } from './mapping.js'
import {
  afterFirst,
  basename,
  beforeFirst,
  boolean,
  constant,
  field,
  first,
  hex,
  ip,
  isOneOf,
  join,
  joinAll,
  json,
  lookup,
  lookupOnly,
  lower,
  ntPath,
  number,
  platformOf,
  registry,
  registryData,
  time,
  xmlText,
} from './sources.js'
import { logonTypes, serviceStartTypes, serviceTypes } from './windows-values.js'

const column = (...names: readonly string[]): Source =>
  field(...names.flatMap((name) => [`properties.${name}`, name]))

/** AdditionalFields is JSON text, or an object where a tool has parsed it. */
const additional = (...keys: readonly string[]): Source => json(column('AdditionalFields'), ...keys)

/**
 * A process's unique id: pid and creation time are given for every process, also where UniqueId (the
 * process start key, unique on its device) is not, so that they are what joins events to their start.
 */
const uniqueId = (pid: string, creationTime: string, id: string): Source =>
  lower(
    first(
      joinAll('|', column('DeviceId'), column(pid), column(creationTime)),
      joinAll('|', column('DeviceId'), column(id)),
    ),
  )

const elevation = {
  TokenElevationTypeDefault: 'default',
  TokenElevationTypeFull: 'full',
  TokenElevationTypeLimited: 'limited',
}

const initiatorGuid = uniqueId(
  'InitiatingProcessId',
  'InitiatingProcessCreationTime',
  'InitiatingProcessUniqueId',
)

const initiator: Assignments = {
  process_path: ntPath(column('InitiatingProcessFolderPath')),
  process_name: first(column('InitiatingProcessFileName'), basename(column('InitiatingProcessFolderPath'))),
  process_pid: number(column('InitiatingProcessId')),
  process_guid: initiatorGuid,
  command_line: column('InitiatingProcessCommandLine'),
  process_md5: lower(column('InitiatingProcessMD5')),
  process_sha1: lower(column('InitiatingProcessSHA1')),
  process_sha256: lower(column('InitiatingProcessSHA256')),
  original_file_name: column('InitiatingProcessVersionInfoOriginalFileName'),
  internal_name: column('InitiatingProcessVersionInfoInternalFileName'),
  company: column('InitiatingProcessVersionInfoCompanyName'),
  product: column('InitiatingProcessVersionInfoProductName'),
  description: column('InitiatingProcessVersionInfoFileDescription'),
  file_version: column('InitiatingProcessVersionInfoProductVersion'),
  integrity_level: column('InitiatingProcessIntegrityLevel'),
  token_elevation: lookup(column('InitiatingProcessTokenElevation'), elevation),
  session_id: number(column('InitiatingProcessSessionId')),
  logon_id: hex(column('InitiatingProcessLogonId')),
  username: column('InitiatingProcessAccountName'),
  user_domain: column('InitiatingProcessAccountDomain'),
  user_sid: column('InitiatingProcessAccountSid'),
  parent_name: column('InitiatingProcessParentFileName'),
  parent_pid: number(column('InitiatingProcessParentId')),
  parent_guid: uniqueId(
    'InitiatingProcessParentId',
    'InitiatingProcessParentCreationTime',
    'InitiatingProcessParentUniqueId',
  ),
}

/** Some Windows processes have no path (System), or an unknown one; only Windows has integrity levels. */
const windowsIntegrity = {
  System: 'windows',
  High: 'windows',
  Medium: 'windows',
  Low: 'windows',
  AppContainer: 'windows',
}

const envelope: Assignments = {
  event_time: time(column('Timestamp')),
  event_id: column('ReportId'),
  source_event: column('ActionType'),
  platform: first(
    platformOf(column('InitiatingProcessFolderPath')),
    platformOf(column('FolderPath')),
    lookupOnly(column('InitiatingProcessIntegrityLevel'), windowsIntegrity),
  ),
  device_name: column('DeviceName'),
  device_id: column('DeviceId'),
  tenant_id: field('tenantId', 'TenantId'),
}

const created: Assignments = {
  process_path: ntPath(column('FolderPath')),
  process_name: first(column('FileName'), basename(column('FolderPath'))),
  file_name: first(column('FileName'), basename(column('FolderPath'))),
  file_size: number(column('FileSize')),
  process_pid: number(column('ProcessId')),
  process_guid: uniqueId('ProcessId', 'ProcessCreationTime', 'ProcessUniqueId'),
  command_line: column('ProcessCommandLine'),
  process_md5: lower(column('MD5')),
  process_sha1: lower(column('SHA1')),
  process_sha256: lower(column('SHA256')),
  original_file_name: column('ProcessVersionInfoOriginalFileName'),
  internal_name: column('ProcessVersionInfoInternalFileName'),
  company: column('ProcessVersionInfoCompanyName'),
  product: column('ProcessVersionInfoProductName'),
  description: column('ProcessVersionInfoFileDescription'),
  file_version: column('ProcessVersionInfoProductVersion'),
  integrity_level: column('ProcessIntegrityLevel'),
  token_elevation: lookup(column('ProcessTokenElevation'), elevation),
  session_id: number(column('CreatedProcessSessionId')),
  logon_id: hex(column('LogonId')),
  username: first(column('AccountName'), column('InitiatingProcessAccountName')),
  user_domain: first(column('AccountDomain'), column('InitiatingProcessAccountDomain')),
  user_sid: first(column('AccountSid'), column('InitiatingProcessAccountSid')),
  parent_path: ntPath(column('InitiatingProcessFolderPath')),
  parent_name: first(column('InitiatingProcessFileName'), basename(column('InitiatingProcessFolderPath'))),
  parent_pid: number(column('InitiatingProcessId')),
  parent_guid: initiatorGuid,
  parent_command_line: column('InitiatingProcessCommandLine'),
  parent_original_file_name: column('InitiatingProcessVersionInfoOriginalFileName'),
  parent_username: column('InitiatingProcessAccountName'),
  parent_user_domain: column('InitiatingProcessAccountDomain'),
  parent_user_sid: column('InitiatingProcessAccountSid'),
  parent_integrity_level: column('InitiatingProcessIntegrityLevel'),
  parent_session_id: number(column('InitiatingProcessSessionId')),
  grandparent_name: column('InitiatingProcessParentFileName'),
}

const fileOf = (prefix: 'file' | 'image' | 'target_process'): Assignments => ({
  [`${prefix}_path`]: ntPath(column('FolderPath')),
  [`${prefix}_name`]: first(column('FileName'), basename(column('FolderPath'))),
})

const hashesOf = (prefix: 'file' | 'image'): Assignments => ({
  [`${prefix}_md5`]: lower(column('MD5')),
  [`${prefix}_sha1`]: lower(column('SHA1')),
  [`${prefix}_sha256`]: lower(column('SHA256')),
  file_size: number(column('FileSize')),
})

const remote: Assignments = {
  remote_ip: ip(column('RemoteIP')),
  remote_port: number(column('RemotePort')),
  local_ip: ip(column('LocalIP')),
  local_port: number(column('LocalPort')),
}

const file: Assignments = {
  ...fileOf('file'),
  ...hashesOf('file'),
  file_previous_path: ntPath(column('PreviousFolderPath')),
  file_origin_url: column('FileOriginUrl'),
  file_referrer_url: column('FileOriginReferrerUrl'),
  protocol: column('RequestProtocol'),
  share_name: column('ShareName'),
  remote_ip: ip(column('RequestSourceIP')),
  remote_port: number(column('RequestSourcePort')),
}

const image: Assignments = { ...fileOf('image'), ...hashesOf('image') }

const path = (key: string, value: string): Source => join('\\', column(key), column(value))
const registryChange: Assignments = {
  platform: constant('windows'),
  registry_path: registry(
    first(path('RegistryKey', 'RegistryValueName'), path('PreviousRegistryKey', 'PreviousRegistryValueName')),
  ),
  registry_raw_path: first(
    path('RegistryKey', 'RegistryValueName'),
    path('PreviousRegistryKey', 'PreviousRegistryValueName'),
  ),
  registry_key: registry(column('RegistryKey', 'PreviousRegistryKey')),
  registry_value_name: column('RegistryValueName', 'PreviousRegistryValueName'),
  registry_data: registryData(column('RegistryValueData')),
  registry_data_type: lookup(lower(column('RegistryValueType')), {
    expandstring: 'expand_string',
    multistring: 'multi_string',
  }),
  registry_previous_data: registryData(column('PreviousRegistryValueData')),
}

/** Registry… is the key after, Previous… before. */
const registryRenamed: Assignments = {
  ...registryChange,
  registry_path: registry(path('PreviousRegistryKey', 'PreviousRegistryValueName')),
  registry_raw_path: path('PreviousRegistryKey', 'PreviousRegistryValueName'),
  registry_key: registry(column('PreviousRegistryKey')),
  registry_value_name: column('PreviousRegistryValueName'),
  registry_new_name: registry(path('RegistryKey', 'RegistryValueName')),
}

/** RemoteUrl is a host name, or a URL: then its host is what stands between :// and the next / or :. */
const remoteHost = beforeFirst(
  beforeFirst(first(afterFirst(column('RemoteUrl'), '://'), column('RemoteUrl')), '/'),
  ':',
)

const connection = (direction: string, outcome: string): Assignments => ({
  ...remote,
  remote_host: remoteHost,
  remote_url: column('RemoteUrl'),
  protocol: lookup(lower(column('Protocol')), { tcpv4: 'tcp', tcpv6: 'tcp', udpv4: 'udp', udpv6: 'udp' }),
  direction: constant(direction),
  outcome: constant(outcome),
})

/** An array of answers, or the JSON text of one. */
const dnsAnswer = (key: string): Source =>
  first(additional('DnsQueryResult', key), json(additional('DnsQueryResult'), key))

const dns: Assignments = {
  query_name: first(additional('DnsQueryString'), additional('query'), column('RemoteUrl')),
  query_type: first(dnsAnswer('DnsQueryType'), additional('qtype_name')),
  query_results: first(dnsAnswer('Result'), additional('answers')),
  query_status: additional('rcode_name'),
}

const acrossProcesses: Assignments = {
  ...fileOf('target_process'),
  target_process_pid: number(column('ProcessId')),
  target_process_guid: uniqueId('ProcessId', 'ProcessCreationTime', 'ProcessUniqueId'),
  target_username: column('AccountName'),
  target_domain: column('AccountDomain'),
}

const logon = (outcome: string): Assignments => ({
  ...remote,
  remote_host: column('RemoteDeviceName'),
  protocol: column('Protocol'),
  outcome: constant(outcome),
  logon_type: lookup(lower(column('LogonType')), logonTypes),
  target_username: column('AccountName'),
  target_domain: column('AccountDomain'),
  target_sid: column('AccountSid'),
  target_logon_id: hex(column('LogonId')),
  failure_reason: column('FailureReason'),
  is_admin: boolean(column('IsLocalAdmin')),
})

const task = additional('TaskContent')
const scheduledTask = (operation: string): Assignments => ({
  operation: constant(operation),
  task_name: additional('TaskName'),
  task_content: task,
  task_command: join(' ', xmlText(task, 'Command'), xmlText(task, 'Arguments')),
})

const service: Assignments = {
  service_name: additional('ServiceName'),
  service_path: first(column('ProcessCommandLine'), column('FolderPath')),
  service_type: lookup(hex(additional('ServiceType')), serviceTypes),
  service_start_type: lookup(additional('ServiceStartType'), serviceStartTypes),
  service_account: additional('ServiceAccount'),
}

const wmi = (operation: string): Assignments => ({
  operation: constant(operation),
  wmi_namespace: additional('Namespace'),
  wmi_query: first(additional('ESS'), additional('Query')),
  wmi_consumer: first(additional('Consumer'), additional('CONSUMER')),
})

const script: Assignments = {
  script_content: first(additional('ScriptContent'), additional('Command')),
  script_path: ntPath(column('FolderPath')),
}

const accountChange = (operation: string): Assignments => ({
  operation: constant(operation),
  target_username: column('AccountName'),
  target_domain: column('AccountDomain'),
  target_sid: column('AccountSid'),
  group_name: additional('GroupName'),
})

const on = (actionTypes: string, event: EventTypeName, set: Assignments = {}): Route => ({
  event,
  when: [isOneOf(column('ActionType'), ...actionTypes.split(' '))],
  set,
})

export const mde: Mapping = {
  name: 'mde',
  recognise: [
    [
      ['properties', 'ActionType'],
      ['properties', 'Timestamp'],
    ],
    [['ActionType'], ['DeviceId'], ['Timestamp']],
  ],
  absent: ['', '-', 'None', '<unknown process>', '&lt;unknown process&gt;'],
  common: { ...envelope, ...initiator },
  routes: [
    on('ConnectionSuccess ConnectionFound', 'network_connection', connection('outbound', 'success')),
    on('ConnectionFailed', 'network_connection', connection('outbound', 'failure')),
    on('ConnectionRequest ConnectionAttempt', 'network_connection', connection('outbound', 'attempt')),
    on('InboundConnectionAccepted', 'network_connection', connection('inbound', 'success')),
    on('InboundConnectionAttempt', 'network_connection', connection('inbound', 'attempt')),
    on('InboundConnectionBlocked', 'network_connection', connection('inbound', 'failure')),
    on('ListeningConnectionCreated', 'network_connection', connection('listen', 'success')),
    on('ProcessCreated', 'process_start', created),
    on('FileCreated', 'file_create', file),
    on('FileModified', 'file_modify', file),
    on('FileDeleted', 'file_delete', file),
    on('FileRenamed', 'file_rename', file),
    on('ImageLoaded', 'image_load', image),
    on('RegistryValueSet', 'registry_set', registryChange),
    on('RegistryKeyCreated', 'registry_create', registryChange),
    on('RegistryKeyDeleted RegistryValueDeleted', 'registry_delete', registryChange),
    on('RegistryKeyRenamed', 'registry_rename', registryRenamed),
    on('OpenProcessApiCall ReadProcessMemoryApiCall WriteToLsassProcessMemory', 'process_access', {
      ...acrossProcesses,
      granted_access: number(additional('DesiredAccess')),
    }),
    on(
      'NtAllocateVirtualMemoryApiCall NtAllocateVirtualMemoryRemoteApiCall NtMapViewOfSectionRemoteApiCall NtProtectVirtualMemoryApiCall',
      'process_access',
      acrossProcesses,
    ),
    on(
      'CreateRemoteThreadApiCall QueueUserApcRemoteApiCall SetThreadContextRemoteApiCall',
      'remote_thread',
      acrossProcesses,
    ),
    on('DnsQueryResponse DnsConnectionInspected', 'dns_query', dns),
    on('NamedPipeEvent', 'pipe', {
      pipe_name: additional('PipeName'),
      operation: lookupOnly(additional('NamedPipeEnd'), { Client: 'connect', Server: 'create' }),
    }),
    on('SensitiveFileRead', 'object_access', {
      operation: constant('read'),
      object_type: constant('File'),
      object_name: ntPath(column('FolderPath')),
    }),
    on('DriverLoad', 'driver_load', image),
    on('PowerShellCommand ScriptContent AmsiScriptContent', 'script', script),
    on('LogonSuccess', 'logon', logon('success')),
    on('LogonFailed', 'logon', logon('failure')),
    on('LogonAttempted', 'logon', logon('attempt')),
    on('ScheduledTaskCreated', 'scheduled_task', scheduledTask('create')),
    on('ScheduledTaskUpdated', 'scheduled_task', scheduledTask('update')),
    on('ScheduledTaskDeleted', 'scheduled_task', scheduledTask('delete')),
    on('ScheduledTaskEnabled', 'scheduled_task', scheduledTask('enable')),
    on('ScheduledTaskDisabled', 'scheduled_task', scheduledTask('disable')),
    on('ServiceInstalled', 'service_install', service),
    on('WmiBindEventFilterToConsumer', 'wmi', wmi('bind')),
    on('ProcessCreatedUsingWmiQuery RemoteWmiOperation', 'wmi', wmi('query')),
    on('UserAccountCreated', 'account_change', accountChange('create')),
    on('UserAccountDeleted', 'account_change', accountChange('delete')),
    on('UserAccountModified', 'account_change', accountChange('update')),
    on('UserAccountAddedToLocalGroup', 'account_change', accountChange('add_member')),
    on('UserAccountRemovedFromLocalGroup', 'account_change', accountChange('remove_member')),
    on('PasswordChangeAttempt', 'account_change', accountChange('change_password')),
    on('SecurityLogCleared', 'log_clear', { log_name: constant('Security') }),
  ],
  label: join(' ', constant('mde'), column('ActionType')),
}
