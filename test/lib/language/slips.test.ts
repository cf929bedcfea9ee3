/** No slip hides another: each pair of them in one condition is told of, each at its own place and nowhere else. */
import t from 'tap'
import { checkRules } from '../../../lib/language/check.js'

const call = (form: string, rest: string): string =>
  `process_start_property_${form}?(property: command_line, ${rest})`

/** What people write that is wrong; each is one operand of a condition. */
const slips: Readonly<Record<string, string>> = {
  'a misspelt helper': 'windoes?',
  'no question mark': 'windows',
  'a misspelt property': "process_start_property_equals?(property: parent_nam, string: 'x')",
  'a misspelt argument': "process_start_property_equals?(proprty: command_line, string: 'x')",
  'a string for a list': call('includes_any', "strings: '-enc'"),
  'a match that does not fit': call('greater_than', 'number: 3'),
  'a regex that RE2 refuses': call('matches', 'pattern: /(?<=a)b/i'),
  'an interpolation': call('equals', 'string: "a#{x}"'),
  'an empty list': call('equals_any', 'strings: []'),
  'an unknown list': call('equals_any', 'strings: :nope'),
  'no comma between values': call('equals_any', "strings: ['a' 'b']"),
  'a comma too many': call('equals_any', "strings: ['a',, 'b']"),
  'no comma between arguments': "process_start_property_equals?(property: command_line string: 'b')",
  '=> for a colon': "process_start_property_equals?(:property => command_line, string: 'b')",
  '= for a colon': "process_start_property_equals?(property = command_line, string: 'b')",
  'a quote left open': call('equals', "string: 'b"),
  'a parenthesis left open': "process_start_property_equals?(property: command_line, string: 'b'",
  'a bracket left open': call('equals_any', "strings: ['b'"),
  'words left open': call('equals_any', 'strings: %w[a b'),
  'a regex left open': call('matches', 'pattern: /abc'),
  'a parenthesis too many': call('equals', "string: 'b')"),
  'no parentheses': "process_start_property_equals? property: command_line, string: 'b'",
  'a space before the parenthesis': "process_is_likely? ('cmd')",
  'a comparison': "process_name == 'cmd.exe'",
  'a match operator': 'command_line =~ /x/',
  'an unequal sign': "process_name != 'cmd.exe'",
  in: "process_name in ['cmd.exe']",
  'a method': "command_line.include?('x')",
  'a comma': 'windows?, linux?',
  'full-width brackets': "process_is_likely?（'cmd'）",
  'a string with an apostrophe': call('equals', "string: 'it's b'"),
  'a string that ends with a backslash': call('equals_any', "strings: ['C:\\', 'b']"),
  'a slash in a regex': call('matches', 'pattern: /a/b/i'),
  'two of =>': "process_start_property_equals?(:property => command_line, :string => 'b')",
  'a dot': 'process.name',
  'a modifier': 'windows? if macos?',
  unless: 'unless windows?',
  'a choice': 'windows? ? linux? : macos?',
  'typographic quotes': call('equals', 'string: “b”'),
  'a semicolon': 'windows?;',
  not: 'not windows?',
  'nothing to negate': '!',
  'a comment': '/* c */ windows?',
  'a value': '5',
  nil: 'nil',
  'a lambda': '->(x) { x }',
  'a global variable': '$x',
  'an instance variable': '@x',
  'a constant': 'Foo::Bar',
  backticks: '`ls`',
  'a heredoc': '<<~T',
  'an octal number': call('equals', 'number: 08'),
  'a hexadecimal number': call('equals', 'number: 0xZZ'),
  'two conditions': "process_is_likely?('a') process_is_likely?('b')",
  'an operator before a parenthesis': '(windows? ||)',
  'an empty group': '()',
  'nothing to negate in a group': '(windows? && !)',
  'a semicolon in a group': '(windows?;)',
  NOT: 'NOT windows? AND linux?',
  'square brackets for a call': "process_is_likely?['cmd']",
  'a square bracket that closes a call': call('equals', "string: 'a']").replace(/\)$/, ''),
  "Sigma's comparison": "CommandLine|contains: 'x'",
  'a quote left open before another': call('equals_any', "strings: ['a, 'b']"),
  'a no-break space': '\u00a0windows?',
}

