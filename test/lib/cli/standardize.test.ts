import t from 'tap'
import { nuthatch, rule } from './nuthatch.js'

const sysmon = {
  EventID: 1,
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  SourceName: 'Microsoft-Windows-Sysmon',
  UtcTime: '2026-03-02 08:00:00.000',
  ProcessGuid: '{8b4c3a76-9311-2d0c-05a8-3fe8193cbeb4}',
  ProcessId: '5770',
  Image: 'C:\\Windows\\System32\\cmd.exe',
  CommandLine: 'cmd 1 -bxor 2',
}
const cwd = t.testdir({ 'rule.rb': rule, 'sysmon.ndjson': `${JSON.stringify(sysmon)}\n{"no":"vendor"}\n` })

t.test('a vendor record becomes a standard event; what nobody knows is counted', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['standardize', 'sysmon.ndjson'], { cwd })
  t.match(JSON.parse(stdout), { event_type: 'process_start', process_name: 'cmd.exe', process_pid: 5770 })
  t.match(stderr, /^1 event from 2 records/)
  t.match(stderr, /1 not mapped to an event type: /)
  t.equal(code, 0)
})

t.test('standard events are telemetry too, with the same detections', async (t) => {
  const { stdout } = await nuthatch(['standardize', 'sysmon.ndjson'], { cwd })
  const [direct, through] = await Promise.all([
    nuthatch(['run', '-r', 'rule.rb', 'sysmon.ndjson'], { cwd }),
    nuthatch(['run', '-r', 'rule.rb', '-'], { cwd, stdin: stdout }),
  ])
  const { event, matched } = JSON.parse(direct.stdout)
  t.match(JSON.parse(through.stdout), { detector: 'bxor', matched, event: { ...event, source: String } })
})
