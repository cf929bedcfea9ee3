/**
 * `npm run bench:data [-- --repeat low|high --megabytes 200 --seed 1 --out build/bench-data]`: corpora and rule sets for
 * benchmarks, from seeds alone, and what they are like. Without --repeat both corpora are made.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fail, readFlags } from '../flags.js'
import { measureRules } from '../rule-mix.js'
import { generateRules } from '../rules.js'
import type { Repeat } from './corpus.js'
import { repeats, windowRecords, zstdRatio } from './measure.js'
import { type Written, writeCorpus } from './write.js'

const flags = readFlags({
  repeat: { type: 'string' },
  megabytes: { type: 'string', default: '200' },
  seed: { type: 'string', default: '1' },
  out: { type: 'string', default: 'build/bench-data' },
})

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

async function corpus(repeat: Repeat): Promise<void> {
  const bytes = Number(flags.megabytes) * 1e6
  const written = await writeCorpus({ folder: flags.out, repeat, seed: Number(flags.seed), bytes })
  report(written)
  for (const [field, { values, repeated }] of await repeats(written.file)) {
    console.log(`    ${field.padEnd(30)} ${percent(repeated / values).padStart(7)}  of ${values}`)
  }
  const ratio = await zstdRatio(written.file, written.bytes)
  console.log(`  zstd -3: ${ratio === null ? 'is not installed' : `${ratio.toFixed(1)} : 1`}\n`)
}

function report({ file, records, bytes, kinds, attacks, seconds, cpuSeconds }: Written): void {
  const starts = kinds.process
  console.log(
    `${file}: ${records} records, ${(bytes / 1e6).toFixed(0)} MB, ${(bytes / records).toFixed(0)} bytes each, ` +
      `made in ${seconds.toFixed(1)} s (${(bytes / 1e6 / seconds).toFixed(0)} MB/s; ${(bytes / 1e6 / cpuSeconds).toFixed(0)} for a second of this program's own)`,
  )
  const shares = Object.entries(kinds).map(([kind, count]) => `${kind} ${percent(count / records)}`)
  console.log(`  kinds: ${shares.join(', ')}`)
  console.log(
    `  attacks: ${attacks} of ${starts} process starts (${((100 * attacks) / starts).toFixed(3)} %)`,
  )
  console.log(`  repeated values in a window of ${Math.min(windowRecords, records)} records:`)
}

function ruleSet(terms: number): void {
  const { text } = generateRules(terms)
  const file = join(flags.out, `rules-${terms}.rb`)
  writeFileSync(file, text)
  const { rules, distinct, shares, medianLiteral, termsARule } = measureRules(text)
  const kinds = [...shares].map(([match, share]) => `${match} ${(100 * share).toFixed(2)} %`)
  console.log(
    `${file}: ${rules} rules, ${distinct} distinct terms: ${kinds.join(', ')}; ` +
      `literals' median ${medianLiteral} characters, ${termsARule[0]} to ${termsARule[1]} terms a rule`,
  )
}

function wrong(): string | null {
  if (flags.repeat && !(flags.repeat === 'low' || flags.repeat === 'high')) return '--repeat is low or high'
  if (!(Number(flags.megabytes) > 0)) return '--megabytes is a number above 0'
  return Number.isSafeInteger(Number(flags.seed)) ? null : '--seed is a whole number'
}

const problem = wrong()
if (problem) fail(problem)
try {
  mkdirSync(flags.out, { recursive: true })
} catch (error) {
  fail(`--out ${flags.out} is no folder to write to: ${(error as Error).message}`)
}
for (const repeat of flags.repeat ? [flags.repeat as Repeat] : (['low', 'high'] as const))
  await corpus(repeat)
for (const terms of [6282, 30000]) ruleSet(terms)
