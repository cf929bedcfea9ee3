import { PROFILE_VERSION, type Profile } from './profile.js'

type Fields = Readonly<Record<string, 'string' | 'number' | 'boolean' | 'rate' | 'list' | 'time'>>

const time = { ns: 'number', error: 'number', untimed: 'boolean', rarelyTimedNs: 'number' } as const
const shared = { ...time, own: 'time', savedNs: 'number', evaluations: 'number', passRate: 'rate' } as const
const lists: Readonly<Record<string, Fields>> = {
  eventTypes: { eventType: 'string', ...time, events: 'number' },
  detectors: {
    name: 'string',
    ...shared,
    definition: 'string',
    terms: 'list',
    fired: 'number',
    places: 'list',
  },
  terms: {
    key: 'string',
    term: 'string',
    property: 'string',
    eventType: 'string',
    ...shared,
    hitRate: 'rate',
    hitRateOf: 'number',
    finds: 'number',
    aloneNs: 'number',
    samples: 'number',
    estimatedNs: 'number',
  },
  properties: {
    property: 'string',
    eventType: 'string',
    ...time,
    resolveNs: 'number',
    matchNs: 'number',
    patternsNs: 'number',
    evaluations: 'number',
    samples: 'number',
  },
}

/** Whether a value, of a JSON file perhaps, has what is used of a profile when rules are compiled or runs compared. */
export function isProfile(value: unknown): value is Profile {
  if (!isObject(value) || value.format !== 'nuthatch-profile' || value.version !== PROFILE_VERSION)
    return false
  return (
    isNumber(value.events) && Object.entries(lists).every(([list, fields]) => isList(value[list], fields))
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const isNumber = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0

const isList = (list: unknown, fields: Fields): boolean =>
  Array.isArray(list) &&
  list.every((item) => isObject(item) && Object.entries(fields).every(([name, kind]) => is(item[name], kind)))

function is(value: unknown, kind: Fields[string]): boolean {
  if (kind === 'list') return Array.isArray(value)
  if (kind === 'time') return isList([value], time)
  if (kind === 'rate') return value === null || (isNumber(value) && Number(value) <= 1)
  return kind === 'number' ? isNumber(value) : typeof value === kind
}
