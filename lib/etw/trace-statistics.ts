import { addTo } from '../add-to.js'
import type { NativeEventCount, NativeTraceHeader, NativeTraceStatistics } from '../binding.js'
import { native } from '../native.js'
import type { InputError } from '../stream/input-error.js'
import type { Input } from '../stream/inputs.js'
import { sum } from '../sum.js'
import { fileTimeToIso, secondsBetween } from './file-time.js'
import { type Timeline, timelineOf } from './timeline.js'
import { withSource, withTraceFile } from './trace-file.js'
import { faultsOf, lossesOf, type TraceFaults, type TraceLosses } from './trace-summary.js'

/** What is in a trace. Times are ISO 8601 in UTC; null is what the trace does not say. */
export interface TraceStatistics {
  readonly source: string
  /** Of the trace, decompressed where the file as a whole is compressed. */
  readonly bytes: number
  readonly session: {
    readonly name: string
    /** Where it wrote to. */
    readonly file: string
    readonly mode: readonly string[]
    readonly bufferSize: number
    readonly buffers: number
    /** False when the session never ended: then nothing is known of losses. */
    readonly closed: boolean
  }
  readonly machine: {
    readonly os: string
    readonly processors: number
    readonly cpuMegahertz: number
    readonly pointerSize: number
    readonly bootTime: string | null
    readonly utcOffsetMinutes: number
  }
  readonly clock: { readonly type: string; readonly frequency: number | null }
  readonly time: {
    readonly start: string | null
    readonly end: string | null
    readonly firstRecord: string | null
    readonly lastRecord: string | null
    /** From the first record to the last. */
    readonly seconds: number
  }
  readonly lost: TraceLosses
  readonly records: number
  readonly payloadBytes: number
  readonly outOfOrder: number
  readonly faults: TraceFaults
  /** Most records first. */
  readonly providers: readonly ProviderStatistics[]
  /** Of events beyond the first 16,384 different ones. */
  readonly otherRecords: number
  readonly timeline: Timeline
}

export interface ProviderStatistics {
  readonly guid: string
  /** The kernel's group, of its events only. */
  readonly group?: number
  readonly name: string | null
  readonly records: number
  readonly payloadBytes: number
  readonly events: readonly EventStatistics[]
}

export type EventStatistics = Pick<
  NativeEventCount,
  'form' | 'number' | 'version' | 'records' | 'payloadBytes'
>

/**
 * Reads a whole trace, on another thread. The problem, when there is one, is why the file gave less
 * than it should have.
 * @throws InputError, NuthatchError NUTHATCH_ETL_FORMAT and others; the signal's reason
 */
export const readTraceStatistics = (
  input: Input,
  signal: AbortSignal,
): Promise<{ statistics: TraceStatistics; problem: InputError | null }> =>
  withTraceFile(input, signal, async ({ path, problem }) => {
    const reading = native.readTraceStatistics(path)
    signal.addEventListener('abort', reading.stop, { once: true })
    try {
      const read = await reading.done
      signal.throwIfAborted()
      return { statistics: statisticsOf(input.name, read), problem }
    } catch (error) {
      throw withSource(input.name, error)
    } finally {
      signal.removeEventListener('abort', reading.stop)
    }
  })

function statisticsOf(source: string, read: NativeTraceStatistics): TraceStatistics {
  const { header, faults, records, payloadBytes, outOfOrder, otherRecords } = read
  const closed = header.endTime !== 0n
  const providers = providersOf(read.events)
  return {
    source,
    bytes: read.bytes,
    session: {
      name: header.session,
      file: header.file,
      mode: modeNames(header.mode),
      bufferSize: header.bufferSize,
      buffers: read.buffers,
      closed,
    },
    machine: {
      os: `${header.osMajor}.${header.osMinor}.${header.osBuild}`,
      processors: header.processors,
      cpuMegahertz: header.cpuMegahertz,
      pointerSize: header.pointerSize,
      bootTime: fileTimeToIso(header.bootTime),
      utcOffsetMinutes: -header.bias,
    },
    clock: clockOf(header),
    time: {
      start: fileTimeToIso(header.startTime),
      end: fileTimeToIso(header.endTime),
      firstRecord: fileTimeToIso(read.firstTime),
      lastRecord: fileTimeToIso(read.lastTime),
      seconds: secondsBetween(read.firstTime, read.lastTime),
    },
    lost: lossesOf(header, read.lossMarks),
    records,
    payloadBytes,
    outOfOrder,
    faults: faultsOf(faults),
    providers,
    otherRecords,
    timeline: timelineOf(read.timeline, providers, faults.samples),
  }
}

function clockOf({ clockType, perfFrequency, cpuMegahertz }: NativeTraceHeader): TraceStatistics['clock'] {
  if (clockType === 2) return { type: 'system time', frequency: null }
  return clockType === 3
    ? { type: 'CPU cycles', frequency: cpuMegahertz * 1e6 }
    : { type: 'performance counter', frequency: Number(perfFrequency) }
}

function providersOf(events: readonly NativeEventCount[]): ProviderStatistics[] {
  const groups = new Map<string, NativeEventCount[]>()
  for (const event of events) addTo(groups, `${event.provider} ${event.group ?? ''}`, event)
  return [...groups.values()].map(providerOf).sort(byRecords((provider) => provider.guid))
}

function providerOf(events: readonly NativeEventCount[]): ProviderStatistics {
  const { provider: guid, group } = events[0] as NativeEventCount
  const known = events.find(({ name }) => name !== '')?.name
  const unknownGroup = group !== undefined ? `kernel group 0x${group.toString(16).padStart(2, '0')}` : null
  return {
    guid,
    ...(group !== undefined && { group }),
    name: known ?? unknownGroup,
    records: sum(events.map(({ records }) => records)),
    payloadBytes: sum(events.map(({ payloadBytes }) => payloadBytes)),
    events: events
      .map(({ form, number, version, records, payloadBytes }) => ({
        form,
        number,
        version,
        records,
        payloadBytes,
      }))
      .sort(byRecords(({ number, version }) => number * 0x10000 + version)),
  }
}

/** Most first; what is equally frequent by `key`. */
const byRecords =
  <T extends { readonly records: number }>(key: (item: T) => string | number) =>
  (a: T, b: T): number =>
    b.records - a.records || (key(a) < key(b) ? -1 : 1)

/** Bits of LogFileMode: EVENT_TRACE_…_MODE of evntrace.h. */
const modes: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'sequential'],
  [0x2, 'circular'],
  [0x4, 'append'],
  [0x8, 'new file'],
  [0x20, 'preallocated'],
  [0x100, 'real time'],
  [0x400, 'buffering'],
  [0x800, 'private logger'],
  [0x1000, 'header added'],
  [0x10000, 'relogger'],
  [0x2000000, 'system logger'],
  [0x4000000, 'compressed'],
  [0x10000000, 'no per-processor buffers'],
]

const modeNames = (mode: number): string[] =>
  modes.filter(([bit]) => (mode & bit) !== 0).map(([, name]) => name)
