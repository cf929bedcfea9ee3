/**
 * Events of ETW traces as `nuthatch etl` prints them (docs/etw.md): `fields` is the payload; `happened` is there
 * on what the kernel's providers say, put together by native/trace with `process`, `file`, `key` and so on.
 * Providers that need no such state are told by their GUID and the event's id.
 */
import { addTo } from '../add-to.js'
import type { StandardEvents } from '../binding.js'
import type { EventTypeName } from '../schema/event-types.js'
import { dnsQuery } from './dns-client.js'
import type { Assignments, Mapping, Route, Source } from './mapping.js'
import { commandInvocation, scriptBlock } from './powershell.js'
import {
  basename,
  boolean,
  constant,
  field,
  first,
  hex,
  ip,
  isOneOf,
  join,
  lookupOnly,
  number,
  registry,
  select,
  time,
  utf16,
} from './sources.js'
import { account } from './windows-event-log.js'
import { wmiOperations } from './wmi-activity.js'

/** A field of the payload; of several names the first present one. */
const data = (...names: readonly string[]): Source => field(...names.map((name) => `fields.${name}`))

const provider = first(field('provider'), field('guid'))
const eventNumber = field('id', 'type')
/** Self-describing events are told by their name: their id is mostly 0. */
const eventOf = first(select(field('id'), { '0': field('event') }), eventNumber)

/** Who acted: as the event says it, as native/trace does, or who wrote the event. */
const actor = (...names: readonly string[]): Source =>
  number(field(...names.map((name) => `fields.${name}`), 'process.pid', 'pid'))

const authority = 'NT AUTHORITY'
/** Name and domain of accounts that every Windows has. */
const accountsOfWindows: Readonly<Record<string, readonly [name: string, domain: string]>> = {
  'S-1-5-7': ['ANONYMOUS LOGON', authority],
  'S-1-5-18': ['SYSTEM', authority],
  'S-1-5-19': ['LOCAL SERVICE', authority],
  'S-1-5-20': ['NETWORK SERVICE', authority],
}
/** What accountsOfWindows says at that place; of others what a live machine says. */
const ofAccount = (process: string, at: 0 | 1, said: string): Source =>
  first(
    lookupOnly(
      field(`${process}.user_sid`),
      Object.fromEntries(Object.entries(accountsOfWindows).map(([sid, account]) => [sid, account[at]])),
    ),
    field(`${process}.${said}`),
  )
const usernameOf = (process: string): Source => ofAccount(process, 0, 'username')
const userDomainOf = (process: string): Source => ofAccount(process, 1, 'user_domain')

const path = (
  at: string,
  prefix: 'process' | 'parent' | 'process_creator' | 'target_process' | 'image' | 'file',
): Assignments => ({
  [`${prefix}_path`]: field(`${at}.path`),
  [`${prefix}_name`]: first(field(`${at}.name`), basename(field(`${at}.path`))),
})

/** Of those that have one, when somebody asks for it. */
const callStack: Assignments = {
  callstack_summary: field('callstack.summary'),
  callstack_symbols: field('callstack.symbols'),
  callstack_frames: field('callstack.frames'),
  callstack_modules: field('callstack.modules'),
  callstack_kernel_modules: field('callstack.kernel_modules'),
  callstack_final_user_module: field('callstack.final_user_module'),
  callstack_contains_unbacked: boolean(field('callstack.contains_unbacked')),
  evasion_unbacked_code: boolean(field('callstack.unbacked_code')),
  evasion_direct_syscall: boolean(field('callstack.direct_syscall')),
}
const indirectSyscall: Assignments = {
  evasion_indirect_syscall: boolean(field('callstack.indirect_syscall')),
}
/** What is read from an event's call stack. */
export const stackProperties: ReadonlySet<string> = new Set([
  ...Object.keys(callStack),
  ...Object.keys(indirectSyscall),
  'call_trace',
])

