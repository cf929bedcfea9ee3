import type { Call, Expression } from './ast.js'
import { checkArgumentsOfUnknown } from './checks/argument-values.js'
import { checkNoArguments } from './checks/arguments.js'
import { checkConditionSize } from './checks/condition-size.js'
import { maxNesting, reportNesting } from './checks/nesting.js'
import { reportNotACondition } from './checks/not-a-condition.js'
import { reportRecursion } from './checks/recursive-define.js'
import { reportUnknownHelper } from './checks/unknown-helper.js'
import { chain, TestBuilder } from './conditions.js'
import { findHelper, type Helper, type NamedHelper } from './helpers.js'
import { lowerPropertyCall } from './lower-property.js'
import { readFileNames, readSigners } from './operands.js'
import type { Condition, Span } from './ruleset.js'
import type { Scope } from './scope.js'

/** A condition, and how large it is when every definition is written out. */
export interface Lowered {
  readonly condition: Condition
  readonly tests: number
  readonly depth: number
}

/** How deep this may recurse, through definitions too: what JavaScript's stack surely holds. */
const MAX_LEVEL = 1000

/** Turns expressions into conditions: looks up every name, and expands helpers and definitions. */
export class Lowering {
  /** What each expression without errors came to. */
  readonly conditions = new Map<Expression, Condition>()
  readonly #scope: Scope
  /** Null for one with errors. */
  readonly #defines = new Map<string, Lowered | null>()
  /** Definitions being lowered, outermost first. */
  readonly #open: string[] = []
  #level = 0

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /** Null when there are errors, all of which have been reported. */
  lower(expression: Expression): Lowered | null {
    if (this.#level >= MAX_LEVEL) {
      reportNesting(this.#scope.diagnostics, expression.span)
      return null
    }
    this.#level++
    const lowered = this.#lower(expression)
    this.#level--
    if (lowered) this.conditions.set(expression, lowered.condition)
    return lowered
  }

  #lower(expression: Expression): Lowered | null {
    switch (expression.kind) {
      case 'and':
      case 'or':
        return this.#chain(expression.kind, expression.operands, expression.span)
      case 'not': {
        const operand = this.lower(expression.operand)
        if (operand === null) return null
        return this.#sized({ kind: 'not', operand: operand.condition }, [operand], expression.span)
      }
      case 'call':
        return this.#call(expression)
      case 'broken':
        return null
      default:
        reportNotACondition(this.#scope, expression)
        return null
    }
  }

  /** The condition of a definition. It is lowered once; `span` is where it is wanted. */
  define(name: string, span: Span): Lowered | null {
    const known = this.#defines.get(name)
    if (known !== undefined) return known
    const declaration = this.#scope.defines.get(name)
    if (declaration === undefined) return null
    if (this.#open.includes(name)) {
      reportRecursion(this.#scope, span, [...this.#open.slice(this.#open.indexOf(name)), name])
      return null
    }
    if (this.#open.length >= maxNesting) {
      reportNesting(this.#scope.diagnostics, span)
      return null
    }
    this.#open.push(name)
    const lowered = this.lower(declaration.value)
    this.#open.pop()
    this.#defines.set(name, lowered)
    return lowered
  }

  #chain(kind: 'and' | 'or', expressions: readonly Expression[], span: Span): Lowered | null {
    const operands: Lowered[] = []
    for (const expression of expressions) {
      const operand = this.lower(expression)
      if (operand) operands.push(operand)
    }
    if (operands.length < expressions.length) return null
    // Before taking operands apart: sharing can make few definitions very large.
    if (!checkConditionSize(this.#scope, sizeOf(operands), span)) return null
    return this.#sized(
      chain(
        kind,
        operands.map((operand) => operand.condition),
      ),
      operands,
      span,
    )
  }

  #sized(condition: Condition, parts: readonly Lowered[], span: Span): Lowered | null {
    const depth = 1 + parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0)
    if (depth > maxNesting) {
      reportNesting(this.#scope.diagnostics, span)
      return null
    }
    return { condition, tests: sizeOf(parts), depth }
  }

  #call(call: Call): Lowered | null {
    const name = call.name.text
    const defined = name.replace(/\?$/, '')
    if (name.endsWith('?') && this.#scope.defines.has(defined)) {
      this.#scope.usedDefines.add(defined)
      return checkNoArguments(this.#scope, call) ? this.define(defined, call.span) : null
    }
    const helper = findHelper(name)
    if (helper) {
      const condition = this.#helper(call, helper)
      return condition && { condition, ...measure(condition) }
    }
    if (!this.#scope.brokenNames.has(defined)) reportUnknownHelper(this.#scope, call)
    checkArgumentsOfUnknown(this.#scope, call)
    return null
  }

  #helper(call: Call, helper: Helper): Condition | null {
    if (helper.kind === 'property') return lowerPropertyCall(this.#scope, call, helper)
    const values = this.#valuesOf(call, helper.takes)
    return values && helper.expand(new TestBuilder(call.span), values)
  }

  #valuesOf(call: Call, takes: NamedHelper['takes']): readonly string[] | null {
    if (takes === 'names') return readFileNames(this.#scope, call)
    if (takes === 'signers') return readSigners(this.#scope, call)
    return checkNoArguments(this.#scope, call) ? [] : null
  }
}

const sizeOf = (parts: readonly Lowered[]): number => parts.reduce((sum, part) => sum + part.tests, 0)

/** The size of what one helper expands to: a few tests. */
function measure(condition: Condition): { tests: number; depth: number } {
  if (condition.kind === 'test') return { tests: 1, depth: 0 }
  const operands = (condition.kind === 'not' ? [condition.operand] : condition.operands).map(measure)
  return {
    tests: operands.reduce((sum, { tests }) => sum + tests, 0),
    depth: 1 + Math.max(...operands.map(({ depth }) => depth)),
  }
}
