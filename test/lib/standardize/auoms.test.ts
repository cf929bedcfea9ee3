import t from 'tap'
import { eventOf, labelOf } from './records.js'

t.test('auoms: an execve that succeeded is a process_start', async (t) => {
  const record = (success: string) => ({
    Computer: 'lx1',
    EventTime: '2022-05-11T18:10:22Z',
    ProcessName: 'auoms',
    SyslogMessage: 'type=AUOMS_EXECVE audit(1652292621.986:84138): …',
    EventType: 'AUOMS_EXECVE',
    EventData: `node=lx1 success=${success} exit=0 ppid=10 pid=20 audit_user=unset user=tomcat comm="bash" exe="/bin/bash" cwd="/tmp dir" cmdline="bash -c "id; x"" redactors= containerid=`,
  })
  t.hasStrict(eventOf(record('yes')), {
    event_type: 'process_start',
    platform: 'linux',
    device_name: 'lx1',
    event_id: '1652292621.986:84138',
    process_pid: 20,
    parent_pid: 10,
    process_path: '/bin/bash',
    process_name: 'bash',
    command_line: 'bash -c "id; x"',
    working_directory: '/tmp dir',
    username: 'tomcat',
  })
  t.equal(labelOf(record('no')), 'auoms AUOMS_EXECVE')
})
