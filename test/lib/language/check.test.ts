import t from 'tap'
import { baseName } from '../../../lib/language/build-detector.js'
import { checkRules } from '../../../lib/language/check.js'
import { diagnosticToJson } from '../../../lib/language/diagnostics.js'
import { printCondition } from '../../../lib/language/print-condition.js'
import type { Detector } from '../../../lib/language/ruleset.js'

const check = (source: string, file = 'rules/a-rule.nut.rb') => checkRules([{ file, source }])

function only(source: string): Detector {
  const { ruleSet, diagnostics } = check(source)
  const [detector, ...more] = ruleSet?.detectors ?? []
  if (!detector || more.length > 0) throw new Error(`not one detector: ${JSON.stringify(diagnostics)}`)
  return detector
}

/** What an expression comes to, written out in the language. */
const meaning = (expression: string): string => printCondition(only(expression).condition)

const withoutSpans = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === 'span' ? undefined : inner)))

const text = (property: string, match: string, strings: string[], more: object = {}) => ({
  kind: 'test',
  test: {
    event: null,
    property,
    match,
    all: false,
    negated: false,
    caseSensitive: false,
    strings,
    numbers: [],
    ...more,
  },
})

t.test('the first production detector, unchanged', async (t) => {
  const { ruleSet, diagnostics } = check(`windows? &&
process_is_likely?('powershell') &&
process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['-bxor'])
`)
  t.strictSame(diagnostics, [])
  const both = ['powershell', 'powershell.exe']
  t.strictSame(withoutSpans(ruleSet), {
    detectors: [
      {
        name: 'a-rule',
        title: 'a-rule',
        description: '',
        severity: 'medium',
        attack: [],
        references: [],
        metadata: {},
        condition: {
          kind: 'and',
          operands: [
            text('platform', 'equals', ['windows']),
            {
              kind: 'or',
              operands: [
                text('process_name', 'equals', both),
                text('original_file_name', 'equals', both),
                text('internal_name', 'equals', both),
                text('process_path', 'ends_with', ['\\powershell.exe']),
              ],
            },
            text('deobfuscated_command_line', 'includes', ['-bxor'], { event: 'process_start' }),
          ],
        },
        examples: [],
      },
    ],
  })
})

t.test('the second production detector, unchanged', async (t) => {
  const { ruleSet, diagnostics } =
    check(`process_start_property_equals_any?(property: process_name, strings: ['explorer.exe']) &&
process_start_property_equals_any?(property: username, strings: ['user.a']) &&
process_start_property_equals_any?(property: file_name, strings: ['file.a'])
`)
  t.strictSame(diagnostics, [])
  const on = { event: 'process_start' }
  t.strictSame(withoutSpans(ruleSet?.detectors[0]?.condition), {
    kind: 'and',
    operands: [
      text('process_name', 'equals', ['explorer.exe'], on),
      text('username', 'equals', ['user.a'], on),
      text('file_name', 'equals', ['file.a'], on),
    ],
  })
})

