/** The real telemetry that some tests read. It is not part of the repository: NUTHATCH_DATA says where it is. */
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { unzstd } from '../lib/stream/unzstd.js'

export const folder = join(process.env.NUTHATCH_DATA ?? '../shared/data', 'telemetry')

/** Why tests of captures are skipped; false when they are not. Where data is promised, nothing is skipped. */
export const skip = existsSync(folder) ? false : `no captures at ${folder}: set NUTHATCH_DATA`
if (skip && process.env.NUTHATCH_DATA) throw new Error(`NUTHATCH_DATA is set, but there is no ${folder}`)

const filesIn = (path: string): string[] =>
  skip
    ? []
    : readdirSync(path)
        .filter((name) => name.endsWith('.ndjson.zst') || name.endsWith('.json.zst'))
        .map((name) => join(path, name))

/** Recorded attacks on Windows hosts, a file each. */
export const attacks = filesIn(join(folder, 'otrf'))

/** Every capture: also records of Defender for Endpoint. */
export const captures = [...filesIn(folder), ...attacks].filter((file) => !file.includes('atomic_commands'))

/** Recorded ETW traces. */
export const traceFolder = join(folder, '../etl')
export const traces = existsSync(traceFolder)
  ? readdirSync(traceFolder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.etl.zst'))
      .sort()
  : []

/** The lines of a capture whose number is a multiple of `every`. */
export async function* linesOf(file: string, every = 1): AsyncGenerator<string> {
  let number = 0
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of unzstd(createReadStream(file))) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (number++ % every === 0) yield line
  }
  if (rest !== '' && number % every === 0) yield rest
}
