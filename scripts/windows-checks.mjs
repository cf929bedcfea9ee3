// What scripts/verify-windows.mjs checks on a real Windows machine: a claim each, rules that are to fire, and what has
// to be done for that. All of it is harmless, and what it makes it removes.
import { execFile, spawn } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { functionsIn, requireDetections, Skipped, sessionsIn, summaryOf } from './verification.mjs'

const run = promisify(execFile)
const NAME = 'nuthatch-verify'
const includes = (type, property) => `${type}_property_includes?(property: ${property}, string: '${NAME}')`
const exists = (type, property) => `${type}_property_exists?(property: ${property})`

/** By check; each detector is named after its file. */
export const rulesOfChecks = {
  processes: {
    'started.rb': includes('process_start', 'command_line'),
    'parent.rb': `process_start_property_equals?(property: process_name, string: 'cmd.exe') &&
      process_start_property_ends_with?(property: parent_path, string: 'node.exe')`,
    'ended.rb': `process_end_property_equals?(property: process_name, string: 'cmd.exe')`,
    'loaded.rb': `image_load_property_ends_with?(property: image_path, string: 'ntdll.dll')`,
  },
  names: { 'asked.rb': includes('dns_query', 'query_name') },
  signatures: {
    'signed.rb': `image_load_property_ends_with?(property: image_path, string: 'ntdll.dll') &&
      image_load_signed_by_any?(signers: ['Microsoft'])`,
  },
  files: Object.fromEntries(
    ['create', 'modify', 'rename', 'delete'].map((what) => [
      `${what}.rb`,
      includes(`file_${what}`, 'file_path'),
    ]),
  ),
  registry: Object.fromEntries(
    ['create', 'set', 'delete'].map((what) => [`${what}.rb`, includes(`registry_${what}`, 'registry_path')]),
  ),
  network: { 'connected.rb': exists('network_connection', 'remote_port') },
  powershell: {
    'block.rb': `${includes('script', 'script_content')} &&
      script_property_includes?(property: source_event, string: 'PowerShell')`,
  },
  amsi: {
    'scanned.rb': `${includes('script', 'script_content')} &&
      script_property_includes?(property: source_event, string: 'Antimalware-Scan-Interface')`,
  },
  wmi: { 'query.rb': includes('wmi', 'wmi_query') },
  access: { 'opened.rb': exists('process_access', 'granted_access') },
  stacks: {
    'stack.rb': `process_start_property_exists?(property: callstack_summary) &&
      process_start_property_includes?(property: callstack_summary, string: 'ntdll.dll')`,
    'symbols.rb': exists('image_load', 'callstack_symbols'),
  },
  evasion: {
    'evasive.rb': `${includes('process_start', 'command_line')} &&
      process_start_property_is_true?(property: evasion_direct_syscall)`,
    'plain.rb': `${includes('process_start', 'command_line')} &&
      process_start_property_exists?(property: callstack_summary)`,
  },
}

const command = () => run('cmd.exe', ['/c', 'echo', NAME])
const powershell = (text) => run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', text])
const sessions = async (pid) => sessionsIn((await run('logman', ['query', '-ets'])).stdout, pid)

async function useFile() {
  const folder = mkdtempSync(join(tmpdir(), `${NAME}-`))
  const path = join(folder, 'a.txt')
  writeFileSync(path, 'a')
  renameSync(path, join(folder, 'b.txt'))
  rmSync(folder, { recursive: true })
}

async function useRegistry() {
  const key = `HKCU\\Software\\${NAME}`
  await run('reg', ['add', key, '/v', 'a', '/d', 'b', '/f'])
  await run('reg', ['delete', key, '/v', 'a', '/f'])
  await run('reg', ['delete', key, '/f'])
}

async function connectHere() {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect(server.address().port, '127.0.0.1')
  await once(socket.resume(), 'close')
  server.close()
}

/** Another node.exe that watches, says so once its sessions run, and does what else is said. */
const startWatcher = (library, then = '') =>
  spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `const { compile, openTrace } = await import(${JSON.stringify(library)})
    const detectors = await compile({ files: { 'a.rb': 'windows?' } })
    const reading = detectors.evaluate(openTrace({ live: true }))
    console.log(await reading.next().then(() => 'it runs', ({ code }) => code))
    ${then}
    for await (const _ of reading);`,
  ])

/**
 * @param {object} nuthatch what the package exports
 * @param {string} library its URL, for other processes
 * @param {string | undefined} symbolPath where PDBs are
 * @returns claims, each with what shows it
 */
export function checksOf(nuthatch, library, symbolPath) {
  const watcher = new Watcher(nuthatch)
  return [
    ...kernelChecks(watcher),
    ...providerChecks(watcher),
    ...stackChecks(watcher, symbolPath),
    ...sessionChecks(watcher, library),
  ]
}

class Watcher {
  constructor({ compile, openTrace }) {
    this.compile = compile
    this.openTrace = openTrace
  }

