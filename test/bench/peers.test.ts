import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Corpus } from '../../bench/data/corpus.js'
import { eventTypeOf } from '../../bench/peers/conditions.js'
import { firstOf, makeTask } from '../../bench/peers/corpora.js'
import { jsonRules } from '../../bench/peers/json-rules.js'
import { compareOn, difference, median } from '../../bench/peers/measure.js'
import { naive } from '../../bench/peers/naive.js'
import type { Peer, Run, Task } from '../../bench/peers/peer.js'
import { cruby, jruby } from '../../bench/peers/process.js'
import { mde, rawEvent, sysmon } from '../../bench/peers/raw-fields.js'
import { rsigma, rsigmaAsUsual } from '../../bench/peers/rsigma.js'
import { plainly, toSigma } from '../../bench/peers/sigma.js'
import { tableOf } from '../../bench/peers/table.js'
import { checkRules } from '../../lib/language/check.js'

const smallTask = async (folder: string): Promise<Task> => {
  const corpus = new Corpus(5, 'low')
  const file = join(folder, 'mde.ndjson')
  writeFileSync(file, Array.from({ length: 400 }, () => `${corpus.next().text}\n`).join(''))
  return makeTask({ name: 'small', source: mde, files: [file] }, folder, { terms: 60, drawn: 40 })
}

t.test('all peers find what we find', async (t) => {
  const task = await smallTask(t.testdir())
  t.match(task, { count: 400 })
  for (const { megabytes: _, ...peer } of [naive, jsonRules, cruby, jruby, rsigma, rsigmaAsUsual]) {
    const install = peer.missing()
    await t.test(peer.name, { skip: install === null ? false : `not installed: ${install}` }, async (t) => {
      const [ours, theirs] = await compareOn(task, [peer], 1)
      t.match(ours, { engine: 'Nuthatch', records: 400 })
      t.ok((ours?.detections ?? 0) >= 40, `${ours?.detections} detections`)
      t.match(theirs, { records: 400, detections: ours?.detections, problem: undefined })
      t.ok(theirs?.wall && theirs.cpu)
    })
  }
})

/** Sysmon's events as a flat shipper writes them, no two alike. */
function sysmonEvent(number: number): object {
  const name = (what: string) => `C:\\${what}-${number * 7919}\\${what}.${number % 2 ? 'exe' : 'dll'}`
  const ofType = [
    { EventID: 1, CommandLine: `${name('Program')} --number=${number}`, ParentImage: name('Parent') },
    {
      EventID: 3,
      Initiated: number % 4 === 1 ? 'true' : 'false',
      DestinationHostname: `host-${number}.example`,
    },
    { EventID: 7, ImageLoaded: name('Library') },
    { EventID: 13, TargetObject: `HKLM\\SOFTWARE\\${name('Key')}`, Details: `value of ${number}` },
  ][number % 4]
  return { Channel: 'Microsoft-Windows-Sysmon/Operational', Image: name('Program'), ...ofType }
}

const noRsigma = rsigma.missing()
t.test(
  'RSigma finds the same in event logs',
  { skip: noRsigma === null ? false : `not installed: ${noRsigma}` },
  async (t) => {
    const folder = t.testdir()
    const file = join(folder, 'sysmon.ndjson')
    writeFileSync(file, Array.from({ length: 300 }, (_, n) => `${JSON.stringify(sysmonEvent(n))}\n`).join(''))
    const task = await makeTask({ name: 'small', source: sysmon, files: [file] }, folder, {
      terms: 60,
      drawn: 40,
    })
    const [ours, theirs] = await compareOn(task, [rsigma], 1)
    t.ok((ours?.detections ?? 0) >= 20, `${ours?.detections} detections`)
    t.match(theirs, { records: 300, detections: ours?.detections, problem: undefined })
  },
)

/** The naive evaluator, with detections that are not so. */
const wrong = (change: (detections: string[]) => string[]): Peer => ({
  ...naive,
  async prepare(task) {
    const { run } = await naive.prepare(task)
    const wrongly = ({ detections, ...times }: Run): Run => ({
      ...times,
      detections: new Set(change([...detections])),
    })
    return { run: async () => wrongly(await run()) }
  },
})

