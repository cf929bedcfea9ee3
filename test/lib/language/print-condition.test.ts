import { readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { checkRules } from '../../../lib/language/check.js'
import { printCondition } from '../../../lib/language/print-condition.js'
import type { Condition } from '../../../lib/language/ruleset.js'
import { Random } from '../../oracle/random.js'
import { randomExpression } from '../../oracle/random-detectors.js'
import { randomWords } from '../../oracle/random-words.js'

function conditionOf(source: string): Condition {
  const { ruleSet, diagnostics } = checkRules([{ file: 'x.rb', source }])
  const [detector] = ruleSet?.detectors ?? []
  if (!detector) throw new Error(`${source}: ${JSON.stringify(diagnostics[0])}`)
  return detector.condition
}

const withoutSpans = (condition: Condition) =>
  JSON.parse(JSON.stringify(condition, (key, value) => (key === 'span' ? undefined : value)))

t.test('a condition is printed in the language, with helpers and definitions written out', async (t) => {
  const print = (source: string) => printCondition(conditionOf(source))
  t.equal(
    print('windows? && !(outbound? || linux?)'),
    "any_property_equals?(property: platform, string: 'windows') && " +
      "!(network_connection_property_equals?(property: direction, string: 'outbound') || " +
      "any_property_equals?(property: platform, string: 'linux'))",
  )
  const asTheyAre = [
    "process_start_property_does_not_equal_any?(property: process_name, strings: ['a', 'b\\'c'], case_sensitive: true)",
    'process_start_property_equals_any?(property: process_pid, numbers: [4, 8])',
    'process_start_property_is_not_between?(property: process_pid, min: 4, max: 8)',
    "network_connection_property_in_any_subnet?(property: remote_ip, subnets: ['10.0.0.0/8'])",
    "any_property_matches?(property: command_line, pattern: '(?i)a\\b')",
    'process_start_property_does_not_exist?(property: command_line)',
    String.raw`script_property_includes?(property: script_content, string: "a\nb\\c\#{d}\u{7}")`,
  ]
  for (const source of asTheyAre) t.equal(print(source), source)
})

t.test('what is printed means the same: random conditions', async (t) => {
  const random = new Random(Number(process.env.NUTHATCH_SEED ?? 20261123))
  t.comment(`seed ${random.seed}`)
  const words = randomWords(random)
  for (let i = 0; i < 500; i++) {
    const condition = conditionOf(randomExpression(random, words))
    const again = conditionOf(printCondition(condition))
    if (!isDeepStrictEqual(withoutSpans(again), withoutSpans(condition))) t.fail(printCondition(condition))
  }
})

t.test('what is printed means the same: the example rules', async (t) => {
  const folder = new URL('../../../examples/rules/', import.meta.url)
  const files = readdirSync(folder).map((file) => ({ file, source: readFileSync(new URL(file, folder)) }))
  const { ruleSet } = checkRules(files)
  t.ok((ruleSet?.detectors.length ?? 0) > 50)
  for (const { name, condition } of ruleSet?.detectors ?? []) {
    t.strictSame(withoutSpans(conditionOf(printCondition(condition))), withoutSpans(condition), name)
  }
})