  /** Evaluates for some seconds, in which `act` is done after the first. */
  async watch(rules, { act = async () => {}, seconds = 6, live = {} } = {}) {
    const detectors = await this.compile({ files: rulesOfChecks[rules] })
    const found = {}
    const problems = []
    const onProblem = ({ code, message }) => problems.push({ code, message })
    const evaluation = detectors.evaluate(this.openTrace({ live }), { onProblem })
    const acted = sleep(1000)
      .then(act)
      .catch(({ message }) => problems.push({ code: 'ACT', message }))
    setTimeout(() => evaluation.stop(), seconds * 1000)
    for await (const batch of evaluation)
      for (const { detector, event } of batch) found[detector] = [...(found[detector] ?? []), event]
    await acted
    return { found, problems, live: evaluation.live, signatures: evaluation.signatures }
  }

  /** Fails unless these detectors fire; all of the rules' if none is named. */
  async fires(
    rules,
    options,
    names = Object.keys(rulesOfChecks[rules]).map((file) => file.replace('.rb', '')),
  ) {
    return requireDetections(await this.watch(rules, options), ...names)
  }
}

function kernelChecks(watcher) {
  const live = { kernelEvents: 'providers' }
  const byProviders = "the kernel's providers instead"
  return [
    [
      'a logger of the kernel tells of a process, its command line, parent, end and images',
      () => watcher.fires('processes', { act: command }),
    ],
    [
      'Windows tells whether an image is signed, in time',
      () => watcher.fires('signatures', { act: command }),
    ],
    ['files: created, written, renamed, deleted', () => watcher.fires('files', { act: useFile })],
    ['the registry: keys and values', () => watcher.fires('registry', { act: useRegistry })],
    ['connections', () => watcher.fires('network', { act: connectHere })],
    [
      `${byProviders}: processes; what ran before is known by the captured state`,
      () => watcher.fires('processes', { act: command, live }, ['parent', 'ended', 'loaded']),
    ],
    [`${byProviders}: files`, () => watcher.fires('files', { act: useFile, live })],
    [`${byProviders}: the registry`, () => watcher.fires('registry', { act: useRegistry, live })],
    [`${byProviders}: connections`, () => watcher.fires('network', { act: connectHere, live })],
  ]
}

function providerChecks(watcher) {
  const query = `Get-CimInstance Win32_Process -Filter "Name='${NAME}'"`
  const slowly = (act) => ({ act, seconds: 10 }) // PowerShell takes some seconds to start
  return [
    [
      'DNS-Client tells of a name that is looked up',
      () => watcher.fires('names', { act: () => lookup(`${NAME}.invalid`).catch(() => {}) }),
    ],
    [
      // Without a policy it writes only script blocks that have a word it finds suspicious.
      'PowerShell tells of a script block',
      () =>
        watcher.fires(
          'powershell',
          slowly(() => powershell(`'${NAME} VirtualAlloc'`)),
        ),
    ],
    [
      'AMSI tells of what it scans',
      () =>
        watcher.fires(
          'amsi',
          slowly(() => powershell(`'${NAME}'`)),
        ),
    ],
    [
      'WMI-Activity tells of a query',
      () =>
        watcher.fires(
          'wmi',
          slowly(() => powershell(query)),
        ),
    ],
    [
      'Kernel-Audit-API-Calls tells of processes that are opened',
      () => watcher.fires('access', { act: () => run('tasklist', ['/v']) }),
    ],
    ['Threat-Intelligence is had, or told to be refused', () => threatIntelligence(watcher)],
  ]
}

function stackChecks(watcher, symbolPath) {
  return [
    ['call stacks come, and name what ntdll exports', () => watcher.fires('stacks', { act: command })],
    ['a usual start of a process is no evasion', () => noEvasion(watcher)],
    ['DbgHelp reads PDBs of Windows: more functions have a name', () => symbols(watcher, symbolPath)],
  ]
}

function sessionChecks(watcher, library) {
  return [
    ["somebody else's session is read and left as it is; TDH knows its events", () => attach(watcher)],
    ['two at the same time', () => twoAtATime(watcher)],
    ['a session that somebody stops is noticed, and started anew', () => restart(watcher)],
    ['what a process that was killed left behind is found and stopped', () => orphans(watcher, library)],
    ['a process that exits while it watches ends with its own code', () => exit(library)],
    ['a process without the privilege is told so', () => unprivileged(library)],
    ['nothing is left behind', () => nothingLeft(watcher)],
    ['a minute of whatever happens here: losses, order, delays', () => aMinute(watcher)],
  ]
}

async function threatIntelligence(watcher) {
  const { problems } = await watcher.watch('access')
  const refused = problems.filter(({ message }) => message.includes('Threat-Intelligence'))
  if (problems.length > refused.length) throw new Error(JSON.stringify(problems))
  return { had: refused.length === 0, refused }
}

