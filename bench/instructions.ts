/**
 * `npm run bench:instructions [-- --update]`: how many instructions a worker executes for a record of a
 * small, fixed workload, as valgrind's callgrind counts them, against those kept in instructions.json; what
 * one awkward rule adds to them; and what counting costs does. Counts repeat to a few in ten thousand on any machine with AVX2, however
 * busy, so that CI can tell a slower engine from a noisy neighbour. Cache misses and wrong predictions are not in them.
 * Ends with 1 when one has grown by more than 3 %, a rule costs more than 5 % (those of `dear`: 10 %), or counting more
 * than 3 %; --update keeps today's counts, with a reason in the commit.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile } from '../lib/index.js'
import { buildNative } from './build.js'
import { writeCorpus } from './data/write.js'
import { generateRules } from './rules.js'

const BASELINE = new URL('instructions.json', import.meta.url)
const MOST_GROWTH = 1.03
const MOST_FOR_A_RULE = 1.05
const MOST_FOR_A_DEAR_RULE = 1.1
const MOST_FOR_COUNTING = 1.03
const WORKLOAD = { megabytes: 6, terms: 6282, seed: 1 }

const stages = {
  read: 'nuthatch::Worker::Read(nuthatch::Slice*)',
  evaluate: 'nuthatch::Worker::Evaluate(unsigned long, nuthatch::Slice*)',
}
type Counts = Record<keyof typeof stages, number>

const tenThousand = Array.from({ length: 10_000 }, (_, i) => `'${(i * 2654435761).toString(36)}-qzx'`)

const deobfuscated = "includes_all?(property: deobfuscated_command_line, strings: [' -e', 'qzxjvq'])"

/** Rules that might cost more than they are worth. None of them fires: that would be paid for too. */
const awkward: Readonly<Record<string, string>> = {
  'a literal of one letter':
    "process_start_property_includes_all?(property: command_line, strings: ['a', 'qzxjvq'])",
  'a short literal':
    "process_start_property_includes_all?(property: command_line, strings: [' -e', 'qzxjvq'])",
  'a regex without a literal':
    'process_start_property_matches?(property: command_line, pattern: /[g-k]\\d[w-z]\\d{5}[^a-z]{4}/)',
  'a deobfuscated literal': `process_start_property_${deobfuscated}`,
  'a list of 10,000': `process_start_property_includes_any?(property: command_line, strings: [${tenThousand.join(', ')}])`,
}

/**
 * Dearer than the aim, and held so that they become no worse: a connection's record has the command line of its process,
 * and there are nearly twice as many of them as of starts.
 */
const dear: Readonly<Record<string, string>> = {
  'the same on connections': `network_connection_property_${deobfuscated}`,
}

/** The workload: instructions for a record, with one rule more when there is one. */
class Workload {
  readonly #folder: string
  readonly #bench = buildNative('worker_bench')
  readonly #rules = generateRules(WORKLOAD.terms, WORKLOAD.seed).text
  #file = ''
  #records = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  async make(): Promise<void> {
    const bytes = WORKLOAD.megabytes * 1e6
    const written = await writeCorpus({ folder: this.#folder, repeat: 'low', seed: WORKLOAD.seed, bytes })
    this.#file = written.file
    this.#records = written.records
  }

  /** @param mode of worker_bench. */
  async count(
    stage: keyof typeof stages,
    match?: string,
    mode: 'uncounted' | 'usual' = 'usual',
  ): Promise<number> {
    const more = match ? `detector 'awkward' do\n  match ${match}\nend\n` : ''
    const plan = join(this.#folder, 'rules.plan')
    writeFileSync(plan, (await compile({ files: { 'rules.rb': `${this.#rules}\n${more}` } })).plan)
    const instructions = callgrind(stages[stage], [this.#bench, plan, this.#file, '1', mode], this.#folder)
    return Math.round(instructions / this.#records)
  }
}

/** Instructions in calls of `function_`, and in what it calls. */
function callgrind(function_: string, command: readonly string[], folder: string): number {
  const options = ['--tool=callgrind', `--callgrind-out-file=${join(folder, 'out')}`]
  const args = [...options, `--toggle-collect=${function_}`, ...command]
  const { stderr, error } = spawnSync('valgrind', args, { encoding: 'utf8' })
  if (error) throw new Error(`valgrind cannot be run; Debian has it in the package of that name: ${error}`)
  const collected = /Collected : (\d+)/.exec(stderr)?.[1]
  if (!collected || collected === '0') throw new Error(`callgrind has counted nothing:\n${stderr}`)
  return Number(collected)
}

const percent = (ratio: number): string => `${ratio < 1 ? '' : '+'}${(100 * (ratio - 1)).toFixed(1)} %`

function isFine(counts: Counts, kept: Counts): boolean {
  const ratios = (Object.keys(stages) as (keyof Counts)[]).map((stage) => {
    const ratio = counts[stage] / kept[stage]
    console.log(
      `${stage.padEnd(28)}${counts[stage]} instructions a record, ${kept[stage]} kept: ${percent(ratio)}`,
    )
    return ratio
  })
  return ratios.every((ratio) => ratio <= MOST_GROWTH)
}

async function areCheap(
  rules: Readonly<Record<string, string>>,
  most: number,
  workload: Workload,
  { read, evaluate }: Counts,
): Promise<boolean> {
  let fine = true
  for (const [name, match] of Object.entries(rules)) {
    const ratio = (read + (await workload.count('evaluate', match))) / (read + evaluate)
    console.log(`with ${name.padEnd(28)}${percent(ratio)}`)
    fine &&= ratio <= most
  }
  return fine
}

async function countingIsCheap(workload: Workload, { read, evaluate }: Counts): Promise<boolean> {
  const ratio = (read + evaluate) / (read + (await workload.count('evaluate', undefined, 'uncounted')))
  console.log(`${'counting costs'.padEnd(33)}${percent(ratio)}`)
  return ratio <= MOST_FOR_COUNTING
}

const folder = mkdtempSync(join(tmpdir(), 'nuthatch-instructions-'))
try {
  const workload = new Workload(folder)
  await workload.make()
  const counts = { read: await workload.count('read'), evaluate: await workload.count('evaluate') }
  if (process.argv.includes('--update'))
    writeFileSync(BASELINE, `{ "read": ${counts.read}, "evaluate": ${counts.evaluate} }\n`)
  else if (!isFine(counts, JSON.parse(readFileSync(BASELINE, 'utf8')))) {
    console.error('More than 3 % dearer. If that is worth it: npm run bench:instructions -- --update')
    process.exitCode = 1
  }
  if (!(await areCheap(awkward, MOST_FOR_A_RULE, workload, counts))) {
    console.error('One rule costs more than 5 %.')
    process.exitCode = 1
  }
  if (!(await areCheap(dear, MOST_FOR_A_DEAR_RULE, workload, counts))) {
    console.error('One rule on connections costs more than 10 %.')
    process.exitCode = 1
  }
  if (!(await countingIsCheap(workload, counts))) {
    console.error('Counting and timing costs more than 3 %.')
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}
