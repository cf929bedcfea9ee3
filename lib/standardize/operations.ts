/**
 * What a mapping can do to a value on its way to a property. The order is the opcode shared with
 * C++ (native/telemetry) and Plans, so new rows go to the end; a change of it changes the schema hash.
 *
 * Values, the same in every implementation:
 * - A value is missing, pending, a number, a boolean, or one or more texts.
 * - `field` reads the record: a string is its text, a number its digits as written, true and false
 *   the texts "true" and "false", null is missing, an array is the texts of its strings, numbers and
 *   booleans (missing when there are none), `{"pending": true}` is pending, any other object is
 *   missing (but see json). In records that the mapping calls escaped, the entities in a text are
 *   decoded, in arrays and objects not. A text that the mapping lists as absent is missing, in arrays too.
 * - Entities are &lt; &gt; &amp; &quot; &apos; &#N; (1 to 7 digits) and &#xN; (1 to 6) of a Unicode
 *   scalar value but 0; others stay.
 * - The first of a field's paths that is not missing counts.
 * - Missing input gives a missing value and pending input a pending one, unless the row says
 *   otherwise. Arguments that the result does not need are not looked at.
 * - An operation that works on one text takes the first of many.
 * - An empty text is missing as the result of an operation that makes text; field, constant, first and
 *   select hand on what they are given.
 * - White space is space, \t, \n, \v, \f and \r. Letters are compared and changed in ASCII only.
 */
export interface OperationRow {
  readonly doc: string
  /** What it gives; `arguments`: what its source arguments give, which must agree. */
  readonly result: 'text' | 'number' | 'boolean' | 'ip' | 'arguments'
  /** Its arguments: computed sources and literal texts. */
  readonly takes: readonly ArgumentKind[]
  /** Arguments that may follow, any number of times; at least once when `takes` is empty. */
  readonly repeats?: readonly ArgumentKind[]
}

type ArgumentKind = 'source' | 'literal'

const x = ['source'] as const
const xAndText = ['source', 'literal'] as const

