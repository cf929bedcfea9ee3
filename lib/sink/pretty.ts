import { displayWidth, visible } from '../language/display-text.js'
import type { Severity, StandardEvent } from '../language/ruleset.js'
import type { PropertyName } from '../schema/properties.js'
import type { Detection, Match } from '../stream/detection.js'

export interface PrettyOptions {
  /** ANSI colours. */
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
}

const BOLD = '1'
const DIM = '2'
const CYAN = '36'
const severityColor: Readonly<Record<Severity, string>> = {
  informational: '34',
  low: '32',
  medium: '33',
  high: '31',
  critical: '1;37;41',
}
const INDENT = '  '
const MAX_COMMAND_LINES = 4
const MIN_WIDTH = 40

/**
 * A detection for people, some lines and an empty one. Text from the record is made visible: it
 * cannot drive the terminal.
 */
export function formatDetection(detection: Detection, { color, width }: PrettyOptions): string {
  const columns = Math.max(MIN_WIDTH, width)
  const paint = (style: string, text: string) => (color && text ? `\x1b[${style}m${text}\x1b[0m` : text)
  const { detector, title, severity, attack, event } = detection
  const room = columns - severity.length - 1
  const names = title === detector ? [] : [detector]
  const lines = [
    `${paint(severityColor[severity], severity.toUpperCase())} ${paint(BOLD, truncate(visible(title || detector), room))}`,
    INDENT + paint(DIM, truncate([...names, ...attack].map(visible).join('  '), columns - INDENT.length)),
    INDENT + truncate(placeOf(detection, columns - INDENT.length), columns - INDENT.length),
    INDENT + truncate(processTree(event), columns - INDENT.length),
  ]
  lines.push(...wrap(text(event, 'command_line'), columns - INDENT.length))
  const matches = detection.matched.map((match) => {
    const term = `${match.property} ${match.match}`
    const shown = describe(match, columns - INDENT.length - term.length - 1)
    return `${INDENT}${paint(CYAN, term)} ${shown}`
  })
  lines.push(...new Set(matches)) // different terms can hold the same string
  return `${lines
    .map((line) => line.trimEnd())
    .filter(Boolean)
    .join('\n')}\n\n`
}

/** Where and when it happened. A long path loses its beginning: the line's number stays to be seen. */
function placeOf({ source, line, event }: Detection, width: number): string {
  const user = [text(event, 'user_domain'), text(event, 'username')].filter(Boolean).join('\\')
  const parts = [
    ending(`${visible(source)}:${line}`, width - 1), // and a sign for what is cut off
    event.event_type,
    text(event, 'event_time'),
    text(event, 'device_name'),
    user,
  ]
  return parts.filter(Boolean).join('  ')
}

function processTree(event: StandardEvent): string {
  const pid = text(event, 'process_pid')
  const name = text(event, 'process_name') || 'unknown process'
  const line = [text(event, 'grandparent_name'), text(event, 'parent_name'), pid ? `${name} (${pid})` : name]
  return line.filter(Boolean).join(' → ')
}

function describe({ match, value, pattern = '' }: Match, room: number): string {
  if (value === undefined) return match === 'does_not_exist' ? '' : '(missing)'
  const [shown, wanted] = [visible(String(value)), visible(String(pattern))]
  if (/^(?:does|is)_not_/.test(match)) return `(${truncate(shown, room - 2)})`
  const known = wanted === '' || wanted === shown
  const head = known ? '' : `${truncate(wanted, Math.max(8, room >> 1))}  in  `
  return head + around(shown, wanted, room - displayWidth(head))
}

/** As much of the value as there is room for, with what matched in it. */
function around(value: string, pattern: string, room: number): string {
  if (displayWidth(value) <= room) return value
  const at = value.toLowerCase().indexOf(pattern.toLowerCase())
  const spare = room - displayWidth(pattern)
  const start = at <= 0 || spare < 2 ? 0 : Math.max(0, at - (spare >> 1))
  return truncate(start === 0 ? value : `…${value.slice(start)}`, room)
}

const text = (event: StandardEvent, property: PropertyName): string => {
  const value = event[property]
  if (value === undefined) return ''
  if (typeof value === 'object' && 'pending' in value) return 'pending'
  return visible(Array.isArray(value) ? value.join(', ') : String(value))
}

/** The command line, behind a prompt. */
function wrap(command: string, width: number): string[] {
  const lines: string[] = []
  let rest = command
  while (rest !== '' && lines.length < MAX_COMMAND_LINES) {
    const last = lines.length === MAX_COMMAND_LINES - 1
    const line = last ? truncate(rest, width - 2) : cut(rest, width - 2)
    lines.push(`${INDENT}${lines.length === 0 ? '> ' : '  '}${line}`)
    rest = rest.slice(line.length)
  }
  return lines
}

function truncate(line: string, width: number): string {
  return displayWidth(line) <= width ? line : `${cut(line, width - 1)}…`
}

/** As much of the end as fits. */
function ending(line: string, width: number): string {
  if (displayWidth(line) <= width) return line
  const backwards = [...line].reverse().join('')
  return `…${[...cut(backwards, width - 1)].reverse().join('')}`
}

/** The longest beginning of the text that fits. */
function cut(line: string, width: number): string {
  let used = 0
  let end = 0
  for (const character of line) {
    used += displayWidth(character)
    if (used > width) break
    end += character.length
  }
  return line.slice(0, end)
}
