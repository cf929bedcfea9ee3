/**
 * Windows event logs, whatever shipped them: flat (NXLog and its like: EventID, Channel and the
 * event's own fields side by side), Winlogbeat 6 (event_id, event_data) and Winlogbeat 7 and later
 * (winlog.event_id, winlog.event_data). Each log's file says what its events mean.
 */

import type { EventTypeName } from '../schema/event-types.js'
import type { Assignments, Condition, Mapping, Route, Source } from './mapping.js'
import {
  afterLast,
  beforeLast,
  constant,
  field,
  first,
  isOneOf,
  join,
  lookupOnly,
  number,
  select,
  time,
  zonedTime,
} from './sources.js'

/** A field of the event itself; of several names the first present one. */
export const data = (...names: readonly string[]): Source =>
  field(
    ...names.flatMap((name) => [
      name,
      `event_data.${name}`,
      `winlog.event_data.${name}`,
      `user_data.${name}`,
      `winlog.user_data.${name}`,
    ]),
  )

export const eventId = field('EventID', 'event_id', 'winlog.event_id')
export const channel = field('Channel', 'log_name', 'winlog.channel')
export const provider = field('SourceName', 'source_name', 'winlog.provider_name', 'Provider')

/** The process and the account that wrote the event: only of use where that is who acted. */
export const writerPid = number(field('ExecutionProcessID', 'process_id', 'winlog.process.pid'))
export const writerName = field('AccountName', 'user.name', 'winlog.user.name')
export const writerDomain = field('Domain', 'user.domain', 'winlog.user.domain')
export const writerSid = field('UserID', 'user.identifier', 'winlog.user.identifier')

/** What the audit policy logged the event for; flat shippers give the event's keywords as a number. */
export const auditOutcome = lookupOnly(
  field('EventType', 'keywords', 'winlog.keywords', 'event.outcome', 'Keywords'),
  {
    AUDIT_SUCCESS: 'success',
    'Audit Success': 'success',
    success: 'success',
    '0x8020000000000000': 'success',
    '-9214364837600034816': 'success',
    AUDIT_FAILURE: 'failure',
    'Audit Failure': 'failure',
    failure: 'failure',
    '0x8010000000000000': 'failure',
    '-9218868437227405312': 'failure',
  },
)

/** DOMAIN\name, as two properties. */
export const account = (user: Source): Assignments => ({
  username: afterLast(user, '\\'),
  user_domain: beforeLast(user, '\\'),
})

/**
 * UtcTime, which Sysmon alone has, is UTC by definition. EventTime and TimeCreated of flat records are local
 * times, of use only with their zone; but TimeCreated with a Z has none: it is 4 to 19 hours off UtcTime in
 * every capture that has it. @timestamp is when a flat shipper received the event, to within minutes, unless
 * it stands beside TimeCreated, whose copy it is then.
 */
const received = select(join('', constant('no TimeCreated'), field('TimeCreated')), {
  'no TimeCreated': zonedTime(field('@timestamp')),
})
const envelope: Assignments = {
  event_time: first(
    time(data('UtcTime')),
    zonedTime(field('EventTime')),
    zonedTime(afterLast(field('TimeCreated'), 'Z')),
    received,
  ),
  event_id: field('RecordNumber', 'record_number', 'winlog.record_id', 'EventRecordID'),
  source_event: eventId,
  platform: constant('windows'),
  device_name: field('Hostname', 'computer_name', 'winlog.computer_name', 'Computer'),
}

/** NXLog takes an event's fields from its XML, and leaves & < > as they are written there. */
const escaped = [isOneOf(field('SourceModuleType'), 'im_msvistalog')]

/** A mapping for one log: `when` tells it from the others, and `mapping` says the rest. */
export const eventLog = (
  name: string,
  when: readonly Condition[],
  { absent, common, routes }: Pick<Mapping, 'absent' | 'common' | 'routes'>,
): Mapping => ({
  name,
  recognise: [
    [['EventID'], ['Channel']],
    [['event_id'], ['log_name']],
    [
      ['winlog', 'event_id'],
      ['winlog', 'channel'],
    ],
  ],
  when,
  absent,
  escaped,
  common: { ...envelope, ...common },
  routes,
  label: join(' ', constant(name), eventId),
})

/** The route of one or more event ids. */
export const on = (
  ids: string,
  event: EventTypeName,
  set: Assignments = {},
  ...when: readonly Condition[]
): Route => ({
  event,
  when: [isOneOf(eventId, ...ids.split(' ')), ...when],
  set,
})

/** Last of the event logs: counts what no other mapping knows, by channel and event id. */
export const otherEventLogs: Mapping = {
  ...eventLog('event_log', [], { absent: ['', '-'], common: {}, routes: [] }),
  label: join(' ', channel, eventId),
}
