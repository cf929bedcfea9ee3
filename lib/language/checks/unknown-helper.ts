import { eventTypeNames } from '../../schema/event-types.js'
import type { Call } from '../ast.js'
import { alternatives, quote } from '../describe.js'
import { isEntry } from '../entries.js'
import { nearestEventType } from '../event-type-synonyms.js'
import { findHelper, namedHelpers, splitHelperName } from '../helpers.js'
import { matchForms, matchRows } from '../matches.js'
import { nearestName } from '../nearest-name.js'
import type { Scope } from '../scope.js'
import { propertyNameProblem } from './property.js'

/** What other rule languages call our matches. */
const MATCH_SYNONYMS: Readonly<Record<string, string>> = {
  contains: 'includes',
  contain: 'includes',
  include: 'includes',
  has: 'includes',
  equal: 'equals',
  eq: 'equals',
  is: 'equals',
  in: 'equals_any',
  one_of: 'equals_any',
  startswith: 'starts_with',
  begins_with: 'starts_with',
  endswith: 'ends_with',
  match: 'matches',
  regex: 'matches',
  re: 'matches',
  gt: 'greater_than',
  lt: 'less_than',
  cidr: 'in_any_subnet',
  in_subnet: 'in_any_subnet',
  present: 'exists',
  true: 'is_true',
}

export function reportUnknownHelper(scope: Scope, call: Call): void {
  const { text, span } = call.name
  const [owner, match] = splitHelperName(text)
  const unlike = match === undefined && !nearestNamed(scope, text) && !nearestMiddle(text)
  if (unlike && !scope.complete) return
  const wrongOwner = match !== undefined && owner !== 'any' && !eventTypeNames.some((name) => name === owner)
  const message =
    wrongOwner && matchForms.has(match)
      ? `there is no event type ${quote(owner)}, and so no helper ${quote(text)}`
      : `there is no helper and no definition ${quote(text)}`
  scope.report('NUTHATCH_UNKNOWN_HELPER', span, message, suggestion(scope, text, owner, match))
}

function suggestion(scope: Scope, name: string, owner: string, match: string | undefined): string {
  if (isEntry(name))
    return `${quote(name)} is an entry: put it, without parentheses, between \`detector 'name' do\` and \`end\``
  const questioned = `${name}?`
  if (!name.endsWith('?') && (findHelper(questioned) || scope.defines.has(name))) {
    return `helpers and definitions are called with a question mark: ${quote(questioned)}`
  }
  const type = eventTypeNames.find((type) => type === name.replace(/\?$/, ''))
  if (type) {
    const property = propertyNameProblem('process_name', type) ? 'event_time' : 'process_name'
    return `did you mean ${quote(`${type}_property_exists?(property: ${property})`)}?`
  }
  const near =
    match === undefined ? (nearestMiddle(name) ?? nearestNamed(scope, name)) : nearestProperty(owner, match)
  if (near !== undefined) return `did you mean ${quote(near)}?`
  if (match === undefined) {
    return 'helpers are called `<event type>_property_<match>?`; a condition of your own is declared with `define`'
  }
  return matchForms.has(match)
    ? 'docs/schema.md lists the event types'
    : `matches are ${alternatives(
        matchRows.map(({ name }) => name),
        'and',
      )}; docs/helpers.md lists all their forms`
}

function nearestNamed(scope: Scope, name: string): string | undefined {
  const defined = [...scope.defines.keys()].map((define) => `${define}?`)
  return nearestName(name, [...defined, ...Object.keys(namedHelpers)])
}

/** The nearest event type and the nearest match, each on its own. */
function nearestProperty(owner: string, match: string): string | undefined {
  const event = nearestEventType(owner, ['any'])
  const form = synonym(match) ?? nearestName(match, matchForms.keys())
  return event && form && `${event}_property_${form}?`
}

/** `_property_` misspelt, cut short or left out. */
function nearestMiddle(name: string): string | undefined {
  const words = name.replace(/\?$/, '').split('_')
  const middle = words.findIndex((word) => /^prop/i.test(word) || nearestName(word, ['property']))
  if (middle > 0) return nearestProperty(words.slice(0, middle).join('_'), words.slice(middle + 1).join('_'))
  const event = eventTypeNames.find((type) => name.startsWith(`${type}_`))
  const form = event && synonym(words.slice(event.split('_').length).join('_'))
  return form && `${event}_property_${form}?`
}

const negativeOf = (match: string): string | undefined => {
  const form = matchForms.get(match)
  return form && `${form.row.negative}${match.slice(form.row.name.length)}`
}

function synonym(match: string): string | undefined {
  if (matchForms.has(match)) return match
  const parts = /^(does_not_)?(.*?)(_any|_all|_none)?$/.exec(match)
  const [, not = '', name = '', quantifier = ''] = parts ?? []
  const known = Object.hasOwn(MATCH_SYNONYMS, name)
    ? MATCH_SYNONYMS[name]
    : nearestName(name, matchForms.keys())
  const isNone = quantifier === '_none'
  if (known === undefined || (!isNone && !Object.hasOwn(MATCH_SYNONYMS, name))) return undefined
  const meant = `${known}${isNone ? '_any' : quantifier}`.replace(/_any_any$/, '_any')
  return not || isNone ? negativeOf(meant) : matchForms.has(meant) ? meant : undefined
}
