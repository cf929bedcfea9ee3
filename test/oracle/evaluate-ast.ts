/**
 * What an expression means as it is written: plain recursion over the AST with a table of its own of what
 * each helper says. Nothing of lib/language's helper tables or lowering is used; how two texts compare is the
 * reference evaluator's.
 */
import type { Call, Expression } from '../../lib/language/ast.js'
import type { PropertyValue, StandardEvent } from '../../lib/language/ruleset.js'
import { fold, inSubnet, type Truth, textToRegExp } from './evaluate.js'

type Values = Readonly<Record<string, PropertyValue | undefined>>
type One = string | number | boolean

export function evaluateAst(expression: Expression, event: StandardEvent): Truth {
  switch (expression.kind) {
    case 'and':
      return all(expression.operands.map((operand) => evaluateAst(operand, event)))
    case 'or':
      return any(expression.operands.map((operand) => evaluateAst(operand, event)))
    case 'not':
      return not(evaluateAst(expression.operand, event))
    case 'call':
      return evaluateCall(expression, event)
    default:
      throw new Error(`a ${expression.kind} is no condition`)
  }
}

const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth)
const all = (truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.includes(undefined) ? undefined : true
const any = (truths: readonly Truth[]): Truth => not(all(truths.map(not)))

function evaluateCall(call: Call, event: StandardEvent): Truth {
  const values = event as unknown as Values
  const [, owner, spoken = ''] = /^(\w+?)_property_(\w+)\?$/.exec(call.name.text) ?? []
  if (owner === undefined) {
    const meaning = namedMeanings[call.name.text]
    if (!meaning) throw new Error(`the oracle does not know ${call.name.text}`)
    const { positional, keywords } = call.arguments
    const given = [...positional, ...keywords.map(({ value }) => value)]
    return meaning(values, given.flatMap(literal).map(String))
  }
  // False on other types, and so is its does_not_ twin.
  if (owner !== 'any' && owner !== event.event_type) return false
  const [, stem = '', quantifier] =
    /^(.+?)(?:_(any|all))?$/.exec(spoken.replace('in_any_subnet', 'in-subnet')) ?? []
  const positive = negatives[stem] ?? stem
  const given = Object.fromEntries(call.arguments.keywords.map(({ key, value }) => [key.text, value]))
  const property = given.property
  if (property?.kind !== 'identifier' && property?.kind !== 'symbol') throw new Error('a property is named')
  const truth = someValue(values[property.name], (value) =>
    meets(value, positive, quantifier === 'all', given),
  )
  return positive === stem ? truth : not(truth)
}

/** Each negative form, by the positive one that it denies. */
const negatives: Readonly<Record<string, string>> = {
  does_not_equal: 'equals',
  does_not_equals: 'equals',
  does_not_include: 'includes',
  does_not_includes: 'includes',
  does_not_start_with: 'starts_with',
  does_not_starts_with: 'starts_with',
  does_not_end_with: 'ends_with',
  does_not_ends_with: 'ends_with',
  does_not_match: 'matches',
  does_not_matches: 'matches',
  does_not_exist: 'exists',
  does_not_exists: 'exists',
  is_not_true: 'is_true',
  is_not_greater_than: 'greater_than',
  is_not_less_than: 'less_than',
  is_not_between: 'between',
  'is_not_in-subnet': 'in-subnet',
}

function someValue(value: PropertyValue | undefined, meets: (one: One) => boolean): Truth {
  if (value === undefined) return false
  if (typeof value === 'object' && 'pending' in value) return undefined
  return (Array.isArray(value) ? (value as string[]) : [value as One]).some(meets)
}

function meets(
  value: One,
  match: string,
  every: boolean,
  given: Readonly<Record<string, Expression>>,
): boolean {
  const of = (...keywords: string[]): One[] =>
    keywords.flatMap((keyword) => (given[keyword] ? literal(given[keyword]) : []))
  const wanted = of('string', 'strings', 'pattern', 'patterns', 'number', 'numbers', 'subnets')
  const sensitive = of('case_sensitive')[0] === true
  const form = (text: One) => (sensitive ? String(text) : fold(String(text)))
  const holds: Readonly<Record<string, (one: One) => boolean>> = {
    equals: (one) => (typeof one === 'number' ? value === one : form(value) === form(one)),
    includes: (one) => form(value).includes(form(one)),
    starts_with: (one) => form(value).startsWith(form(one)),
    ends_with: (one) => form(value).endsWith(form(one)),
    matches: (one) => textToRegExp(String(one)).test(String(value)),
    greater_than: (one) => Number(value) > Number(one),
    less_than: (one) => Number(value) < Number(one),
    'in-subnet': (one) => inSubnet(String(value), String(one)),
  }
  if (match === 'exists') return true
  if (match === 'is_true') return value === true
  if (match === 'between')
    return Number(value) >= Number(of('min')[0]) && Number(value) <= Number(of('max')[0])
  const test = holds[match]
  if (!test) throw new Error(`the oracle does not know the match ${match}`)
  return every ? wanted.every(test) : wanted.some(test)
}

/** What stands in a literal, a list taken apart. */
function literal(expression: Expression): One[] {
  switch (expression.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return [expression.value]
    case 'regex':
      return [`${expression.flags ? `(?${expression.flags})` : ''}${expression.pattern}`]
    case 'array':
      return expression.values.flatMap(literal)
    default:
      throw new Error(`the oracle reads no ${expression.kind}`)
  }
}

type Meaning = (event: Values, names: readonly string[]) => Truth

const equal = (event: Values, property: string, ...texts: string[]): Truth =>
  someValue(event[property], (value) => texts.some((text) => fold(text) === fold(String(value))))
const includes = (event: Values, property: string, ...texts: string[]): Truth =>
  someValue(event[property], (value) => texts.some((text) => fold(String(value)).includes(fold(text))))
const program = (
  event: Values,
  names: readonly string[],
  properties: readonly string[],
  path: string,
): Truth => {
  const base = (name: One) => fold(String(name).replace(/\.exe$/i, ''))
  const bases = names.map(base)
  const isName = (value: One) => bases.includes(base(value))
  const isPath = (value: One) =>
    names.some((name) => fold(String(value)).endsWith(`\\${base(name)}${fold('.exe')}`))
  return any([
    ...properties.map((property) => someValue(event[property], isName)),
    someValue(event[path], isPath),
  ])
}
const process: Meaning = (event, names) =>
  program(event, names, ['process_name', 'original_file_name', 'internal_name'], 'process_path')
const parent: Meaning = (event, names) =>
  program(event, names, ['parent_name', 'parent_original_file_name'], 'parent_path')
const on =
  (type: string, meaning: Meaning): Meaning =>
  (event, names) =>
    event.event_type === type ? meaning(event, names) : false
const isTrue = (event: Values, property: string): Truth =>
  someValue(event[property], (value) => value === true)
const exists = (event: Values, property: string): Truth => someValue(event[property], () => true)
const signedBy =
  (file: 'image' | 'process'): Meaning =>
  (event, signers) =>
    all([equal(event, `${file}_signature_status`, 'valid'), equal(event, `${file}_signer`, ...signers)])
const badlySigned =
  (file: 'image' | 'process'): Meaning =>
  (event) =>
    all([
      isTrue(event, `${file}_signed`),
      exists(event, `${file}_signature_status`),
      not(equal(event, `${file}_signature_status`, 'valid')),
    ])
const unsigned: Meaning = (event) => all([exists(event, 'image_signed'), not(isTrue(event, 'image_signed'))])
const writable =
  (property: string): Meaning =>
  (event) =>
    includes(event, property, ...writableFolders)
const isPrivate = (event: Values): Truth =>
  someValue(event.remote_ip, (ip) => privateNetworks.some((network) => inSubnet(String(ip), network)))

const office = 'winword excel powerpnt outlook onenote msaccess mspub visio'.split(' ')
const browsers = 'chrome msedge firefox iexplore opera brave vivaldi'.split(' ')
const hosts = 'powershell pwsh cmd wscript cscript mshta'.split(' ')
const writableFolders = [
  ...['users\\public', 'appdata', 'downloads', 'desktop', 'windows\\temp', 'programdata'].map(
    (x) => `\\${x}\\`,
  ),
  ...['\\$recycle.bin\\', '\\perflogs\\', '/tmp/', '/var/tmp/', '/dev/shm/'],
]
/** The IANA registries of special-purpose addresses, and multicast. */
const privateNetworks = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/3', '::/127', '2001:db8::/32', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
]

