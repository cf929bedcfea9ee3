/**
 * The example detectors on the benign part of mde-60k. Nothing in the file says which events are part of
 * an attack, and its process ids do not link events, so they are told apart by their words: the file mixes
 * the background of recorded machines with the tools, commands and traces of the attacks recorded on them.
 * `tools`, `atomic` and `commands` are from reading all of its command lines before any detector ran;
 * `traces` and `injected`, from reading its files, registry values and processes after one had, so that what
 * only they mark is counted apart: held against the detectors, that alone would make some ten detections in
 * 10,000 events. What bears no mark is benign, even where it looks like an attack.
 */
import { join } from 'node:path'
import t from 'tap'
import { loadDetectors, loadRules } from '../../lib/detectors.js'
import { folder, linesOf, skip } from '../captures.js'

const file = join(folder, 'mde-60k.ndjson.zst')

/** Names of the attackers' programs, scripts, services and accounts. */
const tools =
  /winx64_|\bpayload\.exe|grunthttp|purplesharp|mimikatz|wardog\.exe|herpaderping|happy_image|dumpert|nanodump|procdump|sharpdump|sharpview|seatbelt|rubeus|movewmi|moveexcel|\blauncher\.(exe|vbs|sct)|createnamedpipe|aptsimulator|psexe|public-poc|simpleinjection|autoupdate\.vbs|pshell\.xml|\bart\.bat|calc\.(cpl|xll)|mordorschtask|qfhaer|rtcpef|tbbd05|b6a1458f396|not-important-log|theckbr0wnf0x|backdoor paw0rd1|services\\(cyb3rward0g|updater|rdmandk)/

/** Atomic Red Team names its files and rules after the technique or itself. */
const atomic =
  /\bt1\d{3}(\.\d{3})?[-_]?\d*(\.\d)?( test|_uacbypass|\.(dll|chm|hta|inf|sct|md|xsl))|\/t t1|atomic[- ]|atomicred|redcanary/

/** What the attackers typed into shells, which on these machines nobody else did. */
const commands =
  /-enc(odedcommand)?\s+[a-z0-9+/=]{60}|\(new-object io\.memorystream\)|hkcu:software.microsoft.windows update|minidump|reg(\.exe)?"?\s+save|control\\minint|eventlog \/t reg_dword|processcreationincludecmdline|auditpol|userinitmpr|ntdsutil|vssadmin|esentutl|firewall set service|fdenytsconnections|userauthentication|sc(\.exe)?"? +\\\\|wmic"? *\/node|eventcachemanager|vbscript:|domain admins|net1?(\.exe)?"?\s+(user|group|localgroup)|\bwhoami|get-service sysmon/

/** Files and registry values that they left. */
const traces =
  /ohyeah\.aspx|wlbsctrl\.dll|\\system32\\sam"|\\temp\\secrets|ntds(-copy)?\.dit|ntds_capi|\\lsass[^\\"]*\.dmp|startup\\startup\.bat|consentstore\\microphone|services\\eventlog","registryvaluename":"start","registryvaluedata":"dword \(0x0+4/

/** Nobody writes a note in this file: each Notepad was started by PurpleSharp, wuauclt, WMI, DCOM's iexplore or PowerShell, to inject into it. */
const injected = /\\notepad\.exe/

const markers = { tools, atomic, commands, traces, injected }
/** Shorter lines of Atomic Red Team, such as `ipconfig /all`, are also what Windows itself runs. */
const TELLING_LENGTH = 20

const normal = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim()

/** Atomic Red Team's commands for Windows, line by line. */
async function atomicCommands(): Promise<Set<string>> {
  const commands = new Set<string>()
  for await (const line of linesOf(join(folder, 'atomic_commands.ndjson.zst'))) {
    const { platforms, command } = JSON.parse(line)
    if (!platforms.includes('windows')) continue
    for (const each of command.split('\n').map(normal)) if (each.length >= TELLING_LENGTH) commands.add(each)
  }
  return commands
}

/** The command that a shell was given. */
const unwrapped = (commandLine: string) =>
  normal(commandLine).replace(/^cmd\.exe \/c |^powershell\.exe -noprofile -command "(.*)"$/, '$1')

t.test('the benign part of mde-60k', { skip }, async (t) => {
  const replayed = await atomicCommands()
  const attack: (string | undefined)[] = []
  for await (const line of linesOf(file)) {
    const text = line.toLowerCase().replaceAll('\\\\', '\\').replaceAll('\\"', '"')
    const { ProcessCommandLine, InitiatingProcessCommandLine } = JSON.parse(line).properties
    const isReplayed = [ProcessCommandLine, InitiatingProcessCommandLine].some(
      (command) => command && replayed.has(unwrapped(command)),
    )
    attack.push(
      isReplayed ? 'replayed' : Object.entries(markers).find(([, pattern]) => pattern.test(text))?.[0],
    )
  }
  const benign = attack.filter((marker) => marker === undefined).length
  t.equal(attack.length, 60_000)
  t.ok(benign > 50_000, `${benign} benign events`)

  const onAttacks: Record<string, number> = {}
  const onBenign: string[] = []
  const detectors = loadDetectors(await loadRules('examples/rules'))
  for await (const batch of detectors.evaluate(file)) {
    for (const { detector, line } of batch) {
      const marker = attack[line - 1]
      if (marker) onAttacks[marker] = (onAttacks[marker] ?? 0) + 1
      else onBenign.push(`${detector}, line ${line}`)
    }
  }
  t.comment(
    `${benign} benign events of ${attack.length}; detections on the others: ${JSON.stringify(onAttacks)}`,
  )
  t.comment(`${onBenign.length} detections on benign events: ${onBenign.join('; ')}`)
  t.ok(onBenign.length < benign / 10_000, 'fewer than 1 in 10,000')
})
