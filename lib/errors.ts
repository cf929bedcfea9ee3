import type { Diagnostic } from './language/diagnostics.js'
import { formatDiagnostics } from './language/format-diagnostic.js'

/** An error that a caller can act upon: `code` is stable (NUTHATCH_…), the message is for people. */
export class NuthatchError extends Error {
  override readonly name: string = 'NuthatchError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Rule files that cannot be loaded. Holds everything found in all of them, warnings too. */
export class DiagnosticsError extends NuthatchError {
  override readonly name = 'DiagnosticsError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    super('NUTHATCH_RULES_INVALID', `the rules cannot be loaded\n\n${formatDiagnostics(diagnostics)}`)
    this.diagnostics = diagnostics
  }
}
