/**
 * Linux audit records of the OMS agent (auoms), as Sentinel's Syslog table has them: EventData is one
 * line of ` name=value`, quotes around some values and never escaped.
 */
import type { Mapping, Source } from './mapping.js'
import {
  afterFirst,
  basename,
  beforeFirst,
  beforeLast,
  constant,
  field,
  isOneOf,
  join,
  number,
  time,
} from './sources.js'

const audit = field('EventData')
const word = (name: string): Source => beforeFirst(afterFirst(audit, ` ${name}=`), ' ')
const quoted = (name: string): Source => beforeFirst(afterFirst(audit, ` ${name}="`), '"')
const eventType = field('EventType')

export const auoms: Mapping = {
  name: 'auoms',
  recognise: [[['EventData'], ['EventType'], ['SyslogMessage']]],
  when: [isOneOf(field('ProcessName'), 'auoms')],
  absent: ['', 'unset', '(none)'],
  common: {
    event_time: time(field('EventTime', 'TimeGenerated')),
    event_id: beforeFirst(afterFirst(field('SyslogMessage'), 'audit('), ')'),
    source_event: eventType,
    platform: constant('linux'),
    device_name: field('Computer', 'HostName'),
    tenant_id: field('TenantId'),
    process_pid: number(word('pid')),
    username: word('user'),
  },
  routes: [
    {
      event: 'process_start',
      when: [isOneOf(eventType, 'AUOMS_EXECVE'), isOneOf(word('success'), 'yes')],
      set: {
        process_path: quoted('exe'),
        process_name: basename(quoted('exe')),
        file_name: basename(quoted('exe')),
        command_line: beforeLast(afterFirst(audit, ' cmdline="'), '" redactors='),
        working_directory: quoted('cwd'),
        parent_pid: number(word('ppid')),
      },
    },
  ],
  label: join(' ', constant('auoms'), eventType),
}
