import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { exampleTrace, longTrace, stackTrace } from '../etw/traces.js'
import { finish, nuthatch, start } from './nuthatch.js'

const cwd = t.testdir({
  'a.etl': exampleTrace,
  'long.etl': longTrace(3000),
  'rules.rb': "dns_query_property_includes_any?(property: query_name, strings: ['files'])",
  'bad.rb': 'nope?',
  'stacks.etl': stackTrace,
  'unsigned.rb': 'image_load_unsigned?',
  'stacked.rb': 'image_load_property_exists?(property: callstack_summary)',
  disk: { Windows: { System32: {} } },
})
const authenticode = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/authenticode/${name}`, import.meta.url))
const image = readFileSync(authenticode('unsigned.exe'))
image.writeUInt32LE(4096, image.readUInt32LE(0x3c) + 24 + 56) // the size that its load tells
writeFileSync(join(cwd, 'disk/Windows/System32/winhttp.dll'), image)
const replay = ['watch', '-r', 'rules.rb', '--replay']

t.test('detections of a replay, and what was lost', async (t) => {
  const { stdout, stderr, code } = await nuthatch([...replay, 'a.etl'], { cwd })
  t.equal(code, 0)
  t.match(JSON.parse(stdout), { detector: 'rules', source: 'a.etl', event: { event_type: 'dns_query' } })
  t.match(stderr, /^1 detection from 11 records, in /)
  t.match(stderr, /lost: 0 events and 0 buffers by Windows, 0 records for want of room/)
})

t.test('and what became of call stacks, where a detector asks for them', async (t) => {
  const options = ['watch', '-r', 'stacked.rb', '--replay', 'stacks.etl', '--cached-stacks-within', '1000']
  t.match((await nuthatch(options, { cwd })).stderr, /\n1 call stack joined\n/)
})

t.test('for people, and the summary for programs', async (t) => {
  const { stdout } = await nuthatch([...replay, 'a.etl', '--pretty'], { cwd })
  t.match(stdout, /rules/)
  const { stderr } = await nuthatch([...replay, 'a.etl', '--summary', 'json'], { cwd })
  t.match(JSON.parse(stderr), { detections: 1, problems: [], live: { dropped: 0, eventsLost: 0 } })
})

t.test('Ctrl-C ends it with a summary', async (t) => {
  const child = start([...replay, 'long.etl', '--speed', '10'], cwd)
  const finished = finish(child)
  await once(child.stdout as Readable, 'data')
  child.kill('SIGINT')
  const { stderr, code } = await finished
  t.equal(code, 130)
  t.match(stderr, /detections? from \d/)
})

t.test('a closed pipe ends it', async (t) => {
  const child = start([...replay, 'long.etl', '--attach', 'recorded'], cwd)
  child.stdout?.destroy()
  const { stderr, code } = await finish(child)
  t.equal(code, 0)
  t.match(stderr, /^stopped: nobody reads the output any more\n[\d,]+ detections? from [\d,]+ records?, in /)
})

t.test('signatures below an image root, and how long events were on their way', async (t) => {
  const options = ['watch', '-r', 'unsigned.rb', '--replay', 'stacks.etl']
  const trust = ['--image-root', 'disk', '--roots', authenticode('root.pem')]
  const { stdout, stderr, code } = await nuthatch([...options, ...trust], { cwd })
  t.equal(code, 0)
  t.match(JSON.parse(stdout), { detector: 'unsigned', event: { image_name: 'winhttp.dll' } })
  t.match(stderr, /signatures: .* \d prewarmed; .* % within the enrichment time/)

  for (const none of [[], ['--no-signatures']])
    t.equal((await nuthatch([...options, ...none], { cwd })).stdout, '')
  const both = await nuthatch([...options, ...trust, '--no-signatures'], { cwd })
  t.match(both, { code: 2, stderr: /NUTHATCH_INVALID_OPTION: --roots, --image-root: .* --no-signatures/ })
  const volume = await nuthatch([...options, '--image-volume', '3'], { cwd })
  t.match(volume, { code: 2, stderr: /NUTHATCH_IMAGE_ROOT_MISSING/ })
})

t.test('elsewhere than on Windows it says what to do', { skip: process.platform === 'win32' }, async (t) => {
  const { stderr, code } = await nuthatch(['watch', '-r', 'rules.rb'], { cwd })
  t.equal(code, 1)
  t.match(stderr, /^error NUTHATCH_LIVE_UNAVAILABLE: .*replay/)
})

t.test('wrong usage', async (t) => {
  const usage = async (...args: string[]) => nuthatch(['watch', ...args], { cwd })
  t.match(await usage('-r', 'bad.rb', '--replay', 'a.etl'), { code: 1, stderr: /nope/ })
  t.match(await usage('-r', 'rules.rb', '--speed', '2'), { code: 2, stderr: /add --replay/ })
  t.match(await usage('-r', 'rules.rb', '--replay', 'a.etl', '--speed', '0'), { code: 2, stderr: /above 0/ })
  t.match(await usage('-r', 'rules.rb', '--replay', 'nope.etl'), { code: 1, stderr: /nope\.etl/ })
  const order = ['-r', 'rules.rb', '--replay', 'a.etl', '--in-order-within']
  t.match(await usage(...order, '0'), { code: 0 }, 'as for programs: none waits for another')
  const buffers = ['-r', 'rules.rb', '--replay', 'a.etl']
  const asked = ['--buffer-kib', '256', '--least-buffers', '4', '--most-buffers']
  t.match(await usage(...buffers, ...asked, '8'), { code: 0 })
  t.match(await usage(...buffers, ...asked, '3'), {
    code: 2,
    stderr: /--most-buffers is less than --least-buffers/,
  })
  t.match(await usage(...buffers, '--buffer-kib', '16385'), { code: 2, stderr: /from 1 to 16384/ })
  for (const refused of ['-1', '10001', ''])
    t.match(await usage(...order, refused), { code: 2, stderr: /whole number from 0 to 10000/ }, refused)
})
