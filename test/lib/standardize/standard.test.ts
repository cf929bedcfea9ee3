import t from 'tap'
import { eventTypeNames } from '../../../lib/schema/event-types.js'
import { properties, propertyNames, propertyRow } from '../../../lib/schema/properties.js'
import { eventOf, labelOf } from './records.js'

t.test('properties are read by their names', async (t) => {
  const event = {
    event_type: 'process_start',
    source: 'sysmon',
    event_id: '7',
    process_name: 'powershell.exe',
    process_pid: 42,
    query_name: 'not a property of process_start',
  }
  const { query_name, ...rest } = event
  t.strictSame(eventOf(event), rest)
})

t.test('a record that does not say its source comes from standard', async (t) => {
  t.strictSame(eventOf({ event_type: 'pipe' }), { event_type: 'pipe', source: 'standard' })
})

t.test('a record that was standardized once stays as it is', async (t) => {
  for (const type of eventTypeNames) {
    const values = { string: ['a', 'b'], number: 1.5, boolean: false, ip: '2001:db8::1' }
    const record: Record<string, unknown> = { event_type: type }
    for (const name of propertyNames) {
      const row = properties[name]
      if (row.on.includes(type) && propertyRow(name)?.derivedFrom === undefined)
        record[name] = values[row.kind]
    }
    t.strictSame(eventOf(record), record)
  }
})

t.test(
  'values: empty text and null are none, also among others, pending is pending, a wrong type is none',
  async (t) => {
    const event = eventOf({
      event_type: 'image_load',
      image_name: '',
      image_path: null,
      image_signer: { pending: true },
      image_signed: { pending: true },
      file_size: 'many',
      process_name: { name: 'a' },
      internal_name: ['', 'a'],
      original_file_name: ['', ''],
    })
    t.strictSame(event, {
      event_type: 'image_load',
      source: 'standard',
      internal_name: 'a',
      image_signer: { pending: true },
      image_signed: { pending: true },
    })
  },
)

t.test('numbers and booleans may be text, and addresses are made canonical', async (t) => {
  const event = eventOf({
    event_type: 'logon',
    process_pid: '0x10',
    is_admin: 'true',
    remote_ip: '2001:DB8:0:0::1',
  })
  t.hasStrict(event, { process_pid: 16, is_admin: true, remote_ip: '2001:db8::1' })
})

t.test('derived properties are the engine’s to compute', async (t) => {
  t.notOk('file_extension' in eventOf({ event_type: 'file_create', file_extension: 'exe' }))
})

t.test('it is told from an event log by its event_type', async (t) => {
  const record = { event_type: 'log_clear', event_id: '5', log_name: 'Security' }
  t.hasStrict(eventOf(record), record)
})

t.test('an event type that does not exist is counted by its name', async (t) => {
  t.equal(labelOf({ event_type: 'proces_start' }), 'standard proces_start')
})
