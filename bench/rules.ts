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
/** What many rules look for and much telemetry has: never all that a rule asks for. */
const commonPrograms =
  `powershell cmd rundll32 reg svchost wscript cscript mshta net schtasks msiexec explorer winword excel
python node java git chrome msedge`
    .split(/\s+/)
    .map((one) => `${one}.exe`)
const commonArguments = [
  ' /c ',
  ' -c ',
  ' -e ',
  ' /i ',
  '.dll',
  '.exe"',
  'http',
  '.ps1',
  ' --',
  '\\Temp\\',
  'add',
  ' -f ',
]

/** An event type that rules are about, the share of the rules that are, and what they look at. */
export type RuleTopic = readonly [eventType: string, share: number, properties: readonly string[]]

export const topics: readonly RuleTopic[] = [
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
  ['network_connection', 0.06, ['remote_host', 'process_path', 'command_line']],
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

/** Rules with `terms` terms in all, no two alike, as one file. The same seed gives the same text. */
export function generateRules(terms: number, seed = 1, about = topics): GeneratedRules {
  const random = new Random(seed)
  const deck = new Deck(random, terms)
  const rules: string[] = []
  while (deck.left > 0) rules.push(rule(random, rules.length, deck, about))
  return { text: rules.join('\n'), rules: rules.length, terms }
}

type Match = 'includes' | 'ends_with' | 'equals' | 'starts_with' | 'in_any_subnet' | 'matches'
const mix: readonly (readonly [match: Match, share: number])[] = [
  ['ends_with', 0.22],
  ['equals', 0.1],
  ['starts_with', 0.025],
  ['in_any_subnet', 0.009],
  ['matches', 0.005],
]

/** The matches of all terms to come, shuffled: so that the shares are the same for every seed and size. */
class Deck {
  readonly seen = new Set<string>()
  readonly #matches: Match[]
  #subnets = 0

  constructor(random: Random, terms: number) {
    this.#matches = mix.flatMap(([match, share]) => Array<Match>(Math.round(share * terms)).fill(match))
    while (this.#matches.length < terms) this.#matches.push('includes')
    for (let at = terms - 1; at > 0; at--) {
      const other = random.below(at + 1)
      const held = this.#matches[at] as Match
      this.#matches[at] = this.#matches[other] as Match
      this.#matches[other] = held
    }
  }

  get left(): number {
    return this.#matches.length + this.#subnets
  }
  /** Rules of connections are rare: what is kept for them has to go before the end. */
  get mustConnect(): boolean {
    return this.left <= 40
  }

  /** Only connections have addresses: subnets wait for them. */
  draw(connection: boolean): Match {
    for (;;) {
      if (this.#subnets > 0 && (connection || this.#matches.length === 0)) {
        this.#subnets--
        return 'in_any_subnet'
      }
      const match = this.#matches.pop() as Match
      if (match !== 'in_any_subnet' || connection) return match
      this.#subnets++
    }
  }
}

/** 1 to 34, mostly 2 to 4. */
const ruleSize = (random: Random): number =>
  random.chance(0.05) ? 8 + random.below(27) : 1 + Math.floor(random.next() * random.next() * 8)

function rule(random: Random, index: number, deck: Deck, about: readonly RuleTopic[]): string {
  const [type, , properties] = deck.mustConnect ? connections(about) : pick(random, about)
  const count = Math.min(deck.left, ruleSize(random))
  const terms = Array.from({ length: count }, (_, at) =>
    newTerm(random, type, deck.draw(type === 'network_connection'), properties, at === 0, deck.seen),
  )
  const cut = random.chance(0.4) ? 1 + random.below(terms.length) : terms.length
  const all = terms.slice(0, cut).join(' &&\n    ')
  const any = terms.slice(cut)
  const condition = any.length > 0 ? `${all} &&\n    (${any.join(' ||\n    ')})` : all
  return `detector 'generated-${index}' do\n  severity :low\n  match ${condition}\nend\n`
}

const connections = (about: readonly RuleTopic[]): RuleTopic =>
  about.find(([type]) => type === 'network_connection') as RuleTopic

function pick(random: Random, about: readonly RuleTopic[]): RuleTopic {
  let at = random.next()
  for (const topic of about) {
    at -= topic[1]
    if (at < 0) return topic
  }
  return about[0] as RuleTopic
}

/**
 * The engine evaluates equal terms once, so that repeats would make the set smaller than its size says. The
 * first term of a rule is rare, as all of its rules fire on next to nothing.
 */
function newTerm(
  random: Random,
  type: string,
  match: Match,
  properties: readonly string[],
  rare: boolean,
  seen: Set<string>,
): string {
  for (;;) {
    const made = term(random, type, match, random.pick(properties), rare)
    if (seen.has(made)) continue
    seen.add(made)
    return made
  }
}

function term(random: Random, type: string, match: Match, property: string, rare: boolean): string {
  const call = `${type}_property_${match}`
  if (match === 'in_any_subnet') {
    const subnet = `${1 + random.below(222)}.${random.below(256)}.${random.below(256)}.0/24`
    return `${call}?(property: remote_ip, subnets: ['${subnet}'])`
  }
  if (match === 'matches') {
    return `${call}_any?(property: ${property}, patterns: [/${word(random)}\\s+-[a-z]{1,8}\\s+${word(random)}[0-9]{2,}/i])`
  }
  const make = (!rare && random.chance(0.3) && common(match, property)) || literalFor(match, property)
  const list = new Set(
    Array.from({ length: listSize(random) }, () => `'${make(random).replace(/\\/g, '\\\\')}'`),
  )
  const all = match === 'includes' && random.chance(0.15)
  return `${call}_${all ? 'all' : 'any'}?(property: ${property}, strings: [${[...list].join(', ')}])`
}

/** Null where nothing is common. */
function common(match: Match, property: string): Make | null {
  if (match === 'includes' && property === 'command_line') return (random) => random.pick(commonArguments)
  if (match === 'ends_with' && /^(process|parent)_path$/.test(property)) {
    return (random) => `\\${random.pick(commonPrograms)}`
  }
  const names = match === 'equals' && (property === 'process_name' || property === 'original_file_name')
  return names ? (random) => random.pick(commonPrograms) : null
}

const listSize = (random: Random): number =>
  random.chance(0.6) ? 1 : random.chance(0.03) ? 10 + random.below(30) : 2 + random.below(5)

type Make = (random: Random) => string

function literalFor(match: Match, property: string): Make {
  const of = property.endsWith('path') ? path : property.endsWith('name') ? name : text
  return of[match as keyof Makes]
}

/** Never a word as it is in the list: telemetry has those, and rules fire on next to nothing. */
const word: Make = (random) => {
  const twice = random.chance(0.83)
  const base = random.pick(words) + (twice ? random.pick(words) : '')
  return !twice || random.chance(0.15) ? `${base}${random.below(100)}` : base
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

/** What rules look for in a path, a file's name (where no folder is), and other text. */
type Makes = Readonly<Record<'includes' | 'ends_with' | 'equals' | 'starts_with', Make>>
const path: Makes = {
  includes: pathPart,
  ends_with: fileName,
  equals: (random) => `C:\\${word(random)}\\${bareName(random)}`,
  starts_with: (random) => `C:\\${word(random)}\\${word(random)}`,
}
const name: Makes = { includes: word, ends_with: bareName, equals: bareName, starts_with: word }
const text: Makes = { includes: argument, ends_with: argument, equals: argument, starts_with: argument }
