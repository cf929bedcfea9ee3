/** The comparison of `npm run bench` with other engines. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Corpus, generated, makeTask, recorded } from './corpora.js'
import { jsonRules } from './json-rules.js'
import { compareOn, type Row } from './measure.js'
import { naive } from './naive.js'
import type { Peer } from './peer.js'
import { cruby, jruby } from './process.js'
import { rsigma, rsigmaAsUsual } from './rsigma.js'

export interface Options {
  readonly folder: string
  /** Of the generated corpora. */
  readonly megabytes: number
  readonly terms: number
  readonly rounds: number
}

/** Engines that read standard events are compared on one corpus: what they are slow at is the rules. */
export async function comparePeers(options: Options): Promise<[corpus: string, row: Row][]> {
  const bytes = options.megabytes * 1e6
  const low = await generated('low', options.folder, bytes)
  const high = await generated('high', options.folder, bytes)
  const comparisons: [Corpus, Peer[]][] = [
    [low, [rsigma, rsigmaAsUsual, naive, jsonRules, cruby, jruby]],
    ...[high, ...recorded()].map((corpus): [Corpus, Peer[]] => [corpus, [rsigma]]),
  ]
  const rows: [string, Row][] = []
  for (const [index, [corpus, peers]] of comparisons.entries()) {
    const folder = join(options.folder, String(index))
    mkdirSync(folder)
    const task = await makeTask(corpus, folder, { terms: options.terms, drawn: 40 })
    for (const row of await compareOn(task, peers, options.rounds)) rows.push([corpus.name, row])
  }
  return rows
}
