const { compile, readTelemetry, NuthatchError } = require('nuthatch')

async function main() {
  if (NuthatchError !== (await import('nuthatch')).NuthatchError) throw new Error('two copies')
  const detectors = await compile('bxor.rb')
  for await (const batch of detectors.evaluate(readTelemetry('telemetry.ndjson')))
    for (const { detector, line } of batch) console.log(JSON.stringify({ detector, line }))
}
main()
