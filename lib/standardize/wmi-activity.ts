/** WMI: Microsoft-Windows-WMI-Activity/Operational. Some shippers keep only the rendered message: unmapped. */
import type { Assignments, Source } from './mapping.js'
import { basename, constant, field, isOneOf, isPresent, number } from './sources.js'
import { account, channel, data, eventLog, on } from './windows-event-log.js'

/** ProcessID in the envelope of flat records is another process, so only the event's own is read. */
const hostPid = number(field('user_data.ProcessID', 'winlog.user_data.ProcessID', 'fields.ProcessID'))

interface WmiOperation {
  readonly ids: string
  /** Without it the record says nothing of use. */
  readonly needs: Source
  readonly set: Assignments
}

/** The log's events; `data` gives a field of the event itself. */
export function wmiOperations(data: (...names: string[]) => Source): readonly WmiOperation[] {
  const client = {
    ...account(data('User', 'PossibleCause')),
    process_pid: number(data('ClientProcessId', 'processid', 'Processid')),
    wmi_namespace: data('NamespaceName', 'Namespace'),
  }
  return [
    {
      ids: '5857',
      needs: data('ProviderName'),
      set: {
        operation: constant('load_provider'),
        process_name: basename(data('HostProcess')),
        process_pid: hostPid,
        wmi_name: data('ProviderName'),
        wmi_destination: data('ProviderPath'),
      },
    },
    {
      ids: '5858',
      needs: data('Operation'),
      set: { ...client, operation: constant('query_error'), wmi_query: data('Operation') },
    },
    {
      ids: '5859 5860',
      needs: data('Query'),
      set: { ...client, operation: constant('query'), wmi_query: data('Query') },
    },
    {
      ids: '5861',
      needs: data('ESS'),
      set: {
        operation: constant('bind'),
        wmi_namespace: data('Namespace'),
        wmi_query: data('ESS'),
        wmi_consumer: data('CONSUMER', 'Consumer'),
        wmi_destination: data('PossibleCause'),
      },
    },
  ]
}

export const wmiActivity = eventLog(
  'wmi_activity',
  [isOneOf(channel, 'Microsoft-Windows-WMI-Activity/Operational')],
  {
    absent: ['', '-'],
    common: {},
    routes: wmiOperations(data).map(({ ids, needs, set }) => on(ids, 'wmi', set, isPresent(needs))),
  },
)
