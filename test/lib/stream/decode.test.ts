import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { decode } from '../../../lib/stream/decode.js'
import { expandInputs } from '../../../lib/stream/inputs.js'
import { chunksOf, drain, records } from './bytes.js'

const text = Buffer.from(records(2000))
const zstd = readFileSync(new URL('../../fixtures/stream/records-2000.zst', import.meta.url))

async function read(bytes: Uint8Array, chunk = 1000) {
  const { inputs } = await expandInputs(chunksOf(bytes, chunk), 'a stream')
  return drain(decode(inputs[0] as (typeof inputs)[0], () => {}))
}

t.test('what is compressed, and how, is told by the content', async (t) => {
  for (const bytes of [text, gzipSync(text), zstd, gzipSync(zstd), gzipSync(gzipSync(text))]) {
    for (const chunk of [100, 1 << 20]) t.same(await read(bytes, chunk), { bytes: text, error: null })
  }
  for (const bytes of ['{}\n', gzipSync('{}\n'), gzipSync(gzipSync('{}\n'))]) {
    t.same(await read(Buffer.from(bytes), 1), { bytes: Buffer.from('{}\n'), error: null }, 'byte by byte')
  }
})

t.test('compressed over and over is refused', async (t) => {
  let bytes: Buffer = Buffer.from('{}\n')
  for (let i = 0; i < 6; i++) bytes = gzipSync(bytes)
  t.match((await read(bytes)).error, { code: 'NUTHATCH_INPUT_FORMAT', source: 'a stream' })
})

t.test('a byte order mark is left to the engine, which knows it in files as well', async (t) => {
  const bytes = Buffer.from('\ufeff{"a":"\ufeff"}\n')
  t.same(await read(bytes), { bytes, error: null })
})

t.test('UTF-16 becomes UTF-8, wherever its chunks are cut', async (t) => {
  const bytes = Buffer.from('\ufeff{"a":"é😀"}\r\n', 'utf16le')
  for (const chunk of [1, 3, 100]) {
    t.same(await read(bytes, chunk), { bytes: Buffer.from('{"a":"é😀"}\r\n'), error: null })
  }
})

t.test('errors have a code, name the input, and say where', async (t) => {
  t.match((await read(gzipSync(text).subarray(0, 2000))).error, {
    code: 'NUTHATCH_INPUT_TRUNCATED',
    message:
      'a stream: it ends in the middle of a gzip member, after 2000 bytes; records before that were read',
  })
  t.match((await read(Buffer.concat([zstd, Buffer.from('hello')]))).error, {
    code: 'NUTHATCH_INPUT_CORRUPT',
    message: new RegExp(`zstd data is corrupt near byte ${zstd.length} `),
  })
  t.match((await read(Buffer.from('ElfFile\0and so on'))).error, {
    code: 'NUTHATCH_INPUT_FORMAT',
    message: /a stream: this is .*evtx/,
  })
})

t.test('a stream of objects is refused, a stream of text is not', async (t) => {
  const readFrom = async (values: unknown[]) => {
    const { inputs } = await expandInputs(Readable.from(values))
    return drain(decode(inputs[0] as (typeof inputs)[0], () => {}))
  }
  t.match((await readFrom([{ event_type: 'script' }])).error, {
    code: 'NUTHATCH_INPUT_FORMAT',
    message: /must give bytes or text/,
  })
  t.same(await readFrom(['{"a":"é"}', '\n']), { bytes: Buffer.from('{"a":"é"}\n'), error: null })
})

t.test('a failing stream is a problem of that input', async (t) => {
  async function* failing() {
    yield Buffer.from('{"n":1}\n')
    throw new Error('the sensor fell off')
  }
  const { inputs } = await expandInputs(failing())
  const { bytes, error } = await drain(decode(inputs[0] as (typeof inputs)[0], () => {}))
  t.equal(bytes.toString(), '{"n":1}\n')
  t.match(error, { code: 'NUTHATCH_INPUT_UNREADABLE', message: /the sensor fell off/ })
})

t.test('corruption in the middle of a file loses nothing before it', async (t) => {
  const whole = gzipSync(Buffer.from(records(50_000)))
  const bad = Buffer.from(whole)
  bad.fill(0xff, 100_000, 100_100)
  const folder = t.testdir({ 'bad.gz': bad })
  const { inputs } = await expandInputs(join(folder, 'bad.gz'))
  const { bytes, error } = await drain(decode(inputs[0] as (typeof inputs)[0], () => {}))
  t.match(error, { code: 'NUTHATCH_INPUT_CORRUPT' })
  const before = await read(whole.subarray(0, 100_000))
  t.ok(bytes.length >= before.bytes.length)
  t.ok(bytes.subarray(0, before.bytes.length).equals(before.bytes))
})
