/** Rules as Sigma, on the fields of the source's records as they are. */
import type { Detector, Test } from '../../lib/language/ruleset.js'
import { build, eventTypeOf } from './conditions.js'
import { type RawEvent, rawEvent, type Source } from './raw-fields.js'

/** How a rule asks for the event type, beside its own `condition`. */
export type AskEvent = (condition: string) => string

/** As people and Sigma's pipelines write it. */
export const plainly: AskEvent = (condition) => `event and ${condition}`

/**
 * As RSigma is fastest. It looks a rule up by the one part of it that it takes to be rarest, and an equality counts as that: it would be the
 * event type, and all rules of a type would be evaluated on every event of it. What is negated is not looked at.
 */
export const hidden: AskEvent = (condition) => `${condition} and not (not event)`

/** YAML of many documents, each written as JSON, which is YAML. */
export const toSigma = (source: Source, detectors: readonly Detector[], ask: AskEvent): string =>
  detectors.map((detector) => `---\n${JSON.stringify(toRule(source, detector, ask))}\n`).join('')

function toRule(source: Source, detector: Detector, ask: AskEvent): object {
  const event = eventTypeOf(detector)
  const raw = rawEvent(source, event)
  if (!raw) throw new Error(`${event} cannot be told in records of ${source.mapping.name}`)
  const selections: Record<string, object> = {}
  const select = (test: Test): string => {
    if (told.has(test.property)) return ''
    const name = `s${Object.keys(selections).length}`
    selections[name] = selectionOf(test, raw)
    return name
  }
  const condition = build(detector.condition, select, (kind, operands) => {
    return `(${operands.filter((operand) => operand !== '').join(` ${kind} `)})`
  })
  return {
    title: detector.name,
    logsource: { category: event },
    detection: { event: raw.when, ...selections, condition: ask(condition) },
    level: 'low',
  }
}

/** Properties that `RawEvent.when` tells. */
const told: ReadonlySet<string> = new Set(['source', 'direction'])

function selectionOf(test: Test, { fields }: RawEvent): object {
  const field = fields[test.property]
  if (!field) throw new Error(`no single field has ${test.property}`)
  const key = [field, ...modifiersOf(test)].join('|')
  return { [key]: test.match === 'matches' ? test.strings : test.strings.map(withoutWildcards) }
}

const modifiers: Readonly<Record<string, string>> = {
  equals: '',
  includes: 'contains',
  starts_with: 'startswith',
  ends_with: 'endswith',
  matches: 're',
  in_subnet: 'cidr',
}

/** Sigma refuses `all` of a single value. */
function modifiersOf({ match, all, strings }: Test): string[] {
  const modifier = modifiers[match]
  if (modifier === undefined) throw new Error(`no peer has ${match}`)
  return [...(modifier ? [modifier] : []), ...(all && strings.length > 1 ? ['all'] : [])]
}

/** Sigma has wildcards in text, but not in patterns. */
const withoutWildcards = (text: string): string => text.replace(/[\\*?]/g, '\\$&')
