import { readFile } from 'node:fs/promises'
import t from 'tap'
import { unzstd } from '../../../lib/stream/unzstd.js'
import { chunksOf, drain, records } from './bytes.js'

/** `zstd -19 --check` of records(2000): several sequences and Huffman-coded literals in one block. */
const compressed = await readFile(new URL('../../fixtures/stream/records-2000.zst', import.meta.url))
const text = Buffer.from(records(2000))

/** A frame of raw blocks without a checksum (RFC 8878, section 3.1.1). */
function rawFrame(...blocks: readonly Uint8Array[]): Buffer {
  const header = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58] // a window of 2 MiB
  const parts = blocks.map((block, i) => {
    const head = (block.length << 3) | (i === blocks.length - 1 ? 1 : 0)
    return Buffer.concat([Buffer.from([head & 255, (head >> 8) & 255, head >> 16]), block])
  })
  return Buffer.concat([Buffer.from(header), ...parts])
}

const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5])
const read = (bytes: Uint8Array, size = 64 << 10) => drain(unzstd(chunksOf(bytes, size)))

const { fetch } = globalThis

t.test('compressed blocks, in any chunk size', async (t) => {
  for (const size of [1, 7, 1000, 1 << 20]) t.same(await read(compressed, size), { bytes: text, error: null })
  t.equal(globalThis.fetch, fetch, 'what was taken away while the decoder was loaded is back')
})

t.test('several frames, and skippable ones between them', async (t) => {
  const frame = rawFrame(Buffer.from('raw\n'))
  const all = Buffer.concat([skippable, compressed, skippable, frame, compressed, skippable])
  for (const size of [3, 1 << 20]) {
    t.same(await read(all, size), { bytes: Buffer.concat([text, Buffer.from('raw\n'), text]), error: null })
  }
})

t.test('two streams at the same time do not disturb each other', async (t) => {
  const results = await Promise.all([read(compressed, 11), read(rawFrame(text), 13), read(compressed, 17)])
  for (const result of results) t.same(result, { bytes: text, error: null })
})

t.test('a file cut short gives every block before the cut', async (t) => {
  const blocks = ['first\n', 'second\n', 'third\n'].map((line) => Buffer.from(line))
  const frame = rawFrame(...blocks)
  const { bytes, error } = await read(frame.subarray(0, frame.length - 2))
  t.match(error, { name: 'DecodeError', kind: 'truncated', position: frame.length - 2 })
  t.match(bytes.toString(), /^first\nsecond\n/)
  t.match(
    await read(compressed.subarray(0, -1)),
    { bytes: text, error: { kind: 'truncated' } },
    'only the checksum is short',
  )
})

t.test('a wrong checksum is found, and costs nothing of the data', async (t) => {
  const bad = Buffer.from(compressed)
  bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 1
  t.match(await read(bad), { bytes: text, error: { kind: 'corrupt', message: 'a checksum is wrong' } })
})

t.test('a block that does not decode: those before it come', async (t) => {
  const bad = rawFrame(Buffer.from('first\n'), Buffer.from('second\n'))
  bad[6 + 3 + 6] = (bad[6 + 3 + 6] as number) | 6 // the reserved block type
  t.match(await read(bad), { bytes: Buffer.from('first\n'), error: { kind: 'corrupt', position: 15 } })
})

t.test('something else after a frame, however short', async (t) => {
  for (const junk of ['hello', 'hell', '(x', '\0'])
    t.match(await read(Buffer.concat([compressed, Buffer.from(junk)])), {
      bytes: text,
      error: { kind: 'corrupt', position: compressed.length, message: /something other than zstd/ },
    })
})

t.test('a frame of which there is but its beginning', async (t) => {
  for (const begun of [compressed.subarray(0, 1), compressed.subarray(0, 4), skippable.subarray(0, 3)])
    t.match(await read(Buffer.concat([compressed, begun])), { bytes: text, error: { kind: 'truncated' } })
})

t.test('a window too large for a sane frame is refused', async (t) => {
  const huge = rawFrame(Buffer.from('x'))
  huge[5] = 0xff // 3.75 TiB
  t.match((await read(huge)).error, { kind: 'corrupt', message: /window/ })
})
