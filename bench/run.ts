/**
 * `npm run bench [-- --terms 6282 --rounds 5 FILE.ndjson]`: evaluation of generated rules on Defender
 * for Endpoint records through the public API, alternately with simdjson reading the same fields; and then
 * with other engines (`peers/`), on corpora of `--megabytes 200` and what NUTHATCH_DATA has. `--only simdjson` or
 * `--only peers` leaves the others out. Medians of the rounds; the ratio is taken round by round, as these
 * machines are shared.
 */
import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { compile, Detectors } from '../lib/index.js'
import { unzstd } from '../lib/stream/unzstd.js'
import { buildNative } from './build.js'
import { median, type Row } from './peers/measure.js'
import { comparePeers } from './peers/peers.js'
import { tableOf } from './peers/table.js'
import { generateRules } from './rules.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    terms: { type: 'string', default: '6282' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1' },
    megabytes: { type: 'string', default: '200' },
    only: { type: 'string' },
  },
})
const data = join(process.env.NUTHATCH_DATA ?? '../shared/data', 'telemetry/mde-60k.ndjson.zst')

/** What the generated rules look at, as Defender names it. */
const fields = [
  'category',
  'properties.ActionType',
  'properties.FileName',
  'properties.FolderPath',
  'properties.ProcessCommandLine',
  'properties.InitiatingProcessFileName',
  'properties.InitiatingProcessFolderPath',
  'properties.InitiatingProcessCommandLine',
  'properties.ProcessVersionInfoOriginalFileName',
  'properties.AccountName',
  'properties.RegistryKey',
  'properties.RegistryValueName',
  'properties.RegistryValueData',
  'properties.RemoteIP',
  'properties.RemoteUrl',
  'properties.AdditionalFields',
]

async function measure(detectors: Detectors, file: string): Promise<number> {
  const evaluation = detectors.evaluate(file, { threads: Number(values.threads) })
  for await (const _ of evaluation);
  return evaluation.summary.bytes / evaluation.summary.seconds
}

async function uncompressed(file: string, folder: string): Promise<string> {
  const plain = join(folder, 'telemetry.ndjson')
  await pipeline(unzstd(createReadStream(file)), createWriteStream(plain))
  return plain
}

/** Our engine and simdjson, on the first file named or else on mde-60k. */
async function compareSimdjson(folder: string): Promise<Row[]> {
  const file = positionals[0] ?? (await uncompressed(data, folder))
  const { text, rules, terms } = generateRules(Number(values.terms))
  writeFileSync(join(folder, 'generated.rb'), text)
  const began = performance.now()
  const { plan } = await compile(join(folder, 'generated.rb'))
  const compiled = performance.now()
  const detectors = Detectors.fromPlan(plan)
  console.log(
    `${rules} rules, ${terms} terms: compiled in ${(compiled - began).toFixed(0)} ms, a Plan of ${plan.length} bytes loaded in ${(performance.now() - compiled).toFixed(0)} ms`,
  )
  const baseline = buildNative('simdjson_fields')
  const rounds = Array.from({ length: Number(values.rounds) }, () => ({ engine: 0, simdjson: 0 }))
  await measure(detectors, file)
  for (const round of rounds) {
    round.engine = await measure(detectors, file)
    round.simdjson = Number(spawnSync(baseline, [file, ...fields], { encoding: 'utf8' }).stdout)
  }
  const speed = (of: 'engine' | 'simdjson') => median(rounds.map((round) => round[of]))
  const ratio = median(rounds.map((round) => round.engine / round.simdjson))
  return [
    { engine: `Nuthatch, ${values.threads} thread(s)`, wall: { speed: speed('engine'), ratio: 1 } },
    { engine: 'simdjson, the same fields', wall: { speed: speed('simdjson'), ratio } },
  ]
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nuthatch-bench-'))
  const rows: [corpus: string, row: Row][] = []
  try {
    if (values.only !== 'peers') {
      for (const row of await compareSimdjson(folder)) rows.push([positionals[0] ?? 'mde-60k', row])
    }
    if (values.only !== 'simdjson') {
      const { megabytes, terms, rounds } = values
      const options = { folder, megabytes: Number(megabytes), terms: Number(terms), rounds: Number(rounds) }
      rows.push(...(await comparePeers(options)))
    }
    console.log(tableOf(rows))
    // Detections that are not the same are worth an alarm.
    if (rows.some(([, { problem }]) => problem?.startsWith('DIFFERS'))) process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (values.only !== 'peers' && !positionals[0] && !existsSync(data)) {
  console.error(`no telemetry at ${data}: set NUTHATCH_DATA or name a file, or compare --only peers`)
  process.exitCode = 2
} else await main()
