import type { NativeTimeline, NativeTraceFaults } from '../binding.js'
import { grouped } from '../grouped.js'
import { sum } from '../sum.js'
import { fileTimeToIso } from './file-time.js'

/** How many records there are over time, in parts of equal length. */
export interface Timeline {
  /** ISO 8601 in UTC; null when there is no record. */
  readonly begin: string | null
  readonly secondsPerPart: number
  /** Parts, to that of the last record; 512 at most. */
  readonly parts: number
  /** Most records first. */
  readonly lanes: readonly Lane[]
  /** The part that each of the first buffers after a loss begins in. */
  readonly losses: readonly number[]
  /** The first faults of the file, and the part that each is about in. */
  readonly faults: readonly { readonly code: string; readonly part: number }[]
}

/** A provider or class; those beyond the first 63 are together in one without a GUID. */
export interface Lane {
  readonly guid: string | null
  readonly name: string
  /** Of each part. */
  readonly records: readonly number[]
}

interface Named {
  readonly guid: string
  readonly group?: number
  readonly name: string | null
}

export function timelineOf(
  { begin, part, lanes, losses }: NativeTimeline,
  providers: readonly Named[],
  faults: NativeTraceFaults['samples'],
): Timeline {
  const last = lanes.map(({ records }) => records.findLastIndex((count) => count > 0))
  const parts = Math.max(0, ...last.map((index) => index + 1))
  const nameOf = (guid: string | undefined, group: number | undefined): string =>
    guid === undefined
      ? 'all others'
      : (providers.find((one) => one.guid === guid && one.group === group)?.name ?? `{${guid}}`)
  const partOf = (time: bigint) =>
    Math.min(Math.max(0, Math.floor(Number(time - begin) / Number(part))), Math.max(0, parts - 1))
  return {
    begin: fileTimeToIso(begin),
    secondsPerPart: Number(part) / 1e7,
    parts,
    lanes: lanes
      .map(({ provider, group, records }) => ({
        guid: provider ?? null,
        name: nameOf(provider, group),
        records: records.slice(0, parts),
      }))
      .sort((a, b) => sum(b.records) - sum(a.records)),
    losses: losses.map(partOf),
    faults: faults.map(({ code, time }) => ({ code, part: partOf(time) })),
  }
}

/** Where marks of an axis stand, at most `most` and some seconds apart that are easy to read. */
export function ticksOf(
  { parts, secondsPerPart }: Timeline,
  most: number,
): { part: number; label: string }[] {
  const seconds = parts * secondsPerPart
  const least = seconds / Math.max(1, most)
  const power = 10 ** Math.floor(Math.log10(least))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least) ?? least
  const count = Math.floor(seconds / step + 1e-9)
  return Array.from({ length: count + 1 }, (_, i) => ({
    part: (i * step) / secondsPerPart,
    label: formatSpan(i * step, seconds),
  }))
}

/** Seconds, in the unit that fits the largest of them: 3 s, 250 ms, 10 µs. */
export function formatSpan(seconds: number, largest = seconds): string {
  const [unit, name] =
    largest >= 1 || largest === 0 ? [1, 's'] : largest >= 1e-3 ? [1e-3, 'ms'] : [1e-6, 'µs']
  return `${grouped(Number((seconds / unit).toFixed(2)))} ${name}`
}
