/** The file of a trace, and the copy of one that is compressed, are closed as soon as nobody reads them. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { TraceLines } from '../../../lib/etw/trace-lines.js'
import { openTrace, type TraceOptions } from '../../../lib/index.js'
import { openTraces } from './open-traces.js'
import { longTrace } from './traces.js'

const trace = longTrace(3000)
const folder = t.testdir({ 'a.etl': trace, 'a.etl.gz': gzipSync(trace), temporary: {} })
process.env.TMPDIR = join(folder, 'temporary')
const linux = { skip: process.platform !== 'linux' && 'it looks into /proc' }

/** Reads it, and does that with each batch. */
async function read(options: TraceOptions, act: () => void = () => {}): Promise<void> {
  for await (const _ of openTrace(options)) act()
}

for (const name of ['a.etl', 'a.etl.gz']) {
  const file = join(folder, name)

  t.test(`${name} that is read`, linux, async (t) => {
    for await (const _ of openTrace({ file })) {
      t.equal(openTraces().length, 1, 'is open')
      break
    }
    t.same(openTraces(), [], 'and closed when the loop is left')
  })

  t.test(`${name} that has been read to its end`, linux, async (t) => {
    await read({ file })
    t.same(openTraces(), [])
  })

  t.test(`${name} when the loop throws`, linux, async (t) => {
    const act = () => {
      throw new Error('enough')
    }
    await t.rejects(read({ file }, act), { message: 'enough' })
    t.same(openTraces(), [])
  })

  t.test(`${name} when a signal ends it`, linux, async (t) => {
    const abort = new AbortController()
    const act = () => abort.abort(new Error('enough'))
    await t.rejects(read({ file, signal: abort.signal }, act), { message: 'enough' })
    t.same(openTraces(), [])
  })

  t.test(`${name} that is disposed of`, linux, async (t) => {
    const trace = openTrace({ file })
    const iterator = trace[Symbol.asyncIterator]()
    await iterator.next()
    await trace[Symbol.asyncDispose]()
    t.same(openTraces(), [])
  })

  t.test(`${name} that is disposed of while it is read`, linux, async (t) => {
    const trace = openTrace({ file })
    const next = trace[Symbol.asyncIterator]().next()
    while (openTraces().length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    await trace[Symbol.asyncDispose]()
    t.same(openTraces(), [])
    await t.rejects(next, { code: 'NUTHATCH_TRACE_CLOSED' })
  })
}

t.test('what has been found out by then is in the summary', async (t) => {
  const filter = { providers: [], ids: [], pids: [] }
  const lines = new TraceLines('a', join(folder, 'a.etl'), filter, { stacks: false })
  for await (const _ of lines.blocks(Buffer.allocUnsafe, new AbortController().signal)) break
  t.match(lines.summary, { source: 'a', lost: { events: 0, buffers: 0 }, faults: { total: 0 } })
})
