import { grouped } from '../grouped.js'
import { escapeHtml, htmlPage } from '../html.js'
import { sum } from '../sum.js'
import { formatSpan, type Lane, type Timeline, ticksOf } from './timeline.js'
import type { TraceStatistics } from './trace-statistics.js'

/** A page that needs nothing else: lanes of providers over time, what was lost and what is wrong, and counts. */
export function renderTimelinePage(traces: readonly TraceStatistics[]): string {
  const body = `<h1>Nuthatch timeline</h1>
${traces.map(traceHtml).join('\n')}
<p id="details" aria-live="polite">Point at a lane: here it says how many records there are at that time.</p>`
  return htmlPage({ title: 'Nuthatch timeline', style, script, body })
}

function traceHtml(trace: TraceStatistics): string {
  const { source, records, session, machine, lost, faults, timeline } = trace
  const { parts, secondsPerPart, begin } = timeline
  const losses =
    lost.events === null
      ? 'losses unknown'
      : `${grouped(lost.events)} events and ${grouped(lost.buffers ?? 0)} buffers lost`
  const facts = [
    `${grouped(records)} records in ${formatSpan(parts * secondsPerPart)} from ${begin ?? 'no time'}`,
    `session ${session.name}`,
    `Windows ${machine.os}`,
    losses,
    `${grouped(faults.total)} faults`,
  ]
  return `<section>
<h2>${escapeHtml(source)}</h2>
<p class="facts">${escapeHtml(facts.join(' · '))}</p>
<div class="lanes" data-begin="${Date.parse(begin ?? '') || 0}" data-seconds="${secondsPerPart}" data-parts="${parts}">
${timeline.lanes.map((lane, i) => laneHtml(lane, i)).join('\n')}
${axisHtml(timeline)}
<div class="marks">${marksHtml(timeline)}</div>
</div>
${faultsHtml(trace)}
</section>`
}

function laneHtml({ name, records }: Lane, index: number): string {
  const total = sum(records)
  const hue = Math.round((index * 137.5 + 210) % 360) // by the golden angle: neighbours differ
  return `<div class="lane" style="--hue:${hue}"><span class="name" title="${escapeHtml(name)}">${escapeHtml(name)}</span><span class="count">${grouped(total)}</span><svg viewBox="0 0 ${records.length} 100" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(`${name}: ${grouped(total)} records`)}" data-name="${escapeHtml(name)}" data-records="${records.join(' ')}"><path d="${outline(records)}"/></svg></div>`
}

/** Steps from the bottom left to the bottom right, the highest of 100; what is not nothing can be seen. */
function outline(records: readonly number[]): string {
  const most = Math.max(1, ...records)
  const heights = records.map((count) => (count === 0 ? 0 : Math.max(3, Math.round((100 * count) / most))))
  return `M0 100${heights.map((height) => `V${100 - height}h1`).join('')}V100z`
}

const at = (part: number, { parts }: Timeline): string => `${((100 * part) / Math.max(1, parts)).toFixed(2)}%`

const axisHtml = (timeline: Timeline): string =>
  `<div class="axis">${(timeline.parts > 0 ? ticksOf(timeline, 8) : [])
    .map(({ part, label }) => `<span style="left:${at(part, timeline)}">${escapeHtml(label)}</span>`)
    .join('')}</div>`

const marksHtml = (timeline: Timeline): string =>
  [
    ...timeline.losses.map((part) => ({ kind: 'loss', text: 'records were lost before here', part })),
    ...timeline.faults.map(({ code, part }) => ({ kind: 'fault', text: code, part })),
  ]
    .map(
      ({ kind, text, part }) =>
        `<i class="${kind}" style="left:${at(part, timeline)}" title="${escapeHtml(text)}"></i>`,
    )
    .join('')

function faultsHtml({ faults, lost }: TraceStatistics): string {
  const lines = faults.counts.map(({ code, reason, count }) => `${grouped(count)} × ${code}: ${reason}`)
  if (lost.marks > 0) lines.unshift(`${grouped(lost.marks)} buffers are marked as the first after a loss`)
  return lines.length === 0
    ? ''
    : `<ul class="note">${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`
}

const style = `
:root { --name: 22rem; --count: 6rem; --light: 45%; }
@media (prefers-color-scheme: dark) { :root { --light: 62%; } }
.lanes { position: relative; }
.lane { display: grid; grid-template-columns: var(--name) var(--count) 1fr; align-items: center; height: 2.1rem;
  border-bottom: 1px solid var(--line); }
.name { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.count { text-align: right; padding-right: .8rem; font-variant-numeric: tabular-nums; color: var(--dim); }
.lane svg { width: 100%; height: 1.8rem; }
.lane path { fill: hsl(var(--hue) 55% var(--light)); }
.lane svg:hover { background: var(--line); }
.axis, .marks { position: relative; margin-left: calc(var(--name) + var(--count)); }
.axis { height: 1.6rem; font-size: .8rem; color: var(--dim); }
.axis span { position: absolute; padding-left: .3rem; border-left: 1px solid var(--dim); white-space: nowrap; }
.marks { position: absolute; inset: 0 0 1.6rem 0; pointer-events: none; }
.marks i { position: absolute; top: 0; bottom: 0; width: 2px; opacity: .65; pointer-events: auto; }
.marks .loss { background: #d22; }
.marks .fault { background: #d80; }
#details { position: sticky; bottom: 0; background: var(--paper); min-height: 2.5em; }
h2, .facts, .note { overflow-wrap: anywhere; }
@media (max-width: 700px) {
  :root { --name: 0rem; --count: 0rem; }
  body { padding: 1rem .8rem 3rem; }
  .lane { grid-template-columns: minmax(0, 1fr) auto; height: auto; padding-top: .3rem; }
  .lane svg { grid-column: 1 / -1; }
  .count { padding: 0 0 0 .8rem; }
  .axis span:nth-child(even) { display: none; }
  .note { padding-left: 1.2rem; }
}
`

/** Says what the part of a lane under the mouse has. */
const script = `
const details = document.getElementById('details')
document.addEventListener('mousemove', (event) => {
  const lane = event.target.closest('svg')
  if (!lane) return
  const { begin, seconds, parts } = lane.closest('.lanes').dataset
  const box = lane.getBoundingClientRect()
  const part = Math.min(parts - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * parts)))
  const after = part * seconds
  const time = new Date(Number(begin) + after * 1000).toISOString()
  const records = Number(lane.dataset.records.split(' ')[part])
  details.textContent = lane.dataset.name + ': ' + records.toLocaleString('en') + ' records in ' + seconds +
    ' s from ' + time + ' (' + after.toFixed(3) + ' s after the first record)'
})
`
