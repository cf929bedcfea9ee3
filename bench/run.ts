/**
 * `npm run bench [-- --terms 6282 --rounds 5 FILE.ndjson]`: evaluation of generated rules on Defender
 * for Endpoint records through the public API, alternately with simdjson reading the same fields.
 * Medians of the rounds; the ratio is taken round by round, as these machines are shared.
 */
import { spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { compile, Detectors } from '../lib/index.js'
import { unzstd } from '../lib/stream/unzstd.js'
import { generateRules } from './rules.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    terms: { type: 'string', default: '6282' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1' },
  },
})
const data = join(process.env.NUTHATCH_DATA ?? '../shared/data', 'telemetry/mde-60k.ndjson.zst')
const buildFolder = 'build/bench'

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

function buildBaseline(): string {
  const run = (...args: string[]) => {
    const { status, stderr } = spawnSync('cmake', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`cmake ${args.join(' ')}\n${stderr}`)
  }
  run('-S', '.', '-B', buildFolder, '-G', 'Ninja', '-DNUTHATCH_BENCH=ON', '-DCMAKE_BUILD_TYPE=Release')
  run('--build', buildFolder, '--target', 'simdjson_fields')
  return join(buildFolder, 'simdjson_fields')
}

const megabytes = (bytesPerSecond: number): string => `${(bytesPerSecond / 1e6).toFixed(0)} MB/s`
const median = (numbers: number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

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

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nuthatch-bench-'))
  try {
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
    const baseline = buildBaseline()
    const rounds = Array.from({ length: Number(values.rounds) }, () => ({ engine: 0, simdjson: 0 }))
    await measure(detectors, file)
    for (const round of rounds) {
      round.engine = await measure(detectors, file)
      round.simdjson = Number(spawnSync(baseline, [file, ...fields], { encoding: 'utf8' }).stdout)
    }
    console.log(`evaluation, ${values.threads} thread(s)   ${megabytes(median(rounds.map((r) => r.engine)))}`)
    console.log(`simdjson, the same fields  ${megabytes(median(rounds.map((r) => r.simdjson)))}`)
    console.log(`ratio                      ${median(rounds.map((r) => r.engine / r.simdjson)).toFixed(2)}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (!positionals[0] && !existsSync(data)) {
  console.error(`no telemetry at ${data}: set NUTHATCH_DATA or name a file`)
  process.exitCode = 2
} else await main()
