import t from 'tap'
import { statisticsOf } from '../../../lib/compile/compile.js'
import { buildProgram, type Program } from '../../../lib/compile/program.js'
import { expressionText } from '../../../lib/compile/render-expression.js'
import { renderTrees } from '../../../lib/compile/render-tree.js'
import { nodesOf, type TreeNode } from '../../../lib/compile/term-tree.js'
import type { Condition, PropertyValue, StandardEvent } from '../../../lib/language/ruleset.js'
import { evaluateAll } from '../../oracle/evaluate.js'
import { Random } from '../../oracle/random.js'
import { Interpreter } from './interpreter.js'
import { and, negate, on, or, rules, test } from './rules.js'

const rootOf = (program: Program): TreeNode => {
  const [tree] = program.trees
  if (!tree) throw new Error('no tree')
  return tree.root
}
const guards = (program: Program, node: TreeNode): string[] =>
  node.children.map((child) => expressionText(child.guard, program))
const start = (property: Parameters<typeof test>[0], ...values: string[]) =>
  on('process_start', property, values)

t.test('factors that several detectors share stand above what they guard', (t) => {
  const shell = start('process_name', 'powershell.exe')
  const program = buildProgram(
    rules({
      encoded: and(shell, start('command_line', '-enc')),
      hidden: and(start('command_line', '-w hidden'), shell),
      other: start('parent_name', 'winword.exe'),
    }),
  )
  const root = rootOf(program)
  t.same(guards(program, root), ['process_name equals "powershell.exe"', 'parent_name equals "winword.exe"'])
  t.same(guards(program, root.children[0] as TreeNode), [
    'command_line equals "-enc"',
    'command_line equals "-w hidden"',
  ])
  t.end()
})

t.test('factors that the same detectors share are one guard', (t) => {
  const shared = and(start('process_name', 'a'), start('parent_name', 'b'))
  const program = buildProgram(
    rules({ x: and(shared, start('username', 'x')), y: and(shared, start('username', 'y')), z: shared }),
  )
  const [only] = rootOf(program).children
  t.same(only && [...only.detectors], [2], 'a detector with nothing else to ask ends there')
  t.equal(only?.children.length, 2)
  t.end()
})

t.test('identical detectors are one leaf', (t) => {
  const condition = () => and(start('process_name', 'a'), start('username', 'u'))
  const program = buildProgram(
    rules({ x: condition(), y: condition(), z: and(start('username', 'u'), start('process_name', 'a')) }),
  )
  t.same(
    nodesOf({ event: 'process_start', root: rootOf(program) }).map((node) => node.detectors),
    [[], [0, 1, 2]],
  )
  t.end()
})

t.test('what is true of most events stands low', (t) => {
  const windows = test('platform', ['windows'])
  const program = buildProgram(
    rules({ x: and(windows, start('username', 'x')), y: and(windows, start('username', 'y')) }),
  )
  t.same(guards(program, rootOf(program)).length, 2)
  t.end()
})

t.test('a detector stands in the trees of the event types it can be true on', (t) => {
  const events = (condition: Condition) =>
    buildProgram(rules({ x: condition })).trees.map(({ event }) => event)
  t.same(events(on('dns_query', 'query_name', ['a'])), ['dns_query'])
  t.same(
    events(test('image_path', ['a'])),
    ['image_load', 'driver_load'],
    'an untyped one: those that have the property',
  )
  t.same(events(and(on('dns_query', 'query_name', ['a']), on('script', 'process_name', ['a']))), [])
  t.ok(events(negate(on('dns_query', 'query_name', ['a']))).length > 30, 'a constantly true one: everywhere')
  t.end()
})

