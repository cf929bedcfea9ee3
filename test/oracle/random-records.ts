/**
 * Random records for the shipped mappings: the fields that a route reads, with values of every kind that JSON has, in
 * every spelling of it, so that operations meet what no shipper should write.
 */
import { allMappings } from '../../lib/standardize/all-mappings.js'
import { assignmentsOf } from '../../lib/standardize/check.js'
import type { Condition, Mapping, Path, Source } from '../../lib/standardize/mapping.js'
import type { Random } from './random.js'

/** JSON text: numbers and escapes as they are written. */
type JsonText = string
type Node = Map<string, Node | JsonText>

const texts = [
  '',
  '-',
  'None',
  'true',
  'No',
  '0',
  '1',
  '3',
  '0x1f',
  '0XFFFFFFFFFFFFFFFF',
  '18446744073709551615',
  '1e3',
  ' 12 ',
  '%%1793',
  '2020-10-22 06:57:55.600',
  '2020-10-22T06:57:55.1234567Z',
  '2020-02-30T23:59:60-01:30',
  '9999-12-31T23:59:59-00:01',
  'C:\\Windows\\a b.EXE',
  '\\??\\C:\\x',
  '\\\\?\\UNC\\s\\x',
  '\\device\\harddiskvolume3\\x.exe',
  '/usr/bin/x',
  '/Users/x',
  'x\\',
  '/',
  'EXAMPLE\\Ünï \u{1F600}',
  'a\\b\\c',
  '{0A1B-C}',
  '{00000000-0000}',
  'SHA1=AB,MD5=00, IMPHASH = CD ',
  'S-1-0-0',
  'HKLM\\System\\ControlSet001\\x',
  '\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet002',
  'HKEY_USERS',
  'DWORD (0x0000001f)',
  'QWORD (0x1-0x2)',
  '::FFFF:10.0.0.1',
  'fe80::1%eth0',
  '1::2:0:0:3',
  '10.0.0.256',
  'https://h.example:8/p?q',
  'type:  5 a.example;::ffff:192.0.2.1;',
  '<a><Command>x &amp; y</Command><Arguments/></a>',
  '&lt;&#65;&#x1F600;&#0;',
  '4900450058002800',
  '3DD800de3dd8000041',
  '{"k":[{"Result":"1"},null,{"Result":[2,"x"]}],"Command":"C:\\q"}',
  '{"ServiceName":"s"',
  '[1,]',
  '{"pending":true}',
  '\n        User = D\\u\n        Host Application = a\n',
  ' \t\u000b',
  '\u0000',
  '\u212a\u0130',
  '\ud83d',
  'a\n\tb\r\n',
]
const numbers = [
  '0',
  '-0',
  '-1',
  '4',
  '5156',
  '1.50',
  '1E+2',
  '1e400',
  '-1e-400',
  '12345678901234567890',
  '0.1',
]
const others = [
  'null',
  'true',
  'false',
  '[]',
  '{}',
  '{"pending":true}',
  '{"pending":false}',
  '[["a"],{"b":1},null,"-"]',
]

/** A line of NDJSON; a few are not JSON, or of no mapping. */
export function randomRecord(random: Random): string {
  const mapping = random.pick(allMappings)
  const route = random.pick([...mapping.routes, undefined])
  const root: Node = new Map()
  const assigned = route ? Object.values(assignmentsOf(mapping, route)) : [mapping.label]
  for (const path of assigned.flatMap(pathsOf)) {
    if (random.chance(0.4)) put(root, path, randomValue(random, mapping))
  }
  for (const path of random.pick(mapping.recognise)) put(root, path, JSON.stringify(random.pick(texts)))
  const conditions = [
    ...(mapping.when ?? []),
    ...(random.chance(0.3) ? (mapping.escaped ?? []) : []),
    ...(route?.when ?? []),
  ]
  for (const condition of conditions) if (random.chance(0.97)) fulfil(root, condition, random)
  const line = written(root, random)
  return random.chance(0.02) ? line.slice(0, 1 + random.below(line.length)) : line
}

const pathsOf = (source: Source): readonly Path[] =>
  'paths' in source
    ? source.paths
    : source.arguments.flatMap((one) => (typeof one === 'string' ? [] : pathsOf(one)))

/** Most conditions are of a field as it is; what others need is left to chance. */
function fulfil(root: Node, { source, values }: Condition, random: Random): void {
  const paths = pathsOf(source)
  const present = paths.filter((path) => isThere(root, path))
  const text = random.pick(values.length > 0 ? values : texts)
  for (const path of present.length > 0 ? present : random.some(paths, 1, 1))
    put(root, path, JSON.stringify(random.chance(0.2) ? text.toUpperCase() : text))
}

function isThere(root: Node, path: Path): boolean {
  let node: Node | JsonText | undefined = root
  for (const key of path) node = node instanceof Map ? node.get(key) : undefined
  return node !== undefined
}

function put(root: Node, path: Path, value: JsonText): void {
  let node = root
  for (const key of path.slice(0, -1)) {
    const next = node.get(key)
    const child: Node = next instanceof Map ? next : new Map()
    node = node.set(key, child).get(key) as Node
  }
  node.set(path.at(-1) as string, value)
}

function randomValue(random: Random, mapping: Mapping): JsonText {
  const kind = random.below(10)
  if (kind === 0) return random.pick(numbers)
  if (kind === 1) return random.pick(others)
  if (kind === 2)
    return `[${random
      .some(texts, 0, 4)
      .map((text) => spelled(text, random))
      .join(',')}]`
  const literals = literalsOfMapping.get(mapping) ?? []
  return spelled(random.pick(random.chance(0.3) && literals.length > 0 ? literals : texts), random)
}

const literalsOf = (source: Source): readonly string[] =>
  'paths' in source
    ? []
    : source.arguments.flatMap((one) => (typeof one === 'string' ? [one] : literalsOf(one)))

/** What a mapping compares texts with. */
const literalsOfMapping = new Map(
  allMappings.map((mapping) => [
    mapping,
    [...new Set(mapping.routes.flatMap(({ set }) => Object.values(set).flatMap(literalsOf)))],
  ]),
)

/** A string's many spellings: escapes that need not be, and backslashes that begin none. */
function spelled(text: string, random: Random): JsonText {
  const json = JSON.stringify(text)
  if (random.chance(0.1)) return json.replace(/\\\\(?![\\"/bfnrtu])/g, '\\')
  if (random.chance(0.1))
    return json.replace(/[a-zA-Z]/, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return random.chance(0.05) ? json.replace(/"$/, '\\u12"') : json
}

function written(node: Node, random: Random): string {
  const members = [...node].map(
    ([key, value]) => [key, value instanceof Map ? written(value, random) : value] as const,
  )
  const twice = members
    .filter(() => random.chance(0.02))
    .map(([key]) => [key, spelled(random.pick(texts), random)] as const)
  const space = random.chance(0.1) ? ' \t' : ''
  const all = [...twice, ...members].map(
    ([key, value]) => `${spelledKey(key, random)}${space}:${space}${value}`,
  )
  return `{${space}${all.join(`${space},${space}`)}${space}}`
}

const spelledKey = (key: string, random: Random): string =>
  random.chance(0.02) ? spelled(key, random) : JSON.stringify(key)