/** docs/helpers.md, once more. */
export const namedMeanings: Readonly<Record<string, Meaning>> = {
  'windows?': (event) => equal(event, 'platform', 'windows'),
  'linux?': (event) => equal(event, 'platform', 'linux'),
  'macos?': (event) => equal(event, 'platform', 'macos'),
  'process_is_likely?': process,
  'parent_process_is_likely?': parent,
  'target_process_is_likely?': (event, names) =>
    program(event, names, ['target_process_name'], 'target_process_path'),
  'process_is_office_app?': (event) => process(event, office),
  'parent_process_is_office_app?': (event) => parent(event, office),
  'process_is_browser?': (event) => process(event, browsers),
  'parent_process_is_browser?': (event) => parent(event, browsers),
  'process_is_script_host?': (event) => process(event, hosts),
  'parent_process_is_script_host?': (event) => parent(event, hosts),
  'process_is_elevated?': (event) =>
    any([equal(event, 'integrity_level', 'high', 'system'), equal(event, 'token_elevation', 'full')]),
  'process_runs_as_system?': (event) =>
    any([equal(event, 'user_sid', 'S-1-5-18'), equal(event, 'username', 'system')]),
  'process_in_user_writable_folder?': writable('process_path'),
  'image_load_signed?': on('image_load', (event) => isTrue(event, 'image_signed')),
  'image_load_unsigned?': on('image_load', unsigned),
  'image_in_user_writable_folder?': writable('image_path'),
  'driver_load_signed?': on('driver_load', (event) => isTrue(event, 'image_signed')),
  'driver_load_unsigned?': on('driver_load', unsigned),
  'image_load_badly_signed?': on('image_load', badlySigned('image')),
  'driver_load_badly_signed?': on('driver_load', badlySigned('image')),
  'process_start_badly_signed?': on('process_start', badlySigned('process')),
  'image_load_signed_by_any?': on('image_load', signedBy('image')),
  'driver_load_signed_by_any?': on('driver_load', signedBy('image')),
  'process_start_signed?': on('process_start', (event) => isTrue(event, 'process_signed')),
  'process_start_unsigned?': on('process_start', (event) =>
    all([exists(event, 'process_signed'), not(isTrue(event, 'process_signed'))]),
  ),
  'process_start_signed_by_any?': on('process_start', signedBy('process')),
  'file_in_user_writable_folder?': writable('file_path'),
  'outbound?': on('network_connection', (event) => equal(event, 'direction', 'outbound')),
  'inbound?': on('network_connection', (event) => equal(event, 'direction', 'inbound')),
  'remote_ip_is_public?': (event) => all([exists(event, 'remote_ip'), not(isPrivate(event))]),
  'remote_ip_is_private?': isPrivate,
  'logon_succeeded?': on('logon', (event) => equal(event, 'outcome', 'success')),
  'logon_failed?': on('logon', (event) => equal(event, 'outcome', 'failure')),
  'remote_logon?': on('logon', (event) =>
    equal(event, 'logon_type', 'network', 'network_cleartext', 'remote_interactive'),
  ),
}

