/** Records in standard form, for engines that cannot bring them into it. */
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readTelemetry } from '../../lib/index.js'
import type { Task } from './peer.js'
import type { PlainEvent } from './rules.js'

/** A file with the task's records in standard form, line by line. */
export async function standardEvents({ folder, records, count }: Task): Promise<string> {
  const file = join(folder, `events-${count}.ndjson`)
  const evaluation = readTelemetry(records).standardize()
  await pipeline(async function* () {
    for await (const { ndjson } of evaluation) yield ndjson
  }, createWriteStream(file))
  const { events, unmapped } = evaluation.summary
  if (events !== count) throw new Error(`not all records have a standard form: ${JSON.stringify(unmapped)}`)
  return file
}

/** Standard events with the numbers of their lines, parsed one at a time. */
export function* eventsOf(file: string): Generator<[line: number, event: PlainEvent]> {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  for (const [index, line] of lines.entries()) yield [index + 1, JSON.parse(line)]
}
