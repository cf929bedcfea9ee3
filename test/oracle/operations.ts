/** The operations of mappings, one plain function each; see lib/standardize/operations.ts. */
import { isIPv4, isIPv6 } from 'node:net'
import type { OperationSource, Path, Source } from '../../lib/standardize/mapping.js'
import type { OperationName } from '../../lib/standardize/operations.js'
import { isContainer, isPending, type Json, parseJson, textsOf, valuesThroughArrays } from './json.js'

/** undefined is missing; texts are one or more. */
export type Value = undefined | 'pending' | number | boolean | string[]

export interface Context {
  readonly absent: readonly string[]
  readonly evaluate: (source: Source) => Value
  /** What the operation json reads of a field: the first path with an object, an array or a value. */
  readonly firstJson: (paths: readonly Path[]) => Json | undefined
}

export function applyOperation(source: OperationSource, context: Context): Value {
  const [head, ...rest] = source.arguments
  switch (source.operation) {
    case 'constant':
      return [head as string]
    case 'first':
      return source.arguments
        .map((one) => context.evaluate(one as Source))
        .find((value) => value !== undefined)
    case 'join':
    case 'join_all':
      return join(
        source.operation,
        head as string,
        rest.map((one) => context.evaluate(one as Source)),
      )
    case 'json':
      return json(head as Source, rest as string[], context)
    default:
      return onOneText(source.operation, context.evaluate(head as Source), rest, context)
  }
}

function onOneText(
  name: OperationName,
  input: Value,
  rest: readonly (Source | string)[],
  context: Context,
): Value {
  if (input === undefined || input === 'pending') return input
  const text = (input as string[])[0] as string
  if (name === 'select') {
    const chosen = pairs(rest).find(([key]) => sameIgnoringCase(key as string, text))
    return chosen && context.evaluate(chosen[1] as Source)
  }
  const result = textOperations[name]?.(text, ...(rest as string[]))
  if (typeof result === 'string') return result === '' ? undefined : [result]
  if (!Array.isArray(result)) return result
  return result.length === 0 ? undefined : result
}

type TextOperation = (x: string, ...literals: string[]) => string | string[] | number | boolean | undefined

const textOperations: { readonly [name in OperationName]?: TextOperation } = {
  lower: asciiLower,
  basename: (x) => x.slice(Math.max(x.lastIndexOf('\\'), x.lastIndexOf('/')) + 1),
  before_last: (x, sep = '') => (x.includes(sep) ? x.slice(0, x.lastIndexOf(sep)) : undefined),
  after_last: (x, sep = '') => (x.includes(sep) ? x.slice(x.lastIndexOf(sep) + sep.length) : x),
  before_first: (x, sep = '') => x.split(sep)[0],
  after_first: (x, sep = '') => (x.includes(sep) ? x.slice(x.indexOf(sep) + sep.length) : undefined),
  list_item: listItem,
  number: toNumber,
  hex: (x) => {
    const value = toWhole(x)
    return value === undefined ? undefined : `0x${value.toString(16)}`
  },
  boolean: (x) =>
    ['true', '1', 'yes'].includes(asciiLower(x))
      ? true
      : ['false', '0', 'no'].includes(asciiLower(x))
        ? false
        : undefined,
  guid: (x) => {
    const bare = asciiLower(x.replace(/^\{/, '').replace(/\}$/, ''))
    return /^[0-]*$/.test(bare) ? undefined : bare
  },
  time: toTime,
  zoned_time: (x) => (/(?:Z|[+-]\d\d:\d\d)$/.test(x) ? toTime(x) : undefined),
  utf16: fromUtf16,
  lookup: (x, ...table) => find(x, table) ?? x,
  lookup_only: (x, ...table) => find(x, table),
  split: (x, sep = '') =>
    x
      .split(sep)
      .map(trim)
      .filter((part) => part !== ''),
  ip: toIp,
  nt_path: (x) => x.replace(/^(?:\\\?\?\\|\\\\\?\\)(?=[A-Za-z]:)/, ''),
  registry: toRegistry,
  registry_data: toRegistryData,
  platform_of: platformOf,
  xml_text: xmlText,
  collapse: (x) => trim(x).replace(/[ \t\n\v\f\r]+/g, ' '),
  trim,
  dns_answers: (x) =>
    x
      .split(';')
      .map((part) => dnsAnswer(trim(part)))
      .filter((part) => part !== ''),
}

function fromUtf16(x: string): string | undefined {
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(x)) return undefined
  const bytes = Buffer.from(x, 'hex')
  const text = bytes.subarray(0, bytes.length & ~1).toString('utf16le')
  return Buffer.from(text.replace(/\0+$/, '')).toString()
}

function join(name: 'join' | 'join_all', separator: string, values: readonly Value[]): Value {
  if (values.includes('pending')) return 'pending'
  const texts = values.flatMap((value) => (Array.isArray(value) ? value.slice(0, 1) : []))
  if (texts.length === 0 || (name === 'join_all' && texts.length < values.length)) return undefined
  const joined = texts.join(separator)
  return joined === '' ? undefined : [joined]
}

function json(source: Source, keys: readonly string[], context: Context): Value {
  const read = 'paths' in source ? context.firstJson(source.paths) : undefined
  if (isPending(read)) return 'pending'
  if (isContainer(read)) return within(read as Json, keys, context)
  const value = context.evaluate(source)
  if (!Array.isArray(value)) return value === 'pending' ? value : undefined
  const root = parsed(value[0] as string)
  if (isPending(root)) return 'pending'
  return root === undefined ? undefined : within(root, keys, context)
}

