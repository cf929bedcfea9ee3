import { type EventTypeName, eventTypeNames } from '../schema/event-types.js'
import { traceProvidersOf } from '../standardize/etw.js'
import type { NativeProvider, NativeSession } from './native-live.js'

/** EVENT_TRACE_FLAG_… of evntrace.h. */
const flag = {
  process: 0x1,
  thread: 0x2,
  imageLoad: 0x4,
  diskFileIo: 0x200, // names of files
  network: 0x1_0000,
  registry: 0x2_0000,
  fileIo: 0x200_0000,
  fileIoInit: 0x400_0000,
}
const files = flag.diskFileIo | flag.fileIo | flag.fileIoInit | flag.thread

/** Processes are followed in any case: their paths are those of the first images that are loaded into them. */
const always = flag.process | flag.imageLoad

/** What the kernel has to write for events of a type besides. */
const kernelFlags: { readonly [E in EventTypeName]?: number } = {
  remote_thread: flag.thread,
  file_create: files,
  file_modify: files,
  file_delete: files,
  file_rename: files,
  registry_create: flag.registry | flag.thread,
  registry_set: flag.registry | flag.thread,
  registry_delete: flag.registry | flag.thread,
  network_connection: flag.network,
}

/** Classes of the kernel's events. */
const kernelClass = {
  process: '3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c',
  thread: '3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c',
  image: '2cb15d1d-5fc1-11d2-abe1-00a0c911f518',
  file: '90cbdc39-4a3e-11d1-84f4-0000f80464e3',
  registry: 'ae53722e-c863-11d2-8659-00c04fa321a1',
  tcp: '9a280ac0-c8e0-11d1-84e2-00c04fb998a2',
}
const kernelEvents = (provider: string, ...types: number[]) => types.map((type) => ({ provider, type }))

/**
 * Of which of the kernel's events the call stack is taken, for events of a type. Of files it is that of the operation's
 * beginning, as its end comes of another thread. Datagrams are none: there are too many.
 */
const kernelStacks: { readonly [E in EventTypeName]?: NativeSession['kernelStacks'] } = {
  process_start: kernelEvents(kernelClass.process, 1),
  process_end: kernelEvents(kernelClass.process, 2),
  image_load: kernelEvents(kernelClass.image, 10),
  driver_load: kernelEvents(kernelClass.image, 10),
  remote_thread: kernelEvents(kernelClass.thread, 1),
  file_create: kernelEvents(kernelClass.file, 64), // Create
  file_modify: kernelEvents(kernelClass.file, 64, 68, 69), // and Write, SetInfo
  file_delete: kernelEvents(kernelClass.file, 64, 69, 70, 79), // and Delete, DeletePath
  file_rename: kernelEvents(kernelClass.file, 69, 71, 80), // SetInfo, Rename, RenamePath
  registry_create: kernelEvents(kernelClass.registry, 10),
  registry_set: kernelEvents(kernelClass.registry, 14),
  registry_delete: kernelEvents(kernelClass.registry, 12, 15), // of keys and values
  network_connection: kernelEvents(kernelClass.tcp, 12, 15, 28, 31), // connect, accept; of IPv6
}

interface KernelProvider extends NativeProvider {
  readonly types: readonly EventTypeName[]
  /** Whose events are its own, where these are not all of them. */
  readonly stackTypes?: readonly EventTypeName[]
}

/** The same by the kernel's providers, in the place of its logger. Keywords are of their manifests. */
const kernelProviders: readonly KernelProvider[] = [
  {
    // Processes, threads and images: of what a process is, images tell the path.
    ...provider('22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716', 'Microsoft-Windows-Kernel-Process', 0x70n),
    captureState: true,
    types: eventTypeNames,
    stackTypes: ['process_start', 'process_end', 'image_load', 'driver_load', 'remote_thread'],
  },
  {
    ...provider('edd08927-9cc4-4e65-b970-c2560fb5c289', 'Microsoft-Windows-Kernel-File', 0x1ef0n),
    types: ['file_create', 'file_modify', 'file_delete', 'file_rename'],
  },
  {
    ...provider('70eb4f03-c1de-4f73-a051-33d13d5413bd', 'Microsoft-Windows-Kernel-Registry', 0x7301n),
    types: ['registry_create', 'registry_set', 'registry_delete'],
  },
  {
    ...provider('7dd42a49-5329-4832-8dfd-43d979153a88', 'Microsoft-Windows-Kernel-Network', 0x30n),
    types: ['network_connection'],
  },
]

