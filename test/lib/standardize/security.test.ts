import t from 'tap'
import { eventOf, flat, winlogbeat6, winlogbeat7 } from './records.js'

const security = (id: number, data: Record<string, unknown>) => eventOf(flat('Security', id, data))

const subject = {
  SubjectUserSid: 'S-1-5-21-1-2-3-1001',
  SubjectUserName: 'alice',
  SubjectDomainName: 'EXAMPLE',
  SubjectLogonId: '0x3e7',
}

t.test('4688: the new process, and its creator as parent', async (t) => {
  const created = {
    ...subject,
    NewProcessId: '0x1730',
    NewProcessName: 'C:\\Windows\\System32\\cmd.exe',
    ProcessId: '0x4',
    ParentProcessName: 'C:\\Windows\\explorer.exe',
    CommandLine: 'cmd /c whoami',
    TokenElevationType: '%%1937',
    MandatoryLabel: 'S-1-16-12288',
    TargetUserSid: 'S-1-0-0',
    TargetUserName: '-',
    TargetDomainName: '-',
    TargetLogonId: '0x0',
  }
  t.hasStrict(security(4688, created), {
    event_type: 'process_start',
    process_pid: 0x1730,
    process_path: 'C:\\Windows\\System32\\cmd.exe',
    process_name: 'cmd.exe',
    file_name: 'cmd.exe',
    command_line: 'cmd /c whoami',
    parent_pid: 4,
    parent_name: 'explorer.exe',
    parent_path: 'C:\\Windows\\explorer.exe',
    integrity_level: 'High',
    token_elevation: 'full',
    username: 'alice',
    user_domain: 'EXAMPLE',
    user_sid: 'S-1-5-21-1-2-3-1001',
    logon_id: '0x3e7',
  })

  const asOther = security(4688, {
    ...created,
    TargetUserName: 'bob',
    TargetDomainName: 'OTHER',
    TargetLogonId: '0x1BC35C',
  })
  t.hasStrict(asOther, { username: 'bob', user_domain: 'OTHER', logon_id: '0x1bc35c' })
  t.notOk('user_sid' in asOther, 'the creator’s SID is not the other account’s')
})

t.test('4624, 4625, 4648: who logged on, from where, and how', async (t) => {
  const logon = {
    ...subject,
    ProcessId: '0x240',
    ProcessName: 'C:\\Windows\\System32\\services.exe',
    TargetUserSid: 'S-1-5-21-1-2-3-500',
    TargetUserName: 'Administrator',
    TargetDomainName: 'EXAMPLE',
    TargetLogonId: '0xABC',
    LogonType: '3',
    LogonProcessName: 'NtLmSsp ',
    AuthenticationPackageName: 'NTLM',
    WorkstationName: 'KALI',
    IpAddress: '::ffff:10.0.0.9',
    IpPort: '50123',
    ElevatedToken: '%%1842',
  }
  t.hasStrict(security(4624, logon), {
    event_type: 'logon',
    outcome: 'success',
    username: 'alice',
    target_username: 'Administrator',
    target_sid: 'S-1-5-21-1-2-3-500',
    target_logon_id: '0xabc',
    logon_type: 'network',
    logon_process_name: 'NtLmSsp',
    protocol: 'NTLM',
    remote_host: 'KALI',
    remote_ip: '10.0.0.9',
    remote_port: 50123,
    is_admin: true,
  })
  const nobody = security(4624, {
    ...logon,
    SubjectUserSid: 'S-1-0-0',
    SubjectUserName: '-',
    IpAddress: '-',
    ElevatedToken: '%%1843',
  })
  t.hasStrict(nobody, { is_admin: false })
  t.notOk('user_sid' in nobody || 'username' in nobody || 'remote_ip' in nobody)

  const failed = { ...logon, Status: '0xc000006d', SubStatus: '0xc000006a' }
  t.hasStrict(security(4625, failed), { outcome: 'failure', failure_reason: '0xc000006a' })
  t.hasStrict(security(4625, { ...failed, SubStatus: '0x0' }), { failure_reason: '0xc000006d' })
  t.hasStrict(security(4648, { ...logon, TargetServerName: 'dc1' }), {
    outcome: 'attempt',
    remote_host: 'dc1',
  })
})

