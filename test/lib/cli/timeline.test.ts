import t from 'tap'
import { formatTimeline } from '../../../lib/cli/timeline.js'
import type { Timeline } from '../../../lib/etw/timeline.js'
import type { TraceStatistics } from '../../../lib/etw/trace-statistics.js'

const trace = (timeline: Partial<Timeline>): TraceStatistics =>
  ({
    source: 'a\x1b.etl',
    records: 1000,
    timeline: {
      begin: '2022-06-18T04:26:40.0000000Z',
      secondsPerPart: 1,
      parts: 40,
      lanes: [
        { guid: 'a', name: 'Process', records: Array.from({ length: 40 }, (_, i) => i) },
        { guid: 'b', name: `A-${'long-'.repeat(9)}name`, records: [7, ...Array(39).fill(0)] },
      ],
      losses: [],
      faults: [],
      ...timeline,
    },
  }) as unknown as TraceStatistics

t.test('a line for each provider, to its own scale, and an axis', async (t) => {
  t.equal(
    formatTimeline(trace({}), { width: 200, color: false }),
    [
      'a␛.etl: 1,000 records from 2022-06-18T04:26:40.0000000Z, 1 s a column',
      'Process                      780  ▁▁▁▁▂▂▂▂▂▃▃▃▃▃▄▄▄▄▄▅▅▅▅▅▆▆▆▆▆▇▇▇▇▇█████',
      '…ng-long-long-long-long-name   7 █                                       ',
      '                                 │0 s                │20 s',
      '',
    ].join('\n'),
  )
})

t.test('it is as wide as the terminal', async (t) => {
  for (const width of [40, 60, 80, 100]) {
    const lines = formatTimeline(trace({}), { width, color: false }).split('\n')
    for (const line of lines.slice(1)) t.ok(line.length <= Math.max(width, 45), `${width}: ${line}`)
  }
})

t.test('losses and faults have their places', async (t) => {
  const text = formatTimeline(trace({ losses: [20], faults: [{ code: 'X', part: 39 }] }), {
    width: 200,
    color: false,
  })
  const column = (name: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.indexOf('▲')
  t.equal(Number(column('wrong')) - Number(column('lost')), 19)
})

t.test('colours only when asked for', async (t) => {
  t.notMatch(formatTimeline(trace({ losses: [1] }), { width: 80, color: false }), '\x1b')
  t.match(formatTimeline(trace({ losses: [1] }), { width: 80, color: true }), '\x1b[36m')
})

t.test('many providers, and none', async (t) => {
  const lanes = Array.from({ length: 30 }, (_, i) => ({ guid: `${i}`, name: `P${i}`, records: [1, 2] }))
  t.match(
    formatTimeline(trace({ lanes, parts: 2 }), { width: 80, color: false }),
    'and 6 providers with fewer records',
  )
  t.equal(
    formatTimeline(trace({ lanes: [], parts: 0, begin: null }), { width: 80, color: false }),
    'a␛.etl: 1,000 records from no time, 0 s a column\n',
  )
})
