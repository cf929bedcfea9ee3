/**
 * `npm run bench:traces [-- RECORDS]`: the processor time of commands on written traces (bench/native/kernel_trace.h;
 * 14,300,000 records are 1.06 GB) and the most memory that they had, as the built package does it; and how much of the
 * time are the steps (trace_bench, etl_bench), also for another trace that TRACE names.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildNative } from './build.js'

const records = Number(process.argv[2] ?? 14_300_000)
const folder = mkdtempSync(join(tmpdir(), 'nuthatch-bench-'))
const trace = join(folder, 'kernel.etl')
const plan = join(folder, 'examples.plan')
const rule = join(folder, 'one.rb')
const every = join(folder, 'every.rb')
const told = join(folder, 'told.json')

const iterate = `
import { openTrace } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
for await (const _ of openTrace({ file: process.argv[1] }));`
const nuthatch = ['dist/cli/main.js']
const evaluations: Readonly<Record<string, readonly string[]>> = {
  'run, one rule': ['run', '-r', rule],
  'run, the examples': ['run', '-r', 'examples/rules'],
  'run, a detection in every event': ['run', '-r', every],
  standardize: ['standardize'],
}
const commands: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(evaluations).flatMap(([name, args]) =>
      [1, 2, 4].map((threads) => [
        `${name}, threads: ${threads}`,
        [...nuthatch, ...args, '--threads', `${threads}`, trace],
      ]),
    ),
  ),
  etl: [...nuthatch, 'etl', trace],
  'etl --stats': [...nuthatch, 'etl', '--stats', trace],
  openTrace: ['--input-type=module', '-e', iterate, trace],
}

/** What a process says of itself at its end: on Linux what getrusage tells of memory began with the parent's. */
const tell = `
import { readFileSync, writeFileSync } from 'node:fs'
process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  const most = Number(/VmHWM:\\s*(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
  writeFileSync(${JSON.stringify(told)}, JSON.stringify({ seconds: (user + system) / 1e6, most }))
})`

function execute(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', args.includes(trace) && command === process.execPath ? 'ignore' : 'pipe', 'pipe'],
  })
  if (error || status !== 0) throw new Error(`${command} ${args.join(' ')}\n${error ?? stderr}`)
  return stdout
}

/** What one core does at the time, in MB of OpenSSL's SHA-256 a second: machines differ, and one by the hour. */
function speedOfMachine(): string {
  const bytes = Buffer.alloc(128 << 20)
  const start = process.cpuUsage()
  createHash('sha256').update(bytes).digest()
  const { user, system } = process.cpuUsage(start)
  return `${(bytes.length / (user + system)).toFixed(0)} MB/s of OpenSSL's SHA-256`
}

function measure(mix: string): void {
  execute(buildNative('trace_writer'), [trace, String(records), mix])
  const bytes = statSync(trace).size
  const size = `${records.toLocaleString('en')} records, ${(bytes / 1e6).toFixed(0)} MB`
  console.log(`\n${mix}: ${size}, on a machine with ${speedOfMachine()}`)
  for (const [name, args] of Object.entries(commands)) {
    execute(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(tell)}`, ...args])
    const { seconds, most } = JSON.parse(readFileSync(told, 'utf8')) as { seconds: number; most: number }
    const speed = `${(records / seconds / 1e6).toFixed(2)} M records and ${(bytes / seconds / 1e6).toFixed(0)} MB a CPU s`
    console.log(`${name.padEnd(42)} ${speed}, ${(most / 1e6).toFixed(0)} MB of memory`)
  }
  console.log(execute(buildNative('trace_bench'), [plan, trace, '3']))
  console.log(execute(buildNative('etl_bench'), [trace]))
}

try {
  writeFileSync(
    rule,
    "process_is_likely?('powershell') && process_start_property_exists?(property: parent_name)\n",
  )
  writeFileSync(every, 'any_property_exists?(property: process_guid)\n')
  execute(process.execPath, [...nuthatch, 'compile', 'examples/rules', '-o', plan])
  for (const mix of ['mixed', 'server', 'dense']) measure(mix)
  if (process.env.TRACE) console.log(execute(buildNative('trace_bench'), [plan, process.env.TRACE, '3']))
} finally {
  rmSync(folder, { recursive: true })
}
