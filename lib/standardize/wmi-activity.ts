/** WMI: Microsoft-Windows-WMI-Activity/Operational. Some shippers keep only the rendered message: unmapped. */
import { basename, constant, field, isOneOf, isPresent, number } from './sources.js'
import { account, channel, data, eventLog, on } from './windows-event-log.js'

/** ProcessID in the envelope of flat records is another process, so only the event's own is read. */
const hostPid = number(field('user_data.ProcessID', 'winlog.user_data.ProcessID'))
const client = {
  ...account(data('User', 'PossibleCause')),
  process_pid: number(data('ClientProcessId', 'processid', 'Processid')),
  wmi_namespace: data('NamespaceName', 'Namespace'),
}

export const wmiActivity = eventLog(
  'wmi_activity',
  [isOneOf(channel, 'Microsoft-Windows-WMI-Activity/Operational')],
  {
    absent: ['', '-'],
    common: {},
    routes: [
      on(
        '5857',
        'wmi',
        {
          operation: constant('load_provider'),
          process_name: basename(data('HostProcess')),
          process_pid: hostPid,
          wmi_name: data('ProviderName'),
          wmi_destination: data('ProviderPath'),
        },
        isPresent(data('ProviderName')),
      ),
      on(
        '5858',
        'wmi',
        { ...client, operation: constant('query_error'), wmi_query: data('Operation') },
        isPresent(data('Operation')),
      ),
      on(
        '5859 5860',
        'wmi',
        { ...client, operation: constant('query'), wmi_query: data('Query') },
        isPresent(data('Query')),
      ),
      on(
        '5861',
        'wmi',
        {
          operation: constant('bind'),
          wmi_namespace: data('Namespace'),
          wmi_query: data('ESS'),
          wmi_consumer: data('CONSUMER', 'Consumer'),
          wmi_destination: data('PossibleCause'),
        },
        isPresent(data('ESS')),
      ),
    ],
  },
)
