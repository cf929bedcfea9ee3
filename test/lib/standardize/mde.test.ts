import t from 'tap'
import { eventOf, labelOf } from './records.js'

const initiator = {
  DeviceId: 'DEV1',
  DeviceName: 'ws1.example',
  ReportId: 17679,
  Timestamp: '2026-03-02T06:00:00.0000884Z',
  InitiatingProcessId: 100,
  InitiatingProcessCreationTime: '2026-03-02T05:00:00.1234567Z',
  InitiatingProcessUniqueId: '31968255233002296',
  InitiatingProcessFileName: 'cmd.exe',
  InitiatingProcessFolderPath: 'c:\\windows\\system32\\cmd.exe',
  InitiatingProcessCommandLine: 'cmd /k',
  InitiatingProcessSHA1: 'AA',
  InitiatingProcessVersionInfoOriginalFileName: 'Cmd.Exe',
  InitiatingProcessAccountName: 'alice',
  InitiatingProcessAccountDomain: 'example',
  InitiatingProcessAccountSid: 'S-1-5-21-1-2-3-1001',
  InitiatingProcessLogonId: 999,
  InitiatingProcessTokenElevation: 'TokenElevationTypeFull',
  InitiatingProcessIntegrityLevel: 'High',
  InitiatingProcessParentFileName: 'explorer.exe',
  InitiatingProcessParentId: 50,
  InitiatingProcessParentCreationTime: '2026-03-02T04:00:00Z',
}

const streamed = (ActionType: string, columns: object) => ({
  time: '2026-03-02T06:03:08Z',
  tenantId: 'tenant-1',
  category: 'AdvancedHunting-DeviceEvents',
  properties: { ActionType, ...initiator, ...columns },
})
const mde = (ActionType: string, columns: object = {}) => eventOf(streamed(ActionType, columns))

t.test('the initiating process is the process that acts', async (t) => {
  const record = streamed('FileCreated', {
    FolderPath: 'C:\\a\\b.exe',
    FileName: 'b.exe',
    SHA256: 'BB',
    FileSize: 7,
  })
  for (const row of [record, { ...record.properties, TenantId: 'tenant-1' }]) {
    t.hasStrict(eventOf(row), {
      event_type: 'file_create',
      source: 'mde',
      source_event: 'FileCreated',
      event_id: '17679',
      event_time: '2026-03-02T06:00:00.0000884Z',
      platform: 'windows',
      device_id: 'DEV1',
      device_name: 'ws1.example',
      tenant_id: 'tenant-1',
      process_pid: 100,
      process_name: 'cmd.exe',
      process_path: 'c:\\windows\\system32\\cmd.exe',
      command_line: 'cmd /k',
      process_sha1: 'aa',
      original_file_name: 'Cmd.Exe',
      username: 'alice',
      user_domain: 'example',
      logon_id: '0x3e7',
      token_elevation: 'full',
      integrity_level: 'High',
      parent_name: 'explorer.exe',
      parent_pid: 50,
      file_path: 'C:\\a\\b.exe',
      file_name: 'b.exe',
      file_sha256: 'bb',
      file_size: 7,
    })
  }
})

const created = {
  FileName: 'powershell.exe',
  FolderPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
  ProcessId: 200,
  ProcessCreationTime: '2026-03-02T06:00:00.0000001Z',
  ProcessCommandLine: 'powershell -enc AA',
  ProcessVersionInfoOriginalFileName: 'PowerShell.EXE',
  ProcessVersionInfoInternalFileName: 'POWERSHELL',
  AccountName: 'bob',
  AccountDomain: 'other',
  MD5: 'CC',
}

t.test('ProcessCreated: the new process is the process, its initiator the parent', async (t) => {
  t.hasStrict(mde('ProcessCreated', created), {
    event_type: 'process_start',
    process_pid: 200,
    process_name: 'powershell.exe',
    file_name: 'powershell.exe',
    process_path: created.FolderPath,
    command_line: 'powershell -enc AA',
    process_md5: 'cc',
    original_file_name: 'PowerShell.EXE',
    internal_name: 'POWERSHELL',
    username: 'bob',
    user_domain: 'other',
    parent_pid: 100,
    parent_name: 'cmd.exe',
    parent_path: 'c:\\windows\\system32\\cmd.exe',
    parent_command_line: 'cmd /k',
    parent_original_file_name: 'Cmd.Exe',
    parent_username: 'alice',
    parent_user_domain: 'example',
    parent_integrity_level: 'High',
    grandparent_name: 'explorer.exe',
  })
  t.notOk('process_sha1' in mde('ProcessCreated', created), 'the parent’s hash is not the child’s')
})

