/** Rule files that are no rules: each gets a clear answer, quickly, and costs no other file anything. */
import t from 'tap'
import { compile } from '../../../lib/detectors.js'
import { checkRules } from '../../../lib/language/check.js'
import { MOST_PER_FILE } from '../../../lib/language/diagnostics.js'
import { formatDiagnostic } from '../../../lib/language/format-diagnostic.js'
import { MAX_RULE_FILE_BYTES, parse } from '../../../lib/language/parse.js'
import { Random } from '../../oracle/random.js'

const MEGABYTE = 1_000_000
/** For what need not be a megabyte to go wrong. */
const MUCH = 30_000
const encoder = new TextEncoder()

/** The diagnostics of one file, each without its excerpt, after checking that they can be shown. */
function said(source: string | Uint8Array): string[] {
  return checkRules([{ file: 'x.rb', source }]).diagnostics.map((diagnostic) => {
    const shown = formatDiagnostic(diagnostic)
    if (shown.length > 1500) t.fail(`too long to be shown: ${shown}`)
    const { code, span, message } = diagnostic
    return `${span.line}:${span.column} ${code.replace('NUTHATCH_', '')} ${message}`
  })
}

t.test('bytes that are no text', async (t) => {
  const utf16 = Buffer.from('\ufeffwindows?', 'utf16le')
  const cases: [Uint8Array, string][] = [
    [encoder.encode('windows? &&\n\0'), '2:1 RULE_FILE_NUL the file holds a NUL byte, so it is no text'],
    [utf16, '1:4 RULE_FILE_NUL the file is UTF-16'],
    [Buffer.from(utf16).swap16(), '1:3 RULE_FILE_NUL the file is UTF-16'],
    [Buffer.from('outbound? # caf\xe9\n', 'latin1'), '1:16 RULE_FILE_NOT_UTF8'],
    [Buffer.from([0x23, 0xed, 0xa0, 0x80]), '1:2 RULE_FILE_NOT_UTF8'],
  ]
  for (const [source, expected] of cases) {
    const found = said(source)
    t.equal(found.length, 1)
    t.ok(found[0]?.startsWith(expected), `${found[0]} begins with ${expected}`)
  }
})

t.test('a byte that is no text hides nothing else', async (t) => {
  const source =
    "detector 'd\xe9' do\n  title 'caf\xe9\xff'\n  match outbond? # \xe9\nend\ndetector 'x\xc3\xa9' do\nend\n"
  t.strictSame(said(Buffer.from(source, 'latin1')), [
    '1:12 RULE_FILE_NOT_UTF8 the file is not UTF-8 from here on',
    '3:9 UNKNOWN_HELPER there is no helper and no definition `outbond?`',
    '5:10 MISSING_MATCH the detector `xé` has no `match`',
  ])
})

t.test('a file with no text, or with comments alone, is a warning', async (t) => {
  const message = '1:1 RULE_FILE_EMPTY the file holds no detector, list or definition'
  for (const source of ['', '\n\n', '# nothing', '\ufeff', '\r\n']) t.strictSame(said(source), [message])
  t.ok(checkRules([{ file: 'x.rb', source: '' }]).ruleSet)
})

t.test('a byte order mark takes no column', async (t) => {
  t.strictSame(said('\ufeffoutbound?'), [])
  const { diagnostics } = checkRules([{ file: 'x.rb', source: '\ufeffoutbond? && inbond?' }])
  t.strictSame(
    diagnostics.map(({ span }) => [span.column, span.start]),
    [
      [1, 3],
      [13, 15],
    ],
  )
  t.match(
    formatDiagnostic(diagnostics[0] as (typeof diagnostics)[number]),
    '\n  outbond? && inbond?\n  ^^^^^^^^\n',
  )
})

t.test('lines that end with CR LF', async (t) => {
  const source = [
    "detector 'a' do",
    "  title 'x'",
    '  match outbound? &&',
    '        inbond?',
    'end',
    '',
  ].join('\r\n')
  const [diagnostic, ...more] = checkRules([{ file: 'x.rb', source }]).diagnostics
  t.strictSame(more, [])
  t.equal(
    diagnostic && formatDiagnostic(diagnostic),
    `x.rb:4:9: error NUTHATCH_UNKNOWN_HELPER: there is no helper and no definition \`inbond?\`
          inbond?
          ^^^^^^^
help: did you mean \`inbound?\`?
`,
  )
})

t.test('a megabyte of one character', async (t) => {
  for (const character of ['(', '!']) t.equal(said(character.repeat(MEGABYTE)).length, 1, character)
})

t.test('very much of one character', async (t) => {
  for (const character of [
    '[',
    "'",
    '"',
    ')',
    'a',
    '1',
    '#',
    '\n',
    ':',
    '/',
    '&',
    '{',
    'é',
    '\\',
    '?',
    '%',
  ]) {
    t.equal(said(character.repeat(MUCH)).length, 1, JSON.stringify(character))
  }
})

t.test('very much of something that goes on and on', async (t) => {
  const parts = [
    'a?(',
    '!(',
    'windows? and ',
    "list :a, ['x'\n",
    "detector 'a' do\n",
    "title 'a' ",
    'a => b,',
    'description <<~T\n',
  ]
  for (const part of parts) {
    const found = said(part.repeat(MUCH / part.length))
    const few = found.length > 0 && found.length <= MOST_PER_FILE + 1
    t.ok(few, `${JSON.stringify(part)}: ${found.length}, ${found[0]?.slice(0, 100)}`)
  }
})

