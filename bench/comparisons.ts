/**
 * `npm run bench:comparisons [-- --pairs 200 --megabytes 50]`: how often `nuthatch profile --compare` names something
 * that has not changed: profiles of the same rules on the same records, each compared with the one before. Ends with 1
 * when detectors are named in more than one comparison of a hundred; of terms and properties it only says how often.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, Detectors, type Profile } from '../lib/index.js'
import { type Change, compareProfiles } from '../lib/profile/compare.js'
import { writeCorpus } from './data/write.js'
import { positive, readFlags, whole } from './flags.js'
import { generateRules } from './rules.js'

const MOST_FALSE = 0.01
const WARMING = 2

const values = readFlags({
  pairs: { type: 'string', default: '200' },
  megabytes: { type: 'string', default: '50' },
})
const pairs = whole('pairs', values.pairs)
const megabytes = positive('megabytes', values.megabytes)
const folder = mkdtempSync(join(tmpdir(), 'nuthatch-comparisons-'))

async function profileOf(detectors: Detectors, file: string): Promise<Profile> {
  const evaluation = detectors.evaluate(file, { threads: 1 })
  for await (const _ of evaluation);
  return evaluation.profile as Profile
}

const tell = ({ name, before, now, error }: Change): string =>
  `${name}: ${before.toFixed(1)} -> ${now.toFixed(1)} ns, ${((now - before) / error).toFixed(1)} errors`

try {
  const { file } = await writeCorpus({ folder, repeat: 'low', seed: 1, bytes: megabytes * 1e6 })
  const { plan } = await compile({ files: { 'rules.rb': generateRules(6282, 1).text } })
  const detectors = Detectors.fromPlan(plan)
  for (let i = 0; i < WARMING; ++i) await profileOf(detectors, file)
  const alarms = { dearerDetectors: 0, dearerTerms: 0, dearerProperties: 0 }
  const lists = Object.keys(alarms) as (keyof typeof alarms)[]
  let before = await profileOf(detectors, file)
  for (let pair = 1; pair <= pairs; ++pair) {
    const now = await profileOf(detectors, file)
    const comparison = compareProfiles(before, now)
    for (const list of lists) {
      if (comparison[list].length === 0) continue
      ++alarms[list]
      console.log(`pair ${pair}, ${list}: ${comparison[list].map(tell).join('; ')}`)
    }
    before = now
  }
  for (const list of lists) console.log(`${list}: named in ${alarms[list]} of ${pairs} comparisons`)
  if (alarms.dearerDetectors > MOST_FALSE * pairs) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