/** The lines that errors are told of. */
const linesOf = (source: string): number[] => {
  const { diagnostics } = checkRules([{ file: 'x.rb', source }])
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return [...new Set(errors.map(({ span }) => span.line))]
}

/** Together these two are none: the first is closed, and has a condition for an argument. */
const isOne = (first: string, second: string): boolean =>
  first === 'a parenthesis left open' && second === 'a parenthesis too many'

const pairs = Object.entries(slips).flatMap(([first, a]) =>
  Object.entries(slips)
    .filter(([second]) => second !== first && !isOne(first, second))
    .map(([second, b]) => ({ title: `${first}, then ${second}`, a, b })),
)

t.test('in one condition', async (t) => {
  for (const { title, a, b } of pairs) {
    const source = `detector 'one' do\n  match windows? &&\n    ${a} &&\n    ${b} &&\n    linux?\nend\n`
    t.strictSame(linesOf(source), [3, 4], title)
  }
})

t.test('in an expression that is a file', async (t) => {
  for (const { title, a, b } of pairs) t.strictSame(linesOf(`windows? &&\n${a} &&\n${b}\n`), [2, 3], title)
})

t.test('before a ; and another entry', async (t) => {
  for (const [title, slip] of Object.entries(slips)) {
    // What is not closed takes the rest of its line.
    if (/left open|heredoc/.test(title) && title !== 'a parenthesis left open') continue
    const source = `detector 'one' do\n  match ${slip}; severity :hgih\nend\n`
    const { diagnostics } = checkRules([{ file: 'x.rb', source }])
    const codes = diagnostics.filter(({ code }) => code === 'NUTHATCH_INVALID_SEVERITY')
    t.equal(codes.length, 1, title)
  }
})

t.test('in two detectors', async (t) => {
  for (const { title, a, b } of pairs) {
    const source = `detector 'one' do\n  match ${a}\nend\ndetector 'two' do\n  match windows? && ${b}\nend\n`
    t.strictSame(linesOf(source), [2, 5], title)
  }
})

/** The same for what is wrong with one argument; none of them takes what follows for a part of it. */
const argumentSlips: Readonly<Record<string, string>> = {
  'a misspelt property': 'property: comand_line',
  'a misspelt argument': "strngs: ['a']",
  '=> for a colon': ':property => command_line',
  '= for a colon': 'property = command_line',
  'a string for a name': "'strings' => ['a']",
  'a string for a list': "strings: 'a'",
  'no comma between values': "strings: ['a' 'b']",
  'a comma too many': "strings: ['a',, 'b']",
  'typographic quotes': 'strings: [“b”]',
  'a quote left open': "strings: ['a', 'b]",
  'words left open': 'strings: %w[a b',
  'a regex left open': 'pattern: /abc',
  'a slash in a regex': 'pattern: /abc/def/i',
  'a string that ends with a backslash': "strings: ['C:\\', 'b']",
  'a string with an apostrophe': "strings: ['it's', 'b']",
  'an instance variable': 'strings: @x',
  'a constant': 'strings: Foo::Bar',
  'a lambda': 'strings: ->(x) { x }',
  'an octal number': 'number: 08',
  'a dot': 'property: process.name',
  'a sum': "string: 'a' + 'b'",
  'an interpolation': 'string: "#{x}"',
  'a hash': 'strings: { a: 1 }',
  'a semicolon': "string: 'x';",
  'braces for a list': "strings: {'a', 'b'}",
  'parentheses for a list': "strings: ('a', 'b')",
  and: "string: 'x' and 'y'",
  'an operator': "strings: 'x' || 'y'",
  'full-width signs': "strings：［'a'］",
  'no value': 'string: ',
  'a value alone': "'a'",
  'a splat': '**options',
}

t.test('in one argument list', async (t) => {
  for (const [first, a] of Object.entries(argumentSlips))
    for (const [second, b] of Object.entries(argumentSlips)) {
      if (first === second) continue
      const list = `\n    property: proces_name,\n    ${a},\n    ${b},\n    min: 08)`
      const source = `detector 'one' do\n  match process_start_property_equals?(${list} &&\n    lnux?\nend\n`
      t.strictSame(
        linesOf(source).filter((line) => line > 2),
        [3, 4, 5, 6, 7],
        `${first}, then ${second}`,
      )
    }
})
