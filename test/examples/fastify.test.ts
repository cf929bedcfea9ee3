/** examples/fastify as a process of its own, asked by HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { record, rule } from '../lib/cli/nuthatch.js'
import { exampleTrace } from '../lib/etw/traces.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = t.testdir({ 'rule.rb': rule })
cpSync(join(root, 'examples/fastify'), folder, { recursive: true })
mkdirSync(join(folder, 'node_modules'))
symlinkSync(root, join(folder, 'node_modules/nuthatch'))
symlinkSync(join(root, 'node_modules/fastify'), join(folder, 'node_modules/fastify'))

interface Service {
  readonly process: ChildProcess
  readonly exited: Promise<unknown[]>
  readonly port: number
}

function spawned(rules: string, env: NodeJS.ProcessEnv): ChildProcess {
  const { NODE_OPTIONS: _, ...inherited } = process.env
  return spawn(process.execPath, ['server.js', rules], {
    cwd: folder,
    env: { ...inherited, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function start(t: Test, rules = 'rule.rb', env: NodeJS.ProcessEnv = {}): Promise<Service> {
  const service = spawned(rules, env)
  t.teardown(() => service.kill('SIGKILL'))
  const exited = once(service, 'exit')
  service.stderr?.pipe(process.stderr)
  for await (const line of createInterface({ input: service.stdout as Readable })) {
    const [, port] = /Server listening at http:.*:(\d+)/.exec(line) ?? []
    if (!port) continue
    service.stdout?.resume()
    return { process: service, exited, port: Number(port) }
  }
  throw new Error('the service did not start')
}

function post({ port }: Service, type: string | null = 'application/x-ndjson'): ClientRequest {
  const headers = { te: 'trailers', ...(type !== null && { 'content-type': type }) }
  return request({ port, method: 'POST', path: '/detections', headers, agent: false })
}

const answerOf = async (posted: ClientRequest) => ((await once(posted, 'response')) as [IncomingMessage])[0]

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += chunk
  return text
}

const summaryOf = (answer: IncomingMessage) => JSON.parse(answer.trailers.summary ?? '')

const parse = (ndjson: string) =>
  ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

async function health({ port }: Service) {
  const asked = request({ port, path: '/health', agent: false }).end()
  return JSON.parse(await textOf(await answerOf(asked)))
}

async function untilRunning(service: Service, wanted: number): Promise<void> {
  while ((await health(service)).running !== wanted) await sleep(20)
}

t.test('answers with detections as NDJSON, and counts what is malformed', async (t) => {
  const service = await start(t)
  for (const encode of [(text: string) => text, gzipSync]) {
    const answer = await answerOf(post(service).end(encode(`${record(1, false)}{\n${record(3, true)}`)))
    t.equal(answer.statusCode, 200)
    t.equal(answer.headers['content-type'], 'application/x-ndjson')
    t.match(parse(await textOf(answer)), [{ line: 3, event: { event_type: 'process_start' } }])
    t.same(summaryOf(answer), { records: 2, malformed: 1, detections: 1, stopped: false, problems: [] })
  }
  t.match(await health(service), { detectors: 1, running: 0 })
})

t.test('answers while telemetry is still being sent', async (t) => {
  const service = await start(t)
  const posted = post(service)
  posted.write(record(1, true))
  const answer = await answerOf(posted)
  const pieces = answer.setEncoding('utf8')[Symbol.asyncIterator]()
  t.match(parse((await pieces.next()).value), [{ line: 1 }])
  posted.end(record(2, true))
  t.match(parse((await pieces.next()).value), [{ line: 2 }])
  t.equal((await pieces.next()).done, true)
})

t.test('reads no more than its answers are taken', async (t) => {
  const service = await start(t)
  const posted = post(service)
  const answered = answerOf(posted) // and not read
  const chunk = Array.from({ length: 1000 }, (_, n) => record(n, true)).join('')
  let sent = 0
  // Until nothing is taken for a second.
  const refused = async () =>
    !posted.write(chunk) &&
    !(await Promise.race([once(posted, 'drain').then(() => true), sleep(1000, false)]))
  while (!(await refused())) {
    sent += chunk.length
    if (sent > 200 * 2 ** 20) return t.fail('no end of it')
  }
  posted.end()
  const text = await textOf(await answered)
  t.equal(parse(text).length, Math.round(sent / chunk.length + 1) * 1000, 'and then loses nothing')
})

t.test('a client that goes away ends its evaluation', async (t) => {
  const service = await start(t)
  const posted = post(service)
  posted.on('error', () => {})
  posted.write(record(1, true))
  await answerOf(posted)
  await untilRunning(service, 1)
  posted.destroy()
  await untilRunning(service, 0)
  t.match(parse(await textOf(await answerOf(post(service).end(record(1, true))))), [{ line: 1 }])
})

t.test('refuses what says that it is no NDJSON, or is nothing', async (t) => {
  const service = await start(t)
  for (const [type, body, status] of [
    ['text/html', '<p>', 415],
    ['application/json', '{}', 415],
    ['text/plain', record(1, true), 415],
    [null, record(1, true), 415],
    [null, '', 400],
  ] as const) {
    const answer = await answerOf(post(service, type).end(body))
    t.equal(answer.statusCode, status, `${type} ${body}`)
    t.same(
      Object.keys(JSON.parse(await textOf(answer))).filter((key) => /stack/.test(key)),
      [],
    )
  }
  const empty = await answerOf(post(service).end())
  t.same([empty.statusCode, await textOf(empty)], [200, ''], 'no records are NDJSON')
})

t.test('tells of a body that is no NDJSON all the same, or damaged, and keeps nothing of it', async (t) => {
  const service = await start(t, 'rule.rb', { TMPDIR: join(folder, 'nowhere') })
  const detected = record(1, true)
  const noise = Array.from({ length: 5000 }, (_, n) => record(n * 7919)).join('')
  for (const [body, code, detections] of [
    [exampleTrace, 'NUTHATCH_INPUT_FORMAT', 0],
    [gzipSync(exampleTrace), 'NUTHATCH_INPUT_FORMAT', 0],
    [Buffer.from('PK\x03\x04 and so on'), 'NUTHATCH_INPUT_FORMAT', 0],
    [gzipSync(detected + noise).subarray(0, -1000), 'NUTHATCH_INPUT_TRUNCATED', 1],
    [Buffer.from([0x1f, 0x8b, ...Buffer.from('what is this?')]), 'NUTHATCH_INPUT_CORRUPT', 0],
  ] as const) {
    const answer = await answerOf(post(service).end(body))
    t.equal(answer.statusCode, 200)
    await textOf(answer)
    t.match(summaryOf(answer), { detections, problems: [{ code, message: /^req-\w+: / }] })
    t.equal(summaryOf(answer).problems.length, 1)
  }
})

t.test('answers at once, before there is a detection', async (t) => {
  const posted = post(await start(t))
  posted.flushHeaders()
  const answer = await answerOf(posted)
  t.equal(answer.statusCode, 200)
  posted.end(record(1, true))
  t.match(parse(await textOf(answer)), [{ line: 1 }])
})

t.test('does not start with values that cannot be, or rules with errors: it says so', async (t) => {
  const said = async (rules: string, env: NodeJS.ProcessEnv) => {
    const service = spawned(rules, env)
    const ended = once(service, 'exit')
    let text = ''
    for await (const chunk of service.stderr as Readable) text += chunk
    t.same(await ended, [1, null])
    t.notMatch(text, /^ +at /m, 'no stack')
    return text
  }
  for (const [name, values] of [
    ['MOST_REQUESTS', ['0', 'ten']],
    ['IDLE_SECONDS', ['0', 'soon']],
    ['GRACE_SECONDS', ['-1', '', 'Infinity']],
  ] as const)
    for (const value of values)
      t.equal(await said('rule.rb', { [name]: value }), `${name} must be a positive number, not '${value}'\n`)
  writeFileSync(join(folder, 'wrong.rb'), 'wndows?')
  t.match(await said('wrong.rb', {}), /^the rules cannot be loaded\n\n[\s\S]*wrong\.rb:1:1[\s\S]*wndows/)
  t.match(await said('nowhere.rb', {}), /^nowhere\.rb: .*\n$/)
  t.match(await said('rule.rb', { PORT: 'http' }), /^.*NaN.*\n$/)
})

t.test('refuses more requests than it may have', async (t) => {
  const service = await start(t, 'rule.rb', { MOST_REQUESTS: '1' })
  const posted = post(service)
  posted.on('error', () => {})
  posted.write(record(1, true))
  await answerOf(posted)
  t.equal((await answerOf(post(service).end(record(1, true)))).statusCode, 503)
  posted.destroy()
})

t.test('connections on which nothing moves make room for others, and empty lines keep one', async (t) => {
  const service = await start(t, 'rule.rb', { MOST_REQUESTS: '2', IDLE_SECONDS: '5' })
  const silent = post(service)
  silent.on('error', () => {})
  silent.flushHeaders()
  const lost = textOf(await answerOf(silent)).catch((error) => error.code)
  const lively = post(service)
  lively.write(record(1, true))
  const answer = await answerOf(lively)
  const kept = setInterval(() => lively.write('\n'), 100)
  t.teardown(() => clearInterval(kept))
  t.equal((await answerOf(post(service).end(record(1, true)))).statusCode, 503, 'both places are taken')
  t.equal(await lost, 'ECONNRESET')
  await untilRunning(service, 1)
  t.equal((await answerOf(post(service).end(record(1, true)))).statusCode, 200)
  lively.end()
  await textOf(answer)
  t.match(summaryOf(answer), { records: 1, malformed: 0, problems: [] })
})

t.test('asks TCP to notice clients that are gone', { skip: process.platform !== 'linux' }, async (t) => {
  const service = await start(t)
  const posted = post(service)
  posted.on('error', () => {})
  posted.write(record(1, true))
  await answerOf(posted)
  // sl, local and remote address, state (01: established), queues, and the timer that runs (02: keep-alive)
  const port = service.port.toString(16).toUpperCase().padStart(4, '0')
  const rows = readFileSync('/proc/net/tcp', 'utf8').match(
    new RegExp(`^ *\\d+: 0100007F:${port} \\S+ 01 .*$`, 'gm'),
  )
  t.equal(rows?.length, 1)
  t.match(rows?.[0], / 02:[0-9A-F]{8} /)
  posted.destroy()
})

t.test('when it is told to stop, what it has read is answered', async (t) => {
  const service = await start(t)
  const posted = post(service)
  posted.on('error', () => {})
  posted.write(record(1, true))
  const answer = await answerOf(posted)
  service.process.kill('SIGTERM')
  t.match(parse(await textOf(answer)), [{ line: 1 }])
  t.ok(answer.complete)
  t.match(
    summaryOf(answer),
    { records: 1, stopped: true, problems: [] },
    'and it says that there may be more',
  )
  posted.end()
  t.same(await service.exited, [0, null])
})

t.test('who goes on sending then is cut off', async (t) => {
  const service = await start(t, 'rule.rb', { GRACE_SECONDS: '0.2' })
  const posted = post(service)
  posted.on('error', () => {})
  posted.write(record(1, true))
  const answer = await answerOf(posted)
  service.process.kill('SIGTERM')
  await textOf(answer)
  t.same(await service.exited, [0, null])
})

t.test('it wants the Node and the Fastify that it is tested with', (t) => {
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))
  const example = read('examples/fastify/package.json')
  const whole = read('package.json')
  const locked = read('package-lock.json').packages['']
  t.same(example.engines, whole.engines)
  t.same(locked.engines, whole.engines)
  t.equal(example.dependencies.fastify, whole.devDependencies.fastify)
  t.equal(example.dependencies.nuthatch, `^${whole.version}`)
  t.end()
})

t.test('its README names every variable that it reads', (t) => {
  const read = (name: string) => readFileSync(join(root, 'examples/fastify', name), 'utf8')
  const variables = read('server.js').match(/\b[A-Z]+(_[A-Z]+)?(?= = ')/g) ?? []
  t.same(variables, ['HOST', 'PORT', 'MOST_REQUESTS', 'IDLE_SECONDS', 'GRACE_SECONDS'])
  for (const name of variables) t.match(read('README.md'), `\`${name}\``)
  t.end()
})
