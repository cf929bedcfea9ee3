// A service that takes telemetry as NDJSON and answers with detections as NDJSON, while it is still being sent:
//   node server.js rules/
import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { compile } from 'nuthatch'

/** Of the problems of a request, for its trailer. */
const MOST_PROBLEMS = 10
/** Of a timer, in milliseconds: with more it would not wait at all. */
const MOST_DELAY = 2 ** 31 - 1

const { HOST = '127.0.0.1', PORT = '8080' } = process.env
const { MOST_REQUESTS = '64', IDLE_SECONDS = '60', GRACE_SECONDS = '10' } = process.env
const mostRequests = positive('MOST_REQUESTS', MOST_REQUESTS)
const idleDelay = delay(positive('IDLE_SECONDS', IDLE_SECONDS))
const graceDelay = delay(positive('GRACE_SECONDS', GRACE_SECONDS))
const rules = process.argv.slice(2)
const detectors = await compile(rules.length > 0 ? rules : ['rules']).catch(refuse)
const running = new Set()
let stopping = false

function positive(name, text) {
  const number = Number(text)
  if (number > 0 && number < Number.POSITIVE_INFINITY) return number
  return refuse({ message: `${name} must be a positive number, not '${text}'` })
}

/** In milliseconds. */
function delay(seconds) {
  return Math.min(Math.ceil(seconds * 1000), MOST_DELAY)
}

function refuse({ message }) {
  console.error(message)
  process.exit(1)
}

// Requests may last as long as there is telemetry, but a connection on which nothing moves would keep its place from
// others for ever. TCP's keep-alive notices clients that are gone without a word, however long that may be.
const app = Fastify({
  logger: true,
  requestTimeout: 0,
  connectionTimeout: idleDelay,
  http: { keepAlive: true, keepAliveInitialDelay: 30_000 },
  forceCloseConnections: 'idle',
})

// The body is handed on as a stream: nothing collects it. Any other type is answered with 415.
app.removeAllContentTypeParsers()
app.addContentTypeParser('application/x-ndjson', (_request, body, done) => done(null, body))

app.post('/detections', (request, reply) => {
  if (!request.body) return reply.code(400).send({ message: 'There is no body: send NDJSON' })
  if (running.size >= mostRequests)
    return reply.code(503).header('retry-after', '1').send({ message: 'Too many requests under way' })
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  // A client that goes away shows as a body that ends too early, and as this signal, which ends the evaluation.
  // An evaluation that ends by itself leaves the body alone, as its connection has the answer to carry.
  const evaluation = detectors.evaluate(request.body.iterator({ destroyOnReturn: false }), {
    name: request.id,
    signal: gone.signal,
    threads: 1, // requests run side by side
    traces: false, // they would be copied to TMPDIR
    onProblem: (problem) => request.log.warn(problem),
  })
  reply
    .type('application/x-ndjson')
    .trailer('summary', async () => JSON.stringify(summaryOf(evaluation, request)))
  reply.send(Readable.from(lines(evaluation)))
  reply.raw.flushHeaders() // there may be no detection for long
  return reply
})

// How much is read of the body follows from how fast the answer is taken: an evaluation whose batches nobody takes
// reads no further, and then neither does the connection.
async function* lines(evaluation) {
  running.add(evaluation)
  try {
    for await (const { ndjson } of evaluation) if (ndjson.length > 0) yield ndjson
  } finally {
    running.delete(evaluation)
  }
}

function summaryOf({ summary: { records, malformed, detections }, problems }, request) {
  const told = problems.slice(0, MOST_PROBLEMS).map(({ code, message }) => ({ code, message }))
  // The answer is complete all the same: without this only a client that counts would know.
  const stopped = stopping && !request.body.readableEnded
  return { records, malformed, detections, stopped, problems: told }
}

app.get('/health', () => ({ detectors: detectors.detectors.length, running: running.size }))

// Graceful: no new requests; what has been read is evaluated and answered. Who goes on sending is cut off in the end.
app.addHook('preClose', async () => {
  stopping = true
  for (const evaluation of running) evaluation.stop()
  setTimeout(() => app.server.closeAllConnections(), graceDelay).unref()
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())

await app.listen({ host: HOST, port: Number(PORT) }).catch(refuse)
