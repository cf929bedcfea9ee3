/** The resolver: Microsoft-Windows-DNS-Client/Operational, a query's call (3006) and its end (3008). */
import type { Assignments, Source } from './mapping.js'
import { dnsAnswers, isOneOf, lookup } from './sources.js'
import {
  channel,
  data,
  eventLog,
  on,
  writerDomain,
  writerName,
  writerPid,
  writerSid,
} from './windows-event-log.js'
import { dnsRecordTypes } from './windows-values.js'

/** `data` gives a field of the event itself. */
export const dnsQuery = (data: (...names: string[]) => Source): Assignments => ({
  query_name: data('QueryName'),
  query_type: lookup(data('QueryType'), dnsRecordTypes),
  query_status: data('QueryStatus', 'Status'),
  query_results: dnsAnswers(data('QueryResults')),
})

export const dnsClient = eventLog(
  'dns_client',
  [isOneOf(channel, 'Microsoft-Windows-DNS-Client/Operational')],
  {
    absent: ['', '-'],
    common: { process_pid: writerPid, username: writerName, user_domain: writerDomain, user_sid: writerSid },
    routes: [on('3006 3008', 'dns_query', dnsQuery(data))],
  },
)
