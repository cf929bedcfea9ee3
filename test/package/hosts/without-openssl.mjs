// What a host without OpenSSL has, and what it has not: prints both as JSON.
import { compile, createVerifier, readImage, readTelemetry } from 'nuthatch'

const [image, roots, libcrypto] = process.argv.slice(2)
const time = new Date('2030-01-01T00:00:00Z')
const detectors = await compile('bxor.rb')
const lines = []
for await (const batch of detectors.evaluate(readTelemetry('telemetry.ndjson')))
  for (const { line } of batch) lines.push(line)
const { hashes, sections } = await readImage(image)
const refused = await createVerifier({ roots, time }).catch((error) => error)
const verifier = await createVerifier({ roots, time, libcrypto })
const { status } = await verifier.verify(image)
await verifier.close()
const { code, message } = refused
console.log(JSON.stringify({ lines, hashes, sections: sections.length, code, message, status }))
