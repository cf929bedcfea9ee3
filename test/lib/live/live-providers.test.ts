import { createReadStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { kernelProvidersFor, providersFor, type WantedEvents } from '../../../lib/live/live-providers.js'
import type { NativeProvider } from '../../../lib/live/native-live.js'
import { type EventTypeName, eventTypeNames } from '../../../lib/schema/event-types.js'
import { standardTraceEvents, traceEventsOf } from '../../../lib/standardize/etw.js'
import { unzstd } from '../../../lib/stream/unzstd.js'

/** As `keyword level`, with what else is asked. */
const asked = (providers: readonly NativeProvider[]) =>
  Object.fromEntries(
    providers.map(({ name, keyword, level, captureState }) => [
      name.replace('Microsoft-Windows-', ''),
      `0x${keyword.toString(16)} ${level}${captureState ? ' state' : ''}`,
    ]),
  )
const ofKernel = (wanted: Partial<WantedEvents>) => asked(kernelProvidersFor({ types: [], ...wanted }))
const ofOthers = (...types: EventTypeName[]) => asked(providersFor({ types }))

const processes = { 'Kernel-Process': '0x50 4 state' }

t.test('the kernel tells in any case of processes and their images, and what runs already', (t) => {
  for (const type of ['process_start', 'process_end', 'image_load', 'driver_load', 'dns_query'] as const)
    t.same(ofKernel({ types: [type] }), processes, type)
  t.same(ofKernel({ types: ['remote_thread'] }), { 'Kernel-Process': '0x70 4 state' }, 'and of threads')
  t.end()
})

t.test('of files it tells the names, and what happens that is asked for: no reads, no other writes', (t) => {
  const file = (keyword: string) => ({ ...processes, 'Kernel-File': `${keyword} 4 state` })
  t.same(ofKernel({ types: ['file_create'] }), file('0x10d0'))
  t.same(ofKernel({ types: ['file_modify'] }), file('0x290'))
  t.same(ofKernel({ types: ['file_delete'] }), file('0x490'))
  t.same(ofKernel({ types: ['file_rename'] }), file('0x890'))
  t.same(ofKernel({ types: ['file_delete', 'file_rename'] }), file('0xc90'))
  t.same(ofKernel({ fileChanges: true }), file('0x1ef0'), 'all that may change one, for its signature')
  t.end()
})

t.test('of registry keys the names likewise', (t) => {
  const registry = (keyword: string) => ({ ...processes, 'Kernel-Registry': `${keyword} 4 state` })
  t.same(ofKernel({ types: ['registry_create'] }), registry('0x3001'))
  t.same(ofKernel({ types: ['registry_set'] }), registry('0x3101'))
  t.same(ofKernel({ types: ['registry_delete'] }), registry('0x7201'))
  t.end()
})

t.test('of connections both families', (t) => {
  t.same(ofKernel({ types: ['network_connection'] }), { ...processes, 'Kernel-Network': '0x30 4' })
  t.end()
})

t.test('other providers have what their events need', (t) => {
  t.same(ofOthers('dns_query'), { 'DNS-Client': '0xffff000000000000 4' })
  t.same(ofOthers('script'), {
    PowerShell: '0x21 5',
    PowerShellCore: '0x21 5',
    'Microsoft-Antimalware-Scan-Interface': '0x1 4',
  })
  t.same(ofOthers('wmi'), { 'WMI-Activity': '0x0 4' })
  t.same(ofOthers('process_access'), {
    'Kernel-Audit-API-Calls': '0x0 4',
    'Threat-Intelligence': '0x200a0444 4',
  })
  t.same(ofOthers('remote_thread'), { 'Threat-Intelligence': '0x4005000 4' })
  t.same(ofOthers('process_start', 'file_create', 'logon'), {})
  t.end()
})

/** Ids of the events whose call stacks are asked for. */
const stacked = (...types: EventTypeName[]) => {
  const wanted = { types: eventTypeNames, stacks: new Set(types) }
  const asking = [...kernelProvidersFor(wanted), ...providersFor(wanted)].filter(
    ({ stacks }) => stacks.length > 0,
  )
  return Object.fromEntries(
    asking.map(({ name, stacks }) => [name.replace('Microsoft-Windows-', ''), stacks.join(' ')]),
  )
}

t.test('call stacks are taken of the events that a type is made of, and of no others', (t) => {
  t.same(stacked(), {})
  t.same(stacked('process_start'), { 'Kernel-Process': '1' })
  t.same(stacked('process_end'), { 'Kernel-Process': '2' })
  t.same(stacked('image_load'), { 'Kernel-Process': '5' })
  t.same(stacked('image_load', 'driver_load'), { 'Kernel-Process': '5' }, 'each once')
  t.same(stacked('remote_thread'), { 'Kernel-Process': '3', 'Threat-Intelligence': '4 5' })
  t.same(stacked('file_create'), { 'Kernel-File': '12 30' })
  t.same(stacked('file_modify'), { 'Kernel-File': '16' })
  t.same(stacked('file_delete'), { 'Kernel-File': '26' }, 'not of 12, which is each file that is opened')
  t.same(stacked('file_rename'), { 'Kernel-File': '27' })
  t.same(stacked('file_delete', 'file_rename'), { 'Kernel-File': '26 27' })
  t.same(stacked('registry_create'), { 'Kernel-Registry': '1' })
  t.same(stacked('registry_set'), { 'Kernel-Registry': '5' })
  t.same(stacked('registry_delete'), { 'Kernel-Registry': '3 6' })
  t.same(stacked('network_connection'), { 'Kernel-Network': '12 15 28 31' })
  t.same(stacked('process_access'), { 'Kernel-Audit-API-Calls': '5', 'Threat-Intelligence': '1 2 3 13 14' })
  t.same(stacked('wmi'), { 'WMI-Activity': '11 23 5857 5858 5859 5860 5861' })
  t.end()
})

t.test('of no provider more than Windows takes ids', (t) => {
  const wanted = { types: eventTypeNames, stacks: new Set(eventTypeNames) }
  for (const { name, stacks } of [...kernelProvidersFor(wanted), ...providersFor(wanted)]) {
    t.ok(stacks.length > 0 && stacks.length <= 64, name)
    t.equal(new Set(stacks).size, stacks.length, name)
  }
  t.end()
})

/** Of a record's header: EVENT_DESCRIPTOR. */
interface Descriptor {
  readonly id: number
  readonly level: number
  readonly keyword: bigint
}

/** Of EVENT_HEADERs in a trace whose buffers are not compressed: found by the provider, for want of nothing else. */
function descriptorsIn(trace: Buffer, guid: string): Descriptor[] {
  const hex = guid.replaceAll('-', '')
  const swapped = `${hex.slice(0, 8).match(/../g)?.reverse().join('')}${hex.slice(10, 12)}${hex.slice(8, 10)}`
  const bytes = Buffer.from(`${swapped}${hex.slice(14, 16)}${hex.slice(12, 14)}${hex.slice(16)}`, 'hex')
  const found: Descriptor[] = []
  for (let at = trace.indexOf(bytes); at >= 0; at = trace.indexOf(bytes, at + 1)) {
    const header = trace.subarray(at - 24, at + 56)
    const isEvent = [0x12, 0x13].includes(header[2] ?? 0) && header[3] === 0xc0
    if (isEvent)
      found.push({
        id: header.readUInt16LE(40),
        level: header.readUInt8(44),
        keyword: header.readBigUInt64LE(48),
      })
  }
  return found
}

/** ETW's rule, for a level as EnableTraceEx2 gets it. */
const isLetThrough = ({ keyword, level }: Descriptor, enabled: NativeProvider): boolean =>
  (keyword === 0n || enabled.keyword === 0n || (keyword & enabled.keyword) !== 0n) &&
  (enabled.level === 0 || level <= enabled.level)

/** What a type of event needs of the kernel's providers: by id, as native/trace joins them. */
const kernelIds: readonly [guid: string, type: EventTypeName, ids: readonly number[]][] = [
  ['22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716', 'process_start', [1, 2, 5, 6, 15]],
  ['22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716', 'remote_thread', [1, 2, 3, 4, 5, 6, 15]],
  ['edd08927-9cc4-4e65-b970-c2560fb5c289', 'file_create', [10, 11, 12, 24, 30]],
  ['edd08927-9cc4-4e65-b970-c2560fb5c289', 'file_modify', [10, 11, 12, 16]],
  ['edd08927-9cc4-4e65-b970-c2560fb5c289', 'file_delete', [10, 11, 12, 26]],
  ['edd08927-9cc4-4e65-b970-c2560fb5c289', 'file_rename', [10, 11, 12, 27]],
  ['70eb4f03-c1de-4f73-a051-33d13d5413bd', 'registry_set', [1, 2, 5, 13]],
  ['70eb4f03-c1de-4f73-a051-33d13d5413bd', 'registry_delete', [1, 2, 3, 6, 13]],
  ['7dd42a49-5329-4832-8dfd-43d979153a88', 'network_connection', [12, 15, 28, 31, 42, 43, 58, 59]],
]
const otherIds = eventTypeNames.flatMap((type) =>
  traceEventsOf(type).map(({ provider, ids }) => [provider, type, ids] as const),
)

const folder = join(process.env.NUTHATCH_DATA ?? '../shared/data', 'etl')
const skip = existsSync(folder) ? false : `no traces at ${folder}: set NUTHATCH_DATA`
if (skip && process.env.NUTHATCH_DATA) throw new Error(`NUTHATCH_DATA is set, but there is no ${folder}`)

async function readTrace(path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of unzstd(createReadStream(path))) chunks.push(chunk.slice())
  return Buffer.concat(chunks)
}

