import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { expandInputs, type TelemetryInput, unreadable } from '../../../lib/stream/inputs.js'

const folder = t.testdir({
  'a.ndjson': '{}\n',
  'empty.ndjson': '',
  logs: { 'z.json': '{}', 'b.json': '{}', '.hidden': '{}', 'empty.json': '', deep: { 'c.json': '{}' } },
  nothing: { 'empty.json': '' },
  'odd [1].ndjson': '{}',
})
symlinkSync(join(folder, 'a.ndjson'), join(folder, 'logs', 'link.json'))
symlinkSync(folder, join(folder, 'logs', 'deep', 'loop'))

/** Names of the inputs and codes of the problems, relative to the folder. */
async function expand(input: TelemetryInput) {
  const { inputs, problems } = await expandInputs(input)
  const short = (name: string) => name.replace(`${folder}/`, '')
  return [
    ...inputs.map(({ name }) => short(name)),
    ...problems.map(({ code, source }) => `${code} ${short(source)}`),
  ]
}
const at = (...paths: string[]) => paths.map((path) => join(folder, path))

t.test('files in the order given', async (t) => {
  t.same(await expand(at('logs/z.json', 'a.ndjson')), ['logs/z.json', 'a.ndjson'])
  t.same(await expand(join(folder, 'a.ndjson')), ['a.ndjson'])
})

t.test('what in a folder may not be read is told, and loses nothing else', async (t) => {
  const closed = t.testdir({ 'a.ndjson': '', b: { 'b.ndjson': '' }, c: { 'c.ndjson': '' }, 'd.ndjson': '' })
  chmodSync(join(closed, 'b'), 0o000)
  chmodSync(join(closed, 'c'), 0o444) // its names are told, and no more
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.(65534)
  const { inputs, problems } = await expandInputs(closed).finally(() => {
    if (isRoot) process.seteuid?.(0)
    for (const name of ['b', 'c']) chmodSync(join(closed, name), 0o755)
  })
  t.same(
    inputs.map(({ name }) => name),
    [join(closed, 'a.ndjson'), join(closed, 'd.ndjson')],
  )
  t.match(problems, [
    { code: 'NUTHATCH_INPUT_UNREADABLE', source: join(closed, 'b') },
    { code: 'NUTHATCH_INPUT_UNREADABLE', source: join(closed, 'c/c.ndjson') },
  ])
})

t.test(
  'a folder: its regular files and those of its folders, by name; hidden and looping ones not',
  async (t) => {
    t.same(await expand(at('logs')), [
      'logs/b.json',
      'logs/deep/c.json',
      'logs/empty.json',
      'logs/link.json',
      'logs/z.json',
    ])
  },
)

t.test('glob patterns', async (t) => {
  t.same(await expand(at('logs/*.json')), ['logs/b.json', 'logs/empty.json', 'logs/link.json', 'logs/z.json'])
  t.same(await expand(at('log*/**/c.json')), ['logs/deep/c.json'])
})

t.test('a file whose name looks like a pattern is a file', async (t) => {
  t.same(await expand(at('odd [1].ndjson')), ['odd [1].ndjson'])
})

t.test('what leads to nothing is a problem, but an empty file is not; the others are read', async (t) => {
  const paths = at('missing.ndjson', 'empty.ndjson', 'nothing', 'no*.ndjson', 'a.ndjson', 'a.ndjson/below')
  t.same(await expand(paths), [
    'empty.ndjson',
    'nothing/empty.json',
    'a.ndjson',
    'NUTHATCH_INPUT_NOT_FOUND missing.ndjson',
    'NUTHATCH_INPUT_NOT_FOUND no*.ndjson',
    'NUTHATCH_INPUT_NOT_FOUND a.ndjson/below',
  ])
  const { problems } = await expandInputs(['', join(folder, 'a.ndjson/')])
  t.match(problems, [
    { code: 'NUTHATCH_INPUT_NOT_FOUND', source: '', message: "'': the path is empty" },
    { message: /a\.ndjson\/: this is a file: leave out the slash at its end$/ },
  ])
})

t.test('paths that the system does not take or read', async (t) => {
  const { problems } = await expandInputs(['a\0b', 'x'.repeat(5000)])
  t.match(problems, [
    { code: 'NUTHATCH_INPUT_UNREADABLE', message: /: cannot be read: the path holds a NUL character/ },
    { code: 'NUTHATCH_INPUT_UNREADABLE', message: /: cannot be read: the path is too long$/ },
  ])
  const error = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
  t.match(unreadable('/proc/self/mem', error), {
    code: 'NUTHATCH_INPUT_UNREADABLE',
    message: /^\/proc\/self\/mem: cannot be read: reading it fails: .*; copy it elsewhere, or leave it out$/,
    cause: error,
  })
})

t.test('streams', async (t) => {
  t.same(await expand(['-', '-']), ['<stdin>', 'NUTHATCH_INPUT_UNREADABLE <stdin>'])
  t.same(await expand(Readable.from([])), ['<stream>'])
  const read = Readable.from([Buffer.from('{}')])
  for await (const _ of read);
  const again = await expandInputs(read)
  t.strictSame(again.inputs, [])
  t.match(again.problems, [{ code: 'NUTHATCH_INPUT_UNREADABLE', message: /read before/ }])
  const { inputs } = await expandInputs(Readable.from([]), 'sensor 7')
  t.match(inputs, [{ name: 'sensor 7', size: null, isFile: false }])
})

t.test('what can be read once is refused the second time, even while it is still being read', async (t) => {
  async function* generate() {
    yield '{}\n'
  }
  const once = {
    'a generator': generate(),
    'a stream': Readable.from(['{}']),
    'a web stream': new Blob(['{}']).stream() as unknown as AsyncIterable<Uint8Array>,
  }
  for (const [name, stream] of Object.entries(once)) {
    t.same(await expand(stream), ['<stream>'], name)
    t.same(await expand(stream), ['NUTHATCH_INPUT_UNREADABLE <stream>'], `${name}, again`)
  }
  const ended = new Blob(['{}']).stream()
  for await (const _ of ended as unknown as AsyncIterable<Uint8Array>);
  t.same(await expand(ended as unknown as AsyncIterable<Uint8Array>), ['NUTHATCH_INPUT_UNREADABLE <stream>'])
  const anew = { [Symbol.asyncIterator]: generate }
  for (let time = 0; time < 2; time++) t.same(await expand(anew), ['<stream>'], 'begins anew each time')
})

t.test('sizes are known for regular files only', async (t) => {
  mkdirSync(join(folder, 'sizes'))
  writeFileSync(join(folder, 'sizes', 'x'), 'x'.repeat(1234))
  const { inputs } = await expandInputs([join(folder, 'sizes'), '/dev/null'])
  t.match(inputs, [
    { size: 1234, isFile: true },
    { size: null, isFile: false },
  ])
})
