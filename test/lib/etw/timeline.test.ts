import t from 'tap'
import { formatSpan, type Timeline, ticksOf, timelineOf } from '../../../lib/etw/timeline.js'

const begin = 133_000_000_000_000_000n // 2022-06-18T04:26:40Z
const parts = (counts: Readonly<Record<number, number>>): number[] =>
  Array.from({ length: 512 }, (_, i) => counts[i] ?? 0)
const native = {
  begin,
  part: 4_194_304n,
  lanes: [
    { provider: 'a', records: parts({ 0: 1, 3: 2 }) },
    { provider: '0', group: 9, records: parts({ 5: 100 }) },
    { records: parts({ 1: 7 }) },
  ],
  losses: [begin - 5n, begin + 4_194_304n, begin * 2n],
}
const providers = [
  { guid: 'a', name: 'Provider A' },
  { guid: '0', group: 9, name: 'kernel group 0x09' },
]

t.test('lanes with their names, most records first, to the last record', async (t) => {
  const timeline = timelineOf(native, providers, [{ code: 'X', position: 7, time: begin + 2n * 4_194_304n }])
  t.match(timeline, {
    begin: '2022-06-18T04:26:40.0000000Z',
    secondsPerPart: 0.4194304,
    parts: 6,
    losses: [0, 1, 5],
    faults: [{ code: 'X', part: 2 }],
  })
  t.same(timeline.lanes, [
    { guid: '0', name: 'kernel group 0x09', records: [0, 0, 0, 0, 0, 100] },
    { guid: null, name: 'all others', records: [0, 7, 0, 0, 0, 0] },
    { guid: 'a', name: 'Provider A', records: [1, 0, 0, 2, 0, 0] },
  ])
})

t.test('a trace without records', async (t) => {
  const timeline = timelineOf({ begin: 0n, part: 1n, lanes: [], losses: [] }, [], [])
  t.strictSame(timeline, { begin: null, secondsPerPart: 1e-7, parts: 0, lanes: [], losses: [], faults: [] })
})

t.test('ticks are at times that are easy to read', async (t) => {
  const labels = (parts: number, secondsPerPart: number, most: number) =>
    ticksOf({ parts, secondsPerPart } as Timeline, most).map(({ label }) => label)
  t.same(labels(100, 0.1, 5), ['0 s', '2 s', '4 s', '6 s', '8 s', '10 s'])
  t.same(labels(512, 0.001, 3), ['0 ms', '200 ms', '400 ms'])
  t.same(labels(10, 1e-7, 2), ['0 µs', '0.5 µs', '1 µs'])
  t.same(labels(1, 1, 0.5), ['0 s', '1 s'])
  const [, second] = ticksOf({ parts: 100, secondsPerPart: 0.1 } as Timeline, 5)
  t.equal(second?.part, 20)
})

t.test('spans have the unit that fits', async (t) => {
  t.same(
    [0, 3, 1234.56, 0.25, 0.0000123].map((seconds) => formatSpan(seconds)),
    ['0 s', '3 s', '1,234.56 s', '250 ms', '12.3 µs'],
  )
})