const common: Assignments = {
  event_time: time(field('time')),
  event_id: field('record'),
  source_event: join('/', provider, eventOf),
  platform: constant('windows'),
  device_name: field('device'),
  ...path('process', 'process'),
  process_pid: actor(),
  process_guid: field('process.guid'),
  command_line: field('process.command_line'),
  user_sid: field('process.user_sid'),
  username: usernameOf('process'),
  user_domain: userDomainOf('process'),
  session_id: number(field('process.session_id')),
  integrity_level: field('process.integrity'),
  process_image_timestamp: number(field('process.image_timestamp')),
  process_image_checksum: number(field('process.image_checksum')),
  ...path('process.parent', 'parent'),
  parent_pid: number(field('process.parent.pid')),
  parent_guid: field('process.parent.guid'),
  parent_command_line: field('process.parent.command_line'),
  parent_user_sid: field('process.parent.user_sid'),
  parent_username: usernameOf('process.parent'),
  parent_user_domain: userDomainOf('process.parent'),
  parent_integrity_level: field('process.parent.integrity'),
  parent_session_id: number(field('process.parent.session_id')),
  grandparent_name: field('process.parent.parent.name'),
  ancestor_names: field('process.ancestor_names'),
  ancestor_paths: field('process.ancestor_paths'),
  ...path('process.creator', 'process_creator'),
  process_creator_pid: number(field('process.creator.pid')),
  process_creator_guid: field('process.creator.guid'),
  process_creator_command_line: field('process.creator.command_line'),
  process_creator_user_sid: field('process.creator.user_sid'),
  ...callStack,
}

const target: Assignments = {
  ...path('target', 'target_process'),
  target_process_pid: number(field('target.pid', 'fields.TargetProcessId')),
  target_process_guid: field('target.guid'),
}

const image: Assignments = {
  ...path('image', 'image'),
  image_timestamp: number(data('TimeDateStamp')),
  image_checksum: number(data('ImageChecksum', 'ImageCheckSum')),
  image_mapped_size: number(data('ImageSize')),
}

const file: Assignments = { ...path('file', 'file'), file_previous_path: field('file.previous_path') }

/** Of a key without a value name the path is the key's. */
const key: Assignments = {
  registry_path: registry(join('\\', field('key.path'), field('key.value'))),
  registry_raw_path: join('\\', field('key.path'), field('key.value')),
  registry_key: registry(field('key.path')),
  registry_value_name: field('key.value'),
}

/** The value without a name, by the name that Sysmon gives it. */
const valueName = first(field('key.value'), constant('(Default)'))

/** What happened, as native/trace says it. */
const happened: { readonly [E in EventTypeName]?: Assignments } = {
  process_start: {
    ...indirectSyscall,
    file_name: first(field('process.name'), basename(field('process.path'))),
  },
  process_end: {
    exit_code: number(data('ExitStatus', 'ExitCode')),
    command_line_at_end: data('CommandLine'),
  },
  remote_thread: { ...target, ...indirectSyscall, start_address: hex(data('Win32StartAddr')) },
  image_load: image,
  driver_load: image,
  file_create: file,
  file_modify: file,
  file_delete: file,
  file_rename: file,
  registry_create: key,
  registry_set: {
    ...key,
    registry_path: registry(join('\\', field('key.path'), valueName)),
    registry_raw_path: join('\\', field('key.path'), valueName),
    registry_value_name: valueName,
    registry_data: field('key.data'),
    registry_data_type: field('key.data_type'),
  },
  registry_delete: key,
  network_connection: {
    direction: field('network.direction'),
    protocol: field('network.protocol'),
    local_ip: ip(field('network.local_ip')),
    local_port: number(field('network.local_port')),
    remote_ip: ip(field('network.remote_ip')),
    remote_port: number(field('network.remote_port')),
    outcome: constant('success'),
  },
}

interface ProviderRow {
  readonly provider: string
  readonly ids: string
  readonly event: EventTypeName
  readonly set: Assignments
}

const of =
  (provider: string) =>
  (ids: string, event: EventTypeName, set: Assignments): ProviderRow => ({ provider, ids, event, set })

const dnsClient = of('1c95126e-7eea-49a9-a3fe-a378b03ddb4d')
const powershell = of('a0c1853b-5c40-4b15-8766-3cf1c58f985a')
const powershellCore = of('f90714a8-5509-434a-bf6d-b1624c8a19a2')
const amsi = of('2a576b87-09a7-520e-c21a-4942f0271d67')
const amsiTrace = of('8e805eb3-6a8f-4a1e-90fa-a831d94e54a1') // Airbus CERT's, self-describing
const wmiActivity = of('1418ef04-b0b4-4623-bf7e-d74ab47bbdaa')
const auditApiCalls = of('e02a841c-75a3-4fa7-afc8-ae09cf9b7f23')
const threatIntelligence = of('f4e1897c-bb5d-5668-f1d8-040f4d8dd344')

