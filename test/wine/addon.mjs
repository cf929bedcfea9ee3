// Run by node.exe under Wine (scripts/test-wine.sh), which cannot write to a pipe there: what passed goes to the file
// that the argument names.
import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { playsIn } from '../lib/live/plays.mjs'

const [, , report] = process.argv
const root = fileURLToPath(new URL('../..', import.meta.url))
const fixture = (name) => join(root, 'test/fixtures/authenticode', name)
const folder = mkdtempSync(join(tmpdir(), 'nuthatch-'))

async function test(name, body) {
  try {
    await body()
    appendFileSync(report, `ok - ${name}\n`)
  } catch (error) {
    appendFileSync(report, `not ok - ${name}\n${error.stack}\n`)
    process.exit(1)
  }
}

let nuthatch
await test('the addon loads', async () => {
  assert.equal(process.platform, 'win32')
  nuthatch = await import('../../dist/index.js')
})

async function firings(detectors, telemetry, threads) {
  const found = []
  for await (const batch of detectors.evaluate(nuthatch.readTelemetry(telemetry), { threads }))
    for (const { detector, line } of batch) found.push(`${line} ${detector}`)
  return found
}

await test('a rule is compiled, and fires on the events that it should', async () => {
  const rule = "windows? && process_start_property_includes?(property: command_line, string: 'mimikatz')"
  const detectors = await nuthatch.compile({ files: { 'x.rb': rule } })
  const events = ['whoami', 'MIMIKATZ.exe', 'notepad'].map((command_line) => ({
    event_type: 'process_start',
    platform: 'windows',
    command_line,
  }))
  const path = join(folder, 'events.ndjson')
  writeFileSync(path, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  assert.deepEqual(await firings(detectors, [path], 1), ['2 x'])
})

await test('threads find what one finds', async () => {
  const detectors = await nuthatch.compile([join(root, 'examples/rules')])
  const lines = readFileSync(join(root, 'examples/telemetry/workstation.ndjson'), 'utf8')
  const path = join(folder, 'many.ndjson')
  writeFileSync(path, lines.repeat(200))
  const one = await firings(detectors, [path], 1)
  assert.ok(one.length > 200)
  assert.deepEqual(await firings(detectors, [path], 4), one)
})

const statusOf = async (verifier, path) => {
  const { status, hresult } = await verifier.verify(path)
  return `${status} ${hresult}`
}

await test('Windows verifies: unsigned, changed, missing files and folders', async () => {
  const changed = join(folder, 'changed.exe')
  const bytes = readFileSync(fixture('signed.exe'))
  bytes[0x300] ^= 1
  writeFileSync(changed, bytes)
  const verifier = await nuthatch.createVerifier()
  assert.equal(await statusOf(verifier, fixture('unsigned.exe')), 'unsigned 0x800b0100')
  assert.equal(await statusOf(verifier, changed), 'badDigest 0x80096010')
  assert.equal(await statusOf(verifier, join(folder, 'none.exe')), 'fileGone 0x80070002')
  assert.equal(await statusOf(verifier, folder), 'notRegularFile 0x80070057')
  assert.equal(await statusOf(verifier, '\\\\.\\NUL'), 'notRegularFile 0x80070057')
  const all = Array.from({ length: 100 }, () => statusOf(verifier, changed))
  assert.deepEqual([...new Set(await Promise.all(all))], ['badDigest 0x80096010'])
  await verifier.close()
})

await test('what Windows decides by itself cannot be given to it', async () => {
  await assert.rejects(nuthatch.createVerifier({ roots: fixture('root.pem') }), {
    code: 'NUTHATCH_INVALID_OPTION',
    message: /leave out roots, or add backend: 'portable'/,
  })
})

await test("the portable backend verifies with node.exe's OpenSSL, and through long paths", async () => {
  const verifier = await nuthatch.createVerifier({
    backend: 'portable',
    roots: fixture('root.pem'),
    time: new Date('2030-01-01T00:00:00Z'),
  })
  const long = join(folder, ...Array(3).fill('n'.repeat(120)))
  mkdirSync(long, { recursive: true })
  const path = join(long, 'é.exe')
  copyFileSync(fixture('signed.exe'), path)
  assert.equal(await statusOf(verifier, path), 'trusted 0x00000000')
  assert.equal(await statusOf(verifier, fixture('unsigned.exe')), 'unsigned 0x800b0100')
  await verifier.close()
})

const trace = join(root, 'examples/traces/workstation.etl')

async function detectionsOf(evaluation) {
  const found = []
  for await (const batch of evaluation)
    for (const { detector, event } of batch) found.push({ detector, event })
  return found
}

// Wine's ETW is a stub: a recorded trace plays Windows, and all that is ours runs as it will.
await test('a trace that plays Windows gives live what is recorded', async () => {
  const detectors = await nuthatch.compile([join(root, 'examples/rules')])
  const recorded = await detectionsOf(detectors.evaluate(nuthatch.openTrace({ file: trace })))
  assert.equal(recorded.length, 5)
  const live = nuthatch.openTrace({ live: { attach: 'recorded', replay: { file: trace } } })
  assert.deepEqual(await detectionsOf(detectors.evaluate(live)), recorded)
})

await test('with sessions of its own, over and over, and ended in the middle', async () => {
  const detectors = await nuthatch.compile({
    files: { 'x.rb': "dns_query_property_includes_any?(property: query_name, strings: ['files'])" },
  })
  for (let i = 0; i < 100; i++) {
    const live = nuthatch.openTrace({ live: { replay: { file: trace } } })
    assert.equal((await detectionsOf(detectors.evaluate(live))).length, 1)
  }
  const slow = nuthatch.openTrace({ live: { attach: 'recorded', replay: { file: trace, speed: 0.01 } } })
  for await (const _ of slow) break
  await slow[Symbol.asyncDispose]()
})

for (const [name, run] of await playsIn(nuthatch, folder)) await test(name, run)

// Its own file is not the one that was loaded, and to know that it has to be read.
await test('and what its files are, where their paths say', async () => {
  const detectors = await nuthatch.compile({
    files: {
      'x.rb': "image_load_property_equals?(property: image_signature_status, string: 'imageMismatch')",
    },
  })
  const file = join(root, 'test/fuzz/corpus/etl/stacks')
  const live = nuthatch.openTrace({ live: { replay: { file } } })
  const evaluation = detectors.evaluate(live, { trust: {} })
  assert.equal((await detectionsOf(evaluation)).length, 1)
  assert.ok(evaluation.signatures.prewarmed + evaluation.signatures.misses > 0)
  assert.equal((await detectionsOf(detectors.evaluate(live))).length, 0)
})

await test('a session of the system itself cannot be had here, and the error says so', async () => {
  const detectors = await nuthatch.compile({ files: { 'x.rb': 'windows?' } })
  const evaluation = detectors.evaluate(nuthatch.openTrace({ live: true }))
  await assert.rejects(evaluation.next(), (error) => {
    appendFileSync(report, `# ${error.code}: ${error.message}\n`)
    return /^NUTHATCH_LIVE_/.test(error.code)
  })
})

await test('it loads in a worker thread too, and goes with it', async () => {
  const code = `import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)})
    .then(({ compile }) => compile({ files: { 'x.rb': 'windows?' } }))`
  const worker = new Worker(code, { eval: true })
  assert.equal(await new Promise((resolve) => worker.once('exit', resolve)), 0)
})

rmSync(folder, { recursive: true })
appendFileSync(report, 'all passed\n')
