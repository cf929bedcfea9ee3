/**
 * Makes rule sets with the mix of a large public Sigma collection: of the string terms 64 % are
 * contains, 22 % ends-with, 10 % exact, 2.5 % starts-with, 0.9 % CIDR and 0.5 % regular expressions;
 * literals have a median of 13 characters, rules 1 to 34 terms. The rules fire on next to nothing,
 * as production rules do.
 */
import { Random } from '../test/oracle/random.js'

const words =
  `admin shell power remote exec load inject dump token cred hash pass key log event policy run once service
driver task sched net user group local domain share pipe socket proxy tunnel beacon stage crypt encode decode base xor
vault browser cookie session history clip screen audio mail archive zip rar backup shadow copy delete wipe format boot
recovery firewall defender amsi etw trace audit update install setup patch hotfix print spool font theme wall startup
winlogon userinit appinit ifeo image debug silent exit com object class inproc hijack side phantom hollow ghost herpa
kernel module device raw disk volume mount iso vhd lnk url hta sct xsl wsf vbs js jar py perl ruby go rust nim`.split(
    /\s+/,
  )
const extensions = ['exe', 'dll', 'ps1', 'vbs', 'bat', 'sys', 'tmp', 'dat', 'lnk', 'js']
const eventTypes: [name: string, share: number, properties: string[]][] = [
  [
    'process_start',
    0.56,
    [
      'command_line',
      'command_line',
      'command_line',
      'process_path',
      'process_path',
      'parent_path',
      'original_file_name',
      'parent_command_line',
      'username',
      'process_name',
    ],
  ],
  ['registry_set', 0.12, ['registry_path', 'registry_path', 'registry_data', 'process_path']],
  ['file_create', 0.11, ['file_path', 'file_path', 'file_name', 'process_path']],
  ['image_load', 0.09, ['image_path', 'image_path', 'process_path', 'image_name']],
  ['network_connection', 0.06, ['remote_host', 'process_path', 'command_line', 'remote_ip']],
  ['dns_query', 0.02, ['query_name', 'process_path']],
  ['process_access', 0.02, ['target_process_path', 'process_path']],
  ['registry_create', 0.01, ['registry_path', 'process_path']],
  ['pipe', 0.01, ['pipe_name', 'process_path']],
]

export interface GeneratedRules {
  readonly text: string
  readonly rules: number
  readonly terms: number
}

/** Rules with `terms` terms in all, as one file. The same seed gives the same text. */
export function generateRules(terms: number, seed = 1): GeneratedRules {
  const random = new Random(seed)
  const rules: string[] = []
  let made = 0
  while (made < terms) {
    const count = Math.min(terms - made, ruleSize(random))
    rules.push(rule(random, rules.length, count))
    made += count
  }
  return { text: rules.join('\n'), rules: rules.length, terms: made }
}

/** 1 to 34, mostly 2 to 4. */
const ruleSize = (random: Random): number =>
  random.chance(0.05) ? 8 + random.below(27) : 1 + Math.floor(random.next() * random.next() * 8)

function rule(random: Random, index: number, count: number): string {
  const [type, , properties] = pickEventType(random)
  const terms = Array.from({ length: count }, () => term(random, type, random.pick(properties)))
  const cut = random.chance(0.4) ? 1 + random.below(terms.length) : terms.length
  const all = terms.slice(0, cut).join(' &&\n        ')
  const any = terms.slice(cut)
  const condition = any.length > 0 ? `${all} &&\n        (${any.join(' ||\n         ')})` : all
  return `detector 'generated-${index}' do\n  severity :low\n  match ${condition}\nend\n`
}

function pickEventType(random: Random): (typeof eventTypes)[number] {
  let at = random.next()
  for (const row of eventTypes) {
    at -= row[1]
    if (at < 0) return row
  }
  return eventTypes[0] as (typeof eventTypes)[number]
}

function term(random: Random, type: string, property: string): string {
  if (property === 'remote_ip') {
    const subnet = `${1 + random.below(222)}.${random.below(256)}.${random.below(256)}.0/24`
    return `${type}_property_in_any_subnet?(property: ${property}, subnets: ['${subnet}'])`
  }
  const [match, make] = pickMatch(random, property)
  if (match === 'matches_any') {
    return `${type}_property_matches_any?(property: ${property}, patterns: [/${word(random)}\\s+-[a-z]{1,8}\\s+${word(random)}[0-9]{2,}/i])`
  }
  const strings = Array.from({ length: listSize(random) }, () => `'${make(random).replace(/\\/g, '\\\\')}'`)
  return `${type}_property_${match}?(property: ${property}, strings: [${strings.join(', ')}])`
}

const listSize = (random: Random): number =>
  random.chance(0.6) ? 1 : random.chance(0.05) ? 10 + random.below(40) : 2 + random.below(5)

type Make = (random: Random) => string

function pickMatch(random: Random, property: string): [match: string, make: Make] {
  const at = random.next()
  const isPath = property.endsWith('path') || property.endsWith('name')
  if (at < 0.64) return [random.chance(0.85) ? 'includes_any' : 'includes_all', isPath ? pathPart : argument]
  if (at < 0.86) return ['ends_with_any', isPath ? fileName : argument]
  if (at < 0.96) return ['equals_any', isPath ? bareName : argument]
  if (at < 0.985) return ['starts_with_any', isPath ? (r) => `C:\\${word(r)}\\${word(r)}` : argument]
  if (at < 0.99) return ['matches_any', argument]
  return ['includes_any', isPath ? pathPart : argument]
}

const word: Make = (random) => {
  const base = random.pick(words) + (random.chance(0.7) ? random.pick(words) : '')
  return random.chance(0.3) ? `${base}${random.below(100)}` : base
}
const fileName: Make = (random) => `\\${word(random)}.${random.pick(extensions)}`
const bareName: Make = (random) => `${word(random)}.${random.pick(extensions)}`
const pathPart: Make = (random) =>
  `\\${word(random)}${random.pick(['\\', '\\', '-', ''])}${random.chance(0.4) ? word(random) : ''}`
const argument: Make = (random) =>
  random.pick([
    (r: Random) => ` -${word(r)} `,
    (r: Random) => `/${word(r)}:`,
    (r: Random) => `${word(r)} ${word(r)}`,
    (r: Random) => ` --${word(r)}=`,
    word,
  ])(random)