t.test('a detector with everything a detector can have', async (t) => {
  const source = `list :office_apps, ['winword.exe', 'excel.exe', 'powerpnt.exe']

define :started_by_office,
  process_start_property_equals_any?(property: parent_name, strings: :office_apps)

detector 'powershell-bxor' do
  title       'PowerShell hides its payload with a binary XOR'
  description <<~TEXT
    Two lines,
      one indented.
  TEXT
  severity    :high
  attack      'T1027', 'T1059.001'
  references  'https://example.org/1', 'https://example.org/2'
  author      'someone'
  tags        :loader, 'xor', 7

  match started_by_office? &&
        process_start_property_includes_any?(property: command_line, strings: ['-bxor'])

  fires_on 'inline xor', process_start(process_name: 'powershell.exe', command_line: 'powershell -c 1 -bXOR 2', process_pid: 4)
  ignores  'a lookup', dns_query(query_results: ['::1', '10.0.0.1'], query_name: pending)
end
`
  const { ruleSet, diagnostics } = check(source)
  t.strictSame(diagnostics, [])
  const [detector] = ruleSet?.detectors ?? []
  t.match(detector?.span, { file: 'rules/a-rule.nut.rb', line: 6, column: 1 })
  t.equal(
    source.slice(detector?.span.start, detector?.span.end),
    source.slice(source.indexOf('detector'), -1),
  )
  t.strictSame(withoutSpans(detector), {
    title: 'PowerShell hides its payload with a binary XOR',
    description: 'Two lines,\n  one indented.\n',
    severity: 'high',
    attack: ['T1027', 'T1059.001'],
    references: ['https://example.org/1', 'https://example.org/2'],
    metadata: { author: ['someone'], tags: ['loader', 'xor', '7'] },
    name: 'powershell-bxor',
    condition: {
      kind: 'and',
      operands: [
        text('parent_name', 'equals', ['winword.exe', 'excel.exe', 'powerpnt.exe'], {
          event: 'process_start',
        }),
        text('command_line', 'includes', ['-bxor'], { event: 'process_start' }),
      ],
    },
    examples: [
      {
        kind: 'fires_on',
        label: 'inline xor',
        event: {
          event_type: 'process_start',
          platform: 'windows',
          process_name: 'powershell.exe',
          command_line: 'powershell -c 1 -bXOR 2',
          process_pid: 4,
        },
      },
      {
        kind: 'ignores',
        label: 'a lookup',
        event: {
          event_type: 'dns_query',
          platform: 'windows',
          query_results: ['::1', '10.0.0.1'],
          query_name: { pending: true },
        },
      },
    ],
  })
})

t.test('metadata may be called like what objects have already', async (t) => {
  const { metadata } = only(`detector 'constructor' do
    constructor 'a'
    __proto__ 'b'
    toString 'c'
    match process_start_property_exists?(property: process_name)
  end`)
  t.strictSame(Object.entries(metadata), [
    ['constructor', ['a']],
    ['__proto__', ['b']],
    ['toString', ['c']],
  ])
})

t.test('operators bind as in Ruby: ! before && before ||', async (t) => {
  const same = (a: string, b: string) => t.equal(meaning(a), meaning(b), `${a} is ${b}`)
  same('windows? || linux? && macos?', 'windows? || (linux? && macos?)')
  same('windows? && linux? || macos?', '(windows? && linux?) || macos?')
  same('!windows? && linux?', '(!windows?) && linux?')
  same('!(windows? || linux?)', '!((windows? || linux?))')
  t.not(meaning('windows? || linux? && macos?'), meaning('(windows? || linux?) && macos?'))
})

t.test('a chain of one operator is one condition, however it is written', async (t) => {
  const operands = (source: string) => {
    const { condition } = only(source)
    return 'operands' in condition ? condition.operands.length : 0
  }
  t.equal(operands('windows? && linux? && macos? && outbound?'), 4)
  t.equal(operands('windows? && (linux? && (macos? && outbound?))'), 4)
  t.equal(operands(`define :both, linux? && macos?\nwindows? && both? && outbound?`), 4)
  t.equal(operands(Array(5000).fill('outbound?').join(' ||\n')), 5000)
})

t.test('a definition that many call is one object, checked once', async (t) => {
  const { detectors } = checkRules([
    { file: 'a.rb', source: 'define :either, windows? || linux?' },
    { file: 'b.rb', source: 'outbound? && either?' },
    { file: 'c.rb', source: 'inbound? && either?' },
  ]).ruleSet ?? { detectors: [] }
  const [one, other] = detectors.map(({ condition }) =>
    condition.kind === 'and' ? condition.operands[1] : null,
  )
  t.ok(one)
  t.equal(one, other)
})

