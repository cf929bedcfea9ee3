import type { Diagnostic } from './language/diagnostics.js'
import { formatDiagnostics } from './language/format-diagnostic.js'

/** An error that a caller can act upon: `code` is stable (NUTHATCH_…), the message is for people. */
export class NuthatchError extends Error {
  /** `NuthatchError`, or the name of a class that extends it. */
  override readonly name: string = 'NuthatchError'
  /** Stable: NUTHATCH_…; docs/troubleshooting.md lists all. */
  readonly code: string

  /** @internal */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Rules that cannot be loaded. Holds everything found in all of them, warnings too. */
export class DiagnosticsError extends NuthatchError {
  /** `DiagnosticsError`. */
  override readonly name = 'DiagnosticsError'
  /** By file, then by place; of one file the first 100 errors and 100 warnings. */
  readonly diagnostics: readonly Diagnostic[]
  /** Files that are not there or cannot be read; the others have been checked all the same. */
  readonly problems: readonly NuthatchError[]

  /** `code` is the first problem's, or NUTHATCH_RULES_INVALID without any. */
  constructor(diagnostics: readonly Diagnostic[], problems: readonly NuthatchError[] = []) {
    const invalid = diagnostics.some(({ severity }) => severity === 'error')
    const parts = problems.map(({ message }) => message)
    if (invalid || parts.length === 0)
      parts.push(`the rules cannot be loaded\n\n${formatDiagnostics(diagnostics)}`)
    super(problems[0]?.code ?? 'NUTHATCH_RULES_INVALID', parts.join('\n'), { cause: problems[0]?.cause })
    this.diagnostics = diagnostics
    this.problems = problems
  }
}
