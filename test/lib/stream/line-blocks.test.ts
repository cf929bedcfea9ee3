import t from 'tap'
import { BlockPool, LineBlocks, type LinesOrSkipped } from '../../../lib/stream/line-blocks.js'

const BLOCK = 16

/** Pieces as text; a skipped line as its length, newline included. */
function cut(chunks: readonly string[], maxRecordBytes = 1000): (string | number)[] {
  const blocks = new LineBlocks(new BlockPool(BLOCK), maxRecordBytes)
  const shown = (pieces: Iterable<LinesOrSkipped>) =>
    Array.from(pieces, (piece) => ('lines' in piece ? piece.lines.toString() : piece.skipped))
  return [...chunks.flatMap((chunk) => shown(blocks.push(Buffer.from(chunk)))), ...shown(blocks.end())]
}

t.test('blocks hold whole lines, wherever chunks begin and end', async (t) => {
  const text = 'one\ntwo\r\nthree\n\nfour is longer\nfive'
  for (let size = 1; size <= text.length; size++) {
    const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    const blocks = cut(chunks)
    t.equal(blocks.join(''), text)
    for (const block of blocks.slice(0, -1)) t.match(block, /\n$/, `chunks of ${size}`)
  }
})

t.test('a last line without a newline is a line', async (t) => {
  t.same(cut(['a\nb']), ['a\nb'])
  t.same(cut([]), [])
  t.same(cut(['\n']), ['\n'])
})

t.test('a line longer than a block gets a block of its own size', async (t) => {
  const long = 'x'.repeat(5 * BLOCK)
  t.same(cut(['a\n', long, '\nb\n']).join(''), `a\n${long}\nb\n`)
})

t.test('a line longer than a record may be is passed over, and what follows is not lost', async (t) => {
  const long = 'x'.repeat(10 * BLOCK)
  for (const chunks of [[`a\n${long}\nb\n`], ['a\n', ...long, '\n', 'b\n'], ['a\n', long, '\nb\n']]) {
    t.same(cut(chunks, 3 * BLOCK), ['a\n', long.length + 1, 'b\n'])
  }
  t.same(cut([`${long}\n${long}\n`], 3 * BLOCK), [long.length + 1, long.length + 1])
  t.same(cut([long], 3 * BLOCK), [long.length], 'at the end of the input')
})

t.test('a line that is too long takes no memory beyond the limit', async (t) => {
  const pool = new BlockPool(1 << 10)
  const blocks = new LineBlocks(pool, 1 << 16)
  const chunk = Buffer.alloc(1 << 16, 'x')
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 1600; i++) t.same([...blocks.push(chunk)], [])
  t.ok(process.memoryUsage().arrayBuffers - before < 8 << 20)
  t.same([...blocks.push(Buffer.from('\n'))], [{ skipped: (1600 << 16) + 1 }])
})

t.test('flush gives the whole lines so far and keeps the rest', async (t) => {
  const blocks = new LineBlocks(new BlockPool(BLOCK), 1000)
  t.same([...blocks.push(Buffer.from('a\nb\nc'))], [])
  t.same(
    [...blocks.flush()].map((piece) => 'lines' in piece && piece.lines.toString()),
    ['a\nb\n'],
  )
  t.same([...blocks.flush()], [])
  t.same(
    [...blocks.push(Buffer.from('d\n')), ...blocks.end()].map(
      (piece) => 'lines' in piece && piece.lines.toString(),
    ),
    ['cd\n'],
  )
})

t.test('a released block is used again, and only then', async (t) => {
  const pool = new BlockPool(BLOCK)
  const first = pool.take()
  const second = pool.take()
  t.not(first.buffer, second.buffer)
  pool.release(first.subarray(0, 3))
  const third = pool.take()
  t.equal(third.buffer, first.buffer)
  t.equal(third.length, BLOCK)
})
