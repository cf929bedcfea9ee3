import t from 'tap'
import { eventOf, flat, labelOf, winlogbeat7 } from './records.js'

t.test('Service Control Manager', async (t) => {
  const provider = { SourceName: 'Service Control Manager' }
  const scm = (id: number, data: Record<string, unknown>) => eventOf(flat('System', id, data, provider))
  const installed = {
    ServiceName: 'evil',
    ImagePath: '%COMSPEC% /c x',
    ServiceType: 'user mode service',
    StartType: 'demand start',
    AccountName: 'LocalSystem',
  }
  t.hasStrict(scm(7045, installed), {
    event_type: 'service_install',
    source: 'system',
    service_name: 'evil',
    service_path: '%COMSPEC% /c x',
    service_type: 'user mode service',
    service_start_type: 'demand',
    service_account: 'LocalSystem',
  })
  t.hasStrict(
    scm(7040, { param1: 'Windows Event Log', param2: 'auto start', param3: 'disabled', param4: 'EventLog' }),
    {
      event_type: 'service_change',
      operation: 'change_start_type',
      service_name: 'EventLog',
      service_start_type: 'disabled',
    },
  )
  t.hasStrict(scm(7036, { param1: 'Windows Event Log', param2: 'stopped' }), {
    operation: 'stopped',
    service_name: 'Windows Event Log',
  })
  t.hasStrict(scm(7034, { param1: 'Windows Search' }), { operation: 'crash' })
  t.equal(labelOf(flat('System', 7045, installed, { SourceName: 'Something Else' })), 'system 7045')
})

t.test('104: which log was cleared is not the log that says so', async (t) => {
  const provider = {
    provider_name: 'Microsoft-Windows-Eventlog',
    user_data: { Channel: 'Application', SubjectUserName: 'eve' },
  }
  t.hasStrict(eventOf(winlogbeat7('System', 104, {}, provider)), {
    event_type: 'log_clear',
    log_name: 'Application',
    username: 'eve',
  })
  t.notOk('log_name' in eventOf(flat('System', 104, {}, { SourceName: 'Microsoft-Windows-Eventlog' })))
})
