/** What each operation of a mapping means, by example; the reference interpreter and the engine are held to it. */
import t from 'tap'
import type { Assignments, Mapping, Source } from '../../../lib/standardize/mapping.js'
import {
  type OperationName,
  operationId,
  operationNames,
  operations,
} from '../../../lib/standardize/operations.js'
import * as s from '../../../lib/standardize/sources.js'
import { standardizeBothWays } from './records.js'

const x = s.field('x')

/** The value of a source on a record, "none" being absent; undefined is missing. */
function evaluated(property: keyof Assignments, source: Source, record: object): unknown {
  const mapping: Mapping = {
    name: 'test',
    recognise: [[['here']]],
    absent: ['none'],
    common: {},
    routes: [{ event: 'process_access', when: [], set: { [property]: source } }],
    label: s.constant('test'),
  }
  const outcome = standardizeBothWays(JSON.stringify({ here: true, ...record }), [mapping])
  if ('unmapped' in outcome) throw new Error('unmapped')
  return outcome.event[property]
}

const text = (source: Source, value: unknown, more: object = {}) =>
  evaluated('call_trace', source, { x: value, ...more })
const number = (source: Source, value: unknown) => evaluated('granted_access', source, { x: value })

type Rows = readonly (readonly [value: unknown, expected: unknown])[]

const table = (name: string, source: Source, rows: Rows, read = text) =>
  t.test(name, async (t) => {
    for (const [value, expected] of rows) t.strictSame(read(source, value), expected, JSON.stringify(value))
  })

table('field', x, [
  ['a', 'a'],
  ['', ''],
  [12, '12'],
  [true, 'true'],
  [null, undefined],
  ['none', undefined],
  ['None', 'None'],
  [
    ['a', 1, null, 'none', ['b'], { c: 'd' }, false],
    ['a', '1', 'false'],
  ],
  [[], undefined],
  [['none'], undefined],
  [{ a: 'b' }, undefined],
  [{ pending: true }, { pending: true }],
  [{ pending: false }, undefined],
])

t.test('field: numbers keep their digits, and the first path that has a value counts', async (t) => {
  const big = `{"here":1,"x":12345678901234567890,"y":1.50,"z":-0}`
  const mapping = (source: Source): Mapping => ({
    name: 'test',
    recognise: [[['here']]],
    absent: [],
    common: {},
    routes: [{ event: 'pipe', when: [], set: { pipe_name: source } }],
    label: s.constant('test'),
  })
  const digits = (path: string) => {
    const outcome = standardizeBothWays(big, [mapping(s.field(path))])
    return 'event' in outcome && outcome.event.pipe_name
  }
  t.strictSame(['x', 'y', 'z'].map(digits), ['12345678901234567890', '1.50', '-0'])
  t.equal(text(s.field('a.b', 'y', 'x'), 'from x', { a: { b: null }, y: 'none' }), 'from x')
  t.equal(
    text(s.field('a.b.c'), 'x', { a: [{ b: { c: 'd' } }] }),
    undefined,
    'a path does not go through arrays',
  )
})

t.test(
  'field: texts of escaped records are decoded, those in arrays and the conditions’ own are not',
  async (t) => {
    const mapping: Mapping = {
      name: 'test',
      recognise: [[['x']]],
      absent: ['<none>'],
      escaped: [s.isOneOf(s.field('shipper'), 'a&amp;b')],
      common: {},
      routes: [{ event: 'pipe', when: [], set: { pipe_name: x } }],
      label: s.constant('test'),
    }
    const read = (value: unknown, shipper: string) => {
      const outcome = standardizeBothWays(JSON.stringify({ x: value, shipper }), [mapping])
      return 'event' in outcome && outcome.event.pipe_name
    }
    t.equal(
      read('&lt;&gt;&amp;amp;&quot;&apos;&#65;&#x1F600;&#0;&#xD800;&#x110000;&lt', 'a&amp;b'),
      '<>&amp;"\'A\u{1F600}&#0;&#xD800;&#x110000;&lt',
    )
    t.equal(read('&lt;', 'a&b'), '&lt;')
    t.equal(read('&lt;none&gt;', 'a&amp;b'), undefined)
    t.strictSame(read(['&lt;', 'b'], 'a&amp;b'), ['&lt;', 'b'])
  },
)

