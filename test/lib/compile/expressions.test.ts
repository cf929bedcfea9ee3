import t from 'tap'
import { Expressions, FALSE, not, TRUE } from '../../../lib/compile/expressions.js'
import { test } from './rules.js'

const setUp = () => {
  const expressions = new Expressions()
  const [a, b, c] = ['a', 'b', 'c'].map((name) => {
    const condition = test('process_name', [name])
    return condition.kind === 'test' ? expressions.term(condition.test) : FALSE
  }) as [number, number, number]
  return { expressions, a, b, c }
}

t.test('equal expressions are one node', (t) => {
  const { expressions, a, b, c } = setUp()
  const both = expressions.and([a, b])
  t.equal(expressions.and([b, a]), both, 'operands have no order')
  t.equal(expressions.and([b, a, b]), both, 'nor number')
  t.equal(expressions.and([both, c]), expressions.and([a, expressions.and([c, b])]), 'nested ones are flat')
  t.equal(expressions.or([not(a), not(b)]), not(both), "De Morgan's law")
  t.equal(expressions.or([expressions.or([a, b]), c]), expressions.or([c, b, a]))
  t.not(expressions.or([a, b]), both)
  t.equal(expressions.and([a]), a)
  t.end()
})

t.test('constants fold', (t) => {
  const { expressions, a } = setUp()
  t.equal(expressions.and([a, TRUE]), a)
  t.equal(expressions.and([a, FALSE]), FALSE)
  t.equal(expressions.or([a, TRUE]), TRUE)
  t.equal(expressions.or([a, FALSE]), a)
  t.equal(expressions.and([]), TRUE)
  t.equal(expressions.or([]), FALSE)
  t.end()
})

t.test('unknown is neither true nor false, so what excludes itself is no constant', (t) => {
  const { expressions, a } = setUp()
  t.not(expressions.and([a, not(a)]), FALSE)
  t.not(expressions.or([a, not(a)]), TRUE)
  t.end()
})

t.test('factors are what an expression is the conjunction of', (t) => {
  const { expressions, a, b } = setUp()
  const both = expressions.and([a, b])
  t.same(expressions.factors(both), [a, b])
  t.same(expressions.factors(not(both)), [not(both)])
  t.same(expressions.factors(TRUE), [])
  t.end()
})
