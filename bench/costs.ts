/**
 * `npm run bench:costs [-- --rounds 15 --megabytes 100]`: what counting and timing costs an evaluation, with and without in turns in
 * one process (worker_bench); and what part of the time the profile accounts for. Rules that fire on next to
 * nothing: of an event that is reported, the report takes most of the time.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile } from '../lib/index.js'
import { buildNative } from './build.js'
import { writeCorpus } from './data/write.js'
import { positive, readFlags, whole } from './flags.js'
import { generateRules } from './rules.js'

const values = readFlags({
  rounds: { type: 'string', default: '15' },
  megabytes: { type: 'string', default: '100' },
})
const rounds = whole('rounds', values.rounds)
const megabytes = positive('megabytes', values.megabytes)
const folder = mkdtempSync(join(tmpdir(), 'nuthatch-costs-'))
try {
  const bench = buildNative('worker_bench')
  const plan = join(folder, 'rules.plan')
  for (const repeat of ['low', 'high'] as const) {
    const { file } = await writeCorpus({ folder, repeat, seed: 1, bytes: megabytes * 1e6 })
    for (const terms of [6282, 30_000]) {
      writeFileSync(plan, (await compile({ files: { 'rules.rb': generateRules(terms, 1).text } })).plan)
      const args = [plan, file, String(rounds), 'turns']
      const { status, stdout, stderr } = spawnSync(bench, args, { encoding: 'utf8' })
      if (status !== 0) throw new Error(`worker_bench: ${stderr}`)
      process.stdout.write(`${repeat} repeat, ${terms} terms: ${stdout}`)
    }
    rmSync(file)
  }
} finally {
  rmSync(folder, { recursive: true })
}
