import t from 'tap'
import { ByteWriter } from '../../../lib/compile/byte-writer.js'

t.test('numbers are little-endian, text is its length and UTF-8, lists begin with their count', (t) => {
  const writer = new ByteWriter()
  writer.u8(1)
  writer.u16(0x0203)
  writer.u32(0x04050607)
  writer.u64(0x08090a0b0c0d0e0fn)
  writer.f64(-2)
  writer.text('é')
  writer.list([7, 8], (item) => writer.u8(item))
  const expected = '01 0302 07060504 0f0e0d0c0b0a0908 00000000000000c0 02000000c3a9 020000000708'
  t.equal(Buffer.from(writer.finish()).toString('hex'), expected.replaceAll(' ', ''))
  t.end()
})

t.test('the buffer grows with what is written', (t) => {
  const writer = new ByteWriter()
  const large = new Uint8Array(100_000).fill(9)
  for (let i = 0; i < 5000; i++) writer.u32(i)
  writer.bytes(large)
  const bytes = writer.finish()
  t.equal(bytes.length, 120_000)
  t.equal(new DataView(bytes.buffer).getUint32(4 * 4999, true), 4999)
  t.same(bytes.subarray(20_000), large)
  t.end()
})