export const operations = {
  field: { takes: [], result: 'text', doc: 'The first of its paths that is present.' },
  constant: { takes: ['literal'], result: 'text', doc: 'constant(text): the text itself.' },
  first: {
    takes: [],
    repeats: x,
    result: 'arguments',
    doc: 'first(a, b, …): the first argument that is not missing.',
  },
  lower: { takes: x, result: 'text', doc: 'lower(x): ASCII letters in lower case.' },
  basename: {
    takes: x,
    result: 'text',
    doc: 'basename(path): what follows the last \\ or /; all of it when there is none.',
  },
  before_last: {
    takes: xAndText,
    result: 'text',
    doc: 'before_last(x, sep): text before the last sep; missing when sep is not there.',
  },
  after_last: {
    takes: xAndText,
    result: 'text',
    doc: 'after_last(x, sep): text after the last sep; all of x when sep is not there.',
  },
  before_first: {
    takes: xAndText,
    result: 'text',
    doc: 'before_first(x, sep): text before the first sep; all of x when sep is not there.',
  },
  after_first: {
    takes: xAndText,
    result: 'text',
    doc: 'after_first(x, sep): text after the first sep; missing when sep is not there.',
  },
  list_item: {
    takes: xAndText,
    result: 'text',
    doc: 'list_item(x, key): x is "SHA1=AB,MD5=CD"; the value of the first item with that key (ASCII case and white space around key and value aside), lower case; missing when it is all zeros.',
  },
  number: {
    takes: x,
    result: 'number',
    doc: 'number(x): a JSON number, or 1 to 16 hexadecimal digits after 0x or 0X, white space around it aside; missing when x is neither, or not finite as a double.',
  },
  hex: {
    takes: x,
    result: 'text',
    doc: 'hex(x): a whole number from 0 to 2^64-1, 1 to 20 decimal digits or 1 to 16 hexadecimal ones after 0x or 0X, white space around it aside, as 0x and lower-case hexadecimal without leading zeros; else missing.',
  },
  boolean: {
    takes: x,
    result: 'boolean',
    doc: 'boolean(x): true for true, 1 and yes, false for false, 0 and no, ASCII case aside; else missing.',
  },
  guid: {
    takes: x,
    result: 'text',
    doc: 'guid(x): lower case, without one { before and one } after; missing when nothing but 0 and - is in it.',
  },
  time: {
    takes: x,
    result: 'text',
    doc: 'time(x): YYYY-MM-DD, T or a space, hh:mm:ss, perhaps a dot and digits, perhaps Z or ±hh:mm (else it is UTC) as YYYY-MM-DDThh:mm:ss[.digits]Z, the digits as given; other text, and fields out of range (a day over 31), are missing.',
  },
  lookup: {
    takes: x,
    repeats: ['literal', 'literal'],
    result: 'text',
    doc: 'lookup(x, key1, text1, key2, text2, …): the text whose key equals x, ASCII case aside; else x.',
  },
  lookup_only: {
    takes: x,
    repeats: ['literal', 'literal'],
    result: 'text',
    doc: 'lookup_only(x, key1, text1, …): as lookup, else missing.',
  },
  select: {
    takes: x,
    repeats: ['literal', 'source'],
    result: 'arguments',
    doc: 'select(x, key1, a, key2, b, …): the argument whose key equals x, ASCII case aside; else missing.',
  },
  json: {
    takes: x,
    repeats: ['literal'],
    result: 'text',
    doc: 'json(x, key1, key2, …): x is JSON text, or a field whose first path that is not missing has an object or array; the value at that path, read as by field. An array on the way stands for each of its elements, which gives many values. Pending when x is an object that is. Missing when x is not JSON as a whole, or nested over 1024 deep.',
  },
  split: {
    takes: xAndText,
    result: 'text',
    doc: 'split(x, sep): many values, white space around each cut, empty ones left out.',
  },
  join: {
    takes: ['literal'],
    repeats: x,
    result: 'text',
    doc: 'join(sep, a, b, …): the arguments that are not missing, joined by sep; missing when all are.',
  },
  join_all: {
    takes: ['literal'],
    repeats: x,
    result: 'text',
    doc: 'join_all(sep, a, b, …): as join, but missing when any argument is.',
  },
  ip: {
    takes: x,
    result: 'ip',
    doc: 'ip(x): an IPv4 address in dotted decimal, or an IPv6 address as RFC 5952 writes it, always without a dotted part; ::ffff:a.b.c.d becomes a.b.c.d; a % and what follows is cut first; missing when x is none.',
  },
  nt_path: {
    takes: x,
    result: 'text',
    doc: 'nt_path(x): \\??\\ and \\\\?\\ are cut when a letter and a colon follow; all else stays, \\Device\\HarddiskVolumeN\\ too.',
  },
  registry: {
    takes: x,
    result: 'text',
    doc: 'registry(x): canonical registry path. The root HKEY_LOCAL_MACHINE or \\REGISTRY\\MACHINE becomes HKLM, HKEY_USERS or \\REGISTRY\\USER HKU, HKEY_CLASSES_ROOT HKCR, HKEY_CURRENT_USER HKCU, HKEY_CURRENT_CONFIG HKCC, in any case, the short forms too; in HKLM\\SYSTEM\\ControlSetNNN (three digits) the last becomes CurrentControlSet. A root ends at a \\ or the end of x; all else stays.',
  },
  registry_data: {
    takes: x,
    result: 'text',
    doc: 'registry_data(x): "DWORD (0x00000001)", "QWORD (0x…)" and "QWORD (0x<high>-0x<low>)", up to 8, 16 and 8-8 digits, become decimal; other text stays.',
  },
  platform_of: {
    takes: x,
    result: 'text',
    doc: 'platform_of(path): windows when a \\ is in it or it begins with a letter and a colon; macos when it begins with /Applications/, /Library/, /System/, /Users/, /Volumes/ or /private/; linux when it begins with another /; else missing.',
  },
  xml_text: {
    takes: xAndText,
    result: 'text',
    doc: 'xml_text(x, tag): the text of the first element of that name: of "<tag", white space, / or >, what stands between the next > and the < after that, entities decoded, white space around it cut; missing when that > follows a /.',
  },
  collapse: {
    takes: x,
    result: 'text',
    doc: 'collapse(x): runs of white space become one space, none at the ends.',
  },
  trim: { takes: x, result: 'text', doc: 'trim(x): white space at both ends cut.' },
  dns_answers: {
    takes: x,
    result: 'text',
    doc: 'dns_answers(x): many values, from "type:  5 a.example;::ffff:192.0.2.1;": split at ;, white space cut, "type:", spaces, a number and spaces before a name cut, ::ffff: before an IPv4 address cut, empty ones left out.',
  },
  zoned_time: {
    takes: x,
    result: 'text',
    doc: 'zoned_time(x): as time, but missing when x does not end in Z or ±hh:mm: for local times, which say nothing without their zone.',
  },
  utf16: {
    takes: x,
    result: 'text',
    doc: 'utf16(x): x is hexadecimal digits, two a byte, of text in UTF-16, little-endian; the text. NULs at its end and an odd last byte are left out, half a surrogate pair becomes U+FFFD. Missing when x is anything else.',
  },
} as const satisfies Record<string, OperationRow>

export type OperationName = keyof typeof operations

export const operationNames = Object.keys(operations) as OperationName[]

/** The opcode of an operation in a Plan: its row number. */
export const operationId = (name: OperationName): number => operationNames.indexOf(name)
