import type { TraceSummary } from '../etw/trace-summary.js'
import { grouped } from '../grouped.js'
import { visible } from '../language/display-text.js'
import type { LiveStatistics } from '../live/live-statistics.js'
import type { Summary } from '../stream/summary.js'
import type { CacheStatistics, SignatureStatistics } from '../trust/signature-statistics.js'

const TOP_UNMAPPED = 8
const TOP_TRACES = 8

/** Bytes for people: 0.8 kB, 12 kB, 3.4 MB, 1,234 MB. */
export function formatBytes(bytes: number): string {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB']
  return `${value < 10 ? value.toFixed(1) : grouped(Math.round(value))} ${unit}`
}

/** What a run read and found, for people. `found`: what the output holds, in the plural. */
export function formatSummary(
  summary: Summary,
  found: 'detections' | 'events',
  {
    signatures,
    live,
  }: { readonly signatures?: SignatureStatistics | null; readonly live?: LiveStatistics | null } = {},
): string {
  const { records, bytes, seconds, malformed, malformedSamples, undecided } = summary
  const amount = live
    ? `in ${seconds.toFixed(2)} s`
    : `${formatBytes(bytes)} in ${seconds.toFixed(2)} s (${formatBytes(bytes / Math.max(seconds, 1e-6))}/s)`
  const lines = [`${counted(summary[found], found)} from ${counted(records, 'records')}, ${amount}`]
  if (live) lines.push(...liveLines(live))
  if (malformed > 0) {
    lines.push(`${grouped(malformed)} malformed and skipped`)
    for (const { source, line, code, reason } of malformedSamples) {
      lines.push(`  ${visible(source)}:${line}: ${code}: ${visible(reason)}`)
    }
    if (malformed > malformedSamples.length)
      lines.push(`  and ${grouped(malformed - malformedSamples.length)} more`)
  }
  lines.push(...unmappedLines(summary), ...traceLines(summary.traces))
  if (undecided > 0)
    lines.push(
      `${grouped(undecided)} undecided, because of ` +
        (signatures ? 'files that could not be verified' : 'properties that the telemetry has as pending'),
    )
  if (signatures) lines.push(formatCache(signatures))
  return `${lines.join('\n')}\n`
}

/** How a cache of signatures has done, in a line. */
export function formatCache(statistics: CacheStatistics & Partial<SignatureStatistics>): string {
  const { hits, misses, coalesced, prewarmed, dropped, timedOut, queued, running } = statistics
  const { finished, withinEnrichment, p50, p90, p99, enrichmentP50 = 0, enrichmentP99 = 0 } = statistics
  const inMilliseconds = (times: number[]) => times.map((each) => (each / 1000).toFixed(1)).join(' / ')
  const measured =
    enrichmentP99 > 0 ? ` (${inMilliseconds([enrichmentP50, enrichmentP99])} ms, 50 / 99 %)` : ''
  const within =
    finished === 0
      ? 'none asked for'
      : `${Math.floor((100 * withinEnrichment) / finished)} % within the enrichment time${measured}`
  return [
    `signatures: ${counted(hits, 'hits')}, ${grouped(misses)} ${misses === 1 ? 'miss' : 'misses'}, ` +
      `${grouped(coalesced)} coalesced${prewarmed ? `, ${grouped(prewarmed)} prewarmed` : ''}`,
    `${grouped(queued + running)} under way, ${grouped(dropped)} dropped, ${grouped(timedOut)} timed out`,
    `${inMilliseconds([p50, p90, p99])} ms (50 / 90 / 99 %), ${within}`,
  ].join('; ')
}

/** What a live trace has lost, always; and what else is not as it should be. */
function liveLines(live: LiveStatistics): string[] {
  const {
    dropped,
    eventsLost,
    buffersLost,
    tooLarge,
    outOfOrder,
    raw,
    incomplete,
    restarts,
    orphans,
    stacks,
    accounts,
  } = live
  const lost = `lost: ${counted(eventsLost, 'events')} and ${counted(buffersLost, 'buffers')} by Windows`
  const notes: [number: number, things: string, what: string][] = [
    [tooLarge, 'records', 'too large'],
    [outOfOrder, 'records', 'out of order'],
    [raw, 'events', 'without a known schema'],
    [incomplete, 'events', 'cut short'],
    [stacks?.neverCame ?? 0, 'call stacks', 'waited for in vain'],
    [stacks?.untold ?? 0, 'call stacks', 'cached by their session, which told parts of them too late'],
    [stacks?.dropped ?? 0, 'call stacks', 'dropped: there were too many'],
    [accounts?.unnamedStarts ?? 0, 'process starts', 'given before the name of the account was known'],
    [accounts?.failed ?? 0, 'accounts', `without a name, the last ${visible(accounts?.failure ?? '')}`],
    [restarts, 'sessions', 'started anew'],
    [orphans, 'sessions', 'of a process that had died, stopped'],
  ]
  return [
    `${lost}, ${counted(dropped, 'records')} for want of room`,
    ...(stacks ? [`${counted(stacks.matched, 'call stacks')} joined`] : []),
    ...notes
      .filter(([number]) => number > 0)
      .map(([number, things, what]) => `${counted(number, things)} ${what}`),
  ]
}

function unmappedLines({ unmapped }: Summary): string[] {
  const labels = Object.entries(unmapped).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  if (labels.length === 0) return []
  const total = labels.reduce((sum, [, number]) => sum + number, 0)
  const top = labels.slice(0, TOP_UNMAPPED).map(([label, number]) => `${visible(label)} (${grouped(number)})`)
  const more = labels.length > top.length ? `, and ${counted(labels.length - top.length, 'more kinds')}` : ''
  return [`${grouped(total)} not mapped to an event type: ${top.join(', ')}${more}`]
}

/** What is not as it should be in traces, a line for each that has such. */
export function traceLines(traces: readonly TraceSummary[]): string[] {
  const lines = traces.flatMap((trace) => {
    const notes = traceNotes(trace)
    return notes.length === 0 ? [] : [`${visible(trace.source)}: ${notes.join('; ')}`]
  })
  const more = lines.length - TOP_TRACES
  return more > 0 ? [...lines.slice(0, TOP_TRACES), `and ${counted(more, 'more traces')} like these`] : lines
}

function traceNotes(trace: TraceSummary): string[] {
  const { undecoded, stacks, lost, outOfOrder, faults } = trace
  const { raw, incomplete } = undecoded
  const notes: [number: number, things: string, what: string][] = [
    [lost.events ?? 0, 'events', 'lost by the session'],
    [lost.buffers ?? 0, 'buffers', 'lost by the session'],
    [lost.events === null ? lost.marks : 0, 'marks', 'of a loss'],
    [raw, 'events', 'without a known schema'],
    [incomplete, 'events', 'cut short'],
    [outOfOrder, 'records', 'out of order'],
    [stacks?.dropped ?? 0, 'call stacks', 'dropped: there were too many'],
  ]
  return [
    ...notes
      .filter(([number]) => number > 0)
      .map(([number, things, what]) => `${counted(number, things)} ${what}`),
    ...faults.counts.map((fault) => `${grouped(fault.count)} × ${fault.code}: ${fault.reason}`),
  ]
}

/** `things` in the plural, with an s to take off. */
export const counted = (number: number, things: string): string =>
  `${grouped(number)} ${number === 1 ? things.slice(0, -1) : things}`
