import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { etw, standardTraceEvents } from '../../../lib/standardize/etw.js'
import { eventOf, labelOf } from './records.js'

const word = {
  guid: '5204-0',
  pid: 5204,
  name: 'WINWORD.EXE',
  path: 'C:\\Office\\WINWORD.EXE',
  command_line: 'WINWORD.EXE /n a.docm',
}
const powershell = {
  guid: '6012-1d882cba293d940',
  pid: 6012,
  name: 'powershell.exe',
  path: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
  command_line: 'powershell -c 1',
  user_sid: 'S-1-5-18',
  session_id: 1,
  integrity: 'System',
  parent: {
    ...word,
    user_sid: 'S-1-5-19',
    session_id: 0,
    integrity: 'Medium',
    parent: { name: 'explorer.exe' },
  },
  ancestor_names: ['WINWORD.EXE', 'explorer.exe'],
  ancestor_paths: [word.path],
}

/** A line of `nuthatch etl`. */
const line = (provider: string, guid: string, members: object) => ({
  record: 8,
  time: '2022-06-18T04:26:52.5000000Z',
  provider,
  guid,
  version: 4,
  cpu: 1,
  pid: 5204,
  tid: 5208,
  device: 'WS-0117',
  ...members,
})
const kernel = (happened: string, members: object) =>
  line('Process', '3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c', {
    type: 1,
    event: 'Start',
    happened,
    process: powershell,
    fields: {},
    ...members,
  })

const acted = {
  source: 'etw',
  platform: 'windows',
  device_name: 'WS-0117',
  event_time: '2022-06-18T04:26:52.5000000Z',
  event_id: '8',
  process_name: 'powershell.exe',
  process_path: powershell.path,
  process_pid: 6012,
  process_guid: '6012-1d882cba293d940',
  command_line: 'powershell -c 1',
  user_sid: 'S-1-5-18',
  username: 'SYSTEM',
  user_domain: 'NT AUTHORITY',
  session_id: 1,
  integrity_level: 'System',
  parent_name: 'WINWORD.EXE',
  parent_path: word.path,
  parent_pid: 5204,
  parent_guid: '5204-0',
  parent_command_line: word.command_line,
  parent_user_sid: 'S-1-5-19',
  parent_username: 'LOCAL SERVICE',
  parent_user_domain: 'NT AUTHORITY',
  parent_integrity_level: 'Medium',
  parent_session_id: 0,
  grandparent_name: 'explorer.exe',
  ancestor_names: ['WINWORD.EXE', 'explorer.exe'],
  ancestor_paths: word.path,
}

t.test('a process that starts, with what is known of it and its ancestors', async (t) => {
  t.strictSame(eventOf(kernel('process_start', {})), {
    ...acted,
    event_type: 'process_start',
    source_event: 'Process/1',
    file_name: 'powershell.exe',
  })
})

t.test('a process that was created by another one than its parent', async (t) => {
  const creator = { ...word, user_sid: 'S-1-5-18' }
  const event = eventOf(kernel('process_start', { process: { ...powershell, creator } }))
  t.hasStrict(event, {
    process_creator_name: 'WINWORD.EXE',
    process_creator_path: word.path,
    process_creator_pid: 5204,
    process_creator_guid: '5204-0',
    process_creator_command_line: word.command_line,
    process_creator_user_sid: 'S-1-5-18',
  })
})

t.test('the command line with which a process ends', async (t) => {
  const fields = { CommandLine: 'powershell -c 2' }
  t.hasStrict(eventOf(kernel('process_end', { fields })), {
    command_line: 'powershell -c 1',
    command_line_at_end: 'powershell -c 2',
  })
})

t.test('a process that ends', async (t) => {
  for (const fields of [{ ExitStatus: 3 }, { ExitCode: 3 }])
    t.hasStrict(eventOf(kernel('process_end', { fields })), { event_type: 'process_end', exit_code: 3 })
})

t.test('accounts have names when every Windows has them', async (t) => {
  const of = (user_sid: string) => eventOf(kernel('process_end', { process: { ...powershell, user_sid } }))
  t.hasStrict(of('S-1-5-19'), { username: 'LOCAL SERVICE', user_domain: 'NT AUTHORITY' })
  t.hasStrict(of('S-1-5-20'), { username: 'NETWORK SERVICE', user_domain: 'NT AUTHORITY' })
  t.hasStrict(of('S-1-5-7'), { username: 'ANONYMOUS LOGON', user_domain: 'NT AUTHORITY' })
  t.notHas(of('S-1-5-21-1-2-3-1001'), { username: String })
  t.notHas(of('S-1-5-21-1-2-3-1001'), { user_domain: String })
})

