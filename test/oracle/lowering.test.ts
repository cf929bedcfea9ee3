/**
 * How conditions are lowered, against what is written: random expressions, and every helper with a name of
 * its own, on random events. differential.test.ts compares the engine with the lowered conditions.
 * NUTHATCH_ORACLE_SEED sets the seed.
 */
import t from 'tap'
import type { Expression } from '../../lib/language/ast.js'
import { buildAst } from '../../lib/language/build-ast.js'
import { checkRules } from '../../lib/language/check.js'
import { Diagnostics } from '../../lib/language/diagnostics.js'
import { namedHelpers } from '../../lib/language/helpers.js'
import { parse } from '../../lib/language/parse.js'
import type { Condition, StandardEvent } from '../../lib/language/ruleset.js'
import { SourceText } from '../../lib/language/source-text.js'
import { eventTypeNames } from '../../lib/schema/event-types.js'
import { standard } from '../../lib/standardize/standard.js'
import { withDerived } from './derive.js'
import { evaluate } from './evaluate.js'
import { evaluateAst, namedMeanings, tellingValues } from './evaluate-ast.js'
import { Random } from './random.js'
import { randomExpression } from './random-detectors.js'
import { randomRecord } from './random-events.js'
import { randomWords } from './random-words.js'
import { standardize } from './standardize.js'

const seed = Number(process.env.NUTHATCH_ORACLE_SEED ?? Date.now() % 1e9)

/** An expression as the AST has it, and as it is lowered. */
function bothOf(source: string): { written: Expression; lowered: Condition } {
  const { ruleSet, diagnostics } = checkRules([{ file: 'a.rb', source }])
  const [detector] = ruleSet?.detectors ?? []
  const text = new SourceText('a.rb', new TextEncoder().encode(source))
  const [declaration] = buildAst(parse(source, 'a.rb'), text, new Diagnostics()).declarations
  if (!detector || declaration?.kind !== 'expression')
    throw new Error(`${source}: ${diagnostics.map(({ message }) => message)}`)
  return { written: declaration.value, lowered: detector.condition }
}

t.test(`random expressions, seed ${seed}`, async (t) => {
  const counts = { true: 0, false: 0, undefined: 0 }
  for (let round = 0; round < 10; round++) {
    const random = new Random(seed + round)
    const words = randomWords(random)
    const events = Array.from({ length: 100 }, () => {
      const outcome = standardize(JSON.stringify(randomRecord(random, words)), [standard])
      if (!('event' in outcome)) throw new Error('no event')
      return withDerived(outcome.event, outcome.event.command_line)
    })
    for (let i = 0; i < 40; i++) {
      const text = randomExpression(random, words)
      const { written, lowered } = bothOf(text)
      for (const event of events) {
        const expected = evaluateAst(written, event)
        counts[`${expected}`]++
        if (evaluate(lowered, event) !== expected)
          return t.equal(evaluate(lowered, event), expected, `${text} on ${JSON.stringify(event)}`)
      }
    }
  }
  t.comment(JSON.stringify(counts))
  t.ok(Object.values(counts).every((count) => count > 100))
})

const argumentsOf = { names: "('cmd', 'ExCel.exe')", signers: "(signers: ['cmd', 'A Signer'])", nothing: '' }

t.test(`helpers with names of their own, seed ${seed}`, async (t) => {
  t.same(Object.keys(namedMeanings).sort(), Object.keys(namedHelpers).sort())
  const random = new Random(seed)
  const randomEvent = (): StandardEvent => {
    const given = Object.entries(tellingValues).filter(() => random.chance(0.3))
    const values = given.map(([name, some]) => [
      name,
      random.chance(0.1) ? { pending: true } : random.pick(some),
    ])
    const types = ['image_load', 'driver_load', 'network_connection', 'logon', 'process_start'] as const
    return {
      event_type: random.pick(random.chance(0.7) ? types : eventTypeNames),
      ...Object.fromEntries(values),
    } as StandardEvent
  }
  const events = Array.from({ length: 12_000 }, randomEvent)
  for (const [name, helper] of Object.entries(namedHelpers)) {
    const { written, lowered } = bothOf(`${name}${argumentsOf[helper.takes ?? 'nothing']}`)
    const wrong = events.find((event) => evaluate(lowered, event) !== evaluateAst(written, event))
    t.equal(wrong, undefined, `${name} on ${JSON.stringify(wrong)}`)
    for (const truth of [true, false, undefined])
      t.ok(
        events.some((event) => evaluateAst(written, event) === truth),
        `${name} is ${truth} at times`,
      )
  }
})
