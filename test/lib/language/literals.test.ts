/** Literals mean what they mean in Ruby, whose own parser is asked when it is installed. */
import { execFileSync, spawnSync } from 'node:child_process'
import t from 'tap'
import type { Expression } from '../../../lib/language/ast.js'
import { buildAst } from '../../../lib/language/build-ast.js'
import { Diagnostics } from '../../../lib/language/diagnostics.js'
import { parse } from '../../../lib/language/parse.js'
import { SourceText } from '../../../lib/language/source-text.js'
import { Random } from '../../oracle/random.js'

const hasRuby = spawnSync('ruby', ['--version']).status === 0
const needsRuby = hasRuby ? false : 'ruby is not installed (Debian: apt-get install ruby)'

/** The values of a metadata entry whose text follows the key, as in `note 'a', 'b'`. */
function values(text: string): (string | number | null)[] {
  const source = `detector 'x' do\n  note ${text}\nend\n`
  const tree = parse(source, 'x.rb')
  t.strictSame(tree.errors(), [], `no syntax errors in ${source}`)
  const sourceText = new SourceText('x.rb', new TextEncoder().encode(source))
  const diagnostics = new Diagnostics()
  diagnostics.addSource(sourceText)
  const [detector] = buildAst(tree, sourceText, diagnostics).declarations
  if (detector?.kind !== 'detector') throw new Error('no detector')
  return (detector.metadata[0]?.values ?? []).flatMap(valuesOf)
}

function valuesOf(value: Expression): (string | number | null)[] {
  if (value.kind === 'array') return value.values.flatMap(valuesOf)
  if (value.kind === 'string' || value.kind === 'number') return [value.value]
  return value.kind === 'symbol' ? [value.name] : [null]
}

/** What Ruby makes of the same texts; one interpreter for all. */
function valuesInRuby(texts: readonly string[]): (string | number)[][] {
  const program = `
    require 'json'
    def note(*values) = values.flatten.map { |value| value.is_a?(Symbol) ? value.to_s : value }
    puts JSON.parse($stdin.read).map { |text| eval("note " + text) }.to_json`
  const options = { input: JSON.stringify(texts), maxBuffer: 2 ** 28 }
  return JSON.parse(execFileSync('ruby', ['-e', program], options).toString())
}

const examples: readonly (readonly [string, readonly (string | number)[]])[] = [
  [
    String.raw`'a\b', 'it\'s', 'C:\\', '\\\\x', '\n', "it's"`,
    ['a\\b', "it's", 'C:\\', '\\\\x', '\\n', "it's"],
  ],
  [String.raw`"\n\t\r\0\a\b\e\f\v\s"`, ['\n\t\r\0\x07\b\x1b\f\v ']],
  [String.raw`"\x41\x6a\101\7", "\u00e9\u{1F600 41}\u{ 42 }"`, ['AjA\x07', 'é😀AB']],
  [String.raw`"\xc3\xa9", "\303\251"`, ['é', 'é']],
  [String.raw`"\p\q\"\\\#{x}", "a#b", "#"`, ['pq"\\#{x}', 'a#b', '#']],
  ['"a\\\n  b"', ['a  b']],
  [String.raw`%w[a b\ c d\] \\e f\g (h)]`, ['a', 'b c', 'd]', '\\e', 'f\\g', '(h)']],
  [String.raw`%w(a b\) \[ c)`, ['a', 'b)', '\\[', 'c']],
  ['%w[]', []],
  [String.raw`:name, :"a b", :'it\'s', :"\u00e9", :really?`, ['name', 'a b', "it's", 'é', 'really?']],
  ['1, -1, 1_000, 0x1F, -0xff, 0b101, 0o17, 017, 0', [1, -1, 1000, 31, -255, 5, 15, 15, 0]],
  ['1.5, -0.25, 1e3, 2.5e-3, 1_0.0_1', [1.5, -0.25, 1000, 0.0025, 10.01]],
  ['9007199254740993', [9007199254740992]],
]

t.test('strings, words, symbols and numbers', async (t) => {
  for (const [text, expected] of examples) t.strictSame(values(text), expected, text)
})

