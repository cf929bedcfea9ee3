import { type Expressions, isNegated, type Literal, literalOf } from '../../../lib/compile/expressions.js'
import type { Program } from '../../../lib/compile/program.js'
import type { Tree, TreeNode } from '../../../lib/compile/term-tree.js'
import type { StandardEvent } from '../../../lib/language/ruleset.js'
import { evaluate, type Truth } from '../../oracle/evaluate.js'

/** Walks a tree as native/evaluate/evaluator.cc does; the oracle answers its terms. */
export class Interpreter {
  readonly fired: string[] = []
  readonly undecided: string[] = []
  /** Terms that guards asked for. */
  readonly asked = new Set<number>()
  readonly #expressions: Expressions

  constructor(
    readonly program: Program,
    tree: Tree,
    readonly event: StandardEvent,
  ) {
    this.#expressions = program.expressions
    this.#enter(tree.root, true)
    this.fired.sort()
    this.undecided.sort()
  }

  #enter(node: TreeNode, truth: Truth): void {
    const names = node.detectors.map((number) => this.program.detectors[number]?.name ?? '')
    if (truth) this.fired.push(...names)
    else this.undecided.push(...names)
    for (const child of node.children) {
      if (child.triggers && !child.triggers.some((term) => this.#term(term) !== false)) continue
      const guard = this.#ask(child.guard)
      if (guard !== false) this.#enter(child, truth && guard)
    }
  }

  #ask(literal: Literal): Truth {
    const node = this.#expressions.node(literal)
    let truth: Truth = true
    if (node.kind === 'false') truth = false
    else if (node.kind === 'term') {
      this.asked.add(literal >> 1)
      truth = this.#term(literal >> 1)
    } else {
      for (const operand of node.operands) {
        const one = this.#ask(operand)
        truth = one === false ? false : one === undefined ? truth && undefined : truth
        if (truth === false) break
      }
    }
    return isNegated(literal) && truth !== undefined ? !truth : truth
  }

  #term(node: number): Truth {
    const term = this.#expressions.termAt(literalOf(node) >> 1)
    const span = { file: '', start: 0, end: 0, line: 1, column: 1 }
    return evaluate({ kind: 'test', test: { ...term, event: null, negated: false, span } }, this.event)
  }
}