t.test('5156: the remote side depends on the direction', async (t) => {
  const connection = {
    ProcessID: '3428',
    Application: '\\device\\harddiskvolume2\\windows\\system32\\svchost.exe',
    SourceAddress: '10.0.0.1',
    SourcePort: '50000',
    DestAddress: '10.0.0.2',
    DestPort: '445',
    Protocol: '6',
  }
  t.hasStrict(security(5156, { ...connection, Direction: '%%14593' }), {
    event_type: 'network_connection',
    process_pid: 3428,
    process_name: 'svchost.exe',
    process_path: connection.Application,
    protocol: 'tcp',
    direction: 'outbound',
    outcome: 'success',
    local_ip: '10.0.0.1',
    local_port: 50000,
    remote_ip: '10.0.0.2',
    remote_port: 445,
  })
  t.hasStrict(security(5157, { ...connection, Direction: '%%14592' }), {
    direction: 'inbound',
    outcome: 'failure',
    local_ip: '10.0.0.2',
    local_port: 445,
    remote_ip: '10.0.0.1',
    remote_port: 50000,
  })
  t.hasStrict(security(5156, { ...connection, Protocol: '2' }), { protocol: 'igmp' })
  t.hasStrict(security(5154, connection), { direction: 'listen', local_port: 50000 })
  t.hasStrict(security(5158, { ...connection, Protocol: '17' }), {
    direction: 'bind',
    protocol: 'udp',
    local_ip: '10.0.0.1',
  })
})

t.test('4657: a kernel path becomes a canonical one, and a QWORD decimal', async (t) => {
  const value = {
    ...subject,
    ProcessName: 'C:\\evil.exe',
    ObjectName: '\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\EventLog',
    ObjectValueName: 'Start',
    OperationType: '%%1905',
    OldValueType: '%%1876',
    OldValue: '2',
    NewValueType: '%%1876',
    NewValue: '4',
  }
  t.hasStrict(security(4657, value), {
    event_type: 'registry_set',
    registry_path: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Start',
    registry_raw_path: '\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\EventLog\\Start',
    registry_key: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog',
    registry_value_name: 'Start',
    registry_data: '4',
    registry_data_type: 'dword',
    registry_previous_data: '2',
  })
  const qword = { ...value, NewValueType: '%%1883', NewValue: '0x1D63ED21D4ADB0A' }
  t.hasStrict(security(4657, qword), { registry_data: '132362311209507594', registry_data_type: 'qword' })
  t.equal(security(4657, { ...value, OperationType: '%%1906' }).event_type, 'registry_delete')
})

t.test('objects: keys are canonical, masks are numbers, outcomes come from the audit keywords', async (t) => {
  const handle = {
    ...subject,
    ObjectServer: 'Security',
    ObjectType: 'Key',
    ObjectName: '\\REGISTRY\\MACHINE\\SAM',
    AccessMask: '0x20019',
    PrivilegeList: 'SeBackupPrivilege\r\n\t\t\tSeRestorePrivilege',
  }
  t.hasStrict(security(4656, { ...handle, EventType: 'AUDIT_FAILURE' }), {
    event_type: 'object_access',
    operation: 'request',
    outcome: 'failure',
    object_type: 'Key',
    object_name: 'HKLM\\SAM',
    access_mask: 0x20019,
    privileges: ['SeBackupPrivilege', 'SeRestorePrivilege'],
  })
  const process = {
    ...handle,
    ObjectType: 'Process',
    ObjectName: '\\Device\\HarddiskVolume2\\Windows\\System32\\lsass.exe',
  }
  t.hasStrict(security(4663, { ...process, Keywords: '0x8020000000000000' }), {
    operation: 'access',
    outcome: 'success',
    object_name: process.ObjectName,
  })
  const beats = [
    winlogbeat6('Security', 4663, process, { keywords: ['Audit Success'] }),
    winlogbeat7('Security', 4663, process, { keywords: ['Audit Success'] }),
    { ...winlogbeat7('Security', 4663, process), event: { outcome: 'success' } },
  ]
  for (const record of beats) t.hasStrict(eventOf(record), { outcome: 'success' })

  const local = {
    CallerProcessName: 'C:\\a\\net.exe',
    CallerProcessId: '0x10',
    TargetDomainName: 'Builtin',
    TargetUserName: 'Administrators',
  }
  t.hasStrict(security(4799, local), {
    operation: 'enumerate',
    object_name: 'Builtin\\Administrators',
    process_name: 'net.exe',
    process_pid: 16,
  })
  t.hasStrict(security(5379, { ClientProcessId: '4172', TargetName: 'LegacyGeneric:target=x' }), {
    operation: 'read',
    object_server: 'Credential Manager',
    object_name: 'LegacyGeneric:target=x',
    process_pid: 4172,
  })
})

