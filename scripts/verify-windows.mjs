// Tries on a real Windows machine what no other can show, in an elevated prompt, and writes verify-windows.json.
// It starts sessions of ETW for some seconds, a process, and a look-up of a name; it changes nothing.
import { execFile } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { writeFileSync } from 'node:fs'
import os from 'node:os'
import { promisify } from 'node:util'
import { compile, openTrace } from '../dist/index.js'

const run = promisify(execFile)
const report = {
  node: process.version,
  os: `${os.version()} ${os.release()}`,
  cpus: os.cpus().length,
  checks: [],
}

async function check(name, body) {
  const begun = performance.now()
  const result = await body().then(
    (told) => ({ passed: true, ...told }),
    (error) => ({ passed: false, code: error.code, message: error.message }),
  )
  report.checks.push({ name, seconds: (performance.now() - begun) / 1000, ...result })
  console.log(`${result.passed ? 'ok    ' : 'NOT OK'} ${name}`, JSON.stringify(result))
}

const rules = {
  files: {
    'started.rb': "process_start_property_includes?(property: command_line, string: 'nuthatch-verify')",
    'asked.rb': "dns_query_property_includes?(property: query_name, string: 'nuthatch-verify')",
    'loaded.rb': "image_load_property_ends_with?(property: image_path, string: 'ntdll.dll')",
    'signed.rb':
      "image_load_property_ends_with?(property: image_path, string: 'ntdll.dll') && image_load_signed_by_any?(signers: ['Microsoft'])",
  },
}
const detectors = await compile(rules)

function addTo(found, detector, event) {
  found[detector] ??= []
  found[detector].push(event)
}

/** Evaluates for some seconds, in which `act` is done after the first. */
async function watch(live, seconds, act = async () => {}) {
  const found = {}
  const problems = []
  const evaluation = detectors.evaluate(openTrace({ live }), { onProblem: ({ code }) => problems.push(code) })
  setTimeout(() => act().catch(() => {}), 1000)
  setTimeout(() => evaluation.stop(), seconds * 1000)
  for await (const batch of evaluation) for (const { detector, event } of batch) addTo(found, detector, event)
  return { found, problems, live: evaluation.live, signatures: evaluation.signatures }
}

async function act() {
  await run('cmd.exe', ['/c', 'echo', 'nuthatch-verify'])
  await lookup('nuthatch-verify.invalid').catch(() => {})
}

const told = ({ found, problems, live, signatures }) => ({
  detections: Object.fromEntries(Object.entries(found).map(([name, events]) => [name, events.length])),
  first: Object.fromEntries(Object.entries(found).map(([name, [event]]) => [name, event])),
  problems,
  live,
  signatures,
})

function requireDetections(result, ...names) {
  for (const name of names)
    if (!result.found[name]) throw new Error(`no detection of ${name}: ${JSON.stringify(told(result))}`)
  return told(result)
}

await check('a logger of the kernel: a process, its image and its command line', async () =>
  requireDetections(await watch({}, 6, act), 'started', 'loaded', 'asked'),
)
await check('whose signature Windows tells, and whether it was there in time', async () =>
  requireDetections(await watch({}, 6, act), 'signed'),
)
await check("the kernel's providers instead", async () =>
  requireDetections(await watch({ kernelEvents: 'providers' }, 6, act), 'loaded'),
)
await check('two at the same time', async () => {
  const [one, two] = await Promise.all([watch({}, 6, act), watch({}, 6)])
  return { one: requireDetections(one, 'started'), two: requireDetections(two, 'started') }
})
await check('a session that somebody stops is noticed, and started anew', async () => {
  const stop = async () => {
    const { stdout } = await run('logman', ['query', '-ets'])
    const name = stdout.match(new RegExp(`^Nuthatch ${process.pid} kernel \\w+ \\w+`, 'm'))?.[0]
    await run('logman', ['stop', name, '-ets'])
    setTimeout(act, 1500)
  }
  const result = await watch({ restart: true }, 8, stop)
  if (!result.problems.includes('NUTHATCH_LIVE_ENDED')) throw new Error('it was not noticed')
  return requireDetections(result, 'started')
})
await check('nothing is left behind', async () => {
  const { stdout } = await run('logman', ['query', '-ets'])
  if (stdout.includes('Nuthatch')) throw new Error(stdout)
  return {}
})
await check('a minute of whatever happens here: losses, order, delays', async () => {
  const before = process.cpuUsage()
  const result = await watch({}, 60)
  const { user, system } = process.cpuUsage(before)
  return { ...told(result), cpuSeconds: (user + system) / 1e6 }
})

writeFileSync('verify-windows.json', `${JSON.stringify(report, null, 2)}\n`)
console.log('verify-windows.json: written')
process.exitCode = report.checks.every(({ passed }) => passed) ? 0 : 1
