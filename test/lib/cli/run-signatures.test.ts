/** `nuthatch run` with an image root: options, and what it says of the cache of signatures. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { nuthatch, short, unprivileged } from './nuthatch.js'

const fixtures = fileURLToPath(new URL('../../fixtures/authenticode/', import.meta.url))
const rule = `
detector 'unsigned' do
  title    'An image without a signature was loaded'
  severity :low
  match image_load_unsigned?
  fires_on 'one', image_load(image_signed: false)
  ignores  'another', image_load(image_signed: true)
end
`
const load = (name: string) =>
  `${JSON.stringify({ event_type: 'image_load', image_path: `C:\\Windows\\${name}` })}\n`
const cwd = t.testdir({
  'rule.rb': rule,
  'a.ndjson': load('good.dll') + load('bad.dll') + load('BAD.dll'),
  disk: {},
})
mkdirSync(join(cwd, 'disk/Windows'))
copyFileSync(join(fixtures, 'root.pem'), join(cwd, 'roots.pem'))
copyFileSync(join(fixtures, 'signed.exe'), join(cwd, 'disk/Windows/good.dll'))
copyFileSync(join(fixtures, 'unsigned.exe'), join(cwd, 'disk/Windows/bad.dll'))

const run = (...args: string[]) => nuthatch(['run', '-r', 'rule.rb', ...args], { cwd })
const trust = ['--image-root', 'disk', '--roots', 'roots.pem', '--time', '2030-01-01']

t.test('detections, and in the summary how the cache has done', async (t) => {
  const { stdout, stderr, code } = await run(...trust, '--', 'a.ndjson')
  t.equal(code, 0)
  t.same(short(stdout).sort(), ['unsigned a.ndjson:2', 'unsigned a.ndjson:3'])
  t.match(
    stderr,
    /\nsignatures: \d+ hits?, 2 misses, \d+ coalesced; 0 under way, 0 dropped, 0 timed out; .* % within the enrichment time\n$/,
  )
})

t.test('of files that may not be read, or are gone, nothing is said', async (t) => {
  const names = ['denied.dll', 'shut/a.dll', 'gone.dll', 'bad.dll']
  const cwd = t.testdir({
    'rule.rb': rule,
    'a.ndjson': names.map((name) => load(name.replace('/', '\\\\'))).join(''),
    disk: { Windows: { shut: {} } },
  })
  const windows = join(cwd, 'disk/Windows')
  copyFileSync(join(fixtures, 'root.pem'), join(cwd, 'roots.pem'))
  for (const name of names.filter((name) => name !== 'gone.dll'))
    copyFileSync(join(fixtures, 'unsigned.exe'), join(windows, name))
  const shut = ['denied.dll', 'shut'].map((name) => join(windows, name))
  for (const path of shut) chmodSync(path, 0)
  const run = unprivileged(['run', '-r', 'rule.rb', ...trust, '--summary', 'json', '--', 'a.ndjson'], cwd)
  const { stdout, stderr } = await run.finally(() => {
    for (const path of shut) chmodSync(path, 0o755) // so that the folder can be removed
  })
  t.same(short(stdout), ['unsigned a.ndjson:4'])
  t.match(JSON.parse(stderr), { records: 4, detections: 1, undecided: 3 })
})

t.test('the same as JSON, and the enrichment time as an option', async (t) => {
  const { stderr } = await run(
    ...trust,
    '--enrichment-time',
    '60000',
    '--backend',
    'portable',
    '--summary',
    'json',
    '--',
    'a.ndjson',
  )
  t.match(JSON.parse(stderr), {
    detections: 2,
    signatures: { misses: 2, finished: 2, withinEnrichment: 2, dropped: 0, queued: 0 },
  })
})

t.test('without signatures nothing is said of them', async (t) => {
  t.notMatch((await run('--', 'a.ndjson')).stderr, /signatures/)
})

t.test('options of verification without an image root are refused', async (t) => {
  for (const options of [
    ['--roots', 'roots.pem'],
    ['--catalogs', 'disk'],
    ['--time', '2030-01-01'],
    ['--backend', 'portable'],
    ['--signature-deadline', '3'],
    ['--image-volume', '3'],
    ['--strict-signatures'],
  ]) {
    const { stderr, code } = await run(...options, '--', 'a.ndjson')
    t.equal(code, 2)
    t.match(stderr, new RegExp(`^error NUTHATCH_IMAGE_ROOT_MISSING: ${options[0]}: .* --image-root`))
  }
})

t.test('with --strict-signatures what verify --strict refuses is not valid', async (t) => {
  writeFileSync(join(cwd, 'padded.ndjson'), load('padded.dll'))
  const padded = readFileSync(join(cwd, 'disk/Windows/good.dll'))
  const entry = 0x40 + 24 + 112 + 4 * 8
  const table = padded.readUInt32LE(entry)
  const size = padded.readUInt32LE(entry + 4) + 16
  padded.writeUInt32LE(size, entry + 4)
  padded.writeUInt32LE(size, table)
  writeFileSync(join(cwd, 'disk/Windows/padded.dll'), Buffer.concat([padded, Buffer.alloc(16)]))
  t.same(short((await run(...trust, '--', 'padded.ndjson')).stdout), [])
  const { stdout } = await run(...trust, '--strict-signatures', '--', 'padded.ndjson')
  t.same(short(stdout), ['unsigned padded.ndjson:1'], 'its certificate table is none')
})

t.test('catalogs that cannot be read end the run', async (t) => {
  const { stdout, stderr, code } = await run(...trust, '--catalogs', 'none', '--', 'a.ndjson')
  t.not(code, 0)
  t.equal(stdout, '')
  t.match(stderr, /^error NUTHATCH_CATALOGS_UNREADABLE: none: /)
})

t.test('Windows as the backend takes no roots', async (t) => {
  const { stderr, code } = await run(...trust, '--backend', 'wintrust', '--', 'a.ndjson')
  t.equal(code, 2)
  t.match(stderr, /NUTHATCH_INVALID_OPTION: .* for --roots, --time add --backend portable/)
})
