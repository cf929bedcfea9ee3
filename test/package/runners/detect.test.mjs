import { compile, NuthatchError, readTelemetry } from 'nuthatch'

test('evaluates telemetry', async () => {
  const detectors = await compile('bxor.rb')
  const lines = []
  for await (const batch of detectors.evaluate(readTelemetry('telemetry.ndjson')))
    for (const { line } of batch) lines.push(line)
  expect(lines).toEqual([2])
})

test('errors of the addon are those of the package', async () => {
  const detectors = await compile('bxor.rb')
  const { Detectors } = await import('nuthatch')
  const plan = Uint8Array.from(detectors.plan)
  plan[plan.length - 1] ^= 1
  expect(() => Detectors.fromPlan(plan)).toThrow(NuthatchError)
})