t.test('a process has the same guid in its start and in what it does later', async (t) => {
  const start = mde('ProcessCreated', created)
  const later = mde('FileDeleted', {
    InitiatingProcessId: 200,
    InitiatingProcessCreationTime: created.ProcessCreationTime,
  })
  t.equal(start.process_guid, 'dev1|200|2026-03-02t06:00:00.0000001z')
  t.equal(later.process_guid, start.process_guid)
  t.equal(start.parent_guid, mde('FileDeleted').process_guid)
  t.notSame(mde('FileDeleted', { DeviceId: 'DEV2' }).process_guid, mde('FileDeleted').process_guid)
  const unknown = { InitiatingProcessId: null, InitiatingProcessCreationTime: null }
  t.equal(mde('FileDeleted', unknown).process_guid, 'dev1|31968255233002296')
  t.notOk('process_guid' in mde('FileDeleted', { ...unknown, InitiatingProcessUniqueId: null }))
})

t.test('null, "", "None", "-" and a missing column are all no value', async (t) => {
  for (const SHA1 of [null, '', 'None', '-', undefined]) t.notOk('file_sha1' in mde('FileCreated', { SHA1 }))
})

t.test('AdditionalFields is null, empty, JSON text or an object', async (t) => {
  for (const AdditionalFields of [null, '', '{}', '{"PipeName": ', '[]', 'x']) {
    const event = mde('NamedPipeEvent', { AdditionalFields })
    t.equal(event.event_type, 'pipe')
    t.notOk('pipe_name' in event)
  }
  const fields = { PipeName: '\\evil', NamedPipeEnd: 'Client' }
  for (const AdditionalFields of [fields, JSON.stringify(fields)]) {
    t.hasStrict(mde('NamedPipeEvent', { AdditionalFields }), { pipe_name: '\\evil', operation: 'connect' })
  }
})

t.test('DnsQueryResponse: every answer', async (t) => {
  const answers = [
    { DnsQueryType: 'A', Result: '192.0.2.1' },
    { DnsQueryType: 'AAAA', Result: '2001:db8::1' },
  ]
  const event = mde('DnsQueryResponse', {
    AdditionalFields: JSON.stringify({ DnsQueryString: 'a.example', DnsQueryResult: answers }),
  })
  t.hasStrict(event, { event_type: 'dns_query', query_name: 'a.example' })
  t.same(event.query_results, ['192.0.2.1', '2001:db8::1'])
  t.same(event.query_type, ['A', 'AAAA'])
  const nested = mde('DnsQueryResponse', {
    AdditionalFields: JSON.stringify({ DnsQueryResult: JSON.stringify(answers) }),
  })
  t.same(nested.query_results, ['192.0.2.1', '2001:db8::1'], 'JSON text in JSON text')
})

t.test('connections: direction, outcome, and the host of a URL', async (t) => {
  const columns = {
    RemoteIP: '::ffff:192.0.2.1',
    RemotePort: 443,
    LocalIP: '10.0.0.1',
    LocalPort: 50000,
    Protocol: 'TcpV4',
  }
  t.hasStrict(mde('ConnectionSuccess', { ...columns, RemoteUrl: 'https://a.example:8443/x?y' }), {
    event_type: 'network_connection',
    direction: 'outbound',
    outcome: 'success',
    protocol: 'tcp',
    remote_ip: '192.0.2.1',
    remote_port: 443,
    local_ip: '10.0.0.1',
    local_port: 50000,
    remote_host: 'a.example',
    remote_url: 'https://a.example:8443/x?y',
  })
  t.hasStrict(mde('ConnectionFailed', { RemoteUrl: 'a.example' }), {
    outcome: 'failure',
    remote_host: 'a.example',
  })
  t.hasStrict(mde('InboundConnectionAccepted'), { direction: 'inbound', outcome: 'success' })
  t.hasStrict(mde('ListeningConnectionCreated'), { direction: 'listen' })
})