function parsed(text: string): Json | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function within(root: Json, keys: readonly string[], context: Context): Value {
  const found = valuesThroughArrays(root, keys)
  if (found.some(isPending)) return 'pending'
  const texts = found.flatMap(textsOf).filter((text) => text !== '' && !context.absent.includes(text))
  return texts.length === 0 ? undefined : texts
}

function listItem(x: string, key = ''): string | undefined {
  for (const item of x.split(',')) {
    const [name = '', ...value] = item.split('=')
    if (sameIgnoringCase(trim(name), key)) {
      const text = asciiLower(trim(value.join('=')))
      return /^0*$/.test(text) ? undefined : text
    }
  }
  return undefined
}

function toNumber(x: string): number | undefined {
  const text = trim(x)
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return Number(BigInt(text.toLowerCase()))
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return undefined
  return Number.isFinite(Number(text)) ? Number(text) : undefined
}

function toWhole(x: string): bigint | undefined {
  const text = trim(x)
  if (!/^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text)) return undefined
  const value = BigInt(text.toLowerCase())
  return value < 1n << 64n ? value : undefined
}

function toTime(x: string): string | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d+)?(?:Z|([+-])(\d\d):(\d\d))?$/.exec(x)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const [sign, offsetHour, offsetMinute] = [match[8], Number(match[9] ?? 0), Number(match[10] ?? 0)]
  const inRange =
    month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23 && minute <= 59 && second <= 60
  if (!inRange || offsetHour > 23 || offsetMinute > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, sign === undefined ? 1 : day)
  date.setUTCHours(hour, minute)
  if (sign === undefined) return `${x.slice(0, 10)}T${x.slice(11, 19)}${match[7] ?? ''}Z`
  date.setTime(date.getTime() - (sign === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000)
  if (date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999) return undefined
  return `${date.toISOString().slice(0, 17)}${match[6]}${match[7] ?? ''}Z`
}

function toIp(x: string): string | undefined {
  const text = x.split('%')[0] ?? ''
  if (isIPv4(text)) return text
  if (!isIPv6(text)) return undefined
  const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(canonical)
  if (mapped === null) return canonical
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

const registryRoots: readonly (readonly [RegExp, string])[] = [
  [/^(?:HKEY_LOCAL_MACHINE|\\REGISTRY\\MACHINE|HKLM)(?=\\|$)/i, 'HKLM'],
  [/^(?:HKEY_USERS|\\REGISTRY\\USER|HKU)(?=\\|$)/i, 'HKU'],
  [/^(?:HKEY_CLASSES_ROOT|HKCR)(?=\\|$)/i, 'HKCR'],
  [/^(?:HKEY_CURRENT_USER|HKCU)(?=\\|$)/i, 'HKCU'],
  [/^(?:HKEY_CURRENT_CONFIG|HKCC)(?=\\|$)/i, 'HKCC'],
]

function toRegistry(x: string): string {
  const root = registryRoots.find(([pattern]) => pattern.test(x))
  const rooted = root === undefined ? x : x.replace(root[0], root[1])
  return rooted.replace(/^(HKLM\\SYSTEM\\)ControlSet\d{3}(?=\\|$)/i, '$1CurrentControlSet')
}

function toRegistryData(x: string): string {
  const number = /^(?:DWORD \(0x([0-9a-fA-F]{1,8})|QWORD \(0x([0-9a-fA-F]{1,16}))\)$/.exec(x)
  if (number !== null) return String(BigInt(`0x${number[1] ?? number[2]}`))
  const halves = /^QWORD \(0x([0-9a-fA-F]{1,8})-0x([0-9a-fA-F]{1,8})\)$/.exec(x)
  if (halves !== null) return String((BigInt(`0x${halves[1]}`) << 32n) | BigInt(`0x${halves[2]}`))
  return x
}

function platformOf(x: string): string | undefined {
  if (x.includes('\\') || /^[A-Za-z]:/.test(x)) return 'windows'
  if (/^\/(?:Applications|Library|System|Users|Volumes|private)\//.test(x)) return 'macos'
  return x.startsWith('/') ? 'linux' : undefined
}

function xmlText(x: string, tag = ''): string | undefined {
  const begin = [...x.matchAll(/<([^<>/ \t\n\v\f\r]*)[/> \t\n\v\f\r]/g)].find((match) => match[1] === tag)
  if (begin === undefined) return undefined
  const close = x.indexOf('>', begin.index)
  const end = x.indexOf('<', close)
  if (close < 0 || end < 0 || x[close - 1] === '/') return undefined
  return trim(decodeEntities(x.slice(close + 1, end)))
}

const namedEntities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

export function decodeEntities(x: string): string {
  return x.replace(
    /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g,
    (whole, name, decimal, hex) => {
      if (name !== undefined) return namedEntities[name] as string
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      const isScalar = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
      return isScalar ? String.fromCodePoint(code) : whole
    },
  )
}

function dnsAnswer(part: string): string {
  const name = part.replace(/^type: *\d+ +(?=[^ ])/, '')
  const mapped = /^::ffff:(.*)$/i.exec(name)
  return mapped !== null && isIPv4(mapped[1] ?? '') ? (mapped[1] ?? '') : name
}

function find(x: string, table: readonly string[]): string | undefined {
  return pairs(table).find(([key]) => sameIgnoringCase(key as string, x))?.[1]
}

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((item, i) => (i % 2 === 0 ? [[item, items[i + 1] as T] as [T, T]] : []))
}

const sameIgnoringCase = (a: string, b: string): boolean => asciiLower(a) === asciiLower(b)

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

function trim(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
}
