/**
 * Our own engine, through the public API, in a process of its own: `tsx evaluate.ts RULES.plan RECORDS.ndjson`
 * prints what `engine.rb` prints.
 */
import { readFileSync } from 'node:fs'
import { Detectors } from '../../lib/index.js'
import { found } from './peer.js'

const [plan = '', records = ''] = process.argv.slice(2)
const detectors = Detectors.fromPlan(readFileSync(plan))
const began = process.cpuUsage()
const evaluation = detectors.evaluate(records, { threads: 1 })
const batches = []
for await (const batch of evaluation) batches.push(batch)
const { user, system } = process.cpuUsage(began)
const detections = batches.flatMap(({ items }) => items.map(({ line, detector }) => found(line, detector)))
console.log([`${evaluation.summary.seconds} ${(user + system) / 1e6}`, ...detections].join('\n'))
