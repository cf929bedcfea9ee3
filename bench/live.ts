/**
 * `npm run bench:live [-- RATE [SECONDS]]`: a live trace with the example rules, from the system's call to detections
 * (live_bench). A written trace (bench/native/kernel_trace.h) is played from memory, RATE records a second (1,000,000),
 * and then none. Told are what was dropped, how long detections took, and the processor time of all threads, the
 * player's among it. Once with all the rules, for some of which events wait for their call stacks, and once with the
 * files in which no rule asks for stacks.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildNative } from './build.js'

const RECORDS = 400_000 // as many as are played before they come again
const rules = 'examples/rules'
const rate = Number(process.argv[2] ?? 1_000_000)
const seconds = Number(process.argv[3] ?? 10)
const folder = mkdtempSync(join(tmpdir(), 'nuthatch-bench-'))
const trace = join(folder, 'mixed.etl')

const files = readdirSync(rules)
  .filter((name) => name.endsWith('.rb'))
  .map((name) => join(rules, name))
const asksStacks = /callstack_|evasion_(unbacked|direct|indirect)|call_trace/
const ruleSets = {
  'all examples': files,
  'no stacks': files.filter((file) => !asksStacks.test(readFileSync(file, 'utf8'))),
}

try {
  execFileSync(buildNative('trace_writer'), [trace, `${RECORDS}`, 'mixed'])
  const bench = buildNative('live_bench')
  for (const [name, paths] of Object.entries(ruleSets)) {
    const plan = join(folder, 'examples.plan')
    execFileSync(process.execPath, ['dist/cli/main.js', 'compile', ...paths, '-o', plan], { stdio: 'ignore' })
    for (const each of [rate, 0]) {
      const load = `the machine's load ${loadavg()[0]?.toFixed(1)}`
      console.log(`${name}, ${each === 0 ? 'idle' : `${each.toLocaleString('en')} a second`}, ${load}:`)
      console.log(execFileSync(bench, [plan, trace, `${each}`, `${seconds}`], { encoding: 'utf8' }))
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}
