import t from 'tap'
import { termKey, termOf } from '../../../lib/compile/terms.js'
import type { Test } from '../../../lib/language/ruleset.js'
import { test } from './rules.js'

const keyOf = (...parameters: Parameters<typeof test>): string => {
  const condition = test(...parameters)
  return condition.kind === 'test' ? termKey(termOf(condition.test)) : ''
}
const equals = { match: 'equals' } as const

t.test('equal predicates have one key', (t) => {
  const key = keyOf('process_name', ['b', 'a'], equals)
  t.equal(keyOf('process_name', ['a', 'b'], equals), key, 'in any order')
  t.equal(keyOf('process_name', ['a', 'b', 'a'], equals), key, 'however often a value is written')
  t.equal(keyOf('process_name', ['A', 'b', 'a'], equals), key, 'in any case')
  t.equal(keyOf('process_name', ['a', 'b'], { ...equals, negated: true }), key, 'whatever the sign')
  t.equal(
    keyOf('process_name', ['a', 'b'], { ...equals, event: 'dns_query' }),
    key,
    'whatever the event type',
  )
  t.equal(
    keyOf('process_name', ['a'], { ...equals, all: true }),
    keyOf('process_name', ['a'], equals),
    'one value is any and all',
  )
  t.end()
})

t.test('different predicates have different keys', (t) => {
  const differing: [string[], Partial<Test>][] = [
    [['a'], equals],
    [['a', 'b'], equals],
    [['a', 'b'], { ...equals, all: true }],
    [['A'], { ...equals, caseSensitive: true }],
    [['a'], { ...equals, caseSensitive: true }],
    [['a'], { match: 'includes' }],
    [['a'], { match: 'matches' }],
    [['A'], { match: 'matches' }],
    [['É'], equals],
    [['é'], equals],
    [['a","b'], equals],
  ]
  const keys = differing.map(([values, more]) => keyOf('process_name', values, more))
  t.equal(new Set(keys).size, keys.length)
  t.not(keyOf('process_name', ['a']), keyOf('command_line', ['a']))
  t.not(
    keyOf('process_pid', [1, 5], { match: 'between' }),
    keyOf('process_pid', [5, 1], { match: 'between' }),
  )
  t.end()
})

t.test('a term keeps the spelling it was written in', (t) => {
  const condition = test('process_name', ['PowerShell.exe', 'Pwsh.exe', 'pwsh.EXE'])
  t.same(condition.kind === 'test' && termOf(condition.test).strings, ['PowerShell.exe', 'Pwsh.exe'])
  t.end()
})