t.test('triggers', (t) => {
  const triggersOf = (condition: Condition) => {
    const program = buildProgram(rules({ x: condition }))
    const child = rootOf(program).children[0] as TreeNode
    return child.triggers?.map((node) => expressionText(node * 2, program)) ?? null
  }
  const [a, b] = [start('process_name', 'a'), start('parent_name', 'b')]
  t.same(triggersOf(a), ['process_name equals "a"'])
  t.same(
    triggersOf(or(a, b)),
    ['process_name equals "a"', 'parent_name equals "b"'],
    'an or has all of its operands',
  )
  t.same(
    triggersOf(and(or(a, b), start('username', 'c'))),
    ['username equals "c"'],
    'an and has its best operand',
  )
  t.same(triggersOf(and(on('process_start', 'process_name', ['a'], { negated: true }), b)), [
    'parent_name equals "b"',
  ])
  t.equal(triggersOf(on('process_start', 'process_name', ['a'], { negated: true })), null)
  t.equal(triggersOf(or(a, on('process_start', 'process_name', ['b'], { negated: true }))), null)
  t.end()
})

const pool = (random: Random): Condition[] => {
  const properties = ['process_name', 'command_line', 'parent_name', 'image_path', 'username'] as const
  const events = [null, 'process_start', 'process_start', 'image_load'] as const
  const one = (): Condition =>
    on(
      random.pick(events) as 'process_start',
      random.pick(properties),
      random.some(['a', 'b', 'c', 'd'], 1, 3),
      {
        match: random.pick(['equals', 'includes', 'exists'] as const),
        negated: random.chance(0.2),
        all: random.chance(0.2),
      },
    )
  const gate = (depth: number): Condition => {
    if (depth === 0 || random.chance(0.5)) return one()
    const operands = Array.from({ length: 2 + random.below(2) }, () => gate(depth - 1))
    return random.chance(0.2)
      ? negate(and(...operands))
      : random.chance(0.5)
        ? or(...operands)
        : and(...operands)
  }
  return Array.from({ length: 15 }, () => gate(2))
}

const randomEvent = (random: Random): StandardEvent => {
  const event: Record<string, PropertyValue> = {}
  for (const name of ['process_name', 'command_line', 'parent_name', 'username', 'image_path']) {
    if (random.chance(0.7))
      event[name] = random.chance(0.15) ? { pending: true } : random.some(['a', 'b', 'c', 'd'], 1, 2).join('')
  }
  const event_type = random.pick(['process_start', 'image_load', 'dns_query'] as const)
  if (event_type !== 'image_load') delete event.image_path
  return { ...event, event_type }
}

t.test('trees say what the detectors say, on random detectors and events', (t) => {
  const seed = Number(process.env.NUTHATCH_ORACLE_SEED ?? Date.now() % 1e9)
  t.comment(`seed ${seed}`)
  const random = new Random(seed)
  let asked = 0
  let possible = 0
  for (let round = 0; round < 25; round++) {
    const factors = pool(random)
    const ruleSet = rules(
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`d${i}`, and(...random.some(factors, 1, 4))])),
    )
    const program = buildProgram(ruleSet)
    for (let i = 0; i < 40; i++) {
      const event = randomEvent(random)
      const expected = evaluateAll(ruleSet.detectors, event)
      const tree = program.trees.find((one) => one.event === event.event_type)
      const got = tree
        ? new Interpreter(program, tree, event)
        : { fired: [], undecided: [], asked: new Set() }
      asked += got.asked.size
      possible += statisticsOf(program).eventTypes[event.event_type]?.terms ?? 0
      const same = t.same(
        { fired: got.fired, undecided: got.undecided },
        { fired: expected.fired.sort(), undecided: expected.undecided.sort() },
      )
      if (!same) return t.end()
    }
  }
  t.comment(`asked for ${asked} of ${possible} terms`)
  t.ok(asked < possible * 0.9, 'and ask for fewer terms than there are')
  t.end()
})

t.test('trees do not depend on the order of the detectors', (t) => {
  const random = new Random(5)
  const factors = pool(random)
  const ruleSet = rules(
    Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`d${i}`, and(...random.some(factors, 1, 4))])),
  )
  const expected = renderTrees(buildProgram(ruleSet))
  t.equal(renderTrees(buildProgram({ detectors: [...ruleSet.detectors].reverse() })), expected)
  t.end()
})
