import { readFileSync } from 'node:fs'
import t from 'tap'
import { MAX_RULE_FILE_BYTES, parse } from '../../../lib/language/parse.js'
import type { SyntaxNode } from '../../../lib/language/syntax.js'

const BINARY = 'binary_expression'

/** The production detectors of the design, as they are. */
const POWERSHELL_BXOR = `windows? &&
process_is_likely?('powershell') &&
process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['-bxor'])
`
const EXPLORER_USER = `process_start_property_equals_any?(property: process_name, strings: ['explorer.exe']) &&
process_start_property_equals_any?(property: username, strings: ['user.a']) &&
process_start_property_equals_any?(property: file_name, strings: ['file.a'])
`

const child = (node: SyntaxNode, field: string): SyntaxNode => {
  const found = node.childForField(field)
  if (!found) throw new Error(`no ${field} in ${node.kind} ${node.text}`)
  return found
}

const only = (source: string | Uint8Array): SyntaxNode => {
  const tree = parse(source, 'test.rb')
  const [node, ...more] = tree.root.namedChildren
  if (!node || more.length > 0) throw new Error('not one item')
  return node
}

const errorsOf = (source: string): string[] =>
  parse(source, 'test.rb')
    .errors()
    .map((node) => `${node.row}:${node.column} ${node.isMissing ? 'missing ' : ''}${node.kind} ${node.text}`)

t.test('the detectors of the production engine', (t) => {
  for (const source of [POWERSHELL_BXOR, EXPLORER_USER]) {
    const tree = parse(source, 'production.rb')
    t.strictSame(tree.errors(), [])
    const whole = only(source)
    t.equal(whole.kind, BINARY)
    const left = child(whole, 'left')
    t.equal(left.kind, BINARY, '&& groups to the left')
    const operands = [child(left, 'left'), child(left, 'right'), child(whole, 'right')]
    t.strictSame(operands.map((operand) => operand.text).join(' &&\n'), source.trimEnd())
    t.strictSame(
      operands.map((operand) => operand.kind),
      ['call', 'call', 'call'],
    )
  }
  t.end()
})

t.test('a node has its place, text, fields and children', (t) => {
  const list = only("# ü\nlist :größe, [ 'a', # one\n 'ü']".replace('größe', 'sizes'))
  t.match(list, { kind: 'list_declaration', field: null, row: 1, column: 0, isNamed: true, hasError: false })
  const values = child(list, 'values')
  t.match(values, { kind: 'array', field: 'values', startByte: 18, endByte: 37 })
  t.strictSame(
    values.namedChildren.map((node) => node.text),
    ["'a'", "'ü'"],
    'no comment, no punctuation',
  )
  t.strictSame(
    values.children.map((node) => node.kind),
    ['[', 'string', ',', 'comment', 'string', ']'],
  )
  t.strictSame(
    values.children.filter((node) => node.isExtra).map((node) => node.text),
    ['# one'],
  )
  t.match(values.namedChildren[1], { row: 2, column: 1 })
  t.equal(list.childForField('value'), null)
  t.strictSame(list.childrenForField('value'), [])
  t.end()
})

t.test('all values of a metadata entry are in its field', (t) => {
  const detector = only("detector 'a' do\n  attack 'T1', # and\n    'T2', <<~TEXT\n    T3\n  TEXT\nend")
  const [entry] = detector.namedChildren.filter((node) => node.kind === 'metadata_entry')
  t.strictSame(
    entry?.childrenForField('values').map((node) => node.kind),
    ['string', 'string', 'heredoc'],
  )
  t.end()
})

t.test('text and bytes, line ends and a byte order mark make no difference', (t) => {
  const source = readFileSync(new URL('../../../examples/rules/execution.rb', import.meta.url), 'utf8')
  const kinds = (text: string | Uint8Array): string[] => {
    const tree = parse(text, 'execution.rb')
    t.strictSame(tree.errors(), [])
    const found: string[] = []
    const nodes = [tree.root]
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      found.push(node.kind)
      nodes.push(...node.children)
    }
    return found
  }
  const expected = kinds(source)
  t.ok(expected.length > 1000)
  t.strictSame(kinds(Buffer.from(source)), expected)
  t.strictSame(kinds(Buffer.concat([Buffer.from('####'), Buffer.from(source)]).subarray(4)), expected)
  t.strictSame(kinds(source.replaceAll('\n', '\r\n')), expected)
  t.strictSame(kinds(`\uFEFF${source}`), expected)
  t.end()
})

t.test('errors are listed once each, in order, and cost nothing else', (t) => {
  const source = [
    "detector 'one' do",
    "  title 'no end quote",
    '  match a? && (b? || c?',
    'end',
    "detector 'two' do",
    '  severity(:high)',
    '  match d? and e?',
    'end',
    "detector 'three' do",
    '  match f?',
    'end',
  ].join('\n')
  t.strictSame(errorsOf(source), [
    "1:21 missing ' ",
    '2:23 missing ) ',
    '5:10 missing_space ',
    '6:8 ERROR d? and',
  ])
  const names = parse(source, 'test.rb').root.namedChildren.map((node) => child(node, 'name').text)
  t.strictSame(names, ["'one'", "'two'", "'three'"])
  t.end()
})

t.test('an error inside a token without a node of its own is shown', (t) => {
  t.strictSame(errorsOf("list , ['a']"), ['0:5 missing symbol '])
  t.strictSame(errorsOf('a? && b?\\'), ['0:8 ERROR \\'])
  t.end()
})

t.test('files that cannot be parsed give an empty tree and say why', (t) => {
  const refused = (source: string | Uint8Array) => {
    const { root, failure } = parse(source, 'bad.rb')
    t.match(root, { kind: 'source_file', children: [] })
    return failure
  }
  t.match(refused(Buffer.from([0x61, 0x3f, 0x20, 0xff])), { code: 'NUTHATCH_RULE_FILE_NOT_UTF8', at: 3 })
  t.match(refused('#'.repeat(MAX_RULE_FILE_BYTES + 1)), {
    code: 'NUTHATCH_RULE_FILE_TOO_LARGE',
    message: /more than 4194304 bytes/,
  })
  t.equal(parse('#'.repeat(MAX_RULE_FILE_BYTES), 'large.rb').failure, null)
  t.match(refused(`${'!'.repeat(2000)}a?`), { code: 'NUTHATCH_RULE_FILE_TOO_DEEP', at: 998 })
  t.end()
})

t.test('a megabyte of brackets is one error', (t) => {
  t.strictSame(parse('('.repeat(2 ** 20), 'brackets.rb').errors().length, 1)
  t.end()
})

t.test('a long chain can be walked', (t) => {
  const terms = 20_000
  let node = only(Array.from({ length: terms }, (_, i) => `a${i}?`).join(' ||\n'))
  let operands = 1
  for (; node.kind === BINARY; node = child(node, 'left')) operands++
  t.equal(operands, terms)
  t.end()
})
