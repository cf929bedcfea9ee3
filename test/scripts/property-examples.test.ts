import t from 'tap'
import { compile, type StandardEvent } from '../../lib/index.js'
import { eventTypeNames } from '../../lib/schema/event-types.js'
import {
  type PropertyName,
  type PropertyRow,
  properties,
  propertyNames,
} from '../../lib/schema/properties.js'
import { propertyExamples } from '../../scripts/property-examples.js'

const rowOf = (name: PropertyName): PropertyRow => properties[name]

/** Bits a byte, of which the page has two decimals. */
const rounded = new Set<PropertyName>(['command_line_entropy'])

function conditionOf(name: PropertyName): string {
  const example = propertyExamples[name]
  if (rounded.has(name))
    return `any_property_between?(property: ${name}, min: ${Number(example) - 0.01}, max: ${Number(example) + 0.01})`
  if (typeof example === 'boolean')
    return `any_property_${example ? 'is_true' : 'exists'}?(property: ${name})`
  if (typeof example === 'number') return `any_property_equals?(property: ${name}, number: ${example})`
  return [example]
    .flat()
    .map(
      (text) =>
        `any_property_equals?(property: ${name}, string: ${JSON.stringify(text).replaceAll('#', '\\#')})`,
    )
    .join(' && ')
}

t.test(
  'the example of each property is a value that it can have, derived ones follow from theirs',
  async (t) => {
    const files = Object.fromEntries(propertyNames.map((name) => [`${name}.rb`, conditionOf(name)]))
    const detectors = await compile({ files })
    t.strictSame(
      detectors.warnings.filter(({ code }) => code !== 'NUTHATCH_NOT_CONFINED'),
      [],
    )
    for (const type of eventTypeNames) {
      const names = propertyNames.filter((name) => rowOf(name).on.includes(type))
      const given = names.filter((name) => rowOf(name).derivedFrom === undefined)
      const values = Object.fromEntries(given.map((name) => [name, propertyExamples[name]]))
      const detections = await detectors.evaluateEvents([{ event_type: type, ...values } as StandardEvent])
      const fired = new Set(detections.map(({ detector }) => detector))
      t.strictSame(
        names.filter((name) => !fired.has(name)),
        [],
        type,
      )
    }
  },
)
