/**
 * The rules of a comparison, in our language; every engine's own are made from these. Most are those of
 * `../rules.ts`, which fire on next to nothing; some are drawn from the records, so that there are detections to compare.
 */
import type { EventTypeName } from '../../lib/schema/event-types.js'
import { Random } from '../../test/oracle/random.js'
import { generateRules, type RuleTopic, topics } from '../rules.js'
import { rawEvent, type Source } from './raw-fields.js'

export type PlainEvent = Readonly<Record<string, unknown>>

export interface Wanted {
  readonly terms: number
  /** Rules that fire. */
  readonly drawn: number
}

/** `sample`: standard events to draw rules from. */
export function peerRules(source: Source, sample: readonly PlainEvent[], { terms, drawn }: Wanted): string {
  const about = topicsOf(source)
  const rules = [generateRules(terms, 1, about).text, ...drawRules(source, about, sample, drawn)].join('\n')
  return rules
    .replace(/property: (\w+)/g, (_, property: string) => `property: ${asked(source, property)}`)
    .replace(/^ {2}match (\w+?)_property_/gm, (_, event: EventTypeName) => {
      const narrowed = source.narrowed[event]?.condition
      const conditions = [...source.always, ...(narrowed ? [narrowed] : [])]
      return `  match ${[...conditions, `${event}_property_`].join(' &&\n    ')}`
    })
}

const asked = (source: Source, property: string): string => source.instead[property] ?? property

/** What the source's records show as they are. */
function topicsOf(source: Source): RuleTopic[] {
  return topics.flatMap(([event, share, properties]): RuleTopic[] => {
    const fields = rawEvent(source, event as EventTypeName)?.fields ?? {}
    const shown = properties.filter((property) => fields[asked(source, property)])
    return shown.length > 0 ? [[event, share, shown]] : []
  })
}

/** Each fires on one event of the sample, and so on few of the corpus; half of them early, where slow engines look. */
function drawRules(
  source: Source,
  about: readonly RuleTopic[],
  sample: readonly PlainEvent[],
  count: number,
): string[] {
  const random = new Random(2)
  const events = sample.filter((event) => event.source === source.mapping.name)
  const early = events.slice(0, 50)
  const rules: string[] = []
  for (let tries = 0; rules.length < count && tries < 100 * count; tries++) {
    const event = random.pick(rules.length % 2 ? events : early)
    const properties = about.find(([type]) => type === event.event_type)?.[2] ?? []
    const texts = textsOf(event, [...new Set(properties.map((property) => asked(source, property)))])
    if (texts.length < 2) continue
    const first = random.pick(texts)
    const second = random.pick(texts.filter((text) => text !== first))
    const terms = [drawTerm(random, first), drawTerm(random, second)]
    const hits = events.filter((other) => terms.every((term) => holds(term, other)))
    if (hits.length === 1) rules.push(writeRule(`drawn-${rules.length}`, String(event.event_type), terms))
  }
  return rules
}

/** Text that every engine's rules and the records themselves write in the same way; numbers can be hexadecimal there. */
const plainText = /^(?!\d+$)[\w\\./: -]{8,}$/
/** How a registry path begins: in every source's own way, which mappings make one. */
const registryRoot = /^(?:[^\\]*\\){1,3}/

type Text = readonly [property: string, text: string]
const textsOf = (event: PlainEvent, properties: readonly string[]): Text[] =>
  properties.flatMap((property): Text[] => {
    const value = event[property]
    const text = typeof value === 'string' ? value.replace(hasRoot(property) ? registryRoot : '', '') : ''
    return plainText.test(text) ? [[property, text]] : []
  })

const hasRoot = (property: string): boolean => property.startsWith('registry_')

interface Term {
  readonly property: string
  readonly match: 'includes' | 'starts_with' | 'ends_with' | 'equals'
  readonly text: string
}

function drawTerm(random: Random, [property, value]: Text): Term {
  const length = 8 + random.below(16)
  const matches = [
    'includes',
    'ends_with',
    ...(hasRoot(property) ? [] : (['starts_with', 'equals'] as const)),
  ] as const
  const match = random.pick(matches)
  const from = random.below(Math.max(1, value.length - length))
  const text = {
    includes: value.slice(from, from + length),
    starts_with: value.slice(0, length),
    ends_with: value.slice(-length),
    equals: value,
  }[match]
  return { property, match, text: random.chance(0.5) ? text.toUpperCase() : text }
}

function holds({ property, match, text }: Term, event: PlainEvent): boolean {
  const value = String(event[property] ?? '').toLowerCase()
  const wanted = text.toLowerCase()
  if (match === 'equals') return value === wanted
  if (match === 'includes') return value.includes(wanted)
  return match === 'starts_with' ? value.startsWith(wanted) : value.endsWith(wanted)
}

function writeRule(name: string, event: string, terms: readonly Term[]): string {
  const written = terms.map(
    ({ property, match, text }) =>
      `${event}_property_${match}_any?(property: ${property}, strings: ['${text.replace(/\\/g, '\\\\')}'])`,
  )
  return `detector '${name}' do\n  severity :low\n  match ${written.join(' &&\n    ')}\nend\n`
}
