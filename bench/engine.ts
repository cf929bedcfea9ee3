/**
 * Our engine on one corpus, in variants that take turns: more rules, more threads; one of its workers alone, with and without
 * remembered values; and simdjson, which only reads the fields that the rules look at.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from '../lib/index.js'
import { buildNative } from './build.js'
import { type Figure, median, type Row } from './peers/measure.js'
import { generateRules } from './rules.js'

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

interface Run {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly detections?: number
  readonly loadMilliseconds?: number
  readonly residentBytes?: number
}

interface Variant {
  readonly engine: string
  readonly run: () => Run
  readonly runs: Run[]
}

export interface EngineOptions {
  readonly folder: string
  readonly file: string
  readonly bytes: number
  readonly records: number
  readonly rounds: number
  /** Whether they are Defender's records, whose fields simdjson reads. */
  readonly mde: boolean
}

export async function compareVariants({
  folder,
  file,
  bytes,
  records,
  rounds,
  mde,
}: EngineOptions): Promise<Row[]> {
  const variants = [...(await prepare(folder, file)), ...(mde ? simdjsonOn(file) : [])]
  for (let round = 0; round < rounds; round++) for (const { run, runs } of variants) runs.push(run())
  const [base] = variants as [Variant]
  const first = base.runs[0] as Required<Run>
  console.log(
    `The Plan of 6,282 terms is loaded in ${first.loadMilliseconds.toFixed(0)} ms; resident at most ${(first.residentBytes / 1e6).toFixed(0)} MB.`,
  )
  const figure = (of: Variant, seconds: 'seconds' | 'cpuSeconds'): Figure => ({
    speed: median(of.runs.map((run) => bytes / run[seconds])),
    ratio: median(of.runs.map((run, i) => run[seconds] / (base.runs[i] as Run)[seconds])),
  })
  return variants.map((of) => ({
    engine: of.engine,
    records,
    ...(of.runs[0]?.detections === undefined ? {} : { detections: of.runs[0].detections }),
    wall: figure(of, 'seconds'),
    cpu: figure(of, 'cpuSeconds'),
  }))
}

async function prepare(folder: string, file: string): Promise<Variant[]> {
  const few = await writePlan(folder, 6282)
  const many = await writePlan(folder, 30_000)
  const worker = buildNative('worker_bench')
  return [
    { engine: 'Nuthatch, 6,282 terms', runs: [], run: () => runPlan(few, file, 1) },
    { engine: '2 threads', runs: [], run: () => runPlan(few, file, 2) },
    { engine: '30,000 terms', runs: [], run: () => runPlan(many, file, 1) },
    { engine: 'a worker, file in memory', runs: [], run: () => runWorker(worker, few, file, 'usual') },
    {
      engine: 'the same, no values remembered',
      runs: [],
      run: () => runWorker(worker, few, file, 'forgetful'),
    },
  ]
}

function simdjsonOn(file: string): Variant[] {
  const simdjson = buildNative('simdjson_fields')
  const variant = (engine: string, how: 'names' | 'pass'): Variant => ({
    engine,
    runs: [],
    run: () => runSimdjson(simdjson, how, file),
  })
  return [
    variant('simdjson, the same fields by name', 'names'),
    variant('simdjson, one pass by hand', 'pass'),
  ]
}

async function writePlan(folder: string, terms: number): Promise<string> {
  const began = performance.now()
  const { plan } = await compile({ files: { 'rules.rb': generateRules(terms).text } })
  console.log(`${terms} terms: compiled in ${(performance.now() - began).toFixed(0)} ms`)
  const file = join(folder, `${terms}.plan`)
  writeFileSync(file, plan)
  return file
}

function runPlan(plan: string, file: string, threads: number): Run {
  const script = fileURLToPath(new URL('run-plan.mjs', import.meta.url))
  return JSON.parse(output(process.execPath, [script, plan, file, String(threads)]))
}

function runWorker(command: string, plan: string, file: string, mode: 'usual' | 'forgetful'): Run {
  const text = output(command, [plan, file, '1', mode])
  const [, records, detections] = (/(\d+) records, (\d+) detections/.exec(text) ?? []).map(Number)
  const seconds = (what: 'both' | 'wall') =>
    (Number(new RegExp(`^${what} +(\\d+) ns a record`, 'm').exec(text)?.[1]) * (records as number)) / 1e9
  return { seconds: seconds('wall'), cpuSeconds: seconds('both'), detections: detections as number }
}

function runSimdjson(command: string, how: 'names' | 'pass', file: string): Run {
  const [seconds, cpuSeconds] = output(command, [how, file, ...fields])
    .split(' ')
    .map(Number)
  return { seconds: seconds as number, cpuSeconds: cpuSeconds as number }
}

function output(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout
}