t.test(
  'and when a live machine has said them; those of Windows are alike in all its languages',
  async (t) => {
    const named = (user_sid: string) => ({ user_sid, username: 'maria', user_domain: 'CORP' })
    const of = (user_sid: string) =>
      eventOf(
        kernel('process_end', { process: { ...powershell, ...named(user_sid), parent: named(user_sid) } }),
      )
    t.hasStrict(of('S-1-5-21-1-2-3-1001'), {
      username: 'maria',
      user_domain: 'CORP',
      parent_username: 'maria',
      parent_user_domain: 'CORP',
    })
    t.hasStrict(of('S-1-5-18'), {
      username: 'SYSTEM',
      user_domain: 'NT AUTHORITY',
      parent_username: 'SYSTEM',
    })
  },
)

t.test('images and drivers', async (t) => {
  const image = { path: 'C:\\Windows\\System32\\amsi.dll' }
  for (const type of ['image_load', 'driver_load'])
    t.hasStrict(eventOf(kernel(type, { image })), {
      ...acted,
      event_type: type,
      image_path: image.path,
      image_name: 'amsi.dll',
    })
})

t.test('files', async (t) => {
  const file = { path: 'C:\\Users\\a\\b.ps1' }
  for (const type of ['file_create', 'file_modify', 'file_delete'])
    t.hasStrict(eventOf(kernel(type, { file })), {
      event_type: type,
      file_path: file.path,
      file_name: 'b.ps1',
    })
  t.hasStrict(eventOf(kernel('file_rename', { file: { ...file, previous_path: 'C:\\a.txt' } })), {
    file_path: file.path,
    file_previous_path: 'C:\\a.txt',
  })
})

t.test('keys and values of the registry, with their canonical names', async (t) => {
  const path = '\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\x'
  const canonical = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\x'
  for (const type of ['registry_create', 'registry_delete']) {
    const event = eventOf(kernel(type, { key: { path } }))
    t.hasStrict(event, { event_type: type, registry_path: canonical, registry_key: canonical })
    t.notHas(event, { registry_value_name: String })
  }
  const key = { path, value: 'Start', data: '4', data_type: 'dword' }
  t.hasStrict(eventOf(kernel('registry_set', { key })), {
    registry_path: `${canonical}\\Start`,
    registry_raw_path: `${path}\\Start`,
    registry_key: canonical,
    registry_value_name: 'Start',
    registry_data: '4',
    registry_data_type: 'dword',
  })
  t.hasStrict(
    eventOf(kernel('registry_set', { key: { ...key, value: '' } })),
    { registry_path: `${canonical}\\(Default)`, registry_value_name: '(Default)' },
    'the value without a name, as Sysmon calls it',
  )
})

t.test('connections', async (t) => {
  const network = {
    direction: 'outbound',
    protocol: 'tcp',
    local_ip: '10.0.0.1',
    local_port: 50001,
    remote_ip: '2001:db8::7',
    remote_port: 443,
  }
  t.hasStrict(eventOf(kernel('network_connection', { network })), {
    event_type: 'network_connection',
    ...network,
    outcome: 'success',
  })
})

t.test('threads in other processes', async (t) => {
  const target = { guid: '700-1', pid: 700, name: 'lsass.exe', path: 'C:\\Windows\\System32\\lsass.exe' }
  const fields = { Win32StartAddr: '0x7FF612340000' }
  t.hasStrict(eventOf(kernel('remote_thread', { target, fields })), {
    event_type: 'remote_thread',
    process_name: 'powershell.exe',
    target_process_name: 'lsass.exe',
    target_process_path: target.path,
    target_process_pid: 700,
    target_process_guid: '700-1',
    start_address: '0x7ff612340000',
  })
})

t.test('what native/trace can say happened, and nothing else, becomes an event', async (t) => {
  const folder = new URL('../../../native/trace/', import.meta.url)
  const sources = readdirSync(folder).filter((name) => name.endsWith('.cc'))
  const said = sources.flatMap((name) =>
    [...readFileSync(new URL(name, folder), 'utf8').matchAll(/EventType::k(\w+)/g)].map(([, type = '']) =>
      type.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase(),
    ),
  )
  const routes = etw.routes.filter(({ when }) => JSON.stringify(when).includes('happened'))
  t.strictSame([...new Set(said)].sort(), routes.map(({ event }) => event).sort())
})

t.test('what the kernel says without that anything happened is counted', async (t) => {
  t.equal(labelOf(kernel('', { type: 3 })), 'etw Process 3')
  t.equal(labelOf(line('', '0-0', { id: 7, fields: {} })), 'etw 0-0 7')
})

const dns = (id: number, fields: object, members: object = {}) =>
  line('Microsoft-Windows-DNS-Client', '1c95126e-7eea-49a9-a3fe-a378b03ddb4d', { id, fields, ...members })