t.test('a process without a path still runs on some platform', async (t) => {
  const without = {
    InitiatingProcessFolderPath: '<unknown process>',
    InitiatingProcessFileName: '<unknown process>',
  }
  const event = mde('ConnectionSuccess', without)
  t.equal(event.platform, 'windows', 'only Windows has integrity levels')
  t.notOk('process_path' in event || 'process_name' in event)
  const linux = { InitiatingProcessFolderPath: '/usr/bin/bash', InitiatingProcessIntegrityLevel: null }
  t.equal(mde('ConnectionSuccess', linux).platform, 'linux')
  t.equal(
    mde('ConnectionSuccess', { ...linux, InitiatingProcessFolderPath: '/Applications/a' }).platform,
    'macos',
  )
})

t.test('the registry', async (t) => {
  const columns = {
    RegistryKey: 'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\Evil',
    RegistryValueName: 'Start',
    RegistryValueData: 'DWORD (0x00000004)',
    RegistryValueType: 'Dword',
  }
  t.hasStrict(mde('RegistryValueSet', columns), {
    event_type: 'registry_set',
    registry_path: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Evil\\Start',
    registry_raw_path: 'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\Evil\\Start',
    registry_key: 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Evil',
    registry_value_name: 'Start',
    registry_data: '4',
    registry_data_type: 'dword',
  })
  const deleted = { PreviousRegistryKey: 'HKEY_USERS\\S-1\\A', PreviousRegistryValueName: 'B' }
  t.hasStrict(mde('RegistryValueDeleted', deleted), {
    event_type: 'registry_delete',
    registry_path: 'HKU\\S-1\\A\\B',
  })
  const renamed = { PreviousRegistryKey: 'HKEY_USERS\\A', RegistryKey: 'HKEY_USERS\\B' }
  t.hasStrict(mde('RegistryKeyRenamed', renamed), { registry_path: 'HKU\\A', registry_new_name: 'HKU\\B' })
})

t.test('other processes, logons, and the rest', async (t) => {
  const target = { FolderPath: 'C:\\Windows\\System32\\lsass.exe', FileName: 'lsass.exe', ProcessId: 700 }
  t.hasStrict(mde('OpenProcessApiCall', { ...target, AdditionalFields: '{"DesiredAccess": 5136}' }), {
    event_type: 'process_access',
    process_name: 'cmd.exe',
    target_process_name: 'lsass.exe',
    target_process_pid: 700,
    granted_access: 5136,
  })
  t.hasStrict(mde('CreateRemoteThreadApiCall', target), {
    event_type: 'remote_thread',
    target_process_name: 'lsass.exe',
  })
  t.hasStrict(
    mde('LogonFailed', {
      AccountName: 'eve',
      LogonType: 'RemoteInteractive',
      FailureReason: 'InvalidUserNameOrPassword',
      IsLocalAdmin: true,
    }),
    {
      event_type: 'logon',
      outcome: 'failure',
      target_username: 'eve',
      logon_type: 'remote_interactive',
      failure_reason: 'InvalidUserNameOrPassword',
      is_admin: true,
    },
  )
  t.hasStrict(mde('ImageLoaded', { FolderPath: 'C:\\a.dll', FileName: 'a.dll', MD5: 'AA' }), {
    event_type: 'image_load',
    image_path: 'C:\\a.dll',
    image_name: 'a.dll',
    image_md5: 'aa',
  })
  t.hasStrict(mde('PowerShellCommand', { AdditionalFields: '{"Command":"Get-Item"}' }), {
    event_type: 'script',
    script_content: 'Get-Item',
  })
  const service = { ServiceName: 'evil', ServiceType: 16, ServiceStartType: 2, ServiceAccount: 'LocalSystem' }
  t.hasStrict(
    mde('ServiceInstalled', { FolderPath: 'C:\\evil.exe', AdditionalFields: JSON.stringify(service) }),
    {
      event_type: 'service_install',
      service_name: 'evil',
      service_path: 'C:\\evil.exe',
      service_type: 'user mode service',
      service_start_type: 'auto',
    },
  )
  t.equal(labelOf(streamed('SomethingNew', {})), 'mde SomethingNew')
})
