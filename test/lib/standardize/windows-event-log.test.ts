import t from 'tap'
import { eventOf, flat, inEveryShape, labelOf, winlogbeat6, winlogbeat7 } from './records.js'

t.test('every shipper’s shape of an event gives the same properties', async (t) => {
  const ended = { ProcessId: '0x1730', ProcessName: 'C:\\Windows\\System32\\cmd.exe', Status: '0x1' }
  for (const record of inEveryShape('Security', 4689, ended)) {
    t.hasStrict(eventOf(record), {
      event_type: 'process_end',
      source: 'security',
      source_event: '4689',
      platform: 'windows',
      device_name: 'ws1.example',
      process_pid: 5936,
      process_name: 'cmd.exe',
      exit_code: 1,
    })
  }
})

t.test('the channel is the same in any case', async (t) => {
  for (const channel of ['Security', 'security', 'SECURITY']) {
    t.equal(eventOf(flat(channel, 1102, {})).event_type, 'log_clear')
  }
})

t.test('fields under user_data are read like event_data', async (t) => {
  const subject = { SubjectUserName: 'mallory', SubjectDomainName: 'EXAMPLE' }
  const nested = { ...winlogbeat6('Security', 1102, {}), event_data: undefined, user_data: subject }
  t.hasStrict(eventOf(nested), { event_type: 'log_clear', username: 'mallory', user_domain: 'EXAMPLE' })
  const seven = { winlog: { event_id: 1102, channel: 'Security', user_data: subject } }
  t.hasStrict(eventOf(seven), { username: 'mallory' })
})

t.test('the time of an event is never a local time taken for UTC', async (t) => {
  const timeOf = (fields: object) => eventOf(flat('Security', 1102, { ...fields })).event_time
  const local = '2020-10-22 02:57:55'
  const received = '2020-10-22T06:57:57.000Z'
  t.equal(
    timeOf({ UtcTime: '2020-10-22 06:57:55.600', EventTime: local, '@timestamp': received }),
    '2020-10-22T06:57:55.600Z',
    'UtcTime is UTC',
  )
  t.equal(
    timeOf({ EventTime: '2020-10-22T02:57:55-04:00', '@timestamp': received }),
    '2020-10-22T06:57:55Z',
    'EventTime with its zone comes before the time of receipt',
  )
  t.equal(timeOf({ EventTime: local, '@timestamp': received }), received)
  t.equal(timeOf({ EventTime: local }), undefined)
  t.equal(timeOf({ '@timestamp': local }), undefined, 'a shipper may write a local time too')
  t.equal(timeOf({ UtcTime: 'yesterday', EventTime: local }), undefined)
  t.equal(eventOf(winlogbeat7('Security', 1102, {})).event_time, '2020-01-02T03:04:05.678Z')
})

t.test(
  'a flat record’s TimeCreated is local time, Z or no Z, and @timestamp beside it is its copy',
  async (t) => {
    const timeOf = (TimeCreated: string) =>
      eventOf(flat('Security', 1102, { TimeCreated, '@timestamp': TimeCreated })).event_time
    t.equal(timeOf('2020-10-22 02:57:55.605'), undefined)
    t.equal(timeOf('2020-10-22T02:57:55.605Z'), undefined)
    t.equal(timeOf('2020-10-22T02:57:55.605-04:00'), '2020-10-22T06:57:55.605Z', 'an offset is a zone')
  },
)

t.test('an event that no mapping knows is counted by its log and number', async (t) => {
  t.equal(labelOf(flat('Security', 4658, {})), 'security 4658')
  t.equal(labelOf(winlogbeat7('Application', 1001, {})), 'Application 1001')
  t.equal(labelOf({ hello: 'world' }), 'unrecognised')
  t.equal(labelOf({ EventID: null, Channel: 'Security' }), 'unrecognised')
})

t.test('the rendered message is never read', async (t) => {
  const message = 'Process Create:\r\nImage: C:\\evil.exe\r\nCommandLine: evil'
  const event = eventOf(flat('Microsoft-Windows-Sysmon/Operational', 1, { Message: message, message }))
  t.notMatch(JSON.stringify(event), /evil/)
})

t.test(
  'NXLog leaves & < > as they are written in XML: every text of its records is decoded, once',
  async (t) => {
    const nxlog = { SourceModuleType: 'im_msvistalog' }
    const escaped = (data: object) => eventOf(flat('Security', 4688, { ...data }, nxlog))
    t.equal(
      escaped({ CommandLine: 'cmd /c a &amp; b &gt; c &amp;lt;' }).command_line,
      'cmd /c a & b > c &lt;',
    )
    const xml = '<Exec><Command>a</Command><Arguments>&quot;b&quot; &amp; c</Arguments></Exec>'
    const content = xml.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
    t.hasStrict(eventOf(flat('Security', 4698, { TaskContent: content }, nxlog)), {
      task_content: xml,
      task_command: 'a "b" & c',
    })
    const unknown = flat(
      'Microsoft-Windows-Sysmon/Operational',
      3,
      { Image: '&lt;unknown process&gt;' },
      nxlog,
    )
    t.notOk('process_path' in eventOf(unknown), 'no value is told after decoding')
    t.equal(
      eventOf(flat('Security', 4688, { CommandLine: 'a &amp; b' })).command_line,
      'a &amp; b',
      'of its only',
    )
  },
)
