import t from 'tap'
import { renderTimelinePage } from '../../../lib/etw/timeline-page.js'
import type { TraceStatistics } from '../../../lib/etw/trace-statistics.js'

const hostile = '</svg><script>alert(1)</script>"\' onfocus=x &amp; <img src=//evil>'
const trace = {
  source: hostile,
  records: 3,
  session: { name: hostile },
  machine: { os: '10.0.19045' },
  lost: { events: 1234, buffers: 0, marks: 2 },
  faults: { total: 1, counts: [{ code: 'NUTHATCH_ETL_RECORD', reason: 'a record', count: 1 }], samples: [] },
  timeline: {
    begin: '2022-06-18T04:26:40.0000000Z',
    secondsPerPart: 1,
    parts: 4,
    lanes: [{ guid: 'a', name: hostile, records: [2, 0, 0, 1] }],
    losses: [1],
    faults: [{ code: 'NUTHATCH_ETL_RECORD', part: 2 }],
  },
} as unknown as TraceStatistics
const page = renderTimelinePage([trace])

t.test('lanes, counts, ticks, losses and faults are on the page', async (t) => {
  t.match(page, '<path d="M0 100V0h1V100h1V100h1V50h1V100z"/>')
  t.match(page, 'data-records="2 0 0 1"')
  t.match(page, '1,234 events and 0 buffers lost')
  t.match(page, '<i class="loss" style="left:25.00%"')
  t.match(page, '<i class="fault" style="left:50.00%" title="NUTHATCH_ETL_RECORD"')
  t.match(page, '1 × NUTHATCH_ETL_RECORD: a record')
  t.match(page, /<span style="left:50\.00%">2 s<\/span>/)
})

t.test('names from a trace stay text, and nothing is loaded', async (t) => {
  t.notMatch(page, '<img')
  t.equal(page.match(/<script>/g)?.length, 1)
  t.match(page, /default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[^']+'/)
  t.notMatch(page, /(src|href)=(?!\/\/evil)/)
})

t.test('a trace without records has a page too', async (t) => {
  const timeline = { begin: null, secondsPerPart: 1e-7, parts: 0, lanes: [], losses: [], faults: [] }
  t.match(renderTimelinePage([{ ...trace, timeline }]), '3 records in 0 s from no time')
})

t.test(
  'where there is little room, as on a phone, a lane is below its name and as wide as the page',
  async (t) => {
    const narrow = page.slice(page.indexOf('@media (max-width: 700px)'))
    t.match(narrow, '--name: 0rem; --count: 0rem;')
    t.match(narrow, '.lane svg { grid-column: 1 / -1; }')
    t.match(page, '<meta name="viewport" content="width=device-width">')
  },
)
