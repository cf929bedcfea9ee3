/** Records to compare engines on, and rules for them. */
import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { readTelemetry } from '../../lib/index.js'
import { checkRules } from '../../lib/language/check.js'
import { unzstd } from '../../lib/stream/unzstd.js'
import { writeCorpus } from '../data/write.js'
import type { Task } from './peer.js'
import { mde, type Source, sysmon } from './raw-fields.js'
import { type PlainEvent, peerRules, type Wanted } from './rules.js'

export interface Corpus {
  readonly name: string
  readonly source: Source
  /** NDJSON, or that compressed with zstd. */
  readonly files: readonly string[]
}

/** Of a simulated fleet. */
export async function generated(repeat: 'low' | 'high', folder: string, bytes: number): Promise<Corpus> {
  const { file } = await writeCorpus({ folder, repeat, seed: 1, bytes })
  return { name: `MDE, ${repeat} repeat`, source: mde, files: [file] }
}

/** Those that NUTHATCH_DATA has: they are no part of the repository. */
export function recorded(): Corpus[] {
  const folder = join(process.env.NUTHATCH_DATA ?? '../shared/data', 'telemetry')
  if (!existsSync(folder)) return []
  const captures = readdirSync(join(folder, 'otrf'))
    // The one capture of Winlogbeat has its fields elsewhere, and a Sigma rule is for one place.
    .filter((name) => name.endsWith('.json.zst') && !name.includes('empire_scm_dll_hijack_ikeext'))
    .map((name) => join(folder, 'otrf', name))
  return [
    { name: 'MDE, mde-60k', source: mde, files: [join(folder, 'mde-60k.ndjson.zst')] },
    { name: 'Windows captures', source: sysmon, files: captures },
  ]
}

/** Writes the records and rules of a comparison to a folder of its own. */
export async function makeTask({ source, files }: Corpus, folder: string, wanted: Wanted): Promise<Task> {
  const records = join(folder, 'records.ndjson')
  const { count, bytes } = await numberRecords(files, records)
  const text = peerRules(source, await sampleOf(records), wanted)
  const { ruleSet, diagnostics } = checkRules([{ file: 'rules.rb', source: text }])
  if (!ruleSet) throw new Error(`the rules are wrong: ${diagnostics[0]?.message}`)
  return { folder, source, text, ruleSet, records, count, bytes }
}

/** Puts the number of its line into each record: RSigma tells of a detection only what is in the record. */
export async function numberRecords(
  files: readonly string[],
  to: string,
): Promise<{ count: number; bytes: number }> {
  const output = await open(to, 'w')
  let count = 0
  let bytes = 0
  try {
    for (const file of files) {
      for await (const lines of linesOf(file)) {
        const text = lines.map((line) => `{"record":${++count},${line.slice(1)}\n`).join('')
        bytes += (await output.write(text)).bytesWritten
      }
    }
  } finally {
    await output.close()
  }
  return { count, bytes }
}

/** Some lines at a time; those that are no record left out. */
async function* linesOf(file: string): AsyncGenerator<string[]> {
  const stored = createReadStream(file, { highWaterMark: 1 << 20 })
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of file.endsWith('.zst') ? unzstd(stored) : stored) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield lines.filter((line) => line.startsWith('{'))
  }
  if (rest.startsWith('{')) yield [rest]
}

/** Some standard events from everywhere in the records. */
async function sampleOf(records: string): Promise<PlainEvent[]> {
  const sample: PlainEvent[] = []
  for await (const batch of readTelemetry(records)) sample.push(...batch.items.slice(0, 50))
  return sample
}

/** The first `megabytes` of a task's records: as a task of its own. */
export function firstOf(task: Task, megabytes: number): Task {
  if (task.bytes <= megabytes * 1e6) return task
  const bytes = Buffer.alloc(megabytes * 1e6)
  const file = openSync(task.records, 'r')
  readSync(file, bytes)
  closeSync(file)
  const kept = bytes.subarray(0, bytes.lastIndexOf(10) + 1)
  const count = kept.reduce((lines, byte) => lines + Number(byte === 10), 0)
  const records = join(task.folder, `records-${megabytes}.ndjson`)
  writeFileSync(records, kept)
  return { ...task, records, count, bytes: kept.length }
}
