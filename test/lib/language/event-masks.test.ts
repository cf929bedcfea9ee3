import t from 'tap'
import { checkRules } from '../../../lib/language/check.js'
import { allEvents, EventMasks, eventsIn } from '../../../lib/language/event-masks.js'
import type { Condition, StandardEvent } from '../../../lib/language/ruleset.js'
import { eventTypeNames } from '../../../lib/schema/event-types.js'
import { standard } from '../../../lib/standardize/standard.js'
import { evaluate } from '../../oracle/evaluate.js'
import { Random } from '../../oracle/random.js'
import { randomExpression } from '../../oracle/random-detectors.js'
import { randomRecord } from '../../oracle/random-events.js'
import { randomWords } from '../../oracle/random-words.js'
import { standardize } from '../../oracle/standardize.js'

function conditionOf(source: string): Condition {
  const [detector] = checkRules([{ file: 'x.rb', source }]).ruleSet?.detectors ?? []
  if (!detector) throw new Error(source)
  return detector.condition
}

const outcomes = (source: string) => {
  const { canBeTrue, canBeFalse } = new EventMasks().of(conditionOf(source))
  return { canBeTrue: eventsIn(canBeTrue), canBeFalse: eventsIn(canBeFalse) }
}

const others = (...names: string[]) => eventTypeNames.filter((name) => !names.includes(name))

t.test('where a condition can be true and where it can be false', async (t) => {
  t.strictSame(eventsIn(allEvents), [...eventTypeNames])
  t.strictSame(outcomes('outbound?'), { canBeTrue: ['network_connection'], canBeFalse: [...eventTypeNames] })
  t.strictSame(outcomes('!outbound?'), { canBeTrue: [...eventTypeNames], canBeFalse: ['network_connection'] })
  t.strictSame(outcomes('windows?'), { canBeTrue: [...eventTypeNames], canBeFalse: [...eventTypeNames] })
  t.strictSame(outcomes('any_property_exists?(property: query_name)').canBeTrue, ['dns_query'])
  t.strictSame(outcomes('any_property_does_not_exist?(property: query_name)'), {
    canBeTrue: [...eventTypeNames],
    canBeFalse: ['dns_query'],
  })
  t.strictSame(outcomes("dns_query_property_does_not_equal?(property: query_name, string: 'a')").canBeTrue, [
    'dns_query',
  ])
  t.strictSame(outcomes('outbound? && windows?').canBeTrue, ['network_connection'])
  t.strictSame(outcomes('outbound? || any_property_exists?(property: query_name)').canBeTrue.length, 2)
  t.strictSame(outcomes('!outbound? && !any_property_exists?(property: query_name)').canBeFalse, [
    'network_connection',
    'dns_query',
  ])
  t.strictSame(outcomes('outbound? && any_property_exists?(property: query_name)'), {
    canBeTrue: [],
    canBeFalse: [...eventTypeNames],
  })
  t.equal(others('dns_query').length, eventTypeNames.length - 1)
})

t.test('no event does what the masks say it cannot: random conditions and events', async (t) => {
  const random = new Random(Number(process.env.NUTHATCH_SEED ?? 20261123))
  t.comment(`seed ${random.seed}`)
  const words = randomWords(random)
  const events = Array.from({ length: 1000 }, () => {
    const outcome = standardize(JSON.stringify(randomRecord(random, words)), [standard])
    return (outcome as { event: StandardEvent }).event
  })
  let decided = 0
  for (let i = 0; i < 400; i++) {
    const condition = conditionOf(randomExpression(random, words))
    const masks = new EventMasks().of(condition)
    const [canBeTrue, canBeFalse] = [eventsIn(masks.canBeTrue), eventsIn(masks.canBeFalse)]
    if (canBeTrue.length < eventTypeNames.length || canBeFalse.length < eventTypeNames.length) decided++
    for (let j = 0; j < 50; j++) {
      const event = random.pick(events)
      const truth = evaluate(condition, event)
      if (truth === true && !canBeTrue.includes(event.event_type))
        t.fail(JSON.stringify({ condition, event }))
      if (truth === false && !canBeFalse.includes(event.event_type))
        t.fail(JSON.stringify({ condition, event }))
    }
  }
  t.ok(decided > 100, `${decided} conditions are constant somewhere`)
})
