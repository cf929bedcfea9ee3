import { formatSpan, type Lane, type Timeline, ticksOf } from '../etw/timeline.js'
import type { TraceStatistics } from '../etw/trace-statistics.js'
import { grouped } from '../grouped.js'
import { visible } from '../language/display-text.js'
import { sum } from '../sum.js'
import { counted } from './summary.js'

const blocks = ' ▁▂▃▄▅▆▇█'
const longestName = 28
const mostLanes = 24
const leastColumns = 10
/** Cyan, green, yellow, blue, magenta: lanes next to each other differ. */
const colors = [36, 32, 33, 34, 35]
const red = 31

interface PictureOptions {
  /** Of the terminal, in characters. */
  readonly width: number
  readonly color: boolean
}

/** A trace over time: a line for each provider, each to its own scale. */
export function formatTimeline(trace: TraceStatistics, { width, color }: PictureOptions): string {
  const { source, records, timeline } = trace
  const paint = (text: string, code: number) => (color ? `\x1b[${code}m${text}\x1b[0m` : text)
  const lanes = timeline.lanes.slice(0, mostLanes)
  const names = lanes.map(({ name }) => cut(visible(name), longestName))
  const counts = lanes.map((lane) => grouped(sum(lane.records)))
  const head = widest([...names, 'wrong']) + widest(counts) + 3
  const columns = Math.min(Math.max(leastColumns, width - head), timeline.parts)
  const label = (name: string, number = '') =>
    `${name.padEnd(widest([...names, 'wrong']))} ${number.padStart(widest(counts))} `
  const marks = (name: string, parts: readonly number[]) =>
    parts.length === 0 ? [] : [label(name) + paint(marksAt(parts, timeline, columns), red)]
  const title =
    `${visible(source)}: ${counted(records, 'records')} from ${timeline.begin ?? 'no time'}, ` +
    `${formatSpan((timeline.secondsPerPart * timeline.parts) / Math.max(1, columns))} a column`
  const more = timeline.lanes.length - lanes.length
  return [
    title,
    ...lanes.map(
      (lane, i) =>
        label(names[i] as string, counts[i]) +
        paint(bars(lane, columns), colors[i % colors.length] as number),
    ),
    ...(more > 0 ? [`and ${counted(more, 'providers')} with fewer records`] : []),
    ...marks('lost', timeline.losses),
    ...marks(
      'wrong',
      timeline.faults.map(({ part }) => part),
    ),
    ...(timeline.parts > 0 ? [label('') + axis(timeline, columns)] : []),
    '',
  ].join('\n')
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length))
/** Names of providers differ at their ends. */
const cut = (text: string, length: number): string =>
  text.length > length ? `…${text.slice(1 - length)}` : text

function bars({ records }: Lane, columns: number): string {
  const edge = (column: number) => Math.floor((column * records.length) / columns)
  // Of a part of each column, as columns can differ by one.
  const means = Array.from({ length: columns }, (_, column) => {
    const parts = records.slice(edge(column), edge(column + 1))
    return sum(parts) / parts.length
  })
  const most = Math.max(...means)
  return means.map((mean) => blocks[mean === 0 ? 0 : Math.ceil((8 * mean) / most)]).join('')
}

function marksAt(parts: readonly number[], timeline: Timeline, columns: number): string {
  const line = Array.from({ length: columns }, () => ' ')
  for (const part of parts) line[Math.floor((part * columns) / timeline.parts)] = '▲'
  return line.join('')
}

function axis(timeline: Timeline, columns: number): string {
  let line = ''
  for (const { part, label } of ticksOf(timeline, columns / 12)) {
    const column = Math.floor((part * columns) / timeline.parts)
    if (column + label.length < columns + 4) line = `${line.padEnd(column)}│${label}`
  }
  return line
}
