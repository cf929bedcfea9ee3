/**
 * `npm run bench:instructions [-- --update]`: how many instructions a worker executes for a record of a
 * small, fixed workload, as valgrind's callgrind counts them, against those kept in instructions.json.
 * They repeat to a few in ten thousand on any machine with AVX2, however busy, so that CI can tell a
 * slower engine from a noisy neighbour. Cache misses and wrong predictions do not count here.
 * Ends with 1 when one has grown by more than 3 %; --update keeps today's, with a reason in the commit.
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
const MOST = 1.03
const WORKLOAD = { megabytes: 6, terms: 6282, seed: 1 }

const stages = {
  read: 'nuthatch::Worker::Read(unsigned long, nuthatch::Slice*)',
  evaluate: 'nuthatch::Worker::Evaluate(unsigned long, nuthatch::Slice*)',
}
type Counts = Record<keyof typeof stages, number>

async function measure(folder: string): Promise<Counts> {
  const { megabytes, terms, seed } = WORKLOAD
  const bytes = megabytes * 1e6
  const { file, records } = await writeCorpus({ folder, repeat: 'low', seed, bytes })
  writeFileSync(join(folder, 'rules.rb'), generateRules(terms, seed).text)
  writeFileSync(join(folder, 'rules.plan'), (await compile(join(folder, 'rules.rb'))).plan)
  const bench = buildNative('worker_bench')
  const perRecord = (stage: keyof typeof stages) =>
    Math.round(count(stages[stage], [bench, join(folder, 'rules.plan'), file, '1'], folder) / records)
  return { read: perRecord('read'), evaluate: perRecord('evaluate') }
}

/** Instructions in calls of `function_`, and in what it calls. */
function count(function_: string, command: readonly string[], folder: string): number {
  const options = ['--tool=callgrind', `--callgrind-out-file=${join(folder, 'out')}`]
  const args = [...options, `--toggle-collect=${function_}`, ...command]
  const { stderr, error } = spawnSync('valgrind', args, { encoding: 'utf8' })
  if (error) throw new Error(`valgrind cannot be run; Debian has it in the package of that name: ${error}`)
  const collected = /Collected : (\d+)/.exec(stderr)?.[1]
  if (!collected || collected === '0') throw new Error(`callgrind has counted nothing:\n${stderr}`)
  return Number(collected)
}

function compare(counts: Counts, kept: Counts): boolean {
  let fine = true
  for (const stage of Object.keys(stages) as (keyof Counts)[]) {
    const ratio = counts[stage] / kept[stage]
    const change = `${ratio < 1 ? '' : '+'}${(100 * (ratio - 1)).toFixed(1)} %`
    console.log(`${stage.padEnd(10)}${counts[stage]} instructions a record, ${kept[stage]} kept: ${change}`)
    fine &&= ratio <= MOST
  }
  return fine
}

const folder = mkdtempSync(join(tmpdir(), 'nuthatch-instructions-'))
try {
  const counts = await measure(folder)
  const fine = compare(counts, JSON.parse(readFileSync(BASELINE, 'utf8')))
  if (process.argv.includes('--update')) writeFileSync(BASELINE, `${JSON.stringify(counts)}\n`)
  else if (!fine) {
    console.error('More than 3 % dearer. If that is worth it: npm run bench:instructions -- --update')
    process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true })
}
