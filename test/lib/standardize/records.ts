import type { StandardEvent } from '../../../lib/language/ruleset.js'
import { standardize } from '../../oracle/standardize.js'

/** The standard event of a record; throws when no mapping knows it. */
export function eventOf(record: object): StandardEvent {
  const outcome = standardize(JSON.stringify(record))
  if ('unmapped' in outcome) throw new Error(`unmapped: ${outcome.unmapped}`)
  return outcome.event
}

/** What a record without an event is counted under. */
export function labelOf(record: object): string {
  const outcome = standardize(JSON.stringify(record))
  if ('event' in outcome) throw new Error(`mapped to ${outcome.event.event_type}`)
  return outcome.unmapped
}

type Fields = Readonly<Record<string, unknown>>

/** An event log's record as flat shippers write it. */
export const flat = (channel: string, id: number, data: Fields, envelope: Fields = {}) => ({
  EventID: id,
  Channel: channel,
  Hostname: 'ws1.example',
  ...envelope,
  ...data,
})

export const winlogbeat6 = (channel: string, id: number, data: Fields, envelope: Fields = {}) => ({
  '@timestamp': '2020-01-02T03:04:05.678Z',
  event_id: id,
  log_name: channel,
  computer_name: 'ws1.example',
  message: 'rendered',
  ...envelope,
  event_data: data,
})

export const winlogbeat7 = (channel: string, id: number, data: Fields, envelope: Fields = {}) => ({
  '@timestamp': '2020-01-02T03:04:05.678Z',
  message: 'rendered',
  winlog: { event_id: String(id), channel, computer_name: 'ws1.example', ...envelope, event_data: data },
})

/** The same event as every shipper writes it. */
export const inEveryShape = (channel: string, id: number, data: Fields) =>
  [flat, winlogbeat6, winlogbeat7].map((shape) => shape(channel, id, data))
