import t from 'tap'
import type { NativeEventCount } from '../../../lib/binding.js'
import { damageOf, leftOutOf, type TraceSummary } from '../../../lib/etw/trace-summary.js'

const count = (name: string, number: number, records: number, version = 0): NativeEventCount => ({
  provider: '0-0',
  name,
  form: 'id',
  number,
  version,
  records,
  payloadBytes: 0,
})
const withFaults = (...counts: TraceSummary['faults']['counts']): TraceSummary => ({
  source: 'a.etl',
  undecoded: { raw: 0, incomplete: 0, events: {} },
  stacks: null,
  lost: { events: 0, buffers: 0, marks: 0 },
  outOfOrder: 0,
  faults: {
    total: counts.length,
    counts,
    samples: counts.map(({ code }, i) => ({ code, position: 100 * (i + 1), time: null })),
  },
})

t.test('records left out are counted by provider and number, whatever the version', async (t) => {
  const leftOut = [count('Thread', 1, 5), count('Thread', 1, 6, 3), count('', 7, 2)]
  t.same(Object.fromEntries(leftOutOf({ raw: 0, incomplete: 0, undecoded: [], leftOut })), {
    'etw Thread 1': 11,
    'etw 0-0 7': 2,
  })
})

t.test('labels are few: what is rarest counts as other', async (t) => {
  const leftOut = Array.from({ length: 100 }, (_, i) => count('P', i, i + 1))
  const labels = leftOutOf({ raw: 0, incomplete: 0, undecoded: [], leftOut, otherLeftOut: 1000 })
  t.equal(labels.size, 65)
  t.equal(labels.get('etw P 99'), 100)
  t.equal(labels.get('etw other'), 1000 + (36 * 37) / 2)
})

t.test('damage is an error that says what and where', async (t) => {
  t.equal(damageOf(withFaults()), null)
  t.equal(damageOf(withFaults({ code: 'NUTHATCH_ETL_BUFFER_TYPE', reason: 'skipped', count: 3 })), null)
  const truncated = { code: 'NUTHATCH_ETL_TRUNCATED', reason: 'it ends', count: 1 }
  t.match(damageOf(withFaults(truncated)), {
    code: 'NUTHATCH_INPUT_TRUNCATED',
    source: 'a.etl',
    message: /it ends \(1 × NUTHATCH_ETL_TRUNCATED, first at byte 100\)/,
  })
  const missing = { code: 'NUTHATCH_ETL_BUFFERS_MISSING', reason: '3 are missing', count: 1 }
  t.match(damageOf(withFaults(missing)), { code: 'NUTHATCH_INPUT_TRUNCATED' })
  const corrupt = { code: 'NUTHATCH_ETL_RECORD', reason: 'a record', count: 2 }
  t.match(damageOf(withFaults(truncated, corrupt)), {
    code: 'NUTHATCH_INPUT_CORRUPT',
    message: /; a record \(2 × NUTHATCH_ETL_RECORD, first at byte 200\)/,
  })
})
