/**
 * `npm run bench [-- --rounds 5 --megabytes 200]`: our engine in variants and simdjson (`engine.ts`), on telemetry of a
 * simulated fleet and what NUTHATCH_DATA has; then other engines (`peers/`); and signatures (`trust.ts`). `--only engine`,
 * `peers` or `trust` leaves the others out. Medians of the rounds; ratios are taken round by round, as these machines are shared.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCorpus } from './data/write.js'
import { compareVariants } from './engine.js'
import { fail, positive, readFlags, whole } from './flags.js'
import { numberRecords, recorded } from './peers/corpora.js'
import type { Row } from './peers/measure.js'
import { comparePeers } from './peers/peers.js'
import { mde } from './peers/raw-fields.js'
import { tableOf } from './peers/table.js'
import { trustFigures } from './trust.js'

const values = readFlags({
  rounds: { type: 'string', default: '5' },
  megabytes: { type: 'string', default: '200' },
  only: { type: 'string' },
})
const rounds = whole('rounds', values.rounds)
const megabytes = positive('megabytes', values.megabytes)
const parts = ['engine', 'peers', 'trust'] as const
if (values.only !== undefined && !parts.some((part) => part === values.only))
  fail(`--only takes ${parts.join(', ')}, not ${values.only}.`)

async function engineRows(folder: string): Promise<[corpus: string, row: Row][]> {
  const rows: [string, Row][] = []
  for (const repeat of ['low', 'high'] as const) {
    const written = await writeCorpus({ folder, repeat, seed: 1, bytes: megabytes * 1e6 })
    for (const row of await compareVariants({ ...written, folder, rounds, mde: true }))
      rows.push([`MDE, ${repeat} repeat`, row])
    rmSync(written.file)
  }
  for (const { name, source, files } of recorded()) {
    const file = join(folder, 'recorded.ndjson')
    const { count: records, bytes } = await numberRecords(files, file)
    for (const row of await compareVariants({ folder, file, bytes, records, rounds, mde: source === mde }))
      rows.push([name, row])
    rmSync(file)
  }
  return rows
}

const folder = mkdtempSync(join(tmpdir(), 'nuthatch-bench-'))
try {
  const wanted = (part: (typeof parts)[number]) => (values.only ?? part) === part
  const rows = wanted('engine') ? await engineRows(folder) : []
  if (wanted('peers')) rows.push(...(await comparePeers({ folder, megabytes, terms: 6282, rounds })))
  if (rows.length > 0) console.log(tableOf(rows))
  if (wanted('trust')) console.log(trustFigures())
  // Detections that are not the same are worth an alarm.
  if (rows.some(([, { problem }]) => problem?.startsWith('DIFFERS'))) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
