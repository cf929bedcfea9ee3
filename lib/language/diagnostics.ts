import { grouped } from '../grouped.js'
import { type DiagnosticCode, type DiagnosticSeverity, diagnosticCodes } from './diagnostic-codes.js'
import type { Span } from './ruleset.js'
import type { Excerpt, SourceText } from './source-text.js'

/** Something to tell the author of a rule file. */
export interface Diagnostic {
  /** Stable; docs/diagnostics.md lists all. */
  readonly code: DiagnosticCode
  /** An error refuses the rules; a warning keeps nothing from loading. */
  readonly severity: DiagnosticSeverity
  /** What is wrong, for people. */
  readonly message: string
  /** Where. */
  readonly span: Span
  /** What to do, or to write instead. */
  readonly suggestion: string
  /** The line, to be shown with what is wrong in it underlined. */
  readonly excerpt: Excerpt
}

/** Errors, and warnings, that are kept of one file: a file that is no rule file gives hundreds of thousands. */
export const MOST_PER_FILE = 100

/** What is kept of one file. */
interface Collected {
  readonly source: SourceText
  readonly kept: Diagnostic[]
  readonly counts: Record<DiagnosticSeverity, number>
}

/** Collects diagnostics of any number of files: the first of each, and how many more there are. The same one counts once. */
export class Diagnostics {
  readonly #files = new Map<string, Collected>()
  readonly #seen = new Set<string>()

  addSource(source: SourceText): void {
    this.#files.set(source.file, { source, kept: [], counts: { error: 0, warning: 0 } })
  }

  report(code: DiagnosticCode, span: Span, message: string, suggestion: string): void {
    const key = `${code} ${span.start} ${span.end} ${span.file} ${message}`
    const file = this.#files.get(span.file)
    if (this.#seen.has(key) || file === undefined) return
    this.#seen.add(key)
    const { severity } = diagnosticCodes[code]
    if (++file.counts[severity] <= MOST_PER_FILE)
      file.kept.push(diagnosticAt(file.source, code, span, message, suggestion))
  }

  /** A part of what `whole` spans, by byte offsets. */
  part(whole: Span, start: number, end: number): Span {
    return this.#files.get(whole.file)?.source.span(start, end) ?? whole
  }

  get hasErrors(): boolean {
    return [...this.#files.values()].some(({ counts }) => counts.error > 0)
  }

  /** By file, then by place; what says how many more there are stands at the end of the file. */
  sorted(): Diagnostic[] {
    return [...this.#files.values()]
      .flatMap((file) => [...file.kept, ...leftOut(file)])
      .sort(compareDiagnostics)
  }
}

function diagnosticAt(
  source: SourceText,
  code: DiagnosticCode,
  span: Span,
  message: string,
  suggestion: string,
): Diagnostic {
  return {
    code,
    severity: diagnosticCodes[code].severity,
    message,
    span,
    suggestion,
    excerpt: source.excerpt(span),
  }
}

function leftOut({ source, counts }: Collected): Diagnostic[] {
  const end = source.span(source.bytes.length, source.bytes.length)
  const codes = { error: 'NUTHATCH_MORE_ERRORS', warning: 'NUTHATCH_MORE_WARNINGS' } as const
  return (['error', 'warning'] as const)
    .filter((severity) => counts[severity] > MOST_PER_FILE)
    .map((severity) => {
      const more = counts[severity] - MOST_PER_FILE
      const message = `… and ${grouped(more)} more ${severity}${more === 1 ? '' : 's'} in this file`
      return diagnosticAt(source, codes[severity], end, message, 'correct the first ones')
    })
}

export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.span.file, b.span.file) ||
    a.span.start - b.span.start ||
    a.span.end - b.span.end ||
    compareText(a.code, b.code)
  )
}

/** For machines: one flat object, without the excerpt. */
export function diagnosticToJson(diagnostic: Diagnostic): Record<string, string | number> {
  const { code, severity, message, span, suggestion } = diagnostic
  const { file, line, column, start, end } = span
  return { code, severity, file, line, column, start, end, message, suggestion }
}

/** By code unit, so that the order does not depend on the locale. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