const invocation = commandInvocation(data)
const command: Assignments = {
  ...invocation,
  username: first(invocation.username, usernameOf('process')),
  user_domain: first(invocation.user_domain, userDomainOf('process')),
}

/** Of a .NET assembly the content is the file's bytes; all else is text. */
const scanned: Assignments = {
  script_content: select(first(lookupOnly(data('appname'), { DotNet: 'bytes' }), constant('text')), {
    text: utf16(data('content')),
  }),
  script_path: data('contentname'),
  script_context: data('appname'),
}

/** Of an NTSTATUS. */
const succeeded = (status: string): Source => select(hex(data(status)), { '0x0': constant('success') })

/** Windows gives the rights asked for; they are granted when the call succeeds. */
const opened: Assignments = {
  ...target,
  ...indirectSyscall,
  call_trace: field('callstack.trace'),
  granted_access: number(field('values.DesiredAccess', 'fields.DesiredAccess')),
  outcome: succeeded('ReturnCode'),
}

const caller: Assignments = { ...target, ...indirectSyscall, process_pid: actor('CallingProcessId') }
const wmiClient: Assignments = {
  ...account(data('User')),
  process_pid: actor('ClientProcessId'),
  wmi_namespace: data('NamespaceName'),
}

const rows: readonly ProviderRow[] = [
  // 3006 and 3008 are written by who asks; the others by the resolver's service, newer ones with the client's id.
  dnsClient('3006 3008 3018 3020', 'dns_query', { ...dnsQuery(data), process_pid: actor('ClientPID') }),
  ...[powershell, powershellCore].flatMap((on) => [
    on('4103', 'script', command),
    on('4104', 'script', scriptBlock(data)),
  ]),
  amsi('1101', 'script', scanned),
  amsiTrace('0', 'script', { script_content: data('Script'), script_context: data('Engine') }),
  wmiActivity('11', 'wmi', { ...wmiClient, operation: constant('query'), wmi_query: data('Operation') }),
  wmiActivity('23', 'wmi', {
    ...wmiClient,
    operation: constant('create_process'),
    wmi_destination: data('Commandline'),
  }),
  ...wmiOperations(data).map(({ ids, set }) => wmiActivity(ids, 'wmi', set)),
  auditApiCalls('5', 'process_access', opened),
  threatIntelligence('1 2 3 13 14', 'process_access', {
    ...caller,
    call_trace: field('callstack.trace'),
    outcome: succeeded('OperationStatus'),
  }),
  threatIntelligence('4 5', 'remote_thread', { ...caller, start_address: hex(data('ApcRoutine', 'Pc')) }),
]

const routeOf = ({ provider, ids, event, set }: ProviderRow): Route => ({
  event,
  when: [isOneOf(field('guid'), provider), isOneOf(eventNumber, ...ids.split(' '))],
  set,
})

export const etw: Mapping = {
  name: 'etw',
  recognise: [[['guid'], ['time'], ['fields']]],
  absent: [''],
  common,
  routes: [
    ...Object.entries(happened).map(
      ([event, set]): Route => ({
        event: event as EventTypeName,
        when: [isOneOf(field('happened'), event)],
        set,
      }),
    ),
    ...rows.map(routeOf),
  ],
  label: join(' ', constant('etw'), provider, eventNumber),
}

/** The events that become standard events by themselves: what is read of a trace besides what happened. */
export const standardTraceEvents: readonly StandardEvents[] = byProvider(rows)

/** Those of them that become events of a type. */
export const traceEventsOf = (type: EventTypeName): readonly StandardEvents[] =>
  byProvider(rows.filter(({ event }) => event === type))

function byProvider(rows: readonly ProviderRow[]): StandardEvents[] {
  const idsOf = new Map<string, number[]>()
  for (const { provider, ids } of rows) for (const id of ids.split(' ')) addTo(idsOf, provider, Number(id))
  return [...idsOf].map(([provider, ids]) => ({ provider, ids }))
}
