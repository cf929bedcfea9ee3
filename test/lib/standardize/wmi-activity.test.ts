import t from 'tap'
import { eventOf, flat, labelOf, winlogbeat6 } from './records.js'

t.test('WMI-Activity', async (t) => {
  const channel = 'Microsoft-Windows-WMI-Activity/Operational'
  const loaded = {
    ...winlogbeat6(channel, 5857, {}),
    user_data: {
      ProviderName: 'P',
      ProcessID: '4772',
      HostProcess: 'wmiprvse.exe',
      ProviderPath: '%systemroot%\\p.dll',
    },
  }
  t.hasStrict(eventOf(loaded), {
    event_type: 'wmi',
    operation: 'load_provider',
    wmi_name: 'P',
    process_pid: 4772,
    process_name: 'wmiprvse.exe',
  })
  const bound = {
    ...winlogbeat6(channel, 5861, {}),
    user_data: { Namespace: '//./root/subscription', ESS: 'F', CONSUMER: 'C' },
  }
  t.hasStrict(eventOf(bound), {
    operation: 'bind',
    wmi_namespace: '//./root/subscription',
    wmi_query: 'F',
    wmi_consumer: 'C',
  })
  t.equal(labelOf(flat(channel, 5857, { Message: 'P provider started' })), 'wmi_activity 5857')
})
