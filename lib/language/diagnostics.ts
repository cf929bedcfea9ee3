import { type DiagnosticCode, type DiagnosticSeverity, diagnosticCodes } from './diagnostic-codes.js'
import type { Span } from './ruleset.js'
import type { Excerpt, SourceText } from './source-text.js'

/** Something to tell the author of a rule file. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: DiagnosticSeverity
  readonly message: string
  readonly span: Span
  /** What to do, or to write instead. */
  readonly suggestion?: string
  readonly excerpt: Excerpt
}

/** Collects diagnostics of any number of files. The same one is kept once. */
export class Diagnostics {
  readonly #sources = new Map<string, SourceText>()
  readonly #found = new Map<string, Diagnostic>()
  #errors = 0

  addSource(source: SourceText): void {
    this.#sources.set(source.file, source)
  }

  report(code: DiagnosticCode, span: Span, message: string, suggestion?: string): void {
    const key = `${code} ${span.start} ${span.end} ${span.file} ${message}`
    const source = this.#sources.get(span.file)
    if (this.#found.has(key) || source === undefined) return
    const { severity } = diagnosticCodes[code]
    if (severity === 'error') this.#errors++
    const excerpt = source.excerpt(span)
    const help = suggestion === undefined ? {} : { suggestion }
    this.#found.set(key, { code, severity, message, span, ...help, excerpt })
  }

  /** A part of what `whole` spans, by byte offsets. */
  part(whole: Span, start: number, end: number): Span {
    return this.#sources.get(whole.file)?.span(start, end) ?? whole
  }

  get errorCount(): number {
    return this.#errors
  }

  /** By file, then by place. */
  sorted(): Diagnostic[] {
    return [...this.#found.values()].sort(compareDiagnostics)
  }
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
  return { code, severity, file, line, column, start, end, message, ...(suggestion && { suggestion }) }
}

/** By code unit, so that the order does not depend on the locale. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
