import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Corpus, type Kind, type Made, mix, type Repeat } from '../../bench/data/corpus.js'
import { repeats } from '../../bench/data/measure.js'
import { type Written, writeCorpus } from '../../bench/data/write.js'
import { measureRules } from '../../bench/rule-mix.js'
import { generateRules } from '../../bench/rules.js'
import { compile, Detectors } from '../../lib/index.js'

const make = (seed: number, repeat: Repeat, count: number): Made[] => {
  const corpus = new Corpus(seed, repeat)
  return Array.from({ length: count }, () => corpus.next())
}
const low = make(7, 'low', 20_000)

t.test('the same seed gives the same bytes, another seed others', async (t) => {
  const bytes = 3e6
  const folder = t.testdir()
  const written = (seed: number, name: string) =>
    writeCorpus({ folder: join(folder, name), repeat: 'high', seed, bytes })
  const [one, again, other] = [await written(1, 'one'), await written(1, 'again'), await written(2, 'other')]
  const read = ({ file }: Written) => readFileSync(file)
  t.ok(read(one).equals(read(again)))
  t.notOk(read(one).equals(read(other)))
  t.equal(read(one).length, one.bytes)
  t.ok(one.bytes >= bytes && one.bytes < bytes + 10_000)
})

t.test('kinds have their shares, and records their size', (t) => {
  for (const [kind, thousandths] of Object.entries(mix) as [Kind, number][]) {
    const share = low.filter((one) => one.kind === kind).length / low.length
    t.ok(Math.abs(share - thousandths / 1000) < 0.015, `${kind}: ${share}`)
  }
  const mean = low.reduce((sum, one) => sum + Buffer.byteLength(one.text) + 1, 0) / low.length
  t.ok(mean > 2500 && mean < 3000, `${mean} bytes`)
  t.end()
})

interface Started {
  readonly parent: string
  readonly identity: string
}

/** Holds every record of a process against the record of its start, where there was one. */
function lineage(t: Tap, records: readonly Made[]): { joined: number; starts: number } {
  const starts = new Map<string, Started>()
  let joined = 0
  for (const { text } of records) {
    const { properties: p } = JSON.parse(text)
    const acting = `${p.DeviceId} ${p.InitiatingProcessUniqueId}`
    const identity = `${p.InitiatingProcessId} ${p.InitiatingProcessCreationTime} ${p.InitiatingProcessCommandLine}`
    const before = starts.get(acting)
    if (before) {
      joined++
      const parent = `${p.InitiatingProcessParentId} ${p.InitiatingProcessParentCreationTime}`
      if (before.identity !== identity || before.parent !== parent) t.fail(`another process: ${text}`)
    }
    if (p.InitiatingProcessCreationTime > p.Timestamp) t.fail(`acts before it starts: ${text}`)
    if (p.InitiatingProcessParentCreationTime > p.InitiatingProcessCreationTime)
      t.fail(`child first: ${text}`)
    if (p.ActionType !== 'ProcessCreated') continue
    const started = `${p.DeviceId} ${p.ProcessUniqueId}`
    if (starts.has(started)) t.fail(`started twice: ${text}`)
    starts.set(started, {
      parent: `${p.InitiatingProcessId} ${p.InitiatingProcessCreationTime}`,
      identity: `${p.ProcessId} ${p.ProcessCreationTime} ${p.ProcessCommandLine}`,
    })
  }
  return { joined, starts: starts.size }
}
type Tap = Pick<typeof t, 'fail'>

t.test('a process is on every record what it was when it started', (t) => {
  for (const records of [low, make(7, 'high', 20_000)]) {
    const { joined, starts } = lineage(t, records)
    t.ok(starts > 2500 && joined > 1000, `${joined} records of ${starts} started processes`)
  }
  t.end()
})

t.test('a pid belongs to one live process of a device', (t) => {
  const holders = new Map<string, { id: string; since: string }>()
  for (const { text } of low) {
    const { properties: p } = JSON.parse(text)
    const pid = `${p.DeviceId} ${p.InitiatingProcessId}`
    const holder = holders.get(pid)
    const [id, since] = [p.InitiatingProcessUniqueId, p.InitiatingProcessCreationTime]
    if (holder && holder.id !== id && since < holder.since) t.fail(`an ended process acts: ${text}`)
    holders.set(pid, { id, since })
  }
  t.ok(holders.size > 5000, `${holders.size} processes act`)
  t.end()
})

t.test('at most 0.2 % of process starts are attacks, which detectors find, and little else', async (t) => {
  const records = make(3, 'high', 40_000)
  const starts = records.filter((one) => one.kind === 'process').length
  const attacks = records.flatMap((one, index) => (one.attack ? [index + 1] : []))
  t.ok(attacks.length > 5 && attacks.length <= 0.002 * starts, `${attacks.length} of ${starts}`)

  const file = join(
    t.testdir({ 'mde.ndjson': `${records.map((one) => one.text).join('\n')}\n` }),
    'mde.ndjson',
  )
  const { plan } = await compile('examples/rules')
  const evaluation = Detectors.fromPlan(plan).evaluate(file)
  const lines = new Set<number>()
  for await (const batch of evaluation) {
    for (const detection of batch) lines.add(detection.line)
  }
  const { events, malformed, unmapped } = evaluation.summary
  t.match({ events, malformed, unmapped }, { events: records.length, malformed: 0, unmapped: {} })
  t.same(
    attacks.filter((line) => !lines.has(line)),
    [],
    'attacks that nothing found',
  )
  t.ok(lines.size < 2 * attacks.length, `${lines.size} lines with detections`)
})

t.test('the settings repeat as they say', async (t) => {
  const share = async (records: readonly Made[]) => {
    const text = records.slice(0, 10_000).map((one) => `${one.text}\n`)
    const found = await repeats(join(t.testdir({ 'mde.ndjson': text.join('') }), 'mde.ndjson'))
    const { repeated, values } = found.get('InitiatingProcessCommandLine') ?? { repeated: 0, values: 1 }
    return repeated / values
  }
  t.ok((await share(low)) < 0.65)
  t.ok((await share(make(7, 'high', 10_000))) > 0.9)
})

t.test('rules have the mix of Sigma', (t) => {
  const wanted = { includes: 64, ends_with: 22, equals: 10, starts_with: 2.5, in: 0.9, matches: 0.5 }
  for (const terms of [6282, 30_000]) {
    const measured = measureRules(generateRules(terms).text)
    t.match(measured, { terms, distinct: terms, medianLiteral: 13, termsARule: [1, 34] })
    for (const [match, percent] of Object.entries(wanted)) {
      const found = 100 * (measured.shares.get(match) ?? 0)
      t.ok(Math.abs(found - percent) <= 0.15, `${terms} terms: ${match} ${found} %`)
    }
  }
  t.end()
})
