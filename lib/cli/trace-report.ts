import type { EventStatistics, ProviderStatistics, TraceStatistics } from '../etw/trace-statistics.js'
import { grouped } from '../grouped.js'
import { visible } from '../language/display-text.js'
import { counted, formatBytes } from './summary.js'
import { table } from './table.js'

/** What is in a trace, for people. */
export function formatTrace(trace: TraceStatistics): string {
  const { source, records, bytes, time, providers, otherRecords } = trace
  const lines = [
    `${visible(source)}: ${counted(records, 'records')} in ${time.seconds.toFixed(3)} s, ${formatBytes(bytes)}`,
    ...facts(trace).map(([name, value]) => `  ${name.padEnd(9)} ${visible(value)}`),
    '',
    ...table([['', 'records', 'payload'], ...providers.flatMap(providerRows)]),
  ]
  if (otherRecords > 0) lines.push(`and ${counted(otherRecords, 'records')} of further events`)
  return `${lines.join('\n')}\n`
}

function facts(trace: TraceStatistics): [name: string, value: string][] {
  const { session, machine, clock, time } = trace
  const frequency = clock.frequency === null ? '' : `, ${grouped(clock.frequency)} Hz`
  return [
    ['session', `${session.name} (${session.file})`],
    ['mode', [...session.mode, session.closed ? 'closed' : 'never closed'].join(', ')],
    [
      'buffers',
      `${grouped(session.buffers)} of ${formatBytes(session.bufferSize)}${orderOf(trace.outOfOrder)}`,
    ],
    [
      'machine',
      `Windows ${machine.os}, ${machine.pointerSize * 8} bits, ${counted(machine.processors, 'processors')} at ` +
        `${grouped(machine.cpuMegahertz)} MHz, UTC${offset(machine.utcOffsetMinutes)}`,
    ],
    ['clock', clock.type + frequency],
    ['booted', time_(machine.bootTime)],
    ['start', time_(time.start)],
    ['end', time_(time.end)],
    ['records', `${time_(time.firstRecord)} to ${time_(time.lastRecord)}`],
    ['lost', lossesOf(trace)],
    ['wrong', ...faultsOf(trace)],
  ].flatMap(([name, ...values]) =>
    values.map((value, i): [string, string] => [i === 0 ? (name as string) : '', value]),
  )
}

const time_ = (time: string | null): string => time ?? 'unknown'

const orderOf = (outOfOrder: number): string =>
  outOfOrder > 0 ? `; ${counted(outOfOrder, 'records')} out of order` : ''

/** +01:00, of minutes. */
function offset(minutes: number): string {
  const size = Math.abs(minutes)
  const two = (number: number) => number.toString().padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

function lossesOf({ lost: { events, buffers, marks } }: TraceStatistics): string {
  const marked = marks > 0 ? `; ${counted(marks, 'buffers')} marked as the first after a loss` : ''
  if (events === null || buffers === null) return `unknown, for the session never ended${marked}`
  return `${counted(events, 'events')}, ${counted(buffers, 'buffers')}${marked}`
}

/** A line for each kind of fault, with the places of the first. */
function faultsOf({ faults }: TraceStatistics): string[] {
  if (faults.total === 0) return ['nothing']
  return faults.counts.map((fault) => {
    const places = faults.samples.filter(({ code }) => code === fault.code).map(({ position }) => position)
    const where =
      places.length > 0 ? ` (at byte ${places.join(', ')}${fault.count > places.length ? ', …' : ''})` : ''
    return `${grouped(fault.count)} × ${fault.code}: ${fault.reason}${where}`
  })
}

function providerRows({ guid, name, records, payloadBytes, events }: ProviderStatistics): string[][] {
  const label = name === null ? `{${guid}}` : visible(name)
  return [
    [label, grouped(records), formatBytes(payloadBytes)],
    ...events.map((event) => [
      `  ${eventLabel(event)}`,
      grouped(event.records),
      formatBytes(event.payloadBytes),
    ]),
  ]
}

const eventLabel = ({ form, number, version }: EventStatistics): string =>
  form === 'message' ? `message ${number}` : `${form} ${number}, version ${version}`
