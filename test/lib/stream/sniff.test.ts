import { gzipSync } from 'node:zlib'
import t from 'tap'
import { needsMore, sniff } from '../../../lib/stream/sniff.js'
import { compressedTrace, plainTrace } from '../etw/traces.js'

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  )

t.test('compression is told by its magic number', async (t) => {
  t.equal(sniff(gzipSync('{}')), 'gzip')
  t.equal(sniff(bytes([0x28, 0xb5, 0x2f, 0xfd])), 'zstd')
  for (let i = 0; i < 16; i++)
    t.equal(sniff(bytes([0x50 + i, 0x2a, 0x4d, 0x18])), 'zstd', `skippable frame ${i}`)
})

t.test('anything that could be NDJSON is read as NDJSON', async (t) => {
  for (const text of [
    '{"a":1}\n',
    '',
    '\n\n{}',
    '\0\0\0garbage\n{"a":1}',
    '[1,2]\n{"a":1}\n',
    '\xef\xbb\xbf{}',
    '{',
    'P',
  ]) {
    t.equal(sniff(bytes(text)), 'ndjson', JSON.stringify(text))
  }
})

t.test('UTF-16 as PowerShell writes it', async (t) => {
  t.equal(sniff(bytes([0xff, 0xfe], '{\0')), 'utf-16le')
  t.match(sniff(bytes([0xfe, 0xff], '\0{')), { unsupported: /convert it to UTF-8/ })
})

t.test('a JSON array is not NDJSON', async (t) => {
  for (const text of ['[{"a":1},\n{"a":2}]', '[\n  {', '[\r\n{', ' [', '\xef\xbb\xbf[{"a":1}]']) {
    t.match(sniff(bytes(text)), { unsupported: /JSON array/ }, JSON.stringify(text))
  }
})

t.test('a trace by its header', async (t) => {
  t.equal(sniff(plainTrace), 'etl')
  t.equal(sniff(compressedTrace), 'etl')
  const etl = Buffer.from(plainTrace)
  etl.writeUInt32LE(512, 0)
  t.equal(sniff(etl), 'etl', 'the small first buffer of a relogged file')
  etl[74] = 1
  t.equal(sniff(etl), 'etl', '32 bits')
  etl.writeUInt32LE(0xfffffff0, 0)
  t.equal(sniff(etl), 'etl', 'a damaged buffer size')
  etl[75] = 0
  t.equal(sniff(etl), 'ndjson', 'and no header behind it')
  const later = Buffer.from(plainTrace)
  later.fill(0xff, 72, 80)
  t.equal(sniff(later), 'etl', 'a buffer that is not the first')
  t.equal(sniff(plainTrace.subarray(0, 79)), 'ndjson', 'too short to tell')
})

t.test('other files that people hand over by mistake', async (t) => {
  t.match(sniff(bytes('ElfFile\0')), { unsupported: /evtx/ })
  t.match(sniff(bytes('PK\x03\x04')), { unsupported: /zip/ })
  t.match(sniff(bytes('SQLite format 3\0')), { unsupported: /SQLite/ })
})

t.test('a file of zeros', async (t) => {
  t.match(sniff(Buffer.alloc(4096)), { unsupported: /zeros/ })
  t.equal(sniff(Buffer.alloc(79)), 'ndjson')
})

t.test('only what may be a trace needs more than four bytes', async (t) => {
  t.ok(needsMore(bytes('{"a')))
  t.notOk(needsMore(bytes('{"a"')))
  t.ok(needsMore(plainTrace.subarray(0, 79)))
  t.notOk(needsMore(plainTrace.subarray(0, 80)))
})
