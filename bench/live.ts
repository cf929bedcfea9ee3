/**
 * `npm run bench:live [-- RATE [SECONDS [ROUNDS]]]`: a live trace with the example rules, from the system's call to
 * detections (live_bench). A written trace (bench/native/kernel_trace.h) is played from memory, RATE records a second
 * (1,000,000), of which one in 10,000 is an attack; and as on an idle machine, 100 a second, where each process that
 * starts is one, a record in 316. Told are what was dropped, how long attacks took to be detected, and the processor time
 * of all threads, the player's among it: medians of the rounds, and in brackets the least and the most. Once with all the
 * rules, for some of which events wait for their call stacks, and once with the files in which no rule asks for stacks.
 * Fails when an attack is not detected. With each case, in what share of windows of 10 ms the machine itself did a fixed
 * piece of work at less than a third of its best speed: on a shared one that alone may be the slowest hundredth.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildNative } from './build.js'

const rules = 'examples/rules'
const rate = Number(process.argv[2] ?? 1_000_000)
const seconds = process.argv[3] ?? '10'
const rounds = Number(process.argv[4] ?? 5)
const folder = mkdtempSync(join(tmpdir(), 'nuthatch-bench-'))

/** What live_bench prints. Times are milliseconds; `cpu`, and the player's among it, seconds a second. */
interface Round {
  readonly rate: number
  readonly records: number
  readonly dropped: number
  readonly outOfOrder: number
  readonly detections: number
  readonly p50: number
  readonly p99: number
  readonly mostQueued: number
  readonly cpu: number
  readonly player: number
}

const files = readdirSync(rules)
  .filter((name) => name.endsWith('.rb'))
  .map((name) => join(rules, name))
const asksStacks = /callstack_|evasion_(unbacked|direct|indirect)|call_trace/
const ruleSets = {
  'no stacks': files.filter((file) => !asksStacks.test(readFileSync(file, 'utf8'))),
  'all examples': files,
}
const cases = [
  { name: `${rate.toLocaleString('en')} a second`, rate, attackEvery: 10_000, records: 400_000 },
  { name: 'idle', rate: 100, attackEvery: 100, records: 4000 }, // as many as are played before they come again
]

function summary(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((a, b) => a - b)
  const [least, middle, most] = [0, sorted.length >> 1, sorted.length - 1].map((i) =>
    sorted[i]?.toFixed(digits),
  )
  return `${middle} (${least}–${most})`
}

/** Of windows of 10 ms in three seconds, a percentage. */
function slowWindows(): number {
  const from = Buffer.alloc(256 << 10, 1)
  const to = Buffer.alloc(from.length)
  const windows: number[] = []
  for (const end = performance.now() + 3000; performance.now() < end; ) {
    const begin = performance.now()
    let copies = 0
    for (; performance.now() - begin < 10; copies++) from.copy(to)
    windows.push(copies)
  }
  const most = Math.max(...windows)
  return (100 * windows.filter((copies) => copies < most / 3).length) / windows.length
}

try {
  const writer = buildNative('trace_writer')
  const bench = buildNative('live_bench')
  for (const [name, paths] of Object.entries(ruleSets)) {
    const plan = join(folder, 'examples.plan')
    execFileSync(process.execPath, ['dist/cli/main.js', 'compile', ...paths, '-o', plan], { stdio: 'ignore' })
    for (const each of cases) {
      const trace = join(folder, 'mixed.etl')
      execFileSync(writer, [trace, `${each.records}`, 'mixed', '1', 'plain', `${each.attackEvery}`])
      const loads: number[] = []
      const slow: number[] = []
      const results = Array.from({ length: rounds }, () => {
        loads.push(loadavg()[0] ?? 0)
        slow.push(slowWindows())
        return JSON.parse(
          execFileSync(bench, [plan, trace, `${each.rate}`, seconds], { encoding: 'utf8' }),
        ) as Round
      })
      const of = (key: keyof Round, digits = 0, factor = 1) =>
        summary(
          results.map((round) => round[key] * factor),
          digits,
        )
      console.log(
        `${name}, ${each.name}, the machine's load ${summary(loads, 1)}, slow in ${summary(slow, 1)} % of windows:`,
      )
      console.log(
        `  ${of('rate')} records a second, ${of('dropped')} dropped, ${of('outOfOrder')} out of order`,
      )
      console.log(`  ${of('detections')} detections: p50 ${of('p50', 1)} ms, p99 ${of('p99', 1)} ms`)
      console.log(
        `  ${of('cpu', 2, 100)} % of a core, the player ${of('player', 2, 100)}, at most ${of('mostQueued', 1, 1e-6)} MB queued`,
      )
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}