t.test('constant, first', async (t) => {
  t.equal(text(s.constant('a'), null), 'a')
  t.equal(text(s.first(x, s.field('y')), null, { y: 'b' }), 'b')
  t.equal(text(s.first(x, s.field('y')), '', { y: 'b' }), '', 'an empty text is a value')
  t.strictSame(text(s.first(x, s.field('y')), { pending: true }, { y: 'b' }), { pending: true })
  t.strictSame(text(s.first(x), ['a', 'b']), ['a', 'b'])
})

t.test('pending in, pending out', async (t) => {
  const pending = { pending: true }
  t.strictSame(text(s.lower(x), pending), pending)
  t.strictSame(text(s.lookup(x, { a: 'b' }), pending), pending)
  t.strictSame(text(s.join(',', s.constant('a'), x), pending), pending)
  t.strictSame(number(s.number(x), pending), pending)
  t.strictSame(
    text(s.select(s.constant('a'), { a: s.constant('b'), c: x }), pending),
    'b',
    'what is not looked at does not matter',
  )
})

table('lower', s.lower(x), [['ABC-Ä', 'abc-Ä']])
table('basename', s.basename(x), [
  ['C:\\a\\b.exe', 'b.exe'],
  ['/usr/bin/bash', 'bash'],
  ['C:\\a/b.exe', 'b.exe'],
  ['System', 'System'],
  ['C:\\a\\', undefined],
  [['C:\\a', 'C:\\b'], 'a'],
])
table('before_last', s.beforeLast(x, '\\'), [
  ['A\\b\\c', 'A\\b'],
  ['c', undefined],
  ['\\c', undefined],
])
table('after_last', s.afterLast(x, '\\'), [
  ['A\\b\\c', 'c'],
  ['c', 'c'],
  ['c\\', undefined],
])
table('before_first', s.beforeFirst(x, '::'), [
  ['a::b::c', 'a'],
  ['a', 'a'],
  ['::a', undefined],
])
table('after_first', s.afterFirst(x, '::'), [
  ['a::b::c', 'b::c'],
  ['a', undefined],
  ['a::', undefined],
])
table('list_item', s.listItem(x, 'MD5'), [
  ['SHA1=AB,MD5=CD', 'cd'],
  [' md5 = C=D ,MD5=EF', 'c=d'],
  ['SHA1=AB', undefined],
  ['XMD5=AB', undefined],
  ['MD5=0000', undefined],
  ['MD5=', undefined],
  ['MD5', undefined],
])
table(
  'number',
  s.number(x),
  [
    ['42', 42],
    [42, 42],
    [' -1.5e3 ', -1500],
    ['0x1F', 31],
    ['0Xffffffffffffffff', 18446744073709552000],
    ['0x10000000000000000', undefined],
    ['0x', undefined],
    ['007', undefined],
    ['1e999', undefined],
    ['12a', undefined],
    ['', undefined],
    [true, undefined],
  ],
  number,
)
table('hex', s.hex(x), [
  ['999', '0x3e7'],
  ['0x0000003E7', '0x3e7'],
  [0, '0x0'],
  ['18446744073709551615', '0xffffffffffffffff'],
  ['18446744073709551616', undefined],
  ['-1', undefined],
  ['1.5', undefined],
])
t.test('boolean', async (t) => {
  const read = (value: unknown) => {
    const outcome = standardizeBothWays(JSON.stringify({ event_type: 'logon', is_admin: value }))
    return 'event' in outcome && outcome.event.is_admin
  }
  t.strictSame([true, 'TRUE', 1, 'yes', 'No', false, 0].map(read), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ])
  t.strictSame(['on', '', 2, null].map(read), [undefined, undefined, undefined, undefined])
})
table('guid', s.guid(x), [
  ['{0A1B-00}', '0a1b-00'],
  ['0A1B-00', '0a1b-00'],
  ['{{0A1B}}', '{0a1b}'],
  ['{00000000-0000-0000-0000-000000000000}', undefined],
  ['{}', undefined],
])
table('time', s.time(x), [
  ['2020-10-22 06:57:55.600', '2020-10-22T06:57:55.600Z'],
  ['2020-10-22T06:57:55.1234567Z', '2020-10-22T06:57:55.1234567Z'],
  ['2020-12-31T23:30:00.5-01:45', '2021-01-01T01:15:00.5Z'],
  ['2020-03-01T00:30:00+01:00', '2020-02-29T23:30:00Z'],
  ['2020-02-30T00:00:00Z', '2020-02-30T00:00:00Z'],
  ['2016-12-31T23:59:60Z', '2016-12-31T23:59:60Z'],
  ['2020-13-01T00:00:00Z', undefined],
  ['2020-12-01T24:00:00Z', undefined],
  ['2020-12-01T00:00:00.Z', undefined],
  ['2020-12-01', undefined],
  ['0000-01-01T00:00:00+01:00', undefined],
  ['22/10/2020 06:57:55', undefined],
])