/** Texts in which the meanings above tell things apart, by property. */
export const tellingValues: Readonly<Record<string, readonly PropertyValue[]>> = {
  platform: ['windows', 'Linux', 'macos', 'x'],
  integrity_level: ['high', 'SYSTEM', 'medium'],
  token_elevation: ['full', 'limited'],
  user_sid: ['S-1-5-18', 's-1-5-18', 'S-1-5-19'],
  username: ['system', 'SYSTEM', 'systems'],
  image_signed: [true, false],
  image_signer: ['cmd', 'A SIGNER', 'x'],
  image_signature_status: ['valid', 'Valid', 'expired'],
  process_signed: [true, false],
  process_signer: ['CMD', 'a signer', 'x'],
  process_signature_status: ['valid', 'Valid', 'revoked'],
  direction: ['outbound', 'inbound', 'x'],
  outcome: ['success', 'failure', 'x'],
  logon_type: ['network', 'network_cleartext', 'remote_interactive', 'interactive'],
  remote_ip: [
    ...privateNetworks.map((network) => network.replace(/\/.*/, '')),
    '8.8.8.8',
    '2606:4700::1',
    '172.32.0.1',
  ],
  ...Object.fromEntries(
    [
      'process_name',
      'original_file_name',
      'internal_name',
      'parent_name',
      'parent_original_file_name',
      'target_process_name',
    ].map((property) => [
      property,
      [...office, ...browsers, ...hosts, 'x'].flatMap((n) => [n, `${n.toUpperCase()}.exe`, `${n}x`]),
    ]),
  ),
  ...Object.fromEntries(
    ['process_path', 'parent_path', 'target_process_path', 'image_path', 'file_path'].map((property) => [
      property,
      [
        ...writableFolders.map((folder) => `C:${folder.toUpperCase()}x`),
        ...[...office, ...browsers, ...hosts].flatMap((n) => [`C:\\a\\${n}.EXE`, `C:\\a\\x${n}.exe`]),
        'C:\\x',
      ],
    ]),
  ),
}