/** Names, for what is told of them. */
const providerNames: Readonly<Record<string, string>> = {
  '1c95126e-7eea-49a9-a3fe-a378b03ddb4d': 'Microsoft-Windows-DNS-Client',
  'a0c1853b-5c40-4b15-8766-3cf1c58f985a': 'Microsoft-Windows-PowerShell',
  'f90714a8-5509-434a-bf6d-b1624c8a19a2': 'PowerShellCore',
  '2a576b87-09a7-520e-c21a-4942f0271d67': 'Microsoft-Antimalware-Scan-Interface',
  '1418ef04-b0b4-4623-bf7e-d74ab47bbdaa': 'Microsoft-Windows-WMI-Activity',
  'e02a841c-75a3-4fa7-afc8-ae09cf9b7f23': 'Microsoft-Windows-Kernel-Audit-API-Calls',
  'f4e1897c-bb5d-5668-f1d8-040f4d8dd344': 'Microsoft-Windows-Threat-Intelligence',
}

/** Of this copy of the module, each with sessions of its own. */
let sessions = 0

/**
 * The sessions whose events become events of these types, and no others: what tells of processes is always among them.
 * The kernel's events come of a logger of its own, which tells more (command lines, users) and of which Windows has
 * eight, or of its providers. `pid` is the process that the sessions are of. `stacks` are those of the types whose call
 * stacks are wanted.
 */
export function sessionsFor(
  types: Iterable<EventTypeName>,
  pid: number,
  source: 'logger' | 'providers',
  stacks: ReadonlySet<EventTypeName> = new Set(),
): NativeSession[] {
  const wanted = [...types]
  const stacksOf = (guid: string) => [...stacks].some((type) => traceProvidersOf(type).has(guid))
  const guids = new Set(wanted.flatMap((type) => [...traceProvidersOf(type)]))
  const providers = [...guids].flatMap((guid) => {
    const name = providerNames[guid]
    return name === undefined ? [] : [{ ...provider(guid, name, 0n), stacks: stacksOf(guid) }]
  })
  if (source === 'providers') providers.unshift(...kernelProvidersFor(wanted, stacks))
  const number = ++sessions
  const session = { kernelFlags: 0, kernelStacks: [], providers }
  const all = providers.length > 0 ? [{ ...session, name: `Nuthatch ${pid} ${number} providers` }] : []
  if (source === 'providers') return all
  const kernelFlagsWanted = wanted.reduce((sum, type) => sum | (kernelFlags[type] ?? 0), always)
  const name = `Nuthatch ${pid} ${number} kernel`
  const kernelStacksWanted = [...stacks].flatMap((type) => kernelStacks[type] ?? [])
  const kernel = {
    name,
    kernelFlags: kernelFlagsWanted,
    kernelStacks: distinct(kernelStacksWanted),
    providers: [],
  }
  return [kernel, ...all]
}

const kernelProvidersFor = (
  wanted: readonly EventTypeName[],
  stacks: ReadonlySet<EventTypeName>,
): NativeProvider[] =>
  kernelProviders
    .filter(({ types }) => types.some((type) => wanted.includes(type)))
    .map(({ types, stackTypes = types, ...each }) => ({
      ...each,
      stacks: stackTypes.some((type) => stacks.has(type)),
    }))

const distinct = (events: NativeSession['kernelStacks']): NativeSession['kernelStacks'] => [
  ...new Map(events.map((event) => [`${event.provider}/${event.type}`, event])).values(),
]

function provider(guid: string, name: string, keyword: bigint): NativeProvider {
  return { name, guid, level: 0, keyword, stacks: false, captureState: false }
}
