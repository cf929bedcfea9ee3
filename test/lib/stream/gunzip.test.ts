import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { DecodeError } from '../../../lib/stream/decode-error.js'
import { gunzip } from '../../../lib/stream/gunzip.js'
import { chunksOf, drain, records } from './bytes.js'

const text = Buffer.from(records(50_000))
const member = gzipSync(text)

/** Reads in chunks, as from a pipe; or, with `again`, as from a file. */
const read = (bytes: Uint8Array, size = 64 << 10, again = false) =>
  drain(gunzip(chunksOf(bytes, size), again ? () => chunksOf(bytes, size) : undefined))

t.test('one member, several, and any chunk size', async (t) => {
  for (const size of [997, 4096, 1 << 20]) {
    t.same(await read(member, size), { bytes: text, error: null })
    t.same(await read(Buffer.concat([member, member]), size), {
      bytes: Buffer.concat([text, text]),
      error: null,
    })
  }
  t.same(
    await read(Buffer.concat([member, member]), member.length),
    { bytes: Buffer.concat([text, text]), error: null },
    'cut between members',
  )
  t.same(await read(gzipSync('x'), 1), { bytes: Buffer.from('x'), error: null })
})

t.test('zero bytes after the last member, as on a tape, are nothing', async (t) => {
  t.same(await read(Buffer.concat([member, Buffer.alloc(3000)]), 700), { bytes: text, error: null })
})

t.test('a file cut short gives all before the cut, and says so', async (t) => {
  for (const length of [member.length - 1, member.length - 8, member.length - 9, member.length >> 1, 12]) {
    const { bytes, error } = await read(member.subarray(0, length))
    t.match(error, { name: 'DecodeError', kind: 'truncated', position: length })
    t.ok(text.subarray(0, bytes.length).equals(bytes))
    t.ok(bytes.length > 3 * (length - 30), `${bytes.length} bytes from ${length}`)
  }
})

t.test('a wrong checksum costs nothing of the data', async (t) => {
  const bad = Buffer.from(member)
  bad.writeUInt32LE(0, bad.length - 8)
  const { bytes, error } = await read(bad)
  t.match(error, { kind: 'corrupt', message: /incorrect data check/ })
  t.ok(bytes.equals(text))
})

t.test('corruption in the middle of a file: everything up to it comes', async (t) => {
  const bad = Buffer.from(member)
  const at = bad.length >> 1
  bad.fill(0xff, at, at + 64)
  const fromFile = await read(bad, 64 << 10, true)
  t.match(fromFile.error, { kind: 'corrupt' })
  let good = 0
  while (fromFile.bytes[good] === text[good]) good++
  const upTo = await drain(gunzip(chunksOf(member.subarray(0, at), 1 << 20)))
  t.ok(good >= upTo.bytes.length, `${good} good bytes; the undamaged half holds ${upTo.bytes.length}`)
})

t.test('something else after a member: the member is not lost', async (t) => {
  const { bytes, error } = await read(
    Buffer.concat([member, Buffer.from('hello, this is no member')]),
    1 << 20,
    true,
  )
  t.match(error, { kind: 'corrupt', message: /incorrect header check/ })
  const { position } = error as DecodeError
  t.ok(position >= member.length && position < member.length + 2, `the place: ${position}`)
  t.ok(bytes.equals(text))
})
