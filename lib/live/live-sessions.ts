import type { EventTypeName } from '../schema/event-types.js'
import { kernelProvidersFor, processProvider, providersFor, type WantedEvents } from './live-providers.js'
import type { NativeBuffers, NativeSession } from './native-live.js'

/** ETW takes so many events into a buffer of a processor before it is given to us, or flushed. */
export const usualBuffers: NativeBuffers = { kilobytes: 64, least: 0, most: 0 }

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
 * Of which of the kernel's events the call stack is taken, for events of a type. Of new files it is that of the
 * operation's beginning, as its end comes of another thread. Datagrams are none: there are too many.
 */
const kernelStacks: { readonly [E in EventTypeName]?: NativeSession['kernelStacks'] } = {
  process_start: kernelEvents(kernelClass.process, 1),
  process_end: kernelEvents(kernelClass.process, 2),
  image_load: kernelEvents(kernelClass.image, 10),
  driver_load: kernelEvents(kernelClass.image, 10),
  remote_thread: kernelEvents(kernelClass.thread, 1),
  file_create: kernelEvents(kernelClass.file, 64), // Create
  file_modify: kernelEvents(kernelClass.file, 68), // Write
  file_delete: kernelEvents(kernelClass.file, 70, 79), // Delete, DeletePath
  file_rename: kernelEvents(kernelClass.file, 71, 80), // Rename, RenamePath
  registry_create: kernelEvents(kernelClass.registry, 10),
  registry_set: kernelEvents(kernelClass.registry, 14),
  registry_delete: kernelEvents(kernelClass.registry, 12, 15), // of keys and values
  network_connection: kernelEvents(kernelClass.tcp, 12, 15, 28, 31), // connect, accept; of IPv6
}

/**
 * The sessions that give the events wanted, and as few others as can be: what tells of processes is always among them.
 * The kernel's events come of a logger of its own, which tells more (command lines, users) and of which Windows has
 * eight, or of its providers. Its logger has Kernel-Process beside it for what that alone tells.
 */
export function sessionsFor(
  wanted: WantedEvents,
  source: 'logger' | 'providers',
  buffers = usualBuffers,
): NativeSession[] {
  const ofKernel = source === 'providers' ? kernelProvidersFor(wanted) : [processProvider()]
  const providers = [...ofKernel, ...providersFor(wanted)]
  const ofProviders = { name: 'providers', kernelFlags: 0, kernelStacks: [], providers, buffers }
  if (source === 'providers') return [ofProviders]
  const changes = wanted.fileChanges ? files : 0
  const kernelFlagsWanted = [...wanted.types].reduce(
    (sum, type) => sum | (kernelFlags[type] ?? 0),
    always | changes,
  )
  const kernelStacksWanted = [...(wanted.stacks ?? [])].flatMap((type) => kernelStacks[type] ?? [])
  const kernel = {
    name: 'kernel',
    kernelFlags: kernelFlagsWanted,
    kernelStacks: distinct(kernelStacksWanted),
    providers: [],
    buffers,
  }
  return [kernel, ofProviders]
}

const distinct = (events: NativeSession['kernelStacks']): NativeSession['kernelStacks'] => [
  ...new Map(events.map((event) => [`${event.provider}/${event.type}`, event])).values(),
]