t.test('negative twins, _any and _all, numbers, ranges, subnets and patterns', async (t) => {
  const test = (expression: string) => {
    const { condition } = only(expression)
    return condition.kind === 'test' ? condition.test : null
  }
  t.match(test("process_start_property_does_not_include_all?(property: command_line, strings: ['a', 'b'])"), {
    event: 'process_start',
    match: 'includes',
    all: true,
    negated: true,
    strings: ['a', 'b'],
  })
  t.match(test('any_property_equals?(property: remote_port, number: 443)'), {
    event: null,
    match: 'number_equals',
    all: false,
    numbers: [443],
    strings: [],
  })
  t.match(test('process_start_property_is_not_between?(property: process_pid, min: -1, max: 0x10)'), {
    match: 'between',
    negated: true,
    numbers: [-1, 16],
  })
  t.match(test('process_start_property_greater_than?(property: command_line_entropy, number: 4.5)'), {
    match: 'greater_than',
    numbers: [4.5],
  })
  t.match(
    test("network_connection_property_in_any_subnet?(property: remote_ip, subnets: ['10.0.0.0/8', '::1'])"),
    {
      match: 'in_subnet',
      strings: ['10.0.0.0/8', '::1'],
    },
  )
  t.match(test('image_load_property_is_not_true?(property: image_signed)'), {
    match: 'is_true',
    negated: true,
  })
  t.match(test("process_start_property_equals?(property: username, string: 'A', case_sensitive: true)"), {
    caseSensitive: true,
    strings: ['A'],
  })
  const patterns = test(
    String.raw`process_start_property_matches_any?(property: command_line, patterns: [/a\/b/i, /c/m, %r{d/e}im, '(?-s)f', /g/])`,
  )
  t.strictSame(patterns?.strings, ['(?i)a\\/b', '(?s)c', '(?is)d/e', '(?-s)f', 'g'])
})

t.test('a file that is only an expression is a detector named after the file', async (t) => {
  t.equal(baseName('rules/win/powershell-bxor.nut.rb'), 'powershell-bxor')
  t.equal(baseName('powershell.rb'), 'powershell')
  t.equal(baseName('C:\\rules\\a b.v2.rb'), 'a b.v2')
  t.equal(baseName('rules/.rb'), '.rb')
  t.equal(baseName('-'), '-')
})

t.test('any error refuses all of it; warnings do not', async (t) => {
  const good = { file: 'good.rb', source: 'outbound?' }
  t.equal(checkRules([good]).ruleSet?.detectors.length, 1)
  const bad = checkRules([good, { file: 'bad.rb', source: 'outbond?' }])
  t.equal(bad.ruleSet, null)
  t.equal(bad.diagnostics.length, 1)
  const warned = checkRules([good, { file: 'odd.rb', source: 'windows?' }])
  t.equal(warned.ruleSet?.detectors.length, 2)
  t.strictSame(
    warned.diagnostics.map(({ severity }) => severity),
    ['warning'],
  )
  t.strictSame(checkRules([]), { ruleSet: { detectors: [] }, diagnostics: [] })
})

t.test('diagnostics come in the order of file and place, and as JSON', async (t) => {
  const { diagnostics } = checkRules([
    { file: 'b.rb', source: '# ü\noutbond? && inbond?' },
    { file: 'a.rb', source: 'frobnicate_the_flux?' },
  ])
  t.strictSame(
    diagnostics.map(({ span }) => `${span.file}:${span.line}:${span.column}`),
    ['a.rb:1:1', 'b.rb:2:1', 'b.rb:2:13'],
  )
  t.strictSame(diagnostics.slice(1, 2).map(diagnosticToJson), [
    {
      code: 'NUTHATCH_UNKNOWN_HELPER',
      severity: 'error',
      file: 'b.rb',
      line: 2,
      column: 1,
      start: 5,
      end: 13,
      message: 'there is no helper and no definition `outbond?`',
      suggestion: 'did you mean `outbound?`?',
    },
  ])
})
