import type { Diagnostic } from './diagnostics.js'
import { displayWidth, expandTabs, visible } from './display-text.js'
import type { Excerpt } from './source-text.js'

export interface FormatOptions {
  /** ANSI colours. */
  readonly color?: boolean
}

const BOLD = '1'
const CYAN = '36'
const SEVERITY_COLOR = { error: '31', warning: '33' } as const

/**
 * A diagnostic for people:
 *
 *     rules/a.rb:3:7: error NUTHATCH_UNKNOWN_HELPER: there is no helper `wndows?`
 *       match wndows?
 *             ^^^^^^^
 *     help: did you mean `windows?`
 */
export function formatDiagnostic(diagnostic: Diagnostic, options: FormatOptions = {}): string {
  const { code, severity, message, span, suggestion, excerpt } = diagnostic
  const paint = (style: string, text: string) => (options.color ? `\x1b[${style}m${text}\x1b[0m` : text)
  const place = paint(BOLD, `${visible(span.file)}:${span.line}:${span.column}:`)
  const { text, indent, underline } = layOut(excerpt)
  const lines = [
    `${place} ${paint(SEVERITY_COLOR[severity], severity)} ${code}: ${visible(message)}`,
    `  ${text}`.trimEnd(),
    `  ${' '.repeat(indent)}${paint(SEVERITY_COLOR[severity], '^'.repeat(underline))}`,
    `${paint(CYAN, 'help:')} ${visible(suggestion)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** Several diagnostics and how many they are. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[], options: FormatOptions = {}): string {
  const count = (severity: string) => {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length
    return `${number} ${severity}${number === 1 ? '' : 's'}`
  }
  const parts = diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, options))
  return [...parts, `${count('error')}, ${count('warning')}\n`].join('\n')
}

/** The line as it is shown, and where under it the marks stand, in terminal columns. */
function layOut({ text, from, to }: Excerpt): { text: string; indent: number; underline: number } {
  // Tabs first: visible() would make pictures of them.
  const before = visible(expandTabs(text.slice(0, from), 0))
  const indent = displayWidth(before)
  const marked = visible(expandTabs(text.slice(from, to), indent))
  const underline = Math.max(1, displayWidth(marked))
  const after = visible(expandTabs(text.slice(to), indent + displayWidth(marked)))
  return { text: before + marked + after, indent, underline }
}
