import t from 'tap'
import { parse } from '../../lib/language/parse.js'
import type { SyntaxNode } from '../../lib/language/syntax.js'
import { constructs } from '../../scripts/constructs.js'

const kindsIn = (node: SyntaxNode): string[] => [node.kind, ...node.children.flatMap(kindsIn)]

t.test('each example of docs/syntax.md has the constructs that it is an example of', (t) => {
  for (const { title, kinds, example } of constructs) {
    const tree = parse(example, 'example.rb')
    t.strictSame(tree.errors(), [], title)
    const found = new Set(kindsIn(tree.root))
    t.strictSame(
      kinds.filter((kind) => !found.has(kind)),
      [],
      title,
    )
  }
  t.end()
})
