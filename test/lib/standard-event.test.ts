import t from 'tap'
import { eventProblems } from '../../lib/standard-event.js'

t.test('what is in standard form', async (t) => {
  const values = {
    process_pid: 4,
    working_directory: undefined,
    command_line: { pending: true },
  }
  t.strictSame(eventProblems({ event_type: 'process_start', ...values }), [])
  t.strictSame(eventProblems({ event_type: 'network_connection', remote_ip: '2001:db8::1' }), [])
  t.strictSame(eventProblems({ event_type: 'dns_query', query_results: ['a', 'b'] }), [])
  t.strictSame(eventProblems({ event_type: 'image_load', image_signed: false }), [])
})

t.test('what is none, and what to write instead', async (t) => {
  const start = { event_type: 'process_start' }
  const wrong: [unknown, string][] = [
    [null, 'an event is an object in standard form, not null'],
    ['x', "an event is an object in standard form, not 'x'"],
    [[], 'an event is an object in standard form, not []'],
    [{}, 'event_type must be an event type of the schema, not undefined'],
    [
      { event_type: 'proces_start' },
      "event_type must be an event type of the schema, not 'proces_start'; did you mean `process_start`?",
    ],
    [Object.create(start), 'event_type must be an event type of the schema, not undefined'],
    [{ ...start, Image: 'x' }, 'there is no property `Image`; did you mean `process_path`?'],
    [
      { ...start, raw_device: 'x' },
      '`process_start` events have no property `raw_device`; `raw_device` is on `raw_disk_read`',
    ],
    [{ ...start, process_pid: '4' }, "process_pid must be a number, not '4'"],
    [{ ...start, process_pid: Number.NaN }, 'process_pid must be a number, not NaN'],
    [
      { ...start, process_name: null },
      'process_name must be text, not null; leave it out when it is missing',
    ],
    [{ ...start, process_name: ['a'] }, "process_name must be text, not [ 'a' ]"],
    [{ ...start, process_name: Object.create({ pending: true }) }, 'process_name must be text, not {}'],
    [{ ...start, process_name: { pending: 1 } }, 'process_name must be text, not { pending: 1 }'],
    [
      { event_type: 'dns_query', query_results: [1] },
      'query_results must be text, or an array of it, not [ 1 ]',
    ],
    [
      { ...start, command_line_length: 5 },
      '`command_line_length` is derived from `command_line`; write `command_line`: it follows from that',
    ],
    [{ event_type: 'image_load', image_signed: 'true' }, "image_signed must be true or false, not 'true'"],
    [{ event_type: 'network_connection', remote_ip: 'x' }, "remote_ip must be an IP address, not 'x'"],
  ]
  for (const [event, problem] of wrong) t.strictSame(eventProblems(event), [problem])
})

t.test('all that is wrong with an event is told', async (t) => {
  t.strictSame(eventProblems({ event_type: 'process_start', process_pid: '4', process_name: 5 }), [
    "process_pid must be a number, not '4'",
    'process_name must be text, not 5',
  ])
})
