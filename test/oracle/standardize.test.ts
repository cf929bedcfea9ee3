/**
 * The engine's standardizing against the reference interpreter on random records, under the shipped mappings.
 * Nothing may differ. NUTHATCH_ORACLE_ROUNDS sets how many batches are tried, NUTHATCH_ORACLE_SEED the first seed.
 */
import t from 'tap'
import { eventTypeNames } from '../../lib/schema/event-types.js'
import { compareStandardizing } from './compare-standardizing.js'
import { Random } from './random.js'
import { randomRecord } from './random-records.js'

const rounds = Number(process.env.NUTHATCH_ORACLE_ROUNDS ?? 40)
/** So few that the engine tells the labels of all that are unmapped. */
const recordsARound = 250
const firstSeed = Number(process.env.NUTHATCH_ORACLE_SEED ?? Date.now() % 1e9)

t.setTimeout(600_000)
t.test('random records', { timeout: 600_000 }, async (t) => {
  const types = new Set<string>()
  let count = 0
  for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
    const random = new Random(seed)
    const lines = Array.from({ length: recordsARound }, () => randomRecord(random))
    const { events, differences } = await compareStandardizing(lines)
    count += events.length
    for (const event of events) types.add(event.event_type)
    if (!t.strictSame(differences.slice(0, 3), [], `NUTHATCH_ORACLE_SEED=${seed}`)) break
  }
  t.comment(`${count} events from ${rounds * recordsARound} records, from NUTHATCH_ORACLE_SEED=${firstSeed}`)
  t.equal(types.size, eventTypeNames.length, 'records of every event type are among them')
})
