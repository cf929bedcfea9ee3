// The whole package in short, in any Node: rules, telemetry, a trace, and signatures, each with what must come of it.
import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, createVerifier, openTrace, readTelemetry } from '../../dist/index.js'

const examples = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'examples')
const example = (...names) => join(examples, ...names)

async function detections(evaluation) {
  const found = []
  for await (const batch of evaluation) found.push(...batch)
  return found
}

const rules = await compile([example('rules')])
assert.deepEqual(rules.warnings, [])
assert.ok(rules.detectors.length >= 60)

const inLogs = await detections(rules.evaluate(readTelemetry([example('telemetry/workstation.ndjson')])))
assert.deepEqual(
  inLogs.map(({ line, detector }) => `${line} ${detector}`),
  [
    '267 office-starts-shell',
    '267 powershell-bxor',
    '267 powershell-encoded-command',
    '270 run-key-with-script',
    '271 whoami-by-odd-parent',
    '272 comsvcs-minidump',
    '273 lsass-handle-through-dbghelp',
    '273 lsass-handle-with-memory-read',
    '274 directory-replication-by-user',
    '275 eventlog-cleared',
    '276 eventlog-cleared',
  ],
)

const inTrace = await detections(rules.evaluate(openTrace({ file: example('traces/workstation.etl') })))
assert.deepEqual(
  inTrace.map(({ detector }) => detector),
  [
    'office-starts-shell',
    'powershell-download-cradle',
    'powershell-encoded-command',
    'powershell-empire-stager-script',
    'run-key-with-script',
  ],
)

const verifier = await createVerifier({
  backend: 'portable',
  roots: example('images/root.pem'),
  time: new Date('2030-01-01T00:00:00Z'),
})
const statusOf = async (name) => (await verifier.verify(example('images', name))).status
assert.equal(await statusOf('signed.exe'), 'trusted')
assert.equal(await statusOf('unsigned.exe'), 'unsigned')
await verifier.close()

await assert.rejects(compile({ files: { 'x.rb': 'windows? &&' } }), { code: 'NUTHATCH_RULES_INVALID' })

console.log(`passed in Node ${process.versions.node}`)
