import t from 'tap'
import { sessionsFor } from '../../../lib/live/live-sessions.js'
import { eventTypeNames } from '../../../lib/schema/event-types.js'

const namesOf = (types: Parameters<typeof sessionsFor>[0], kernelEvents: 'logger' | 'providers' = 'logger') =>
  sessionsFor(types, 42, kernelEvents).map(({ kernelFlags, providers }) => ({
    kernelFlags,
    providers: providers.map(({ name }) => name),
  }))

t.test('a session of the kernel tells of processes and their images in any case', (t) => {
  t.same(namesOf([]), [{ kernelFlags: 0x5, providers: [] }])
  t.same(namesOf(['process_start', 'process_end']), [{ kernelFlags: 0x5, providers: [] }])
  t.end()
})

t.test('and of what detectors look at', (t) => {
  t.same(namesOf(['image_load']), [{ kernelFlags: 0x5, providers: [] }])
  t.same(namesOf(['network_connection', 'registry_set']), [{ kernelFlags: 0x3_0007, providers: [] }])
  t.same(namesOf(['file_create']), [{ kernelFlags: 0x600_0207, providers: [] }])
  t.end()
})

t.test('providers have a session of their own', (t) => {
  t.same(namesOf(['dns_query']), [
    { kernelFlags: 0x5, providers: [] },
    { kernelFlags: 0, providers: ['Microsoft-Windows-DNS-Client'] },
  ])
  t.same(namesOf(['script'])[1]?.providers.sort(), [
    'Microsoft-Antimalware-Scan-Interface',
    'Microsoft-Windows-PowerShell',
    'PowerShellCore',
  ])
  t.same(namesOf(['process_access'])[1]?.providers.sort(), [
    'Microsoft-Windows-Kernel-Audit-API-Calls',
    'Microsoft-Windows-Threat-Intelligence',
  ])
  t.end()
})

t.test('the kernel has providers too, in the place of its logger', (t) => {
  t.same(namesOf(['file_create', 'dns_query'], 'providers'), [
    {
      kernelFlags: 0,
      providers: [
        'Microsoft-Windows-Kernel-Process',
        'Microsoft-Windows-Kernel-File',
        'Microsoft-Windows-DNS-Client',
      ],
    },
  ])
  t.end()
})

t.test('call stacks are asked for where somebody wants them, each kind of event once', (t) => {
  const [kernel, providers] = sessionsFor(
    ['image_load', 'driver_load', 'dns_query', 'script'],
    42,
    'logger',
    new Set(['image_load', 'driver_load', 'dns_query'] as const),
  )
  t.same(kernel?.kernelStacks, [{ provider: '2cb15d1d-5fc1-11d2-abe1-00a0c911f518', type: 10 }])
  t.same(
    providers?.providers.filter(({ stacks }) => stacks).map(({ name }) => name),
    ['Microsoft-Windows-DNS-Client'],
  )
  for (const { kernelStacks, providers } of sessionsFor(eventTypeNames, 42, 'logger')) {
    t.same(kernelStacks, [])
    t.notOk(providers.some(({ stacks }) => stacks))
  }
  t.end()
})

t.test('of the kernel as well by its providers', (t) => {
  const stacked = (type: 'file_create' | 'image_load') =>
    sessionsFor(eventTypeNames, 42, 'providers', new Set([type])).flatMap(({ providers }) =>
      providers.filter(({ stacks }) => stacks).map(({ name }) => name),
    )
  t.same(stacked('file_create'), ['Microsoft-Windows-Kernel-File'])
  t.same(stacked('image_load'), ['Microsoft-Windows-Kernel-Process'])
  t.end()
})

t.test('Windows takes 256 kinds of events with a stack, and no more', (t) => {
  const [kernel] = sessionsFor(eventTypeNames, 42, 'logger', new Set(eventTypeNames))
  t.ok(kernel && kernel.kernelStacks.length > 15 && kernel.kernelStacks.length < 256)
  t.end()
})

t.test('names say whose sessions they are, and no two are the same', (t) => {
  const names = [1, 2].flatMap(() => sessionsFor(eventTypeNames, 42, 'logger').map(({ name }) => name))
  t.equal(new Set(names).size, 4)
  for (const name of names) t.match(name, /^Nuthatch 42 \d+ (kernel|providers)$/)
  t.end()
})
