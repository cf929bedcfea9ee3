import { type EventTypeName, eventTypeNames } from '../schema/event-types.js'
import { traceEventsOf } from '../standardize/etw.js'
import type { NativeProvider } from './native-live.js'

/** What a session is for. */
export interface WantedEvents {
  readonly types: Iterable<EventTypeName>
  /** Of those, of which the call stacks are wanted. Default: none. */
  readonly stacks?: ReadonlySet<EventTypeName>
  /** Whatever may change what a file holds, too: it ends what is known of its signature. */
  readonly fileChanges?: boolean
}

/**
 * What lets an event through: the session has one of its keywords, and a level that is not below its own. Events
 * without a keyword, or of level 0, pass in any case.
 */
interface Gate {
  readonly keyword: bigint
  readonly level: number
}

/** Levels of winmeta.h. */
const INFORMATION = 4
const VERBOSE = 5

/** Of a session that is to have all: NativeProvider's. */
const everyKeyword = 0n
const everyLevel = 0
const everything: Gate = { keyword: everyKeyword, level: everyLevel }

/** Events to which the manifest gives no keyword have that of their channel, if any: these bits are the channels'. */
const ofAnyChannel = 0xffff_0000_0000_0000n

interface Provider {
  readonly guid: string
  readonly name: string
  readonly gates: ReadonlyMap<number, Gate>
}

/** Of an event with several keywords the one is named that lets the fewest others through. */
type GateRow = readonly [ids: string, keyword: bigint, level?: number]

const provider = (guid: string, name: string, ...rows: readonly GateRow[]): Provider => ({
  guid,
  name,
  gates: new Map(
    rows.flatMap(([ids, keyword, level = INFORMATION]) =>
      numbers(ids).map((id) => [id, { keyword, level }] as const),
    ),
  ),
})

const numbers = (ids: string): number[] => (ids === '' ? [] : ids.split(' ').map(Number))

/**
 * Sources: dumps of the manifests of Windows 10 and 11 (jdu2600/Windows10EtwEvents, nasbench/EVTX-ETW-Resources),
 * PowerShell.Core.Instrumentation.man.
 */
const providers: readonly Provider[] = [
  provider('1c95126e-7eea-49a9-a3fe-a378b03ddb4d', 'Microsoft-Windows-DNS-Client', [
    '3006 3008 3018 3020',
    ofAnyChannel,
  ]),
  // By the manifests. PowerShell itself writes them without keywords; script blocks that look harmless are verbose.
  ...(
    [
      ['a0c1853b-5c40-4b15-8766-3cf1c58f985a', 'Microsoft-Windows-PowerShell'],
      ['f90714a8-5509-434a-bf6d-b1624c8a19a2', 'PowerShellCore'],
    ] as const
  ).map(([guid, name]) => provider(guid, name, ['4103', 0x20n], ['4104', 0x1n, VERBOSE])),
  provider('2a576b87-09a7-520e-c21a-4942f0271d67', 'Microsoft-Antimalware-Scan-Interface', ['1101', 0x1n]),
  // Its events have no keywords but their channels', and no trace that we have shows which of them 23 has.
  provider('1418ef04-b0b4-4623-bf7e-d74ab47bbdaa', 'Microsoft-Windows-WMI-Activity', [
    '11 23 5857 5858 5859 5860 5861',
    everyKeyword,
  ]),
  // Its events have no keywords.
  provider('e02a841c-75a3-4fa7-afc8-ae09cf9b7f23', 'Microsoft-Windows-Kernel-Audit-API-Calls', [
    '5',
    everyKeyword,
  ]),
  provider(
    'f4e1897c-bb5d-5668-f1d8-040f4d8dd344',
    'Microsoft-Windows-Threat-Intelligence',
    ['1', 0x4n], // ALLOCVM_REMOTE
    ['2', 0x40n], // PROTECTVM_REMOTE
    ['3', 0x400n], // MAPVIEW_REMOTE
    ['4', 0x1000n], // QUEUEUSERAPC_REMOTE
    ['5', 0x400_4000n], // SETTHREADCONTEXT_REMOTE, and CONTEXT_PARSE, without which it tells no registers
    ['13', 0x2002_0000n], // READVM_REMOTE, and READWRITEVM_NO_SIGNATURE_RESTRICTION: of all processes
    ['14', 0x2008_0000n], // WRITEVM_REMOTE, likewise
  ),
]

interface KernelProvider extends Provider {
  /** Ids that events of any of its types are joined with; `isBase`: events of all other providers, too. */
  readonly common: string
  readonly isBase?: true
  /** Ids that events of a type take besides. */
  readonly types: { readonly [E in EventTypeName]?: string }
  /** Ids that become such an event, with whose call stack. */
  readonly stacks: { readonly [E in EventTypeName]?: string }
  /** And what else changes a file. */
  readonly fileChanges?: string
  readonly captureState: boolean
}

/** What runs: Kernel-Process's starts, ends, and what it tells when its state is captured. */
const ofProcesses = '1 2 15'

