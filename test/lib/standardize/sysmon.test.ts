import t from 'tap'
import { eventOf, flat, inEveryShape, labelOf } from './records.js'

const CHANNEL = 'Microsoft-Windows-Sysmon/Operational'
const sysmon = (id: number, data: Record<string, unknown>) => eventOf(flat(CHANNEL, id, data))

const started = {
  UtcTime: '2021-05-06 07:08:09.123',
  ProcessGuid: '{0A1B2C3D-0001-0002-0003-000000000400}',
  ProcessId: '4242',
  Image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
  FileVersion: '10.0.1 (WinBuild)',
  Description: 'Windows PowerShell',
  Product: 'Windows',
  Company: '-',
  OriginalFileName: 'PowerShell.EXE',
  CommandLine: 'powershell -enc AAAA',
  CurrentDirectory: 'C:\\Users\\alice\\',
  User: 'EXAMPLE\\alice',
  LogonId: '0xC61D9',
  TerminalSessionId: '2',
  IntegrityLevel: 'High',
  Hashes: 'SHA1=AB01,MD5=CD02,SHA256=EF03,IMPHASH=00000000000000000000000000000000',
  ParentProcessGuid: '{0a1b2c3d-0001-0002-0003-000000000300}',
  ParentProcessId: '17',
  ParentImage: 'C:\\Windows\\explorer.exe',
  ParentCommandLine: 'explorer.exe',
  ParentUser: 'CORP\\bob',
}

t.test('1 is a process_start, with its parent and hashes', async (t) => {
  for (const record of inEveryShape(CHANNEL, 1, started)) {
    const event = eventOf(record)
    t.hasStrict(event, {
      event_type: 'process_start',
      event_time: '2021-05-06T07:08:09.123Z',
      process_guid: '0a1b2c3d-0001-0002-0003-000000000400',
      process_pid: 4242,
      process_path: started.Image,
      process_name: 'powershell.exe',
      file_name: 'powershell.exe',
      command_line: 'powershell -enc AAAA',
      working_directory: 'C:\\Users\\alice\\',
      original_file_name: 'PowerShell.EXE',
      username: 'alice',
      user_domain: 'EXAMPLE',
      integrity_level: 'High',
      session_id: 2,
      logon_id: '0xc61d9',
      process_sha1: 'ab01',
      process_md5: 'cd02',
      process_sha256: 'ef03',
      parent_guid: '0a1b2c3d-0001-0002-0003-000000000300',
      parent_pid: 17,
      parent_name: 'explorer.exe',
      parent_path: 'C:\\Windows\\explorer.exe',
      parent_command_line: 'explorer.exe',
      parent_username: 'bob',
      parent_user_domain: 'CORP',
    })
    t.notOk('company' in event, 'a dash is no value')
    t.notOk('process_imphash' in event, 'an import hash of zeros is none')
  }
})

t.test('a process has one guid, however an event spells it', async (t) => {
  const guid = '{0A1B2C3D-0001-0002-0003-000000000400}'
  const guids = [
    sysmon(1, { ProcessGuid: guid }).process_guid,
    sysmon(5, { ProcessGuid: guid.toLowerCase() }).process_guid,
    sysmon(11, { ProcessGuid: guid.slice(1, -1) }).process_guid,
    sysmon(10, { SourceProcessGUID: guid, TargetProcessGUID: guid }).process_guid,
    sysmon(10, { SourceProcessGuid: guid, TargetProcessGuid: guid }).target_process_guid,
    sysmon(8, { SourceProcessGuid: guid, TargetProcessGuid: guid }).process_guid,
  ]
  t.same([...new Set(guids)], ['0a1b2c3d-0001-0002-0003-000000000400'])
  t.notOk('process_guid' in sysmon(5, { ProcessGuid: '{00000000-0000-0000-0000-000000000000}' }))
})

t.test('process_access and remote_thread: the source acts, the target is acted upon', async (t) => {
  const both = {
    SourceProcessId: '11',
    SourceImage: 'C:\\a\\mimikatz.exe',
    SourceUser: 'EXAMPLE\\mallory',
    TargetProcessId: '22',
    TargetImage: 'C:\\Windows\\System32\\lsass.exe',
    TargetUser: 'NT AUTHORITY\\SYSTEM',
  }
  const expected = {
    process_pid: 11,
    process_path: 'C:\\a\\mimikatz.exe',
    process_name: 'mimikatz.exe',
    username: 'mallory',
    target_process_pid: 22,
    target_process_name: 'lsass.exe',
    target_process_path: 'C:\\Windows\\System32\\lsass.exe',
    target_username: 'SYSTEM',
    target_domain: 'NT AUTHORITY',
  }
  const access = sysmon(10, {
    ...both,
    GrantedAccess: '0x1410',
    CallTrace: 'C:\\ntdll.dll+9c584|UNKNOWN(0000)',
  })
  t.hasStrict(access, { ...expected, event_type: 'process_access', granted_access: 0x1410 })
  t.equal(access.call_trace, 'C:\\ntdll.dll+9c584|UNKNOWN(0000)')

  const thread = {
    ...both,
    StartAddress: '0x00007FFF9F40EB60',
    StartModule: 'C:\\KERNEL32.DLL',
    StartFunction: 'LoadLibraryA',
  }
  t.hasStrict(sysmon(8, thread), {
    ...expected,
    event_type: 'remote_thread',
    start_address: '0x7fff9f40eb60',
    start_module: 'C:\\KERNEL32.DLL',
    start_function: 'LoadLibraryA',
  })
})

