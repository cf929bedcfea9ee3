import t from 'tap'
import { eventOf, flat } from './records.js'

t.test('Task Scheduler', async (t) => {
  const channel = 'Microsoft-Windows-TaskScheduler/Operational'
  t.hasStrict(eventOf(flat(channel, 106, { TaskName: '\\Evil', UserContext: 'EXAMPLE\\eve' })), {
    event_type: 'scheduled_task',
    operation: 'create',
    task_name: '\\Evil',
    username: 'eve',
    user_domain: 'EXAMPLE',
  })
  t.hasStrict(eventOf(flat(channel, 200, { TaskName: '\\Evil', ActionName: 'evil.exe' })), {
    operation: 'start',
    task_command: 'evil.exe',
  })
  t.equal(eventOf(flat(channel, 141, {})).operation, 'delete')
})
