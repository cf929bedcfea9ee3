/** Named pipes: read until the last writer has closed them, and left at once when that is wanted. */
import { execFileSync } from 'node:child_process'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { compile } from '../../../lib/index.js'
import { record, rule } from '../cli/nuthatch.js'

/** Elsewhere a file stream reads them. */
const options = { skip: process.platform !== 'linux' }
const folder = t.testdir({ 'a.ndjson': record(1, true) })
const pipe = join(folder, 'pipe')
if (!options.skip) execFileSync('mkfifo', [pipe])
const detectors = await compile({ files: { 'rule.rb': rule } })

/** The numbers of the processes that were found, in their order. */
async function found(input: string | readonly string[], signal?: AbortSignal) {
  const pids: unknown[] = []
  for await (const { items } of detectors.evaluate(input, signal ? { signal } : {}))
    pids.push(...items.map(({ event }) => event.process_pid))
  return pids
}

t.test('a writer that comes late, and writes bit by bit', options, async (t) => {
  const all = found([pipe, join(folder, 'a.ndjson')])
  await sleep(200)
  const writer = await open(pipe, 'w')
  for (const part of [record(5, true), record(6).slice(0, 9), record(6).slice(9), record(7, true)]) {
    await writer.write(part)
    await sleep(70)
  }
  await writer.close()
  t.same(await all, [5, 7, 1])
})

t.test('several writers: the last one that closes it ends it', options, async (t) => {
  const all = found(pipe)
  const first = await open(pipe, 'w')
  const second = await open(pipe, 'w')
  await first.write(record(1, true))
  await first.close()
  await sleep(100)
  await second.write(record(2, true))
  await second.close()
  t.same(await all, [1, 2])
})

t.test('a writer that was there before, and much compressed text', options, async (t) => {
  const writing = open(pipe, 'w')
  await sleep(50)
  const all = found(pipe)
  const writer = await writing
  await writer.writeFile(gzipSync(record(3, true).repeat(100_000)))
  await writer.close()
  t.equal((await all).length, 100_000)
})

t.test('a writer that writes nothing', options, async (t) => {
  const all = found(pipe)
  await (await open(pipe, 'w')).close()
  t.same(await all, [])
})

t.test('without a writer an abort ends it', options, async (t) => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('enough')), 100)
  await t.rejects(found(pipe, controller.signal), { message: 'enough' })
  // Nothing waits for it any more: else this would.
  const all = found(pipe)
  const writer = await open(pipe, 'w')
  await writer.write(record(4, true))
  await writer.close()
  t.same(await all, [4])
})
