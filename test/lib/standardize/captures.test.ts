/**
 * What must hold of every standard event, whoever wrote its record; checked on a sample of real records. And the engine
 * and the reference interpreter must agree on every property of every event in it.
 */
import { basename, join } from 'node:path'
import t from 'tap'
import { readTraceEvents } from '../../../lib/etw/trace-lines.js'
import type { StandardEvent } from '../../../lib/language/ruleset.js'
import { properties, propertyNames } from '../../../lib/schema/properties.js'
import { expandInputs, type Input } from '../../../lib/stream/inputs.js'
import { standardOfTraces } from '../../../lib/stream/trace-pieces.js'
import { captures, linesOf, skip, traceFolder, traces } from '../../captures.js'
import { compareStandardizing } from '../../oracle/compare-standardizing.js'

/** A prime, so that no rhythm in the records hides one of their kinds. NUTHATCH_CAPTURES_EVERY=1 takes all. */
const EVERY = Number(process.env.NUTHATCH_CAPTURES_EVERY ?? 11)

/** Most records become events; those that do not are of kinds that no event type describes. */
const WITHOUT_EVENT_TYPE = [
  /^security (1100|46(11|16|27|34|58|90|95)|47(78|97)|480[01]|49(04|05|11|57|85)|50(31|58|59|61)|5447|6416)$/,
  /^sysmon (12|16|24|255)$/, // 12: a shipper lost whether it was a creation or a deletion
  /^powershell (400|403|600|800)$/, // their text is only in the rendered message
  /^powershell (4105|4106|8\d{3}|12039|24577|4096[12]|53504)$/,
  /^wmi_activity 58/, // as powershell
  /^dns_client (10|30)\d\d$/,
  /^system \d+$/,
  /^auoms /,
  /^(Application|Directory Service|MSExchange Management|Microsoft-(Exchange|Windows)-\S.*) \d+$/,
]

async function sampleOf(file: string): Promise<string[]> {
  const lines: string[] = []
  for await (const line of linesOf(file, EVERY)) lines.push(line)
  return lines
}

const patterns: readonly (readonly [names: RegExp, value: RegExp])[] = [
  [/^event_time$/, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/],
  [/^platform$/, /^(windows|linux|macos)$/],
  [/_(md5|sha1|sha256|imphash)$/, /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/],
  [/^(process|parent|image|file|target_process|grandparent)_name$/, /^[^\\/]+$/],
  [/^(username|target_username)$/, /^[^\\]+$/],
  [/_guid$/, /^[^{}A-Z]+$/],
  [/^(logon_id|target_logon_id|start_address|ticket_options|ticket_encryption)$/, /^0x[0-9a-f]+$/],
  [/_sid$/, /^S-1-/],
  [/^registry_(path|key)$/, /^(HKLM|HKU|HKCR|HKCU|HKCC|\\REGISTRY\\A)($|\\)(?!SYSTEM\\ControlSet\d)/i],
  [/^(remote|local)_ip$/, /^([0-9.]+|(?!::ffff:)[0-9a-f:]+)$/],
  [/^direction$/, /^(inbound|outbound|listen|bind)$/],
  [/^outcome$/, /^(success|failure|attempt)$/],
  [/^protocol$/, /^(?!\d+$)/],
  [/_(path|name|url)$/, /^(?!(&lt;|<)unknown)/],
]

const typeOf = { string: 'string', ip: 'string', number: 'number', boolean: 'boolean' } as const

function faults(event: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(event).flatMap(([name, value]) => {
    if (name === 'event_type') return []
    const row = properties[name as keyof typeof properties]
    const values = Array.isArray(value) ? value : [value]
    if (values.some((one) => typeof one !== typeOf[row.kind])) return [`${name} is not a ${row.kind}`]
    const wrong = patterns.find(
      ([names, pattern]) => names.test(name) && !values.every((one) => pattern.test(one)),
    )
    return wrong === undefined
      ? []
      : [`${event.source} ${event.source_event}: ${name} = ${JSON.stringify(value)}`]
  })
}

/** A shipper is late by seconds, at times by minutes; a local time taken for UTC is off by hours. */
const LATE = 5 * 60_000

/** Events of other sources whose time is not within Sysmon's in the same capture. */
function apart(events: readonly StandardEvent[]): StandardEvent[] {
  const timed = events.filter((event) => event.event_time !== undefined)
  const timeOf = (event: StandardEvent) => Date.parse(event.event_time as string)
  const times = timed.filter((event) => event.source === 'sysmon').map(timeOf)
  if (times.length === 0) return []
  const [first, last] = [Math.min(...times) - LATE, Math.max(...times) + LATE]
  return timed.filter((event) => timeOf(event) < first || timeOf(event) > last)
}

t.setTimeout(600_000)

t.test('real records', { skip, timeout: 600_000 }, async (t) => {
  const unmapped = new Set<string>()
  const found = new Set<string>()
  const wrong = new Set<string>()
  let count = 0
  for (const file of captures) {
    const { events, unmapped: labels, differences } = await compareStandardizing(await sampleOf(file))
    t.strictSame(differences.slice(0, 5), [], `engine and interpreter agree on ${basename(file)}`)
    t.strictSame(apart(events), [], 'what other sources say happened while Sysmon ran')
    count += events.length
    for (const label of labels) unmapped.add(label)
    for (const event of events) {
      for (const name of Object.keys(event)) found.add(name)
      for (const fault of faults(event)) if (wrong.size < 20) wrong.add(fault)
    }
  }
  t.comment(`${count} events, of every ${EVERY}th record`)
  t.ok(count > 5_000, `${count} events`)
  t.strictSame([...wrong], [], 'the values have the form that the schema says')
  t.strictSame(
    [...unmapped].filter((label) => !WITHOUT_EVENT_TYPE.some((one) => one.test(label))),
    [],
  )
  const ofTraces = /^(callstack|evasion|ancestor|process_creator)_/
  const never = propertyNames.filter((name) => !found.has(name) && !ofTraces.test(name))
  t.ok(never.length < propertyNames.length / 3, `no sampled record has ${never.join(', ')}`)
})

/** The lines that are read of a trace. */
async function traceLinesOf(name: string): Promise<string[]> {
  const { inputs } = await expandInputs(join(traceFolder, name))
  let text = ''
  await readTraceEvents(
    inputs[0] as Input,
    standardOfTraces.filter,
    { stacks: true },
    new AbortController().signal,
    async (block) => {
      text += Buffer.from(block).toString()
    },
  )
  return text.split('\n').filter(Boolean)
}

/** What is in the traces. */
const happened: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'airbus/AMSITrace.etl.zst': { script: 19 },
  'perfview/net.4.5.2.x64.etl.zst': {
    file_create: 14,
    image_load: 35,
    network_connection: 18,
    process_end: 1,
    process_start: 1,
  },
  'tx/Process.etl.zst': { image_load: 1115, process_end: 4, process_start: 4 },
}

t.test('real traces', { skip: traces.length === 0 && `no traces at ${traceFolder}` }, async (t) => {
  for (const name of traces) {
    const { events, unmapped, differences } = await compareStandardizing(await traceLinesOf(name))
    t.strictSame(differences.slice(0, 5), [], `engine and interpreter agree on ${name}`)
    t.strictSame(unmapped, [], `what is read of ${name} becomes events`)
    t.strictSame([...new Set(events.flatMap(faults))].slice(0, 5), [], `values of ${name}`)
    const counts: Record<string, number> = {}
    for (const { event_type } of events) counts[event_type] = (counts[event_type] ?? 0) + 1
    if (happened[name]) t.strictSame(counts, happened[name])
  }
})
