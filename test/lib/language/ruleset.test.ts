/**
 * The types of events, which are made of the schema: `npm run lint` compiles this file, and fails where an
 * error is expected and none is found.
 */
import t from 'tap'
import { compile, type StandardEvent } from '../../../lib/index.js'

const event: StandardEvent = {
  event_type: 'process_start',
  process_name: 'cmd.exe',
  process_pid: 4,
  deobfuscated_command_line: ['a', 'b'],
  command_line: { pending: true },
}

t.test('events have the properties of the schema, of their kinds', async (t) => {
  const name: string | undefined = typeof event.process_name === 'string' ? event.process_name : undefined
  const pid: number | undefined = typeof event.process_pid === 'number' ? event.process_pid : undefined
  t.same([name, pid], ['cmd.exe', 4])
})

t.test('the type of an event says which properties it can have', async (t) => {
  const summaryOf = (event: StandardEvent): string | undefined => {
    // Before the type is known any property can be asked for.
    if (event.remote_ip === undefined) return undefined
    if (event.event_type !== 'network_connection') return event.event_type
    const query: undefined = event.query_name
    return query ?? String(event.direction)
  }
  const connection = { event_type: 'network_connection', remote_ip: '192.0.2.1' } as const
  t.same([event, { ...connection, direction: 'inbound' } as const].map(summaryOf), [undefined, 'inbound'])
})

t.test('a wrong name, kind or event type does not compile', async (t) => {
  const wrong: StandardEvent[] = [
    // @ts-expect-error: process_name is meant
    { event_type: 'process_start', proces_name: 'cmd.exe' },
    // @ts-expect-error: a number
    { event_type: 'process_start', process_pid: '4' },
    // @ts-expect-error: text
    { event_type: 'process_start', process_name: 4 },
    // @ts-expect-error: no process_start has one
    { event_type: 'process_start', remote_ip: '192.0.2.1' },
    // @ts-expect-error: true or false
    { event_type: 'image_load', image_signed: 'true' },
    // @ts-expect-error: one value
    { event_type: 'process_start', process_name: ['a', 'b'] },
    // @ts-expect-error: pending is always true
    { event_type: 'process_start', process_name: { pending: false } },
    // @ts-expect-error: there is no such event type
    { event_type: 'party' },
    // @ts-expect-error: an event has a type
    { process_name: 'cmd.exe' },
  ]
  // @ts-expect-error: there is no such property
  t.equal(event.proces_name, undefined)
  const detectors = await compile({
    files: { 'a.rb': 'process_start_property_exists?(property: process_pid)' },
  })
  for (const event of wrong)
    await t.rejects(detectors.evaluateEvents(event), { code: 'NUTHATCH_INVALID_EVENT' })
})
