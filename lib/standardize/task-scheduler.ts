/** Task Scheduler: Microsoft-Windows-TaskScheduler/Operational. */
import { constant, first, isOneOf } from './sources.js'
import { account, channel, data, eventLog, on } from './windows-event-log.js'

const task = (operation: string) => ({
  ...account(first(data('UserContext'), data('UserName'))),
  operation: constant(operation),
  task_name: data('TaskName'),
  task_command: data('ActionName', 'Path'),
})

export const taskScheduler = eventLog(
  'task_scheduler',
  [isOneOf(channel, 'Microsoft-Windows-TaskScheduler/Operational')],
  {
    absent: ['', '-'],
    common: {},
    routes: [
      on('106', 'scheduled_task', task('create')),
      on('140', 'scheduled_task', task('update')),
      on('141', 'scheduled_task', task('delete')),
      on('142', 'scheduled_task', task('disable')),
      on('100 129 200', 'scheduled_task', task('start')),
    ],
  },
)
