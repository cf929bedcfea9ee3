/** The Security log: Microsoft-Windows-Security-Auditing, and Microsoft-Windows-Eventlog 1102. */
import type { Assignments, Condition, Source } from './mapping.js'
import {
  basename,
  boolean,
  constant,
  first,
  hex,
  ip,
  isOneOf,
  isPresent,
  join,
  joinAll,
  lookup,
  lookupOnly,
  ntPath,
  number,
  registry,
  registryData,
  select,
  split,
  trim,
  xmlText,
} from './sources.js'
import { auditOutcome, channel, data, eventLog, on } from './windows-event-log.js'
import { logonTypes, serviceStartTypes, serviceTypes } from './windows-values.js'

/** S-1-0-0 is "nobody"; %%1793 is "value not set". */
const absent = ['', '-', 'S-1-0-0', '%%1793']

/** The subject is who acted: it becomes the account of the process. */
const common: Assignments = {
  process_path: ntPath(data('ProcessName')),
  process_name: basename(data('ProcessName')),
  process_pid: number(data('ProcessId')),
  username: data('SubjectUserName'),
  user_domain: data('SubjectDomainName'),
  user_sid: data('SubjectUserSid'),
  logon_id: hex(data('SubjectLogonId')),
  outcome: auditOutcome,
}

const created: Assignments = {
  process_path: ntPath(data('NewProcessName')),
  process_name: basename(data('NewProcessName')),
  file_name: basename(data('NewProcessName')),
  process_pid: number(data('NewProcessId')),
  command_line: data('CommandLine'),
  integrity_level: lookupOnly(data('MandatoryLabel'), {
    'S-1-16-0': 'Untrusted',
    'S-1-16-4096': 'Low',
    'S-1-16-8192': 'Medium',
    'S-1-16-8448': 'MediumPlus',
    'S-1-16-12288': 'High',
    'S-1-16-16384': 'System',
  }),
  token_elevation: lookupOnly(data('TokenElevationType'), {
    '%%1936': 'default',
    '%%1937': 'full',
    '%%1938': 'limited',
  }),
  parent_path: ntPath(data('ParentProcessName')),
  parent_name: basename(data('ParentProcessName')),
  parent_pid: number(data('ProcessId')),
}

/** When the new process runs as another account than its creator, Target… names it. */
const createdAsTarget: Assignments = {
  ...created,
  username: data('TargetUserName'),
  user_domain: data('TargetDomainName'),
  user_sid: data('TargetUserSid'),
  logon_id: hex(data('TargetLogonId')),
}

const remote: Assignments = {
  remote_ip: ip(data('IpAddress')),
  remote_port: number(data('IpPort')),
}

const target: Assignments = {
  target_username: data('TargetUserName'),
  target_domain: data('TargetDomainName'),
  target_sid: data('TargetUserSid', 'TargetSid'),
}

const logon: Assignments = {
  ...remote,
  ...target,
  target_logon_id: hex(data('TargetLogonId')),
  remote_host: data('WorkstationName'),
  protocol: data('AuthenticationPackageName'),
  logon_process_name: trim(data('LogonProcessName')),
  logon_type: lookup(data('LogonType'), logonTypes),
}

/** A list with a line for each item, indented by tabs. */
const lines = (name: string): Source => split(data(name), '\n')

const handle: Assignments = {
  object_type: data('ObjectType'),
  object_name: first(
    select(data('ObjectType'), { Key: registry(data('ObjectName')) }),
    ntPath(data('ObjectName')),
  ),
  object_server: data('ObjectServer'),
  access_mask: number(data('AccessMask')),
  privileges: lines('PrivilegeList'),
}

const handleOn = (operation: string): Assignments => ({
  ...handle,
  operation: constant(operation),
  access_properties: lines('Properties'),
})

const directory: Assignments = {
  object_type: data('ObjectClass'),
  object_name: data('ObjectDN'),
  object_server: constant('DS'),
  attribute_name: data('AttributeLDAPDisplayName'),
  attribute_value: data('AttributeValue'),
}

/** ObjectName is \REGISTRY\MACHINE\…; OldValue and NewValue of a QWORD (%%1883) are hexadecimal. */
const key = data('ObjectName')
const valueData = (type: string, name: string): Source =>
  first(
    select(data(type), {
      '%%1883': registryData(joinAll('', constant('QWORD ('), data(name), constant(')'))),
    }),
    data(name),
  )