t.test('DNS-Client: queries, their answers, and the cache', async (t) => {
  const fields = {
    QueryName: 'a.example',
    QueryType: 28,
    QueryStatus: 0,
    QueryResults: 'type:  5 b.example;::1;',
  }
  const event = eventOf(dns(3008, fields))
  t.hasStrict(event, {
    event_type: 'dns_query',
    source_event: 'Microsoft-Windows-DNS-Client/3008',
    process_pid: 5204,
    query_name: 'a.example',
    query_type: 'AAAA',
    query_status: '0',
  })
  t.same(event.query_results, ['b.example', '::1'])
  t.hasStrict(eventOf(dns(3006, { QueryName: 'a.example', QueryType: 1 })), { query_type: 'A' })
  const cached = { QueryName: 'a.example', QueryType: 1, Status: 9701, QueryResults: '', ClientPID: 777 }
  for (const id of [3018, 3020])
    t.hasStrict(eventOf(dns(id, cached)), { query_status: '9701', process_pid: 777 }, 'the client asked')
  t.equal(labelOf(dns(3016, cached)), 'etw Microsoft-Windows-DNS-Client 3016')
})

t.test('PowerShell: script blocks in parts, and commands with their context', async (t) => {
  const script = (id: number, fields: object) =>
    line('Microsoft-Windows-PowerShell', 'a0c1853b-5c40-4b15-8766-3cf1c58f985a', {
      id,
      fields,
      process: powershell,
    })
  t.hasStrict(
    eventOf(
      script(4104, {
        MessageNumber: 2,
        MessageTotal: 3,
        ScriptBlockText: 'iex $a',
        ScriptBlockId: 'id-1',
        Path: 'C:\\a.ps1',
      }),
    ),
    {
      ...acted,
      event_type: 'script',
      script_content: 'iex $a',
      script_id: 'id-1',
      script_path: 'C:\\a.ps1',
      script_part: 2,
      script_parts: 3,
    },
  )
  const context =
    '        Severity = Informational\n        Host Application = powershell -c 2\n        Engine Version = 5\n' +
    '        Script Name = C:\\b.ps1\n        User = EXAMPLE\\alice\n'
  t.hasStrict(
    eventOf(script(4103, { ContextInfo: context, UserData: '', Payload: 'CommandInvocation(a)' })),
    {
      command_line: 'powershell -c 2',
      script_path: 'C:\\b.ps1',
      username: 'alice',
      user_domain: 'EXAMPLE',
      script_content: 'CommandInvocation(a)',
    },
  )
})

t.test('AMSI: what was scanned, text if it is no assembly', async (t) => {
  const scan = (fields: object) =>
    line('Microsoft-Antimalware-Scan-Interface', '2a576b87-09a7-520e-c21a-4942f0271d67', {
      id: 1101,
      fields: {
        session: '0x0',
        scanStatus: 1,
        scanResult: 1,
        appname: 'PowerShell_powershell.exe_5.1',
        contentname: 'C:\\a.ps1',
        contentsize: 8,
        originalsize: 8,
        content: '4900450058002800',
        ...fields,
      },
    })
  t.hasStrict(eventOf(scan({})), {
    event_type: 'script',
    script_content: 'IEX(',
    script_path: 'C:\\a.ps1',
    script_context: 'PowerShell_powershell.exe_5.1',
  })
  const assembly = eventOf(scan({ appname: 'DotNet', content: '4d5a9000' }))
  t.hasStrict(assembly, { script_context: 'DotNet' })
  t.notHas(assembly, { script_content: String })
})

t.test('AmsiTrace, which Airbus CERT registers as a provider of AMSI', async (t) => {
  const fields = { Engine: 'VBScript', Script: 'IWshShell3.Run("a")' }
  const scanned = line('AmsiTrace', '8e805eb3-6a8f-4a1e-90fa-a831d94e54a1', {
    id: 0,
    event: 'AmsiScript',
    fields,
  })
  t.hasStrict(eventOf(scanned), {
    event_type: 'script',
    source_event: 'AmsiTrace/AmsiScript',
    script_content: 'IWshShell3.Run("a")',
    script_context: 'VBScript',
  })
})

