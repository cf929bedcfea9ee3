/**
 * Facts of processes on their later events: what the engine's process table joins, against a plain Map filled from
 * the same events without joins.
 */
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { readTelemetry, type StandardEvent, type TelemetryInput } from '../../lib/index.js'
import { type PropertyName, propertyNames, propertyRow } from '../../lib/schema/properties.js'
import { captures, skip } from '../captures.js'
import { flat } from '../lib/standardize/records.js'

const ancestors = ['ancestor_names', 'ancestor_paths'] as const
const joined = propertyNames.filter(
  (name) => propertyRow(name)?.joined && !(ancestors as readonly string[]).includes(name),
)

/** What a parent's own start tells of it. */
const factsOfParent: { readonly [P in PropertyName]?: PropertyName } = {
  parent_name: 'process_name',
  parent_path: 'process_path',
  parent_command_line: 'command_line',
  parent_original_file_name: 'original_file_name',
  grandparent_name: 'parent_name',
  parent_username: 'username',
  parent_user_domain: 'user_domain',
  parent_user_sid: 'user_sid',
  parent_integrity_level: 'integrity_level',
  parent_session_id: 'session_id',
}

/** Adds to events in their order what the starts before them tell. */
class Joiner {
  readonly #starts = new Map<unknown, StandardEvent>()
  /** `filled` counts how often each property was. */
  constructor(readonly filled: Map<string, number>) {}

  join(event: StandardEvent): StandardEvent {
    const isStart = event.event_type === 'process_start'
    const { process_guid: guid } = event
    if (isStart && guid !== undefined) this.#starts.set(guid, event)
    const start = isStart ? undefined : this.#starts.get(guid)
    const parent = this.#starts.get(event.parent_guid ?? start?.parent_guid)
    const facts = joined.flatMap((name) => {
      const fact = factsOfParent[name]
      const value = event[name] ?? start?.[name] ?? (fact && parent?.[fact])
      if (value === undefined) return []
      if (event[name] === undefined) this.filled.set(name, (this.filled.get(name) ?? 0) + 1)
      return [[name, value] as const]
    })
    const whole: StandardEvent = { ...event, ...Object.fromEntries(facts) }
    for (const name of ancestors) {
      const texts = this.ancestorsOf(whole, name === 'ancestor_names' ? 'name' : 'path')
      if (texts.length > 0) this.filled.set(name, (this.filled.get(name) ?? 0) + 1)
      delete whole[name]
      if (texts.length > 0) Object.assign(whole, { [name]: texts.length === 1 ? texts[0] : texts })
    }
    return whole
  }

  /** What each one's start says of its parent, or that one's start of itself; until an id comes again. */
  ancestorsOf(event: StandardEvent, part: 'name' | 'path'): unknown[] {
    const texts: unknown[] = []
    const seen: unknown[] = [event.process_guid]
    for (let child: StandardEvent | undefined = event; child !== undefined && seen.length < 17; ) {
      const guid: unknown = child.parent_guid
      const parent: StandardEvent | undefined = seen.includes(guid) ? undefined : this.#starts.get(guid)
      const text = child[`parent_${part}`] ?? parent?.[`process_${part}`]
      if (text !== undefined) texts.push(text)
      seen.push(guid)
      child = parent
    }
    const { grandparent_name: next } = event
    return texts.length === 1 && part === 'name' && next ? [...texts, next] : texts
  }
}

async function* standardized(input: TelemetryInput, processTableCapacity?: number) {
  const options = processTableCapacity === undefined ? {} : { processTableCapacity }
  for await (const batch of readTelemetry(input).standardize(options)) yield* batch
}

t.test('a later event of a process has what its start told, its pid too', async (t) => {
  const sysmon = (id: number, data: object) =>
    flat('Microsoft-Windows-Sysmon/Operational', id, { ProcessGuid: '{A-1}', ...data })
  const start = { ProcessId: '4242', Image: 'C:\\x\\a.exe', CommandLine: 'a -b', TerminalSessionId: '2' }
  const records = [
    sysmon(1, start),
    sysmon(7, { ImageLoaded: 'C:\\x\\b.dll' }),
    sysmon(5, { ProcessId: '1' }),
  ]
  const input = Readable.from(records.map((record) => `${JSON.stringify(record)}\n`))
  const events: StandardEvent[] = []
  for await (const event of standardized(input)) events.push(event)
  t.hasStrict(events[1], {
    event_type: 'image_load',
    process_pid: 4242,
    process_name: 'a.exe',
    command_line: 'a -b',
    session_id: 2,
  })
  t.equal(events[2]?.process_pid, 1, 'what a record says itself comes first')
})

t.test('real records', { skip, timeout: 600_000 }, async (t) => {
  const filled = new Map<string, number>()
  for (const file of captures) {
    const joiner = new Joiner(filled)
    const byEngine = standardized(file)
    const different: unknown[] = []
    for await (const event of standardized(file, 0)) {
      const [actual, expected] = [(await byEngine.next()).value, joiner.join(event)]
      if (!isDeepStrictEqual(actual, expected)) different.push({ actual, expected })
    }
    t.ok((await byEngine.next()).done)
    t.strictSame(different.slice(0, 3), [], basename(file))
  }
  t.comment(JSON.stringify(Object.fromEntries(filled)))
  t.ok(filled.size > joined.length / 2, 'most facts are joined somewhere')
})
