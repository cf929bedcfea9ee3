import t from 'tap'
import { compileRules } from '../../../lib/compile/compile.js'
import { readPlanRules } from '../../../lib/compile/read-plan.js'
import { expressionText } from '../../../lib/compile/render-expression.js'
import { nodesOf } from '../../../lib/compile/term-tree.js'
import { termKey } from '../../../lib/compile/terms.js'
import { checkRules } from '../../../lib/language/check.js'
import { encodeMappings } from '../../../lib/standardize/encode.js'
import { Random } from '../../oracle/random.js'
import { randomExpression } from '../../oracle/random-detectors.js'
import { randomWords } from '../../oracle/random-words.js'

function randomRules(seed: number) {
  const random = new Random(seed)
  const words = randomWords(random)
  const source = Array.from(
    { length: 60 },
    (_, i) => `detector 'd${i}' do\n  match ${randomExpression(random, words)}\nend\n`,
  ).join('')
  const { ruleSet } = checkRules([{ file: 'random.rb', source }])
  if (!ruleSet) throw new Error(`seed ${seed} makes rules with errors`)
  return ruleSet
}

t.test('what was written is read back, with its texts', (t) => {
  for (let seed = 1; seed <= 10; seed++) {
    const { plan, program } = compileRules(randomRules(seed), encodeMappings())
    const rules = readPlanRules(plan)
    t.same(
      rules.detectors,
      program.detectors.map(({ name }) => name),
    )
    const written = program.trees.map((tree) => {
      const nodes = nodesOf(tree)
      const parents = new Map(nodes.flatMap((node, i) => node.children.map((child) => [child, i] as const)))
      return {
        event: tree.event,
        nodes: nodes.map((node) => ({
          guard: expressionText(node.guard, program),
          detectors: node.detectors,
          parent: parents.get(node) ?? -1,
          triggers: (node.triggers ?? []).map((term) => termKey(program.expressions.termAt(term))).sort(),
        })),
      }
    })
    const read = rules.trees.map(({ event, nodes }) => ({
      event,
      nodes: nodes.map(({ guard, detectors, parent, triggers }) => ({
        guard: expressionText(guard, rules),
        detectors,
        parent,
        triggers: triggers.map((term) => termKey(rules.terms[term] as (typeof rules.terms)[number])).sort(),
      })),
    }))
    t.same(read, written, `seed ${seed}`)
  }
  t.end()
})

t.test('depths, and the terms of an expression', (t) => {
  const { plan } = compileRules(randomRules(11), encodeMappings())
  const { trees, termsOf, expressions } = readPlanRules(plan)
  for (const { nodes } of trees) {
    t.ok(nodes.every(({ depth, parent }) => depth === (nodes[parent]?.depth ?? -1) + 1))
    t.ok(
      nodes
        .slice(1)
        .every(
          ({ guard }) => new Set(termsOf(guard)).size === termsOf(guard).length && termsOf(guard).length > 0,
        ),
    )
    t.same(termsOf(nodes[0]?.guard ?? 0), [], 'the root has none')
  }
  t.equal(expressions.node(trees[0]?.nodes[0]?.guard ?? 0).kind, 'false')
  t.end()
})