t.test('the directory: replication rights and attribute changes', async (t) => {
  const replicated = {
    ...subject,
    ObjectServer: 'DS',
    ObjectType: '%{19195a5b-6da0-11d0-afd3-00c04fd930c9}',
    AccessMask: '0x100',
    Properties: '%%7688\r\n\t\t{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}\r\n',
  }
  t.hasStrict(security(4662, replicated), {
    event_type: 'directory_access',
    access_mask: 256,
    access_properties: ['%%7688', '{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}'],
  })
  t.equal(security(4662, { ...replicated, ObjectServer: 'LSA' }).event_type, 'object_access')
  const changed = {
    ObjectDN: 'CN=srv,DC=example',
    ObjectClass: 'computer',
    AttributeLDAPDisplayName: 'msDS-KeyCredentialLink',
    AttributeValue: 'B:828:…',
    OperationType: '%%14674',
  }
  t.hasStrict(security(5136, changed), {
    event_type: 'directory_access',
    operation: 'add_value',
    object_name: 'CN=srv,DC=example',
    attribute_name: 'msDS-KeyCredentialLink',
  })
})

t.test('scheduled tasks: the command is read from the definition', async (t) => {
  const xml =
    '<?xml version="1.0"?>\r\n<Task><Actions Context="Author"><Exec><Command>C:\\a b\\evil.exe</Command>' +
    '<Arguments>-x &quot;1&quot; &amp; 2</Arguments></Exec></Actions></Task>'
  t.hasStrict(security(4698, { ...subject, TaskName: '\\Evil', TaskContent: xml }), {
    event_type: 'scheduled_task',
    operation: 'create',
    username: 'alice',
    task_name: '\\Evil',
    task_content: xml,
    task_command: 'C:\\a b\\evil.exe -x "1" & 2',
  })
  t.hasStrict(security(4702, { TaskName: '\\Evil', TaskContentNew: xml }), {
    operation: 'update',
    task_content: xml,
  })
})

t.test('services, accounts and groups', async (t) => {
  t.hasStrict(
    security(4697, {
      ...subject,
      ServiceName: 'evil',
      ServiceFileName: 'cmd /c x',
      ServiceType: '0x10',
      ServiceStartType: '2',
      ServiceAccount: 'LocalSystem',
    }),
    {
      event_type: 'service_install',
      service_name: 'evil',
      service_path: 'cmd /c x',
      service_type: 'user mode service',
      service_start_type: 'auto',
      service_account: 'LocalSystem',
    },
  )
  t.hasStrict(
    security(4720, {
      ...subject,
      TargetUserName: 'new',
      TargetDomainName: 'EXAMPLE',
      TargetSid: 'S-1-5-21-1-2-3-1005',
    }),
    {
      event_type: 'account_change',
      operation: 'create',
      username: 'alice',
      target_username: 'new',
      target_sid: 'S-1-5-21-1-2-3-1005',
    },
  )
  t.hasStrict(
    security(4732, { TargetUserName: 'Administrators', MemberName: '-', MemberSid: 'S-1-5-21-1-2-3-1005' }),
    {
      operation: 'add_member',
      group_name: 'Administrators',
      target_sid: 'S-1-5-21-1-2-3-1005',
    },
  )
  t.hasStrict(security(4781, { OldTargetUserName: 'pc$', NewTargetUserName: 'dc' }), {
    operation: 'rename',
    target_username: 'dc',
    target_previous_username: 'pc$',
  })
})

t.test('tickets, shares, privileges, the log', async (t) => {
  const ticket = {
    TargetUserName: 'alice@EXAMPLE',
    ServiceName: 'sql$',
    TicketOptions: '0x40810000',
    TicketEncryptionType: '0x17',
    Status: '0x0',
    IpAddress: '::ffff:10.0.0.9',
  }
  const granted = security(4769, ticket)
  t.hasStrict(granted, {
    event_type: 'kerberos_ticket',
    operation: 'service_ticket',
    ticket_encryption: '0x17',
    service_name: 'sql$',
    remote_ip: '10.0.0.9',
  })
  t.notOk('failure_reason' in granted)
  t.hasStrict(security(4771, { ...ticket, Status: '0x18' }), {
    operation: 'pre_auth',
    failure_reason: '0x18',
  })
  t.hasStrict(
    security(5145, {
      ShareName: '\\\\*\\C$',
      ShareLocalPath: '\\??\\C:\\',
      RelativeTargetName: 'x.dll',
      IpAddress: '10.0.0.9',
      AccessMask: '0x2',
    }),
    {
      event_type: 'share_access',
      share_name: '\\\\*\\C$',
      share_path: 'C:\\',
      share_file: 'x.dll',
      access_mask: 2,
    },
  )
  t.hasStrict(security(4703, { EnabledPrivilegeList: 'SeDebugPrivilege' }), {
    event_type: 'privilege_use',
    operation: 'adjust',
    privileges: 'SeDebugPrivilege',
  })
  t.hasStrict(security(1102, {}), { event_type: 'log_clear', log_name: 'Security' })
})
