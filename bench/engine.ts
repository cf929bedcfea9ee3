/**
 * Our engine on one corpus, in variants that take turns: more rules, more threads; and simdjson, which only
 * reads the fields that the rules look at.
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
}

export async function compareVariants({
  folder,
  file,
  bytes,
  records,
  rounds,
}: EngineOptions): Promise<Row[]> {
  const variants = await prepare(folder, file)
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
  const small = generateRules(6282).text
  const variant = async (engine: string, rules: string, threads = 1): Promise<Variant> => {
    const plan = join(folder, `${engine.replace(/\W+/g, '-')}.plan`)
    writeFileSync(plan, await compiled(engine, rules))
    return { engine, runs: [], run: () => runPlan(plan, file, threads) }
  }
  const variants = [
    await variant('Nuthatch, 6,282 terms', small),
    await variant('2 threads', small, 2),
    await variant('30,000 terms', generateRules(30_000).text),
  ]
  const simdjson = buildNative('simdjson_fields')
  return [
    ...variants,
    {
      engine: 'simdjson, the same fields by name',
      runs: [],
      run: () => runSimdjson(simdjson, 'names', file),
    },
    { engine: 'simdjson, one pass by hand', runs: [], run: () => runSimdjson(simdjson, 'pass', file) },
  ]
}

async function compiled(name: string, rules: string): Promise<Uint8Array> {
  const began = performance.now()
  const { plan } = await compile({ files: { 'rules.rb': rules } })
  console.log(`${name}: compiled in ${(performance.now() - began).toFixed(0)} ms`)
  return plan
}

function runPlan(plan: string, file: string, threads: number): Run {
  const script = fileURLToPath(new URL('run-plan.mjs', import.meta.url))
  return JSON.parse(output(process.execPath, [script, plan, file, String(threads)]))
}

function runSimdjson(command: string, how: 'names' | 'pass', file: string): Run {
  const seconds = Number(output(command, [how, file, ...fields]))
  return { seconds, cpuSeconds: seconds }
}

function output(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout
}