table('zoned_time', s.zonedTime(x), [
  ['2020-10-22 06:57:55.600', undefined],
  ['2020-10-22T06:57:55Z', '2020-10-22T06:57:55Z'],
  ['2020-10-22 06:57:55.60Z', '2020-10-22T06:57:55.60Z'],
  ['2020-10-22T06:57:55.1+02:00', '2020-10-22T04:57:55.1Z'],
  ['2020-10-22T06:57:55z', undefined],
  ['2020-10-22T06:57:55-24:00', undefined],
  ['2020-10-22', undefined],
  ['Z', undefined],
])
table('utf16', s.utf16(x), [
  ['4900450058002800', 'IEX('],
  ['E9002120', 'é‡'],
  ['3dd8 00de', undefined],
  ['3dd800de', '😀'],
  ['3dd84100', '\ufffdA'],
  ['00de3dd8', '\ufffd\ufffd'],
  ['410000004200', 'A\0B'],
  ['410042000000000042', 'AB'],
  ['41', undefined],
  ['0000', undefined],
  ['', undefined],
  ['4100420', undefined],
  ['4100zz00', undefined],
  ['0x4100', undefined],
])
table('lookup', s.lookup(x, { A: 'one', '': 'empty' }), [
  ['a', 'one'],
  ['b', 'b'],
  ['', 'empty'],
  [null, undefined],
])
table('lookup to nothing', s.lookup(x, { '0x0': '' }), [
  ['0x0', undefined],
  ['0x1', '0x1'],
])
table('lookup_only', s.lookupOnly(x, { A: 'one' }), [
  ['a', 'one'],
  ['b', undefined],
])
table('select', s.select(x, { true: s.constant('one'), false: s.field('here') }), [
  [true, 'one'],
  ['FALSE', 'true'],
  ['b', undefined],
])
table('json', s.json(x, 'a', 'b'), [
  ['{"a":{"b":"c"}}', 'c'],
  ['{"a":{"b":1.50}}', '1.50'],
  [{ a: { b: 'c' } }, 'c'],
  [
    [{ a: { b: 'c' } }, { a: {} }, { a: [{ b: ['d', 'none', '', null] }, { b: true }] }],
    ['c', 'd', 'true'],
  ],
  ['{"a":{"b":{}}}', undefined],
  ['{"a":"b"}', undefined],
  ['{"a":', undefined],
  ['{"a":{"b":"c"}', undefined],
  ['{"a":{"b":"c"}} and more', undefined],
  ['{"a":{"b":"C:\\q"}}', 'C:\\q'],
  ['{"pending":true,"a":{"b":"c"}}', { pending: true }],
  ['', undefined],
  ['none', undefined],
  [12, undefined],
])
table('split', s.split(x, '\n'), [
  ['a\r\n\t\tb\n\n c', ['a', 'b', 'c']],
  ['a', 'a'],
  [' \n ', undefined],
])
table('dns_answers', s.dnsAnswers(x), [
  ['type:  5 a.example;::FFFF:192.0.2.1; b ;;', ['a.example', '192.0.2.1', 'b']],
  ['type:  16', 'type:  16'],
  ['::ffff:1:2', '::ffff:1:2'],
  [';', undefined],
])
t.test('join and join_all', async (t) => {
  const parts = [x, s.field('y'), s.field('z')]
  const values = { y: null, z: ['c', 'd'] }
  t.equal(text(s.join('|', ...parts), 'a', values), 'a|c')
  t.equal(text(s.join('|', ...parts), null), undefined)
  t.equal(text(s.joinAll('|', ...parts), 'a', values), undefined)
  t.equal(text(s.joinAll('|', ...parts), 'a', { ...values, y: 'b' }), 'a|b|c')
})
table('ip', s.ip(x), [
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.01', undefined],
  ['192.0.2', undefined],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['::', '::'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['0:0:0:0:0:FFFF:C000:0201', '192.0.2.1'],
  ['::192.0.2.1', '::c000:201'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['192.0.2.1%1', '192.0.2.1'],
  ['host', undefined],
  ['1::2::3', undefined],
])
table('nt_path', s.ntPath(x), [
  ['\\??\\C:\\a', 'C:\\a'],
  ['\\\\?\\c:\\a', 'c:\\a'],
  ['\\\\?\\UNC\\server\\share', '\\\\?\\UNC\\server\\share'],
  ['\\Device\\HarddiskVolume2\\a', '\\Device\\HarddiskVolume2\\a'],
])
table('registry', s.registry(x), [
  ['HKEY_LOCAL_MACHINE\\SOFTWARE', 'HKLM\\SOFTWARE'],
  ['\\REGISTRY\\MACHINE\\System\\ControlSet002\\Services', 'HKLM\\System\\CurrentControlSet\\Services'],
  ['\\registry\\user\\S-1-5-18', 'HKU\\S-1-5-18'],
  ['hku\\.DEFAULT', 'HKU\\.DEFAULT'],
  ['HKEY_USERS', 'HKU'],
  ['HKEY_CLASSES_ROOT\\a', 'HKCR\\a'],
  ['HKEY_CURRENT_USER\\a', 'HKCU\\a'],
  ['HKEY_CURRENT_CONFIG\\a', 'HKCC\\a'],
  ['HKLM\\SYSTEM\\ControlSet0011\\a', 'HKLM\\SYSTEM\\ControlSet0011\\a'],
  ['HKLM\\SYSTEM\\ControlSet001', 'HKLM\\SYSTEM\\CurrentControlSet'],
  ['HKU\\SYSTEM\\ControlSet001\\a', 'HKU\\SYSTEM\\ControlSet001\\a'],
  ['HKLMX\\a', 'HKLMX\\a'],
  ['\\REGISTRY\\A\\{1}\\a', '\\REGISTRY\\A\\{1}\\a'],
])
table('registry_data', s.registryData(x), [
  ['DWORD (0x0000000A)', '10'],
  ['QWORD (0x00000001-0x00000002)', '4294967298'],
  ['QWORD (0xffffffffffffffff)', '18446744073709551615'],
  ['DWORD (0x100000000)', 'DWORD (0x100000000)'],
  ['dword (0x1)', 'dword (0x1)'],
  ['Binary Data', 'Binary Data'],
])
table('platform_of', s.platformOf(x), [
  ['C:\\a', 'windows'],
  ['c:/a', 'windows'],
  ['\\Device\\a', 'windows'],
  ['/usr/bin/a', 'linux'],
  ['/Users/a', 'macos'],
  ['/Usersa', 'linux'],
  ['System', undefined],
])
table('xml_text', s.xmlText(x, 'Command'), [
  ['<a><Command>b</Command></a>', 'b'],
  [
    '<CommandLine>x</CommandLine><Command a="1">\n b &lt;&#65;&#x42;&amp;amp;&nope;&#0; </Command>',
    'b <AB&amp;&nope;&#0;',
  ],
  ['<Command/>x<Command>b</Command>', undefined],
  ['<Command>b', undefined],
  ['<command>b</command>', undefined],
  ['<Command></Command>', undefined],
])
table('collapse', s.collapse(x), [
  ['  a \r\n\t b ', 'a b'],
  [' \n ', undefined],
  ['a\u00a0\u00a0b', 'a\u00a0\u00a0b'],
])
table('trim', s.trim(x), [['\t a  b\v\n', 'a  b']])

t.test('every operation has an opcode of its own, and a line that says what it does', async (t) => {
  t.equal(operationId('field'), 0)
  t.strictSame(operationNames.map(operationId), [...operationNames.keys()])
  for (const name of operationNames) t.match(operations[name as OperationName].doc, /\.$/)
})
