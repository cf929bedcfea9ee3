import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { Diagnostics } from '../../../lib/language/diagnostics.js'
import { formatDiagnostic, formatDiagnostics } from '../../../lib/language/format-diagnostic.js'
import { SourceText } from '../../../lib/language/source-text.js'

/** A warning about the part of `source` between the brackets ‹ and ›. */
function about(source: string, message = 'the message', suggestion = 'the help', file = 'a.rb') {
  const [before = '', marked = '', after = ''] = source.split(/[‹›]/)
  const bytes = new TextEncoder().encode(before + marked + after)
  const text = new SourceText(file, bytes)
  const diagnostics = new Diagnostics()
  diagnostics.addSource(text)
  const start = Buffer.byteLength(before)
  diagnostics.report(
    'NUTHATCH_WILDCARD',
    text.span(start, start + Buffer.byteLength(marked)),
    message,
    suggestion,
  )
  const [diagnostic] = diagnostics.sorted()
  if (!diagnostic) throw new Error('nothing was reported')
  return diagnostic
}

/** The line that is shown and the line under it. */
const shown = (source: string): string[] => formatDiagnostic(about(source)).split('\n').slice(1, 3)

t.test('place, severity, code, message, source line, underline, help', async (t) => {
  t.equal(
    formatDiagnostic(about("# one\nmatch ‹'*x*'› && y", 'a star', 'leave it out')),
    `a.rb:2:7: warning NUTHATCH_WILDCARD: a star
  match '*x*' && y
        ^^^^^
help: leave it out
`,
  )
  t.equal(
    formatDiagnostic(about('‹x›')),
    `a.rb:1:1: warning NUTHATCH_WILDCARD: the message
  x
  ^
help: the help
`,
  )
})

t.test('the underline stands under what it is about', async (t) => {
  t.strictSame(shown('\tmatch\t‹x›'), ['      match   x', '              ^'], 'tabs')
  t.strictSame(shown('ab\t‹c\td›'), ['  ab  c   d', '      ^^^^^'], 'a tab inside')
  t.strictSame(shown("'日本語' ‹x›"), ["  '日本語' x", '           ^'], 'wide characters before')
  t.strictSame(shown("‹'日本'›"), ["  '日本'", '  ^^^^^^'], 'wide characters inside')
  t.strictSame(shown("'e\u0301' ‹x›"), ["  'e\u0301' x", '      ^'], 'combining characters')
  t.strictSame(shown("'😀' ‹x›"), ["  '😀' x", '       ^'], 'emoji')
  t.strictSame(shown("'ｆ' ‹x›"), ["  'ｆ' x", '       ^'], 'full width')
  t.strictSame(shown('\ufeff‹x›'), ['  x', '  ^'], 'a byte order mark')
  t.strictSame(shown('ab‹›cd'), ['  abcd', '    ^'], 'a place between two characters')
  t.strictSame(shown('ab‹›'), ['  ab', '    ^'], 'the end of the file')
  t.strictSame(shown('a ‹b\n  c› d'), ['  a b', '    ^'], 'several lines: the first of them')
  t.strictSame(shown('a ‹b›\r\nc'), ['  a b', '    ^'], 'CR LF')
  t.strictSame(shown('a\n‹›\nb'), ['', '  ^'], 'an empty line')
})

t.test('of a long line only what is near is shown', async (t) => {
  const [line = '', marks = ''] = shown(`${'a'.repeat(5000)}‹bb›${'c'.repeat(5000)}`)
  t.equal(line, `  …${'a'.repeat(100)}bb${'c'.repeat(100)}…`)
  t.equal(marks, `${' '.repeat(103)}^^`)
  const [wide = ''] = shown(`‹${'é'.repeat(5000)}›`)
  t.ok(wide.length < 250 && !wide.includes('\ufffd'), 'cut between characters')
})

t.test('nothing from a file reaches the terminal as a command', async (t) => {
  const hostile = 'a\x1b[2J\x07\u202e\u2066\x7f\x9b ‹\x1bx›'
  const text = formatDiagnostic(about(hostile, 'bad \x1b[31m', 'no \x1b', 'a\x1b.rb'))
  t.notMatch(text.replaceAll('\n', ''), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u)
  t.match(text, 'a␛.rb:1:')
  t.strictSame(shown('\x1b ‹x›'), ['  ␛ x', '    ^'])
})

t.test('in colour it is the same text', async (t) => {
  const diagnostic = about("match ‹'*x*'›", 'a star', 'leave it out')
  const colored = formatDiagnostic(diagnostic, { color: true })
  t.equal(stripVTControlCharacters(colored), formatDiagnostic(diagnostic))
  t.match(colored, '\x1b[33m^^^^^\x1b[0m')
})

t.test('several, and how many they are', async (t) => {
  const one = about('‹x›')
  t.equal(
    formatDiagnostics([one, one]),
    `${formatDiagnostic(one)}\n${formatDiagnostic(one)}\n0 errors, 2 warnings\n`,
  )
  t.equal(formatDiagnostics([]), '0 errors, 0 warnings\n')
})
