/** The language is a subset of Ruby: Ruby's own parser accepts what ours does, and reads it alike. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parse } from '../../lib/language/parse.js'
import type { SyntaxNode, SyntaxTree } from '../../lib/language/syntax.js'
import { RandomSource, REGEXES } from './random-source.js'
import { ANY_TEXT, type Shape, shapeOf } from './syntax-shape.js'

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))
const hasRuby = spawnSync('ruby', ['--version']).status === 0
const skip = hasRuby ? false : 'ruby is not installed (Debian: apt-get install ruby)'
const RANDOM_FILES = Number(process.env.NUTHATCH_RANDOM_FILES ?? 3000)

function rubyShapes(sources: readonly string[]): (Shape | null)[] {
  const options = { input: JSON.stringify(sources), maxBuffer: 2 ** 30 }
  return JSON.parse(execFileSync('ruby', [path('test/grammar/ruby-tree.rb')], options).toString())
}

function isInTheLanguage(tree: SyntaxTree): boolean {
  return tree.failure === null && tree.errors().length === 0 && !contains(tree, isRefusedByTheChecks)
}

function contains(tree: SyntaxTree, test: (node: SyntaxNode) => boolean): boolean {
  const nodes = [tree.root]
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    if (test(node)) return true
    nodes.push(...node.children)
  }
  return false
}

function isRefusedByTheChecks(node: SyntaxNode): boolean {
  if (node.kind === 'interpolation') return true
  if (node.kind === 'regex_flags') return /[^imx]/.test(node.text)
  if (node.kind === 'escape_sequence' && node.text.startsWith('\\u')) {
    return (node.text.match(/[\da-f]+/gi) ?? []).some((digits) => !isScalar(digits))
  }
  return hasSpreadParenthesis(node)
}

/** Whether a pattern that was spoilt is valid, the grammar does not know. */
const isSpoiltRegex = (node: SyntaxNode): boolean => node.kind === 'regex' && !REGEXES.includes(node.text)

const isScalar = (digits: string): boolean =>
  Number.parseInt(digits, 16) <= 0x10ffff && !/^0*d[89a-f]..$/i.test(digits)

/** `match (a\n\n)`: of the parenthesis after a command word Ruby wants its end on the next line. */
function hasSpreadParenthesis(entry: SyntaxNode): boolean {
  if (entry.kind !== 'match_clause' && entry.kind !== 'metadata_entry') return false
  let node = entry.childForField('condition') ?? entry.childForField('values')
  while (node && node.kind !== 'parenthesized_expression') node = node.children[0] ?? null
  const inside = node?.namedChildren[0]
  if (!node || !inside) return false
  const end = node.text.slice(inside.endByte - node.endByte)
  return end.split('\n').length > 2
}

function sameShape(ours: Shape, rubys: Shape): boolean {
  if (ours === ANY_TEXT) return rubys[0] === 'string'
  if (typeof ours === 'string' || typeof rubys === 'string') return ours === rubys
  return ours.length === rubys.length && ours.every((part, i) => sameShape(part, rubys[i] as Shape))
}

/** The sources of all corpus tests, by name. */
function corpus(): Map<string, string> {
  const sources = new Map<string, string>()
  const folder = path('grammar/test/corpus')
  for (const file of readdirSync(folder)) {
    const text = readFileSync(`${folder}/${file}`, 'utf8')
    for (const [, name, source] of text.matchAll(/^=+\n(.+)\n=+\n\n((?:.|\n)*?)\n\n-{80}$/gm)) {
      sources.set(`${file}: ${name}`, source as string)
    }
  }
  return sources
}

t.test("precedence is Ruby's", { skip }, (t) => {
  const precedence = [
    'a && b || c && !d',
    'a || b && c',
    '!a && b',
    '!(a || b) && c',
    'a || b || c && d && e',
  ]
  const rubys = rubyShapes(precedence)
  for (const [i, source] of precedence.entries()) {
    t.strictSame(shapeOf(parse(source, 'precedence').root), rubys[i], source)
  }
  t.end()
})

t.test('every corpus test that is in the language is Ruby and means the same', { skip }, (t) => {
  const inTheLanguage = [...corpus()].filter(([name, source]) => isInTheLanguage(parse(source, name)))
  t.ok(inTheLanguage.length > 40)
  const rubys = rubyShapes(inTheLanguage.map(([, source]) => source))
  for (const [i, [name, source]] of inTheLanguage.entries()) {
    const rubyShape = rubys[i] ?? null
    t.ok(rubyShape && sameShape(shapeOf(parse(source, name).root), rubyShape), name, { source })
  }
  t.end()
})

t.test('every example rule file passes ruby -c', { skip }, (t) => {
  const folder = path('examples/rules')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.rb'),
  )
  t.ok(files.length > 0)
  for (const file of files) {
    const source = readFileSync(`${folder}/${file}`)
    t.strictSame(parse(source, file).errors(), [], `${file} is in the language`)
    const check = spawnSync('ruby', ['-c', `${folder}/${file}`], { encoding: 'utf8' })
    t.match(check.stdout, 'Syntax OK', `${file} is Ruby`, { stderr: check.stderr })
  }
  t.end()
})

t.test('random files, whole and spoilt', { skip }, (t) => {
  const seed = Number(process.env.NUTHATCH_SEED ?? Date.now() % 2 ** 32)
  t.comment(`NUTHATCH_SEED=${seed}`)
  const random = new RandomSource(seed)
  const sources = Array.from({ length: RANDOM_FILES }, (_, i) => random.file(i % 3))
  const accepted = sources.filter((source) => {
    const tree = parse(source, 'random')
    return isInTheLanguage(tree) && !contains(tree, isSpoiltRegex)
  })
  t.ok(accepted.length > RANDOM_FILES / 3, 'most whole files are in the language')
  for (const [i, rubyShape] of rubyShapes(accepted).entries()) {
    const source = accepted[i] as string
    const ours = shapeOf(parse(source, 'random').root)
    if (rubyShape && sameShape(ours, rubyShape)) continue
    t.fail(rubyShape ? 'read otherwise than Ruby' : 'not Ruby', { source, ours, rubys: rubyShape })
  }
  t.end()
})
