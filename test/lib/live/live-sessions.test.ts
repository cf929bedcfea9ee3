import t from 'tap'
import type { WantedEvents } from '../../../lib/live/live-providers.js'
import { sessionsFor } from '../../../lib/live/live-sessions.js'
import type { NativeSession } from '../../../lib/live/native-live.js'
import { type EventTypeName, eventTypeNames } from '../../../lib/schema/event-types.js'

const sessions = (wanted: Partial<WantedEvents>, kernelEvents: 'logger' | 'providers' = 'logger') =>
  sessionsFor({ types: [], ...wanted }, kernelEvents)
/** The kernel's flags, and the providers beside Kernel-Process, which is there in any case. */
const ofLogger = (...types: EventTypeName[]) => {
  const [kernel, providers] = sessions({ types })
  const [, ...others] = providers ? providerNames(providers) : []
  return [kernel?.kernelFlags.toString(16), ...(others.length > 0 ? [others] : [])]
}
const providerNames = ({ providers }: NativeSession) =>
  providers.map(({ name }) => name.replace('Microsoft-Windows-', ''))

t.test('a session of the kernel tells of processes and their images in any case', (t) => {
  t.same(ofLogger(), ['5'])
  for (const type of ['process_start', 'process_end', 'image_load', 'driver_load'] as const)
    t.same(ofLogger(type), ['5'], type)
  t.end()
})

t.test('and of what detectors look at', (t) => {
  t.same(ofLogger('remote_thread'), ['7', ['Threat-Intelligence']])
  t.same(ofLogger('network_connection'), ['10005'])
  for (const type of ['registry_create', 'registry_set', 'registry_delete'] as const)
    t.same(ofLogger(type), ['20007'], type)
  for (const type of ['file_create', 'file_modify', 'file_delete', 'file_rename'] as const)
    t.same(ofLogger(type), ['6000207'], type)
  t.equal(sessions({ fileChanges: true })[0]?.kernelFlags, 0x600_0207, 'or what ends what is known of files')
  t.same(ofLogger('network_connection', 'registry_set'), ['30007'])
  t.end()
})

t.test('Kernel-Process is beside it, for what it alone tells of processes', (t) => {
  const [, beside] = sessions({})
  t.match(beside, { name: 'providers', kernelFlags: 0 })
  t.match(beside?.providers, [
    { name: 'Microsoft-Windows-Kernel-Process', keyword: 0x10n, stacks: [], captureState: true },
  ])
  const stacked = sessions({ types: eventTypeNames, stacks: new Set(eventTypeNames) })
  t.match(stacked[1]?.providers[0], { keyword: 0x10n, stacks: [] }, 'the logger has the stacks')
  t.end()
})

t.test('providers have a session of their own', (t) => {
  t.same(ofLogger('dns_query'), ['5', ['DNS-Client']])
  t.same(ofLogger('script'), ['5', ['PowerShell', 'PowerShellCore', 'Microsoft-Antimalware-Scan-Interface']])
  t.same(ofLogger('wmi'), ['5', ['WMI-Activity']])
  t.same(ofLogger('process_access'), ['5', ['Kernel-Audit-API-Calls', 'Threat-Intelligence']])
  t.equal(sessions({ types: ['wmi'] })[1]?.kernelFlags, 0)
  t.end()
})

t.test('the kernel has providers too, in the place of its logger', (t) => {
  const all = sessions({ types: ['file_create', 'dns_query'] }, 'providers')
  t.same(all.map(providerNames), [['Kernel-Process', 'Kernel-File', 'DNS-Client']])
  t.equal(all[0]?.kernelFlags, 0)
  t.end()
})

t.test('call stacks are asked for where somebody wants them, each kind of event once', (t) => {
  const stacksOf = (...types: EventTypeName[]) =>
    sessions({ types: eventTypeNames, stacks: new Set(types) })[0]?.kernelStacks.map(
      ({ provider, type }) => `${provider.slice(0, 8)} ${type}`,
    )
  t.same(stacksOf('process_start', 'process_end'), ['3d6fa8d0 1', '3d6fa8d0 2'])
  t.same(stacksOf('image_load', 'driver_load'), ['2cb15d1d 10'])
  t.same(stacksOf('remote_thread'), ['3d6fa8d1 1'])
  t.same(stacksOf('file_create'), ['90cbdc39 64'])
  t.same(stacksOf('file_modify'), ['90cbdc39 68'], 'and not that of each file that is opened')
  t.same(stacksOf('file_delete'), ['90cbdc39 70', '90cbdc39 79'])
  t.same(stacksOf('file_rename'), ['90cbdc39 71', '90cbdc39 80'])
  t.same(stacksOf('registry_create'), ['ae53722e 10'])
  t.same(stacksOf('registry_set'), ['ae53722e 14'])
  t.same(stacksOf('registry_delete'), ['ae53722e 12', 'ae53722e 15'])
  t.same(stacksOf('network_connection'), ['9a280ac0 12', '9a280ac0 15', '9a280ac0 28', '9a280ac0 31'])
  t.same(stacksOf('dns_query'), [])
  t.end()
})

t.test('and of nothing else', (t) => {
  for (const { kernelStacks, providers } of sessions({ types: eventTypeNames })) {
    t.same(kernelStacks, [])
    t.notOk(providers.some(({ stacks }) => stacks.length > 0))
  }
  t.end()
})

t.test('Windows takes 256 kinds of events with a stack, and no more', (t) => {
  const [kernel] = sessions({ types: eventTypeNames, stacks: new Set(eventTypeNames) })
  t.ok(kernel && kernel.kernelStacks.length > 15 && kernel.kernelStacks.length < 256)
  t.end()
})

t.test('names say what sessions are for', (t) => {
  t.same(
    sessions({ types: eventTypeNames }).map(({ name }) => name),
    ['kernel', 'providers'],
  )
  t.end()
})
