import { compile, type Detection, NuthatchError, openTrace, readTelemetry, type StandardEvent } from 'nuthatch'

export async function detect(signal: AbortSignal): Promise<readonly Detection[]> {
  const detectors = await compile('bxor.rb')
  const found: Detection[] = []
  for await (const batch of detectors.evaluate(readTelemetry('telemetry.ndjson'), { signal })) found.push(...batch)
  await using trace = openTrace({ file: 'boot.etl' })
  for await (const batch of trace) for (const { event } of batch) console.log(event)
  return found
}

export const isOurs = (error: unknown): error is NuthatchError => error instanceof NuthatchError

export const event: StandardEvent = { event_type: 'process_start', process_name: 'a.exe' }
// @ts-expect-error there is no such property
export const misspelt: StandardEvent = { event_type: 'process_start', proces_name: 'a.exe' }
