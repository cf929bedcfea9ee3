/** What must hold of every standard event, whoever wrote its record; checked on a sample of real records. */
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { properties, propertyNames } from '../../../lib/schema/properties.js'
import { unzstd } from '../../../lib/stream/unzstd.js'
import { standardize } from '../../oracle/standardize.js'

const data = join(process.env.NUTHATCH_DATA ?? '../shared/data', 'telemetry')
const skip = existsSync(data) ? false : `no captures at ${data}: set NUTHATCH_DATA`
/** A prime, so that no rhythm in the records hides one of their kinds. */
const EVERY = 59

/** Most records become events; those that do not are of kinds that no event type describes. */
const WITHOUT_EVENT_TYPE = [
  /^security (1100|46(11|16|27|34|58|90|95)|47(78|97)|480[01]|49(04|05|57|85)|50(31|58|59|61)|5447|6416)$/,
  /^sysmon (12|16|24|255)$/, // 12: a shipper lost whether it was a creation or a deletion
  /^powershell (400|403|600|800)$/, // their text is only in the rendered message
  /^powershell (4105|4106|8\d{3}|12039|24577|4096[12]|53504)$/,
  /^wmi_activity 58/, // as powershell
  /^dns_client (10|30)\d\d$/,
  /^system \d+$/,
  /^auoms /,
  /^(Application|Directory Service|MSExchange Management|Microsoft-(Exchange|Windows)-\S.*) \d+$/,
]

async function* sampleOf(file: string): AsyncGenerator<string> {
  let number = 0
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of unzstd(createReadStream(file))) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (number++ % EVERY === 0) yield line
  }
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
  [/_(path|name|url)$/, /^(?!&lt;|<unknown)/],
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

t.setTimeout(600_000)

t.test(
  'the values of real events have the form that the schema says',
  { skip, timeout: 600_000 },
  async (t) => {
    const unmapped = new Set<string>()
    const found = new Set<string>()
    const wrong = new Set<string>()
    let events = 0
    const folders = [data, join(data, 'otrf')]
    const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    for (const file of files.filter((name) => name.endsWith('.zst') && !name.includes('atomic_commands'))) {
      for await (const line of sampleOf(file)) {
        const outcome = standardize(line)
        if ('unmapped' in outcome) {
          unmapped.add(outcome.unmapped)
          continue
        }
        events++
        for (const name of Object.keys(outcome.event)) found.add(name)
        for (const fault of faults(outcome.event)) if (wrong.size < 20) wrong.add(fault)
      }
    }
    t.ok(events > 5_000, `${events} events`)
    t.strictSame([...wrong], [])
    t.strictSame(
      [...unmapped].filter((label) => !WITHOUT_EVENT_TYPE.some((one) => one.test(label))),
      [],
    )
    const never = propertyNames.filter((name) => !found.has(name))
    t.ok(never.length < propertyNames.length / 3, `no sampled record has ${never.join(', ')}`)
  },
)