t.test('an unknown process has no path', async (t) => {
  const event = sysmon(8, { SourceImage: 'C:\\a.exe', TargetImage: '<unknown process>' })
  t.equal(event.process_name, 'a.exe')
  t.notOk('target_process_path' in event || 'target_process_name' in event)
})

t.test('a device prefix before a drive letter is cut', async (t) => {
  t.equal(sysmon(26, { Image: '\\\\?\\C:\\Windows\\a.exe' }).process_path, 'C:\\Windows\\a.exe')
  t.equal(sysmon(26, { Image: '\\??\\C:\\Windows\\a.exe' }).process_path, 'C:\\Windows\\a.exe')
  t.equal(sysmon(9, { Image: 'System' }).process_path, 'System')
})

t.test('3: the remote side depends on who initiated', async (t) => {
  const connection = {
    Protocol: 'tcp',
    SourceIp: '10.0.0.1',
    SourcePort: '50000',
    SourceHostname: '-',
    DestinationIp: '0:0:0:0:0:0:0:1',
    DestinationPort: '443',
    DestinationHostname: 'server.example',
  }
  t.hasStrict(sysmon(3, { ...connection, Initiated: 'true' }), {
    event_type: 'network_connection',
    direction: 'outbound',
    protocol: 'tcp',
    remote_ip: '::1',
    remote_port: 443,
    remote_host: 'server.example',
    local_ip: '10.0.0.1',
    local_port: 50000,
  })
  const inbound = sysmon(3, { ...connection, Initiated: 'false' })
  t.hasStrict(inbound, {
    direction: 'inbound',
    remote_ip: '10.0.0.1',
    remote_port: 50000,
    local_ip: '::1',
    local_port: 443,
  })
  t.notOk('remote_host' in inbound, 'the other side’s name is not made up from this side’s')
})

t.test('12, 13, 14: registry', async (t) => {
  const object = 'HKLM\\System\\ControlSet001\\Services\\Evil\\ImagePath'
  t.hasStrict(sysmon(13, { EventType: 'SetValue', TargetObject: object, Details: 'DWORD (0x00000010)' }), {
    event_type: 'registry_set',
    registry_path: 'HKLM\\System\\CurrentControlSet\\Services\\Evil\\ImagePath',
    registry_raw_path: object,
    registry_key: 'HKLM\\System\\CurrentControlSet\\Services\\Evil',
    registry_value_name: 'ImagePath',
    registry_data: '16',
    registry_data_type: 'dword',
  })
  t.equal(
    sysmon(13, { TargetObject: object, Details: 'QWORD (0x01d6a840-0xadbf52fb)' }).registry_data,
    '132478234800378619',
  )
  t.equal(sysmon(13, { TargetObject: object, Details: 'C:\\evil.exe' }).registry_data, 'C:\\evil.exe')

  const deletedValue = sysmon(12, { EventType: 'DeleteValue', TargetObject: object })
  t.hasStrict(deletedValue, { event_type: 'registry_delete', registry_value_name: 'ImagePath' })
  const deletedKey = sysmon(12, { EventType: 'DeleteKey', TargetObject: 'HKU\\S-1-5-18\\Software\\Evil' })
  t.hasStrict(deletedKey, { event_type: 'registry_delete', registry_key: 'HKU\\S-1-5-18\\Software\\Evil' })
  t.notOk('registry_value_name' in deletedKey)
  t.equal(
    sysmon(12, { EventType: 'CreateKey', TargetObject: 'HKLM\\SOFTWARE\\A' }).event_type,
    'registry_create',
  )
  const renamed = sysmon(14, {
    EventType: 'RenameKey',
    TargetObject: 'HKLM\\SOFTWARE\\A',
    NewName: 'HKLM\\SOFTWARE\\B',
  })
  t.hasStrict(renamed, {
    event_type: 'registry_rename',
    registry_path: 'HKLM\\SOFTWARE\\A',
    registry_new_name: 'HKLM\\SOFTWARE\\B',
  })
})

t.test('12 without its EventType could be either, and is not guessed', async (t) => {
  t.equal(labelOf(flat(CHANNEL, 12, { EventType: 'INFO', TargetObject: 'HKLM\\SOFTWARE\\A' })), 'sysmon 12')
})

