// A service that takes telemetry as NDJSON and answers with detections as NDJSON, while it is still being sent:
//   node server.js rules/
import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { compile } from 'nuthatch'

const { HOST = '127.0.0.1', PORT = '8080', MOST_REQUESTS = '64', GRACE_SECONDS = '10' } = process.env
const rules = process.argv.slice(2)
const detectors = await compile(rules.length > 0 ? rules : ['rules'])
const running = new Set()

// Requests may last as long as there is telemetry, so no timeout; when the service stops, see below.
const app = Fastify({ logger: true, requestTimeout: 0, forceCloseConnections: 'idle' })

// The body is handed on as a stream: nothing collects it.
app.addContentTypeParser('application/x-ndjson', (_request, body, done) => done(null, body))

app.post('/detections', (request, reply) => {
  if (running.size >= Number(MOST_REQUESTS))
    return reply.code(503).header('retry-after', '1').send({ message: 'Too many requests under way' })
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  // A client that goes away shows as a body that ends too early, and as this signal, which ends the evaluation.
  // An evaluation that ends by itself leaves the body alone, as its connection has the answer to carry.
  const evaluation = detectors.evaluate(request.body.iterator({ destroyOnReturn: false }), {
    name: request.id,
    signal: gone.signal,
    threads: 1, // requests run side by side
    onProblem: (problem) => request.log.warn(problem),
  })
  reply.type('application/x-ndjson').trailer('summary', async () => JSON.stringify(summaryOf(evaluation)))
  return reply.send(Readable.from(lines(evaluation)))
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

function summaryOf({ summary: { records, malformed, detections } }) {
  return { records, malformed, detections }
}

app.get('/health', () => ({ detectors: detectors.detectors.length, running: running.size }))

// Graceful: no new requests; what has been read is evaluated and answered. Who goes on sending is cut off in the end.
app.addHook('preClose', async () => {
  for (const evaluation of running) evaluation.stop()
  setTimeout(() => app.server.closeAllConnections(), Number(GRACE_SECONDS) * 1000).unref()
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())

await app.listen({ host: HOST, port: Number(PORT) })
