import t from 'tap'
import { formatBytes, formatSummary } from '../../../lib/cli/summary.js'
import type { TraceSummary } from '../../../lib/etw/trace-summary.js'
import type { LiveStatistics } from '../../../lib/live/live-statistics.js'
import type { Summary } from '../../../lib/stream/summary.js'

const summary: Summary = {
  bytes: 166_000_000,
  lines: 60_000,
  records: 60_000,
  events: 59_000,
  detections: 1,
  undecided: 0,
  malformed: 0,
  malformedSamples: [],
  unmapped: {},
  traces: [],
  termsEvaluated: 0,
  termsPossible: 0,
  seconds: 0.5,
}
const sample = { source: 'a\x1b.ndjson', line: 7, code: 'NUTHATCH_JSON_INVALID', reason: 'this is not JSON' }

t.test('a run without trouble is one line', async (t) => {
  t.equal(
    formatSummary(summary, 'detections'),
    '1 detection from 60,000 records, 166 MB in 0.50 s (332 MB/s)\n',
  )
  t.match(formatSummary(summary, 'events'), /^59,000 events from/)
})

t.test('malformed records with their places, and how many more', async (t) => {
  const text = formatSummary({ ...summary, malformed: 3, malformedSamples: [sample, sample] }, 'detections')
  t.match(text, '3 malformed and skipped\n  a␛.ndjson:7: NUTHATCH_JSON_INVALID: this is not JSON\n')
  t.match(text, '  and 1 more\n')
})

t.test('unmapped records by kind, the most frequent first', async (t) => {
  const unmapped = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`kind ${i}`, i + 1]))
  t.match(
    formatSummary({ ...summary, unmapped }, 'detections'),
    '55 not mapped to an event type: kind 9 (10), kind 8 (9), kind 7 (8), kind 6 (7), kind 5 (6), kind 4 (5), kind 3 (4), kind 2 (3), and 2 more kinds\n',
  )
  const { 'kind 0': _, ...nine } = unmapped
  t.match(formatSummary({ ...summary, unmapped: nine }, 'detections'), ', and 1 more kind\n')
})

const signatures = {
  ...{
    hits: 0,
    misses: 0,
    coalesced: 0,
    prewarmed: 0,
    refreshed: 0,
    invalidated: 0,
    repeated: 0,
    evicted: 0,
  },
  ...{ dropped: 0, timedOut: 0, queued: 0, running: 0, finished: 0, withinEnrichment: 0, entries: 0 },
  ...{ p50: 0, p90: 0, p99: 0, enrichmentP50: 0, enrichmentP99: 0 },
}

t.test('what is undecided says because of what', async (t) => {
  const undecided = { ...summary, undecided: 1200 }
  t.match(
    formatSummary(undecided, 'detections'),
    '\n1,200 undecided, because of properties that the telemetry has as pending\n',
  )
  t.match(
    formatSummary(undecided, 'detections', { signatures }),
    '\n1,200 undecided, because of files that could not be verified\n',
  )
})

t.test('of a live trace, how long events are on their way', async (t) => {
  const live = {
    ...signatures,
    finished: 3,
    withinEnrichment: 2,
    enrichmentP50: 21_500,
    enrichmentP99: 40_000,
  }
  t.match(
    formatSummary(summary, 'detections', { signatures: live }),
    '66 % within the enrichment time (21.5 / 40.0 ms, 50 / 99 %)\n',
  )
  t.match(formatSummary(summary, 'detections', { signatures }), '%), none asked for\n')
})

t.test('of a live trace, which call stacks came', async (t) => {
  const stacks = { matched: 1234, early: 1000, late: 234, neverCame: 1, dropped: 2, untold: 3 }
  const live = { stacks } as LiveStatistics
  t.match(
    formatSummary(summary, 'detections', { live }),
    [
      '\n1,234 call stacks joined\n1 call stack waited for in vain\n',
      '3 call stacks cached by their session, which told parts of them too late\n2 call stacks dropped: there were too many\n',
    ].join(''),
  )
})

t.test('of a live trace, which accounts have no name, and why', async (t) => {
  const failure = 'S-1-5-21-1-2-3-1104: error 1332 of Windows'
  const live = { accounts: { named: 1, failed: 2, failure, unnamedStarts: 1234 } } as LiveStatistics
  t.match(
    formatSummary(summary, 'detections', { live }),
    `\n1,234 process starts given before the name of the account was known\n2 accounts without a name, the last ${failure}\n`,
  )
})

const trace: TraceSummary = {
  source: 'a.etl',
  undecoded: { raw: 0, incomplete: 0, events: {} },
  stacks: null,
  lost: { events: 0, buffers: 0, marks: 0 },
  outOfOrder: 0,
  faults: { total: 0, counts: [], samples: [] },
}

t.test('traces that are as they should be are not mentioned', async (t) => {
  t.equal(formatSummary({ ...summary, traces: [trace] }, 'detections'), formatSummary(summary, 'detections'))
})

t.test('what was lost, is wrong, or could not be decoded, of each trace', async (t) => {
  const bad: TraceSummary = {
    ...trace,
    source: 'b\x1b.etl',
    undecoded: { raw: 2, incomplete: 1, events: { 'etw P 1': 3 } },
    lost: { events: 1234, buffers: 0, marks: 3 },
    faults: {
      total: 2,
      counts: [{ code: 'NUTHATCH_ETL_RECORD', reason: 'a record is malformed', count: 2 }],
      samples: [],
    },
  }
  const text = formatSummary({ ...summary, traces: [trace, bad] }, 'detections')
  t.match(
    text,
    '\nb␛.etl: 1,234 events lost by the session; 2 events without a known schema; ' +
      '1 event cut short; 2 × NUTHATCH_ETL_RECORD: a record is malformed\n',
  )
  const open = { ...trace, lost: { events: null, buffers: null, marks: 2 } }
  t.match(formatSummary({ ...summary, traces: [open] }, 'detections'), 'a.etl: 2 marks of a loss\n')
  t.match(
    formatSummary({ ...summary, traces: Array.from({ length: 10 }, () => bad) }, 'detections'),
    'and 2 more traces like these\n',
  )
})

t.test('bytes for people', async (t) => {
  t.same([0, 850, 12_345, 999_999, 3_400_000, 1_234_000_000].map(formatBytes), [
    '0.0 kB',
    '0.8 kB',
    '12 kB',
    '1,000 kB',
    '3.4 MB',
    '1,234 MB',
  ])
})