t.test('files: created, changed, deleted, blocked', async (t) => {
  const file = {
    TargetFilename: 'C:\\Users\\alice\\evil.exe',
    Hashes: 'MD5=AA,SHA256=BB',
    IsExecutable: 'true',
  }
  t.hasStrict(sysmon(11, file), {
    event_type: 'file_create',
    file_path: file.TargetFilename,
    file_name: 'evil.exe',
  })
  t.equal(sysmon(2, file).event_type, 'file_modify')
  for (const id of [23, 26]) {
    t.hasStrict(sysmon(id, file), {
      event_type: 'file_delete',
      file_md5: 'aa',
      file_sha256: 'bb',
      is_executable: true,
    })
  }
  t.hasStrict(sysmon(27, file), { event_type: 'file_create', outcome: 'failure', is_executable: true })
  t.hasStrict(sysmon(28, file), { event_type: 'file_delete', outcome: 'failure' })
  t.hasStrict(sysmon(29, { ...file, IsExecutable: undefined }), {
    event_type: 'file_create',
    is_executable: true,
  })
})

t.test('15: where a download came from', async (t) => {
  const event = sysmon(15, {
    TargetFilename: 'C:\\Users\\alice\\evil.exe:Zone.Identifier',
    Hash: 'SHA1=AA',
    Contents:
      '[ZoneTransfer]  ZoneId=3  ReferrerUrl=https://page.example/  HostUrl=https://host.example/evil.exe  ',
  })
  t.hasStrict(event, {
    event_type: 'file_create',
    file_sha1: 'aa',
    file_origin_url: 'https://host.example/evil.exe',
    file_referrer_url: 'https://page.example/',
  })
})

t.test('7 and 6: images and drivers', async (t) => {
  const image = {
    ImageLoaded: 'C:\\Temp\\evil.dll',
    OriginalFileName: 'good.dll',
    Hashes: 'SHA1=AA,IMPHASH=BB',
    Signed: 'false',
    Signature: '-',
    SignatureStatus: 'Unavailable',
  }
  const loaded = sysmon(7, { ...image, Image: 'C:\\a.exe' })
  t.hasStrict(loaded, {
    event_type: 'image_load',
    process_name: 'a.exe',
    image_path: 'C:\\Temp\\evil.dll',
    image_name: 'evil.dll',
    image_original_file_name: 'good.dll',
    image_sha1: 'aa',
    image_imphash: 'bb',
    image_signed: false,
    image_signature_status: 'unavailable',
  })
  t.notOk('original_file_name' in loaded, 'that is the process’s')
  t.hasStrict(sysmon(6, { ...image, ImageLoaded: 'C:\\a.sys', Signed: 'true', Signature: 'Evil Corp' }), {
    event_type: 'driver_load',
    image_name: 'a.sys',
    image_signed: true,
    image_signer: 'Evil Corp',
  })
})

t.test('22: answers are split and bare', async (t) => {
  const event = sysmon(22, {
    QueryName: 'www.example.org',
    QueryStatus: '0',
    QueryResults: 'type:  5 a.example.net;type:  5 b.example.net;::ffff:192.0.2.7;',
  })
  t.hasStrict(event, { event_type: 'dns_query', query_name: 'www.example.org', query_status: '0' })
  t.same(event.query_results, ['a.example.net', 'b.example.net', '192.0.2.7'])
})

t.test('the rest', async (t) => {
  t.hasStrict(sysmon(17, { PipeName: '\\evil' }), {
    event_type: 'pipe',
    operation: 'create',
    pipe_name: '\\evil',
  })
  t.hasStrict(sysmon(18, { PipeName: '\\evil' }), { event_type: 'pipe', operation: 'connect' })
  t.hasStrict(sysmon(9, { Device: '\\Device\\Harddisk0\\DR0' }), {
    event_type: 'raw_disk_read',
    raw_device: '\\Device\\Harddisk0\\DR0',
  })
  t.hasStrict(sysmon(25, { Type: 'Image is replaced' }), {
    event_type: 'process_tamper',
    tamper_type: 'Image is replaced',
  })
  t.hasStrict(sysmon(4, { State: 'Stopped' }), {
    event_type: 'service_change',
    service_name: 'Sysmon',
    operation: 'stopped',
  })
  t.hasStrict(
    sysmon(19, { Operation: 'Created', EventNamespace: 'root\\cimv2', Name: 'F', Query: 'SELECT *' }),
    {
      event_type: 'wmi',
      operation: 'create',
      wmi_namespace: 'root\\cimv2',
      wmi_name: 'F',
      wmi_query: 'SELECT *',
    },
  )
  t.hasStrict(
    sysmon(20, { Operation: 'Modified', Name: 'C', Type: 'Command Line', Destination: 'evil.exe' }),
    {
      operation: 'update',
      wmi_consumer: 'Command Line',
      wmi_destination: 'evil.exe',
    },
  )
  t.hasStrict(
    sysmon(21, { Operation: 'Deleted', Consumer: 'CommandLineEventConsumer.Name="C"', Filter: 'F' }),
    {
      operation: 'delete',
      wmi_consumer: 'CommandLineEventConsumer.Name="C"',
    },
  )
  t.equal(labelOf(flat(CHANNEL, 255, {})), 'sysmon 255')
})