async function noEvasion(watcher) {
  const told = await watcher.fires('evasion', { act: command }, ['plain'])
  if (told.detections.evasive) throw Object.assign(new Error('a false alarm'), { saw: told })
  return told
}

async function symbols(watcher, symbolPath) {
  if (symbolPath === undefined) throw new Skipped('it wants a folder with PDBs of Windows: --symbols PATH')
  const named = async (options) =>
    functionsIn((await watcher.watch('stacks', { act: command, ...options })).found.symbols ?? [])
  const exported = await named({})
  const all = await named({ live: { symbolPath }, seconds: 20 })
  const added = [...all].filter((name) => !exported.has(name))
  if (all.size <= exported.size) throw new Error(`${exported.size} functions, with PDBs ${all.size}`)
  return { exported: exported.size, all: all.size, added: added.slice(0, 10) }
}

async function attach({ openTrace }) {
  const keywordsAndLevel = ['0xffffffffffffffff', '5']
  await run('logman', [
    'create',
    'trace',
    NAME,
    '-p',
    'Microsoft-Windows-RPC',
    ...keywordsAndLevel,
    '-rt',
    '-ets',
  ])
  try {
    setTimeout(() => powershell('Get-CimInstance Win32_OperatingSystem').catch(() => {}), 500)
    const events = []
    for await (const batch of openTrace({ live: { attach: NAME } })) {
      events.push(...batch)
      if (events.length > 20) break
    }
    const decoded = events.filter(({ fields }) => Object.keys(fields).length > 0)
    if (decoded.length === 0) throw Object.assign(new Error('no event has fields'), { saw: events[0] })
    await run('logman', ['query', NAME, '-ets']) // fails when it is gone
    return { events: events.length, decoded: decoded.length, first: decoded[0] }
  } finally {
    await run('logman', ['stop', NAME, '-ets']).catch(() => {})
  }
}

async function twoAtATime(watcher) {
  const [one, two] = await Promise.all([
    watcher.fires('processes', { act: command }, ['started']),
    watcher.fires('processes', {}, ['started']),
  ])
  return { one, two }
}

async function restart(watcher) {
  const act = async () => {
    for (const name of await sessions(process.pid)) await run('logman', ['stop', name, '-ets'])
    await sleep(1500)
    await command()
  }
  const told = await watcher.fires('processes', { act, live: { restart: true }, seconds: 8 }, ['started'])
  if (!told.problems.some(({ code }) => code === 'NUTHATCH_LIVE_ENDED'))
    throw Object.assign(new Error('it was not noticed'), { saw: told })
  return told
}

async function orphans(watcher, library) {
  const child = startWatcher(library)
  const [said] = await once(child.stdout, 'data')
  const left = await sessions(child.pid)
  child.kill('SIGKILL')
  await once(child, 'exit')
  if (left.length === 0) throw new Error(`it has no session, and says ${said}`)
  const { live } = await watcher.watch('processes', { seconds: 3 })
  const still = await sessions(child.pid)
  if (still.length > 0 || live.orphans < left.length)
    throw Object.assign(new Error('not all are stopped'), { saw: { left, still, live } })
  return { left, orphans: live.orphans }
}

async function exit(library) {
  const child = startWatcher(library, 'process.exit(7)')
  const [code] = await once(child, 'exit')
  if (code !== 7) throw new Error(`it ended with ${code}`)
  return { left: await sessions(child.pid) }
}

async function unprivileged(library) {
  const folder = mkdtempSync(join(tmpdir(), `${NAME}-`))
  const answer = join(folder, 'answer.txt')
  const script = join(folder, 'try.mjs')
  const source = `import { writeFileSync } from 'node:fs'
    const { compile, openTrace } = await import(${JSON.stringify(library)})
    const detectors = await compile({ files: { 'a.rb': 'windows?' } })
    const said = detectors.evaluate(openTrace({ live: true })).next().then(() => 'it runs', ({ code }) => code)
    writeFileSync(${JSON.stringify(answer)}, await said)
    process.exit()`
  writeFileSync(script, source)
  await run('runas', ['/trustlevel:0x20000', `"${process.execPath}" "${script}"`])
  for (let i = 0; i < 40 && !existsSync(answer); ++i) await sleep(500)
  const said = existsSync(answer) ? readFileSync(answer, 'utf8') : 'nothing'
  rmSync(folder, { recursive: true })
  if (said !== 'NUTHATCH_LIVE_PRIVILEGE') throw new Error(`it says ${said}`)
  return { said }
}

async function nothingLeft(watcher) {
  await watcher.watch('processes', { seconds: 2 })
  const left = await sessions()
  if (left.length > 0) throw new Error(left.join(', '))
  return {}
}

async function aMinute(watcher) {
  const before = process.cpuUsage()
  const watched = await watcher.watch('processes', { seconds: 60 })
  const { user, system } = process.cpuUsage(before)
  return { ...summaryOf(watched), cpuSeconds: (user + system) / 1e6 }
}