const registryValue: Assignments = {
  registry_path: registry(join('\\', key, data('ObjectValueName'))),
  registry_raw_path: join('\\', key, data('ObjectValueName')),
  registry_key: registry(key),
  registry_value_name: data('ObjectValueName'),
  registry_data: valueData('NewValueType', 'NewValue'),
  registry_data_type: lookupOnly(data('NewValueType'), {
    '%%1872': 'none',
    '%%1873': 'string',
    '%%1874': 'expand_string',
    '%%1875': 'binary',
    '%%1876': 'dword',
    '%%1877': 'dword_big_endian',
    '%%1878': 'link',
    '%%1879': 'multi_string',
    '%%1883': 'qword',
  }),
  registry_previous_data: valueData('OldValueType', 'OldValue'),
}

/** SourceAddress is the side that began; for a packet or connection that came in, the remote one. */
const isInbound = lookup(data('Direction'), { '%%14592': 'inbound', '%%14593': 'outbound' })
const side = (whenOutbound: string, whenInbound: string): Source =>
  select(isInbound, { outbound: data(whenOutbound), inbound: data(whenInbound) })

const filtered: Assignments = {
  process_path: ntPath(data('Application')),
  process_name: basename(data('Application')),
  process_pid: number(data('ProcessId', 'ProcessID')),
  protocol: lookup(data('Protocol'), { '1': 'icmp', '2': 'igmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6' }),
}

const connection = (outcome: string): Assignments => ({
  ...filtered,
  outcome: constant(outcome),
  direction: isInbound,
  local_ip: ip(side('SourceAddress', 'DestAddress')),
  local_port: number(side('SourcePort', 'DestPort')),
  remote_ip: ip(side('DestAddress', 'SourceAddress')),
  remote_port: number(side('DestPort', 'SourcePort')),
})

const localPort = (direction: string, outcome: string): Assignments => ({
  ...filtered,
  outcome: constant(outcome),
  direction: constant(direction),
  local_ip: ip(data('SourceAddress')),
  local_port: number(data('SourcePort')),
})

const task = data('TaskContent', 'TaskContentNew')
const scheduledTask = (operation: string): Assignments => ({
  operation: constant(operation),
  task_name: data('TaskName'),
  task_content: task,
  task_command: join(' ', xmlText(task, 'Command'), xmlText(task, 'Arguments')),
  process_pid: number(data('ClientProcessId')),
})

const installed: Assignments = {
  service_name: data('ServiceName'),
  service_path: data('ServiceFileName'),
  service_type: lookup(data('ServiceType'), serviceTypes),
  service_start_type: lookup(data('ServiceStartType'), serviceStartTypes),
  service_account: data('ServiceAccount'),
  process_pid: number(data('ClientProcessId')),
}

const accountChange = (operation: string): Assignments => ({ ...target, operation: constant(operation) })
const groupChange = (operation: string): Assignments => ({
  operation: constant(operation),
  group_name: data('TargetUserName'),
  target_domain: data('TargetDomainName'),
  target_username: data('MemberName'),
  target_sid: data('MemberSid'),
})

const ticket = (operation: string): Assignments => ({
  ...remote,
  ...target,
  operation: constant(operation),
  service_name: data('ServiceName'),
  ticket_options: hex(data('TicketOptions')),
  ticket_encryption: hex(data('TicketEncryptionType')),
  ticket_pre_auth_type: data('PreAuthType'),
  failure_reason: lookup(data('Status', 'FailureCode'), { '0x0': '' }),
  remote_host: data('Workstation'),
})

const share: Assignments = {
  ...remote,
  share_name: data('ShareName'),
  share_path: ntPath(data('ShareLocalPath')),
  share_file: data('RelativeTargetName'),
  access_mask: number(data('AccessMask')),
}

/** What was asked of another subsystem's store: a vault, a local group. */
const enumerated: Assignments = {
  operation: constant('enumerate'),
  object_server: constant('Security Account Manager'),
  object_name: join('\\', data('TargetDomainName'), data('TargetUserName')),
  process_path: ntPath(data('CallerProcessName')),
  process_name: basename(data('CallerProcessName')),
  process_pid: number(data('CallerProcessId')),
}

const credentialRead: Assignments = {
  operation: constant('read'),
  object_server: constant('Credential Manager'),
  object_type: constant('Credential'),
  object_name: data('TargetName', 'Resource', 'SchemaFriendlyName'),
  process_pid: number(data('ClientProcessId')),
}

const operationTypeIs = (...values: readonly string[]): Condition => isOneOf(data('OperationType'), ...values)

