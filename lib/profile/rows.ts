import { grouped } from '../grouped.js'
import type {
  DetectorProfile,
  EstimatedTime,
  Place,
  Profile,
  PropertyProfile,
  TermProfile,
} from './profile.js'

export const sortings = ['ns', 'saved', 'evaluations', 'pass-rate'] as const
export type Sorting = (typeof sortings)[number]

/** One of a profile's lists, as both the table and the page show it: the first column is text, and so is the last. */
export interface Sheet {
  readonly title: string
  readonly note: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Rows that were left out. */
  readonly more: number
}

type Row = EstimatedTime & {
  readonly savedNs?: number
  readonly evaluations: number
  readonly passRate: number | null
  readonly hitRate?: number | null
}

const orders: Readonly<Record<Sorting, (row: Row) => number>> = {
  ns: ({ ns }) => ns,
  saved: ({ savedNs, ns }) => savedNs ?? ns,
  evaluations: ({ evaluations }) => evaluations,
  'pass-rate': ({ hitRate, passRate }) => hitRate ?? passRate ?? -1,
}

/** Detectors, terms and properties, the first `top` of each. */
export function sheetsOf(profile: Profile, top: number, sorting: Sorting): Sheet[] {
  const order = orders[sorting]
  const sheet = <T extends Row>(
    title: string,
    note: string,
    columns: Columns<T>,
    items: readonly T[],
  ): Sheet => {
    const shown = [...items].sort((a, b) => order(b) - order(a) || b.ns - a.ns).slice(0, top)
    const rows = shown.map((item) => Object.values(columns).map((cell) => cell(item, profile)))
    return { title, note, columns: Object.keys(columns), rows, more: items.length - shown.length }
  }
  return [
    sheet('Detectors', 'passed: of how often its last guard was asked', detectorColumns, profile.detectors),
    sheet(
      'Terms',
      'hits: of events that asked for its property; finds: strings of it in each of these',
      termColumns,
      profile.terms,
    ),
    sheet(
      'Properties',
      'a part of the time is reading it, the rest matching',
      propertyColumns,
      profile.properties,
    ),
  ]
}

type Columns<T> = Readonly<Record<string, (item: T, profile: Profile) => string>>

/** For the head of what shows a profile. */
export const caution = 'times measured on a busy machine are too high'

export const percent = (share: number | null): string =>
  share === null ? '' : `${(share * 100).toFixed(1)} %`
export const perEvent = (ns: number, { events }: Profile): string => (ns / Math.max(1, events)).toFixed(1)

const cost: Columns<Row> = {
  'ns/event': ({ ns }, profile) => perEvent(ns, profile),
  '±': ({ error }, profile) => perEvent(error, profile),
  share: ({ ns }, profile) => percent(profile.ns > 0 ? ns / profile.ns : 0),
}

const placeText = ({ eventType, depth, under }: Place): string =>
  `${eventType}, depth ${depth}${under === null ? '' : ` under ${under}`}`

const detectorColumns: Columns<DetectorProfile> = {
  detector: ({ name }) => name,
  ...cost,
  saved: ({ savedNs }, profile) => (savedNs > 0 ? perEvent(savedNs, profile) : ''),
  evaluated: ({ evaluations }) => grouped(evaluations),
  passed: ({ passRate }) => percent(passRate),
  place: ({ places: [first, ...others] }) =>
    `${first ? placeText(first) : ''}${others.length > 0 ? ` and ${others.length} more` : ''}`,
}

const termColumns: Columns<TermProfile> = {
  term: ({ term }) => term,
  ...cost,
  saved: ({ savedNs }, profile) => (savedNs > 0 ? perEvent(savedNs, profile) : ''),
  evaluated: ({ evaluations }) => grouped(evaluations),
  hits: ({ hitRate }) => percent(hitRate),
  finds: ({ finds }) => (finds > 0 ? finds.toFixed(2) : ''),
  place: placeText,
}

const propertyColumns: Columns<PropertyProfile> = {
  property: ({ property }) => property,
  ...cost,
  reading: ({ resolveNs }, profile) => perEvent(resolveNs, profile),
  matching: ({ matchNs }, profile) => perEvent(matchNs, profile),
  evaluated: ({ evaluations }) => grouped(evaluations),
  present: ({ passRate }) => percent(passRate),
  terms: ({ terms }) => grouped(terms),
  place: placeText,
}
