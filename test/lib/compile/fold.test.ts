import t from 'tap'
import { Expressions, FALSE, isNegated, TRUE } from '../../../lib/compile/expressions.js'
import { Folder } from '../../../lib/compile/fold.js'
import type { Condition } from '../../../lib/language/ruleset.js'
import { and, negate, on, or, test } from './rules.js'

const onImageLoad = (condition: Condition) => new Folder('image_load', new Expressions()).fold(condition)

t.test('a typed test of another event type is false, and so is its negated twin', (t) => {
  t.equal(onImageLoad(on('process_start', 'process_name', ['a'])), FALSE)
  t.equal(onImageLoad(on('process_start', 'process_name', ['a'], { negated: true })), FALSE)
  t.equal(onImageLoad(negate(on('process_start', 'process_name', ['a']))), TRUE, 'but ! is plain negation')
  t.end()
})

t.test('a property that the event type cannot have is missing', (t) => {
  t.equal(onImageLoad(test('query_name', ['a'])), FALSE)
  t.equal(onImageLoad(test('query_name', ['a'], { negated: true })), TRUE)
  t.end()
})

t.test('what is left after folding', (t) => {
  const expressions = new Expressions()
  const folder = new Folder('image_load', expressions)
  const a = folder.fold(test('process_name', ['a']))
  const other = on('process_start', 'process_name', ['b'])
  t.equal(folder.fold(or(other, test('process_name', ['a']))), a)
  t.equal(folder.fold(and(negate(other), test('process_name', ['a']))), a)
  t.equal(folder.fold(and(other, test('process_name', ['a']))), FALSE)
  t.equal(folder.fold(test('process_name', ['a'], { negated: true })), a ^ 1)
  t.ok(
    isNegated(folder.fold(or(test('process_name', ['a']), test('process_name', ['b'])))),
    'an or is a negated and',
  )
  t.end()
})

t.test('a define used many times over is folded once', (t) => {
  let condition = or(test('process_name', ['a']), test('process_name', ['b']))
  for (let i = 0; i < 100; i++)
    condition = i % 2 ? or(condition, negate(condition)) : and(condition, negate(condition))
  t.ok(onImageLoad(condition))
  t.end()
})

t.test('conditions nested beyond reason are refused', (t) => {
  let condition = test('process_name', ['a'])
  for (let i = 0; i < 300; i++) condition = (i % 2 ? or : and)(condition, test('process_name', [`${i}`]))
  t.throws(() => onImageLoad(condition), { code: 'NUTHATCH_CONDITION_TOO_DEEP' })
  t.end()
})