export const security = eventLog('security', [isOneOf(channel, 'Security')], {
  absent,
  common,
  routes: [
    on('4688', 'process_start', createdAsTarget, isPresent(data('TargetUserName'))),
    on('4688', 'process_start', created),
    on('4689', 'process_end', { exit_code: number(data('Status')) }),

    on('4656 4661', 'object_access', handleOn('request')),
    on('4663', 'object_access', handleOn('access')),
    on('4660', 'object_access', handleOn('delete')),
    on('4670', 'object_access', handleOn('change_permissions')),
    on('4907', 'object_access', handleOn('change_audit')),
    on('4662', 'directory_access', handleOn('access'), isOneOf(data('ObjectServer'), 'DS')),
    on('4662', 'object_access', handleOn('access')),
    on('4798', 'object_access', { ...enumerated, object_type: constant('SAM_USER') }),
    on('4799', 'object_access', { ...enumerated, object_type: constant('SAM_ALIAS') }),
    on('5379 5381 5382', 'object_access', credentialRead),
    on('5136', 'directory_access', {
      ...directory,
      operation: lookup(data('OperationType'), { '%%14674': 'add_value', '%%14675': 'remove_value' }),
    }),
    on('5137', 'directory_access', { ...directory, operation: constant('create') }),
    on('5138', 'directory_access', {
      ...directory,
      operation: constant('undelete'),
      object_name: data('NewObjectDN'),
    }),
    on('5139', 'directory_access', {
      ...directory,
      operation: constant('move'),
      object_name: data('NewObjectDN'),
    }),
    on('5141', 'directory_access', { ...directory, operation: constant('delete') }),

    on('5156', 'network_connection', connection('success')),
    on('5157 5152', 'network_connection', connection('failure')),
    on('5154', 'network_connection', localPort('listen', 'success')),
    on('5155', 'network_connection', localPort('listen', 'failure')),
    on('5158', 'network_connection', localPort('bind', 'success')),
    on('5159', 'network_connection', localPort('bind', 'failure')),

    on('4657', 'registry_delete', registryValue, operationTypeIs('%%1906')),
    on('4657', 'registry_set', registryValue),

    on('4624', 'logon', {
      ...logon,
      outcome: constant('success'),
      is_admin: boolean(lookupOnly(data('ElevatedToken'), { '%%1842': 'yes', '%%1843': 'no' })),
    }),
    on('4625', 'logon', {
      ...logon,
      outcome: constant('failure'),
      failure_reason: first(lookup(data('SubStatus'), { '0x0': '' }), data('Status')),
    }),
    on('4648', 'logon', { ...logon, outcome: constant('attempt'), remote_host: data('TargetServerName') }),

    on('4672', 'privilege_use', {
      operation: constant('assign'),
      privileges: lines('PrivilegeList'),
    }),
    on('4673 4674', 'privilege_use', {
      ...handle,
      operation: constant('call'),
      service_name: data('Service'),
    }),
    on('4703', 'privilege_use', {
      operation: constant('adjust'),
      privileges: lines('EnabledPrivilegeList'),
    }),

    on('5140 5145', 'share_access', share),

    on('4697', 'service_install', installed),
    on('4698', 'scheduled_task', scheduledTask('create')),
    on('4699', 'scheduled_task', scheduledTask('delete')),
    on('4700', 'scheduled_task', scheduledTask('enable')),
    on('4701', 'scheduled_task', scheduledTask('disable')),
    on('4702', 'scheduled_task', scheduledTask('update')),

    on('4720 4741', 'account_change', accountChange('create')),
    on('4722', 'account_change', accountChange('enable')),
    on('4723', 'account_change', accountChange('change_password')),
    on('4724', 'account_change', accountChange('reset_password')),
    on('4725', 'account_change', accountChange('disable')),
    on('4726 4743', 'account_change', accountChange('delete')),
    on('4738 4742', 'account_change', accountChange('update')),
    on('4740', 'account_change', accountChange('lock')),
    on('4767', 'account_change', accountChange('unlock')),
    on('4781', 'account_change', {
      ...accountChange('rename'),
      target_username: data('NewTargetUserName'),
      target_previous_username: data('OldTargetUserName'),
    }),
    on('4727 4731 4754', 'account_change', groupChange('create')),
    on('4728 4732 4756', 'account_change', groupChange('add_member')),
    on('4729 4733 4757', 'account_change', groupChange('remove_member')),
    on('4730 4734 4758', 'account_change', groupChange('delete')),
    on('4735 4737 4755', 'account_change', groupChange('update')),

    on('4768', 'kerberos_ticket', ticket('tgt')),
    on('4769', 'kerberos_ticket', ticket('service_ticket')),
    on('4770', 'kerberos_ticket', ticket('renew')),
    on('4771', 'kerberos_ticket', ticket('pre_auth')),
    on('4776', 'kerberos_ticket', ticket('ntlm')),

    on('1102', 'log_clear', { log_name: constant('Security') }),
  ],
})
