import { grouped } from '../grouped.js'
import { escapeHtml, htmlPage } from '../html.js'
import type { Profile } from './profile.js'
import { caution, percent, perEvent, type Sheet, sheetsOf } from './rows.js'
import { type Branch, type Cell, detectorBranches, layOut, propertyBranches } from './treemap.js'

/** Rows of each table on the page. */
const tableRows = 200

/** A page that needs nothing else, not even a network: the treemaps and tables of a profile. */
export function renderPage(profile: Profile): string {
  const maps = [
    { id: 'by-property', title: 'Properties and terms', branches: propertyBranches(profile) },
    { id: 'by-detector', title: 'Detectors', branches: detectorBranches(profile) },
  ]
  const body = `<h1>Nuthatch profile</h1>
<p class="facts">${facts(profile)}</p>
<div class="maps">
${maps.map(({ id, title }, i) => `<input type="radio" name="map" id="${id}"${i === 0 ? ' checked' : ''}><label for="${id}">${title}</label>`).join('\n')}
${maps.map(({ id, title, branches }) => mapHtml(id, title, branches, profile)).join('\n')}
</div>
<p id="details" aria-live="polite">Point at a part, or go from one to the next with Tab and the arrow keys.</p>
${sheetsOf(profile, tableRows, 'ns').map(tableHtml).join('\n')}`
  return htmlPage({ title: 'Nuthatch profile', style, script, body })
}

function facts(profile: Profile): string {
  const { events, timedEvents, interruptedEvents, ns } = profile
  const left = interruptedEvents > 0 ? `, ${grouped(interruptedEvents)} more left out` : ''
  return (
    `<b>${perEvent(ns, profile)} ns</b> an event, <b>${(ns / 1e6).toFixed(1)} ms</b> in all, of ` +
    `<b>${grouped(events)}</b> events; ${grouped(timedEvents)} were timed${left}; ${caution}.`
  )
}

function mapHtml(id: string, title: string, branches: readonly Branch[], profile: Profile): string {
  const cells = layOut(branches).map((cell) => cellHtml(cell, profile))
  return `<div class="map ${id}" role="group" aria-label="${title}">\n${cells.join('\n')}\n</div>`
}

function cellHtml({ x, y, width, height, branch, depth, family }: Cell, profile: Profile): string {
  const { label, short = label, kind, ns, details } = branch
  const cost = `${perEvent(ns, profile)} ns an event, ${percent(profile.ns > 0 ? ns / profile.ns : 0)}`
  const text = [`${kind === 'tree' ? '' : `${kind} `}${label}`, cost, details].filter(Boolean).join('\n')
  const place = `left:${at(x, 1600)};top:${at(y, 900)};width:${at(width, 1600)};height:${at(height, 900)}`
  const hue = Math.round((family * 137.5 + 250) % 360) // by the golden angle: neighbours differ
  const shown = width > 36 && height > 14 ? escapeHtml(short) : ''
  return `<button class="d${depth} ${kind.replace(' ', '-')}" style="${place};--hue:${hue}" data-text="${escapeHtml(text)}" aria-label="${escapeHtml(text)}">${shown}</button>`
}

const at = (length: number, of: number): string => `${((length / of) * 100).toFixed(3)}%`

function tableHtml({ title, note, columns, rows, more }: Sheet): string {
  const last = columns.length - 1
  const cell = (tag: string) => (text: string, column: number) =>
    `<${tag}${column === 0 || column === last ? ' class="text"' : ''}>${escapeHtml(text)}</${tag}>`
  const head = columns.map(cell('th')).join('')
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n')
  const left = more > 0 ? `<p class="note">and ${grouped(more)} more</p>` : ''
  return `<h2>${title}</h2>
<p class="note">${escapeHtml(note)}</p>
<div class="table"><table><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>${left}`
}

const style = `
:root { --light: 88%; --step: -6%; --vivid: 45%; }
@media (prefers-color-scheme: dark) { :root { --light: 20%; --step: 6%; --vivid: 30%; } }
.maps > input { position: absolute; opacity: 0; }
.maps > label { display: inline-block; padding: .25rem .8rem; margin: 0 .4rem .6rem 0; border: 1px solid var(--line);
  border-radius: 1rem; cursor: pointer; }
.maps > input:checked + label { background: var(--ink); color: var(--paper); }
.maps > input:focus-visible + label { outline: 2px solid Highlight; outline-offset: 2px; }
.map { position: relative; aspect-ratio: 16 / 9; max-height: 80vh; width: 100%; overflow: hidden; display: none; }
#by-property:checked ~ .by-property, #by-detector:checked ~ .by-detector { display: block; }
.map button { position: absolute; margin: 0; padding: 1px 5px; border: 1px solid var(--paper); border-radius: 2px;
  overflow: hidden; white-space: nowrap; text-overflow: ellipsis; display: flex; align-items: flex-start;
  font: 12px/1.45 system-ui, sans-serif; color: var(--ink); cursor: default;
  background: hsl(var(--hue) var(--vivid) var(--light)); }
.map .d0 { font-weight: 600; }
.map .d1 { background: hsl(var(--hue) var(--vivid) calc(var(--light) + var(--step))); }
.map .d2 { background: hsl(var(--hue) var(--vivid) calc(var(--light) + 2 * var(--step))); }
.map .term, .map .detector { white-space: normal; overflow-wrap: anywhere; text-align: left; }
.map .tree { font-style: italic; }
.map button:hover, .map button:focus-visible { outline: 2px solid var(--ink); outline-offset: -2px; z-index: 1; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-size: .87rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: right; padding: .2rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap;
  vertical-align: top; }
th { color: var(--dim); font-weight: 500; }
th:first-child, td:first-child { padding-left: 0; }
.text { text-align: left; }
td.text { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
`

/** Shows what the cell under the mouse, or with the focus, is; the arrow keys go through the cells. */
const script = `
const details = document.getElementById('details')
const show = ({ target }) => { if (target.dataset && target.dataset.text) details.textContent = target.dataset.text }
document.addEventListener('mouseover', show)
document.addEventListener('focusin', show)
const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }
document.addEventListener('keydown', (event) => {
  const cell = event.target.closest('.map button')
  if (!cell || !steps[event.key]) return
  event.preventDefault()
  const cells = [...cell.parentElement.children]
  const next = cells[cells.indexOf(cell) + steps[event.key]]
  if (next) next.focus()
})
`