t.test('WMI-Activity: what clients ask for and register', async (t) => {
  const wmi = (id: number, fields: object) =>
    eventOf(line('Microsoft-Windows-WMI-Activity', '1418ef04-b0b4-4623-bf7e-d74ab47bbdaa', { id, fields }))
  const client = { User: 'EXAMPLE\\alice', ClientProcessId: 4242, NamespaceName: 'root\\cimv2' }
  const asked = {
    event_type: 'wmi',
    username: 'alice',
    user_domain: 'EXAMPLE',
    process_pid: 4242,
    wmi_namespace: 'root\\cimv2',
  }
  t.hasStrict(wmi(11, { ...client, Operation: 'Start IWbemServices::ExecQuery - a' }), {
    ...asked,
    operation: 'query',
    wmi_query: 'Start IWbemServices::ExecQuery - a',
  })
  t.hasStrict(wmi(23, { ...client, Commandline: 'cmd /c a' }), {
    ...asked,
    operation: 'create_process',
    wmi_destination: 'cmd /c a',
  })
  t.hasStrict(wmi(5860, { ...client, Query: 'select * from a' }), {
    operation: 'query',
    wmi_query: 'select * from a',
  })
  t.hasStrict(wmi(5861, { Namespace: 'root', ESS: 'a', CONSUMER: 'b', PossibleCause: 'c' }), {
    operation: 'bind',
    wmi_query: 'a',
    wmi_consumer: 'b',
    wmi_destination: 'c',
  })
})

t.test('Kernel-Audit-API-Calls: processes opened', async (t) => {
  const open = (ReturnCode: string) =>
    eventOf(
      line('Microsoft-Windows-Kernel-Audit-API-Calls', 'e02a841c-75a3-4fa7-afc8-ae09cf9b7f23', {
        id: 5,
        process: powershell,
        target: { guid: '700-1', pid: 700, name: 'lsass.exe' },
        fields: { TargetProcessId: 700, DesiredAccess: 5136, ReturnCode },
      }),
    )
  t.hasStrict(open('0x0'), {
    event_type: 'process_access',
    process_name: 'powershell.exe',
    target_process_pid: 700,
    target_process_name: 'lsass.exe',
    granted_access: 0x1410,
    outcome: 'success',
  })
  t.notHas(open('0xc0000022'), { outcome: String })
})

t.test('Threat-Intelligence: memory and threads of other processes', async (t) => {
  const reached = (id: number, fields: object = {}) =>
    eventOf(
      line('Microsoft-Windows-Threat-Intelligence', 'f4e1897c-bb5d-5668-f1d8-040f4d8dd344', {
        id,
        fields: { CallingProcessId: 6012, TargetProcessId: 700, ...fields },
      }),
    )
  const both = { process_pid: 6012, target_process_pid: 700 }
  for (const id of [1, 2, 3, 13, 14]) t.hasStrict(reached(id), { event_type: 'process_access', ...both })
  t.hasStrict(reached(13, { OperationStatus: '0x0' }), { outcome: 'success' })
  t.hasStrict(reached(4, { ApcRoutine: '0x1000' }), {
    event_type: 'remote_thread',
    ...both,
    start_address: '0x1000',
  })
})

t.test('what is read of a trace is what has a route, each provider once', async (t) => {
  const guids = standardTraceEvents.map(({ provider }) => provider)
  t.equal(new Set(guids).size, guids.length)
  for (const { provider, ids } of standardTraceEvents)
    for (const id of ids) t.ok(eventOf(line('', provider, { id, fields: { ProviderName: 'a' } })).event_type)
  for (const guid of guids) t.match(guid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
})

t.test('call stacks, and what follows from them', async (t) => {
  const callstack = {
    summary: 'ntdll.dll|a.exe',
    frames: ['C:\\Windows\\System32\\ntdll.dll!NtOpenProcess+0x14', 'C:\\a.exe+0x10'],
    symbols: ['ntdll.dll!NtOpenProcess', 'a.exe+0x10'],
    modules: ['C:\\Windows\\System32\\ntdll.dll', 'C:\\a.exe'],
    final_user_module: 'C:\\a.exe',
    trace: 'C:\\Windows\\System32\\ntdll.dll+9d4c4|C:\\a.exe+10',
    contains_unbacked: false,
    unbacked_code: false,
    direct_syscall: false,
    indirect_syscall: true,
  }
  const audit = 'e02a841c-75a3-4fa7-afc8-ae09cf9b7f23'
  const opened = line('Microsoft-Windows-Kernel-Audit-API-Calls', audit, {
    id: 5,
    fields: { TargetProcessId: 8, DesiredAccess: '0x1fffff', ReturnCode: '0x0' },
    callstack,
  })
  t.match(eventOf(opened), {
    event_type: 'process_access',
    callstack_summary: callstack.summary,
    callstack_frames: callstack.frames,
    callstack_symbols: callstack.symbols,
    callstack_modules: callstack.modules,
    callstack_final_user_module: callstack.final_user_module,
    callstack_contains_unbacked: false,
    call_trace: callstack.trace,
    evasion_unbacked_code: false,
    evasion_direct_syscall: false,
    evasion_indirect_syscall: true,
  })
})