t.test(
  'what recorded traces have of a type, a session for that type alone lets through',
  { skip },
  async (t) => {
    const seen = new Set<string>()
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.etl.zst'))
    for (const path of names) {
      const trace = await readTrace(join(folder, path))
      for (const [guid, type, ids] of [...kernelIds, ...otherIds]) {
        const wanted = { types: [type] }
        const all = [...kernelProvidersFor(wanted), ...providersFor(wanted)]
        const enabled = all.find((each) => each.guid === guid)
        if (enabled === undefined) continue // one that is no provider of Windows
        const ofType = descriptorsIn(trace, guid).filter(({ id }) => ids.includes(id))
        for (const { id } of ofType) seen.add(`${enabled.name} ${id}`)
        const lost = ofType.filter((descriptor) => !isLetThrough(descriptor, enabled))
        if (lost.length > 0) t.same(lost, [], `${path}: ${type}`)
      }
    }
    for (const id of [1, 2, 3, 4, 5, 6]) t.ok(seen.has(`Microsoft-Windows-Kernel-Process ${id}`))
  },
)

t.test('whatever is mapped is enabled', (t) => {
  const enabled = new Set(providersFor({ types: eventTypeNames }).map(({ guid }) => guid))
  t.same(
    standardTraceEvents.map(({ provider }) => provider).filter((provider) => !enabled.has(provider)),
    ['8e805eb3-6a8f-4a1e-90fa-a831d94e54a1'], // of an add-on, which only traces have
  )
  t.end()
})