const heredocs: readonly (readonly [string, string])[] = [
  ['<<~TEXT\n    one\n      two\n  TEXT', 'one\n  two\n'],
  ['<<~TEXT\n    one\n\n   \n    two\n  TEXT', 'one\n\n\ntwo\n'],
  ['<<~TEXT\n\tone\n\t  two\n        three\n  TEXT', 'one\n  two\nthree\n'],
  ['<<~TEXT\n    one\n\ttwo\n  TEXT', 'one\n\ttwo\n'],
  ['<<~TEXT\n  \\tone\n    two \\\\ \\u00e9\n  TEXT', '\tone\n  two \\ é\n'],
  ["<<~'TEXT'\n  \\tone #{x}\n    two\n  TEXT", '\\tone #{x}\n  two\n'],
  ['<<-TEXT\n    one\n  TEXT', '    one\n'],
  ['<<TEXT\n    one\nTEXT', '    one\n'],
  ['<<~TEXT\n  TEXT', ''],
  ['<<~TEXT\n     \n  one\n  TEXT', '   \none\n'],
]

t.test('heredocs lose the indentation that all their lines share', async (t) => {
  for (const [text, expected] of heredocs) t.strictSame(values(text), [expected], JSON.stringify(text))
})

t.test('lines that end with CR LF are lines', async (t) => {
  t.strictSame(values('<<~TEXT\r\n    one\r\n      two\r\n  TEXT\r'), ['one\n  two\n'])
  t.strictSame(values('"a\\\r\n b"'), ['a b'])
})

/** Ruby before 3.3 adds the spaces of a blank line to the next one's indentation (its bug 19539). */
const hasBlankLine = (text: string): boolean => text.startsWith('<<~') && /^[ \t]+$/m.test(text)

t.test('Ruby reads them alike', { skip: needsRuby }, async (t) => {
  const texts = [...examples.map(([text]) => text), ...heredocs.map(([text]) => text)]
  const comparable = texts.filter((text) => !text.includes('9007199254740993') && !hasBlankLine(text))
  t.strictSame(comparable.map(values), valuesInRuby(comparable))
})

t.test('random strings and heredocs: Ruby reads them alike', { skip: needsRuby }, async (t) => {
  const random = new Random(Number(process.env.NUTHATCH_SEED ?? 20261123))
  t.comment(`seed ${random.seed}`)
  const pieces = [
    'a',
    ' ',
    '  ',
    '\\',
    '\\\\',
    '\\n',
    '\\t',
    '\\s',
    '\\x41',
    '\\101',
    '\\u00e9',
    '\\"',
    "\\'",
    'é',
    '\\p',
    '\\ ',
  ]
  const double = () =>
    `"${random
      .some(pieces, 0, 8)
      .join('')
      .replace(/(?<!\\)(\\\\)*\\$/, '')}"`
  const single = () =>
    `'${random
      .some(pieces, 0, 8)
      .join('')
      .replace(/(?<!\\)(\\\\)*\\$/, '')}'`
  const indents = ['', ' ', '  ', '    ', '\t', ' \t', '\t ', '        ']
  const line = () =>
    random.pick(indents) + random.some(['a', ' ', '\t', '\\t', '\\\\', '\\x20', '\\s'], 0, 4).join('')
  const heredoc = () =>
    `<<~TEXT\n${random
      .some([0], 0, 6)
      .map(() => `${line()}\n`)
      .join('')}  TEXT`
  const texts = Array.from({ length: 3000 }, () => random.pick([double, single, heredoc])())
  const comparable = texts.filter((text) => !hasBlankLine(text))
  const wellFormed = comparable.filter(
    (text) => parse(`detector 'x' do\n  note ${text}\nend\n`, 'x').errors().length === 0,
  )
  t.ok(wellFormed.length > 2000, `${wellFormed.length} of them are in the language`)
  const expected = valuesInRuby(wellFormed)
  const different = wellFormed.filter(
    (text, i) => JSON.stringify(values(text)) !== JSON.stringify(expected[i]),
  )
  t.strictSame(different, [])
})
