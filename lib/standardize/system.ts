/** The System log: Service Control Manager (7045, 7040, 7036, 7031, 7034), Eventlog (104). */
import type { Assignments } from './mapping.js'
import { constant, field, first, isOneOf, lookup } from './sources.js'
import {
  channel,
  data,
  eventLog,
  on,
  provider,
  writerDomain,
  writerName,
  writerSid,
} from './windows-event-log.js'
import { serviceStartTypes } from './windows-values.js'

const fromServiceControlManager = isOneOf(
  provider,
  'Service Control Manager',
  'Microsoft-Windows-Service Control Manager',
)

/**
 * The account that asked for it wrote the event. Not read for 7045: its own AccountName is the
 * service's, and a flat record has but one field of that name.
 */
const writer: Assignments = { username: writerName, user_domain: writerDomain, user_sid: writerSid }

export const system = eventLog('system', [isOneOf(channel, 'System')], {
  absent: ['', '-'],
  common: {},
  routes: [
    on(
      '7045',
      'service_install',
      {
        service_name: data('ServiceName'),
        service_path: data('ImagePath'),
        service_type: data('ServiceType'),
        service_start_type: lookup(data('StartType'), serviceStartTypes),
        service_account: data('AccountName'),
      },
      fromServiceControlManager,
    ),
    on(
      '7040',
      'service_change',
      {
        ...writer,
        operation: constant('change_start_type'),
        service_name: first(data('param4'), data('param1')),
        service_start_type: lookup(data('param3'), serviceStartTypes),
      },
      fromServiceControlManager,
    ),
    on(
      '7036',
      'service_change',
      { operation: data('param2'), service_name: data('param1') },
      fromServiceControlManager,
    ),
    on(
      '7031 7034',
      'service_change',
      { operation: constant('crash'), service_name: data('param1') },
      fromServiceControlManager,
    ),
    on(
      '104',
      'log_clear',
      {
        username: data('SubjectUserName'),
        user_domain: data('SubjectDomainName'),
        log_name: field('user_data.Channel', 'winlog.user_data.Channel'),
      },
      isOneOf(provider, 'Microsoft-Windows-Eventlog'),
    ),
  ],
})
