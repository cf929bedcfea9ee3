import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { native } from '../../../lib/native.js'
import { compressedTrace, plainTrace } from '../../lib/etw/traces.js'

const folder = t.testdir({ 'plain.etl': plainTrace, 'compressed.etl': compressedTrace, empty: '' })

/** A trace of some 30 MB: a good header, and one buffer of records again and again. */
function largeTrace(): string {
  const path = join(folder, 'large.etl')
  const header = plainTrace.subarray(0, plainTrace.readUInt32LE(0))
  const buffer = plainTrace.subarray(header.length, header.length + plainTrace.readUInt32LE(header.length))
  writeFileSync(path, Buffer.concat([header, ...Array.from({ length: 30_000 }, () => buffer)]))
  return path
}

t.test('what is in a trace comes as a promise', async (t) => {
  for (const name of ['plain', 'compressed']) {
    const read = await native.readTraceStatistics(join(folder, `${name}.etl`)).done
    t.match(read, {
      header: { session: 'A session', file: 'C:\\a.etl', osBuild: 19045, bias: -60, pointerSize: 8 },
      records: 21,
      outOfOrder: 0,
      otherRecords: 0,
      lossMarks: name === 'plain' ? 1 : 0,
    })
    t.equal(read.header.startTime, 133_000_000_000_000_000n)
    t.equal(
      read.events.reduce((sum, { records }) => sum + records, 0),
      21,
    )
    const system = read.events.find(({ group }) => group === 3)
    t.match(system, { name: 'Process', provider: '3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c', form: 'type' })
  }
})

t.test('faults have a code, a reason and a place', async (t) => {
  const { faults } = await native.readTraceStatistics(join(folder, 'plain.etl')).done
  const code = 'NUTHATCH_ETL_BUFFER_TYPE'
  t.match(faults, { total: 1, counts: [{ code, reason: /\w/, count: 1 }], samples: [{ code }] })
  t.equal(faults.counts.length, 1)
  const position = faults.samples[0]?.position as number
  t.equal(plainTrace.readUInt16LE(position + 0x36), 5, 'there is a buffer of batches')
})

t.test('what is no trace, or not there, rejects with a code', async (t) => {
  await t.rejects(native.readTraceStatistics(join(folder, 'empty')).done, { code: 'NUTHATCH_ETL_FORMAT' })
  await t.rejects(native.readTraceStatistics(join(folder, 'none')).done, {
    code: 'NUTHATCH_INPUT_UNREADABLE',
    message: /none: cannot be read: /,
  })
})

t.test('a reading that is stopped gives what it had by then', async (t) => {
  const path = largeTrace()
  const whole = await native.readTraceStatistics(path).done
  const stopped = native.readTraceStatistics(path)
  stopped.stop()
  const { records } = await stopped.done
  t.ok(records < whole.records)
  t.equal((whole.records - 1) % 30_000, 0)
})

t.test('a worker thread can be ended while it reads', async (t) => {
  const path = largeTrace()
  for (let i = 0; i < 5; i++) {
    const worker = new Worker(
      `const { workerData, parentPort } = require('node:worker_threads')
       const binding = require(workerData.addon)
       for (let i = 0; i < 3; i++) binding.readTraceStatistics(workerData.path)
       parentPort.postMessage('reading')`,
      { eval: true, workerData: { path, addon: join(process.cwd(), 'build/Release/nuthatch.node') } },
    )
    await new Promise((resolve) => worker.once('message', resolve))
    t.equal(await worker.terminate(), 1)
  }
})