t.test('a wrong detection is noticed, and there is no figure then', async (t) => {
  const task = await smallTask(t.testdir())
  for (const [peer, problem] of [
    [wrong((found) => [...found, '7 planted']), /finds besides 1 \(7 planted\)/],
    [wrong((found) => found.slice(1)), /misses 1 \(\d+ drawn-\d+\)/],
  ] as const) {
    const [, row] = await compareOn(task, [peer], 2)
    t.match(row, { problem, wall: undefined, cpu: undefined })
    if (row)
      t.match(
        tableOf([['small', row]])
          .split('\n')
          .at(-1),
        /^\| small +\| naive TypeScript \| DIFFERS, [^|]*\|$/,
      )
  }
})

t.test('difference', (t) => {
  t.equal(difference(new Set(['1 a']), new Set(['1 a'])), null)
  const many = new Set(['1 a', '2 a', '3 a', '4 a', '5 a', '6 a'])
  t.match(
    difference(many, new Set(['9 b'])),
    'it misses 6 (1 a, 2 a, 3 a, 4 a, 5 a, …), and finds besides 1 (9 b)',
  )
  t.equal(median([9, 1, 5]), 5)
  t.end()
})

t.test('records have the numbers of their lines, and the first of them are whole lines', async (t) => {
  const task = await smallTask(t.testdir())
  const first = firstOf(task, 0.1)
  const lines = readFileSync(first.records, 'utf8').trimEnd().split('\n')
  t.ok(first.bytes < 1e5 && first.bytes > 9e4 && first.bytes === readFileSync(first.records).length)
  t.same(
    lines.map((line) => JSON.parse(line).record),
    Array.from({ length: first.count }, (_, index) => index + 1),
  )
  t.equal(firstOf(task, 100), task)
})

t.test('what is not installed is told, with how to install it', async (t) => {
  const absent = { ...naive, name: 'absent', missing: () => 'get it' }
  const rows = await compareOn(await smallTask(t.testdir()), [absent], 1)
  t.match(tableOf(rows.map((row) => ['small', row])), '| absent   | not installed: get it |')
})

t.test('raw fields are those of the mapping', (t) => {
  t.match(rawEvent(mde, 'process_start'), {
    when: { 'properties.ActionType': ['ProcessCreated'] },
    fields: { process_path: 'properties.FolderPath', parent_path: 'properties.InitiatingProcessFolderPath' },
  })
  const file = rawEvent(sysmon, 'file_create')
  t.same(file?.when, {
    Channel: ['Microsoft-Windows-Sysmon/Operational'],
    EventID: ['11', '15', '27', '29'],
  })
  t.match(file?.fields, { file_path: 'TargetFilename', process_path: 'Image' })
  t.notOk(file?.fields.file_name, 'the end of a field')
  t.notOk(rawEvent(mde, 'dns_query')?.fields.query_name, 'in the text of a field')
  t.match(rawEvent(sysmon, 'network_connection')?.when, { EventID: ['3'], Initiated: ['true'] })
  t.equal(rawEvent(sysmon, 'logon'), null)
  t.end()
})

const rule = (text: string) => {
  const { ruleSet } = checkRules([{ file: 'a.rb', source: text }])
  return ruleSet?.detectors ?? []
}
const document = (text: string): unknown =>
  JSON.parse(toSigma(sysmon, rule(text), plainly).replace(/^---/, ''))

t.test('Sigma means the same', (t) => {
  const text = `any_property_equals?(property: source, string: 'sysmon') &&
    process_start_property_includes_all?(property: command_line, strings: ['a*', 'b\\\\c']) &&
    (process_start_property_equals?(property: process_path, string: 'x?') ||
     process_start_property_matches?(property: command_line, pattern: /a\\s/i))`
  t.same(document(text), {
    title: 'a',
    logsource: { category: 'process_start' },
    detection: {
      event: { Channel: ['Microsoft-Windows-Sysmon/Operational'], EventID: ['1'] },
      s0: { 'CommandLine|contains|all': ['a\\*', 'b\\\\c'] },
      s1: { Image: ['x\\?'] },
      s2: { 'CommandLine|re': ['(?i)a\\s'] },
      condition: 'event and (s0 and (s1 or s2))',
    },
    level: 'low',
  })
  t.end()
})

t.test('rules that peers cannot be given are refused', (t) => {
  const refused = (text: string) => t.throws(() => rule(text).map(eventTypeOf), /peers cannot be given/, text)
  refused(`!process_start_property_equals?(property: process_path, string: 'x')`)
  refused(`process_start_property_does_not_equal?(property: process_path, string: 'x')`)
  refused(`any_property_equals?(property: process_path, string: 'x')`)
  refused(`process_start_property_equals?(property: process_path, string: 'x') ||
    image_load_property_equals?(property: process_path, string: 'x')`)
  t.end()
})
