/** examples/fastify as a process of its own, asked by HTTP. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { record, rule } from '../lib/cli/nuthatch.js'

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

async function start(t: Test, rules = 'rule.rb', env: NodeJS.ProcessEnv = {}): Promise<Service> {
  const { NODE_OPTIONS: _, ...inherited } = process.env
  const service = spawn(process.execPath, ['server.js', rules], {
    cwd: folder,
    env: { ...inherited, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => service.kill('SIGKILL'))
  const exited = once(service, 'exit')
  for await (const line of createInterface({ input: service.stdout })) {
    const [, port] = /Server listening at http:.*:(\d+)/.exec(line) ?? []
    if (!port) continue
    service.stdout.resume()
    return { process: service, exited, port: Number(port) }
  }
  throw new Error('the service did not start')
}

function post({ port }: Service, type = 'application/x-ndjson'): ClientRequest {
  const headers = { 'content-type': type, te: 'trailers' }
  return request({ port, method: 'POST', path: '/detections', headers, agent: false })
}

const answerOf = async (posted: ClientRequest) => ((await once(posted, 'response')) as [IncomingMessage])[0]

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of answer.setEncoding('utf8')) text += chunk
  return text
}

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
    t.same(JSON.parse(answer.trailers.summary ?? ''), { records: 2, malformed: 1, detections: 1 })
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

t.test('refuses what is no NDJSON, and more requests than it may have', async (t) => {
  const service = await start(t, 'rule.rb', { MOST_REQUESTS: '1' })
  t.equal((await answerOf(post(service, 'text/html').end('<p>'))).statusCode, 415)
  const posted = post(service)
  posted.on('error', () => {})
  posted.write(record(1, true))
  await answerOf(posted)
  t.equal((await answerOf(post(service).end(record(1, true)))).statusCode, 503)
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

t.test('its README names every variable that it reads', (t) => {
  const read = (name: string) => readFileSync(join(root, 'examples/fastify', name), 'utf8')
  const variables = read('server.js').match(/\b[A-Z]+(_[A-Z]+)?(?= = ')/g) ?? []
  t.same(variables, ['HOST', 'PORT', 'MOST_REQUESTS', 'GRACE_SECONDS'])
  for (const name of variables) t.match(read('README.md'), `\`${name}\``)
  t.end()
})
