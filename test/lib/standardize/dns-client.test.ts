import t from 'tap'
import { eventOf, inEveryShape } from './records.js'

t.test('DNS-Client', async (t) => {
  const answered = {
    QueryName: 'a.example',
    QueryType: '28',
    QueryStatus: '0',
    QueryResults: '::ffff:192.0.2.1;2001:db8::1;',
  }
  for (const record of inEveryShape('Microsoft-Windows-DNS-Client/Operational', 3008, answered)) {
    const event = eventOf(record)
    t.hasStrict(event, {
      event_type: 'dns_query',
      query_name: 'a.example',
      query_type: 'AAAA',
      query_status: '0',
    })
    t.same(event.query_results, ['192.0.2.1', '2001:db8::1'])
  }
})