t.test('of many errors the first hundred of each file are told, and how many there are', async (t) => {
  for (const [source, more] of [
    ['foo?\n'.repeat(1000), '1,899 more errors'],
    ["detector 'a' do match outbound? end\n".repeat(102), '1 more error'],
    ['"\'\n'.repeat(10_000), ' more errors'],
  ] as const) {
    const found = said(source)
    t.equal(found.length, MOST_PER_FILE + 1)
    t.match(found.at(-1), new RegExp(`MORE_ERRORS … and .*${more} in this file`))
  }
})

t.test('warnings have a hundred of their own, so that they hide no error', async (t) => {
  const unused = Array.from({ length: 200 }, (_, i) => `list :l${i}, ['a']\n`).join('')
  const found = said(`${unused}outbond?`)
  t.equal(found.length, MOST_PER_FILE + 2)
  t.match(found.at(-2), '201:1 UNKNOWN_HELPER there is no helper and no definition `outbond?`')
  t.match(found.at(-1), 'MORE_WARNINGS … and 100 more warnings in this file')
})

t.test('what a thrown error says of them is short, too', async (t) => {
  const error = await compile({ files: { 'a.rb': 'foo?\n'.repeat(10_000), 'b.rb': 'fooo?' } }).catch(
    (error) => error,
  )
  t.equal(error.diagnostics.length, MOST_PER_FILE + 2)
  t.match(error.message, '19,899 more errors in this file')
  t.match(error.message, 'b.rb:1:1')
})

t.test('a file over the limit', async (t) => {
  const found = said('#'.repeat(MAX_RULE_FILE_BYTES + 1))
  t.equal(found.length, 1)
  t.match(found[0], '1:1 RULE_FILE_TOO_LARGE')
})

t.test('nesting: two hundred levels and no more, by any way there is', async (t) => {
  const deep = (levels: number, open: string, close: string) =>
    `${open.repeat(levels)}outbound?${close.repeat(levels)}`
  t.strictSame(said(deep(199, '(', ')')), [])
  t.strictSame(said(`windows? && outbound? && ${deep(198, '!', '')}`), [])
  for (const [open, close] of [
    ['(', ')'],
    ['!', ''],
    ['!(', ')'],
  ] as const) {
    const found = said(deep(300, open, close))
    t.equal(found.length, 1)
    t.match(found[0], 'NESTING_TOO_DEEP this is nested more than 200 deep')
  }
  const chain = Array.from({ length: 5000 }, (_, i) => `define :d${i}, !(outbound? && !d${i + 1}?)`)
  for (const order of [chain, chain.toReversed()]) {
    const found = said([...order, 'define :d5000, outbound?', 'd0?'].join('\n'))
    t.ok(found.some((line) => line.includes('NESTING_TOO_DEEP')))
    t.notOk(found.find((line) => !line.includes('NESTING_TOO_DEEP')))
  }
})

t.test('a few definitions that would come to billions of tests', async (t) => {
  const bomb = Array.from({ length: 60 }, (_, i) => `define :d${i + 1}, d${i}? || d${i}?`)
  const found = said([...bomb, 'define :d0, outbound?', 'd60?'].join('\n'))
  t.equal(found.length, 1)
  t.match(found[0], 'CONDITION_TOO_LARGE')
})

t.test('ten thousand operands in a row are no nesting', async (t) => {
  t.strictSame(said(Array(10_000).fill('outbound?').join(' ||\n')), [])
})

t.test('random pieces of rules never make it fail', async (t) => {
  const random = new Random(Number(process.env.NUTHATCH_SEED ?? 20261123))
  t.comment(`seed ${random.seed}`)
  const pieces = [
    'detector',
    "'a'",
    ' do',
    '\n',
    'end',
    'match ',
    'outbound?',
    '(',
    ')',
    '[',
    ']',
    ',',
    ' && ',
    ' || ',
    '!',
    ':a',
    'define ',
    'list ',
    'title ',
    '"',
    "'",
    '#{',
    '}',
    '\\',
    '\\u',
    '<<~T',
    '\nT\n',
    '/',
    '%w[',
    'property: ',
    'process_name',
    '7',
    '\t',
    'ü',
    '\u202e',
    'process_start_property_equals_any?(property: process_name, strings: ',
    '\r\n',
    ' # ',
    '= ',
    'and ',
    'fires_on ',
  ]
  for (let i = 0; i < 2000; i++) {
    const source = random.some(pieces, 1, 40).join('')
    const { ruleSet, diagnostics } = checkRules([{ file: 'x.rb', source }])
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    t.equal(ruleSet === null, errors.length > 0)
    if (errors.length === 0) t.strictSame(parse(source, 'x.rb').errors(), [])
    for (const diagnostic of diagnostics) {
      const { start, end, line, column } = diagnostic.span
      const before = Buffer.from(source).subarray(0, start).toString().split('\n')
      const fits = start <= end && end <= Buffer.byteLength(source) && before.length === line
      if (!fits || [...(before.at(-1) ?? '')].length !== column - 1)
        t.fail(`${JSON.stringify(source)} ${JSON.stringify(diagnostic)}`)
      formatDiagnostic(diagnostic)
    }
  }
})