const kernelProcess = provider(
  '22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716',
  'Microsoft-Windows-Kernel-Process',
  [ofProcesses, 0x10n],
  ['3 4', 0x20n],
  ['5 6', 0x40n],
)

/** Who tells what the kernel's logger tells, in its place: by id as native/trace/trace_event.cc has them. */
const kernelProviders: readonly KernelProvider[] = [
  {
    ...kernelProcess,
    isBase: true,
    common: `${ofProcesses} 5 6`, // and of which images
    types: { process_start: '', process_end: '', image_load: '', driver_load: '', remote_thread: '3 4' },
    stacks: { process_start: '1', process_end: '2', image_load: '5', driver_load: '5', remote_thread: '3' },
    captureState: true,
  },
  {
    ...provider(
      'edd08927-9cc4-4e65-b970-c2560fb5c289',
      'Microsoft-Windows-Kernel-File',
      ['10 11', 0x10n],
      ['14 17', 0x20n], // FILEIO, which reads and queries have too
      ['24', 0x40n],
      ['12', 0x80n],
      ['16', 0x200n],
      ['26', 0x400n],
      ['27 28', 0x800n],
      ['30', 0x1000n],
    ),
    common: '10 11 12', // names; and an open makes of a file object that was known another one
    types: { file_create: '24 30', file_modify: '16', file_delete: '26', file_rename: '27' },
    // Of a new file the operation's end tells, but its stack is the beginning's: of every open.
    stacks: { file_create: '12 30', file_modify: '16', file_delete: '26', file_rename: '27' },
    fileChanges: '14 16 17 24 26 27 28 30',
    captureState: true,
  },
  {
    ...provider(
      '70eb4f03-c1de-4f73-a051-33d13d5413bd',
      'Microsoft-Windows-Kernel-Registry',
      ['13', 0x1n],
      ['5', 0x100n],
      ['6', 0x200n],
      ['1', 0x1000n],
      ['2', 0x2000n],
      ['3', 0x4000n],
    ),
    common: '1 2 13', // a key's name is told when it is opened, often only then
    types: { registry_create: '', registry_set: '5', registry_delete: '3 6' },
    stacks: { registry_create: '1', registry_set: '5', registry_delete: '3 6' },
    captureState: true,
  },
  {
    ...provider(
      '7dd42a49-5329-4832-8dfd-43d979153a88',
      'Microsoft-Windows-Kernel-Network',
      ['12 15 42 43', 0x10n],
      ['28 31 58 59', 0x20n],
    ),
    common: '12 15 28 31 42 43 58 59',
    types: { network_connection: '' },
    stacks: { network_connection: '12 15 28 31' }, // of datagrams there are too many
    captureState: false,
  },
]

const namesOf = (types: object): EventTypeName[] => eventTypeNames.filter((type) => type in types)

/** An event that the table does not have must not be lost for that. */
function enabled(
  { guid, name, gates }: Provider,
  ids: readonly number[],
  stacks: readonly number[],
  captureState: boolean,
): NativeProvider {
  const all = ids.map((id) => gates.get(id) ?? everything)
  const keywords = all.map(({ keyword }) => keyword)
  const levels = all.map(({ level }) => level)
  const keyword = keywords.includes(everyKeyword) ? everyKeyword : keywords.reduce((sum, each) => sum | each)
  const level = levels.includes(everyLevel) ? everyLevel : Math.max(...levels)
  return { name, guid, level, keyword, stacks: [...new Set(stacks)], captureState }
}

/** Providers whose events become events of these types by themselves. */
export function providersFor({ types, stacks = new Set() }: WantedEvents): NativeProvider[] {
  const idsOf = (guid: string, of: Iterable<EventTypeName>) =>
    [...of].flatMap(traceEventsOf).flatMap(({ provider, ids }) => (provider === guid ? ids : []))
  return providers.flatMap((each) => {
    const ids = idsOf(each.guid, types)
    return ids.length > 0 ? [enabled(each, ids, idsOf(each.guid, stacks), false)] : []
  })
}

/**
 * Beside the kernel's logger: what only Kernel-Process tells of processes, their integrity, their times of creation,
 * of which ids are made, and the sequences by which parents are found.
 */
export const processProvider = (): NativeProvider =>
  enabled(kernelProcess, numbers(ofProcesses), /*stacks=*/ [], /*captureState=*/ true)

/** The kernel's, where its logger is not asked. */
export function kernelProvidersFor({
  types,
  stacks = new Set(),
  fileChanges = false,
}: WantedEvents): NativeProvider[] {
  const wanted = new Set(types)
  return kernelProviders.flatMap((each) => {
    const own = namesOf(each.types)
    const changes = fileChanges ? (each.fileChanges ?? '') : ''
    const ofTypes = own.filter((type) => wanted.has(type))
    if (!each.isBase && ofTypes.length === 0 && changes === '') return []
    const ids = [each.common, changes, ...ofTypes.map((type) => each.types[type] ?? '')].flatMap(numbers)
    const stackIds = [...stacks].flatMap((type) => numbers(each.stacks[type] ?? ''))
    return [enabled(each, ids, stackIds, each.captureState)]
  })
}
