import { CommanderError } from 'commander'
import { DiagnosticsError } from '../errors.js'
import { visible } from '../language/display-text.js'
import { formatDiagnostics } from '../language/format-diagnostic.js'
import { OutputClosed, tell, useColor } from './output.js'

/** A mistake in how a command was called. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly code?: string,
  ) {
    super(message)
  }
}

export const EXIT_ERROR = 1
export const EXIT_USAGE = 2

/** Says what went wrong, and gives the exit code for it. */
export function reportError(error: unknown, color = true): number {
  if (error instanceof OutputClosed) return 0
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE // it has said so
  if (error instanceof UsageError) {
    tell(`error${error.code ? ` ${error.code}` : ''}: ${error.message}`)
    return EXIT_USAGE
  }
  if (error instanceof DiagnosticsError) {
    const { problems, diagnostics } = error
    for (const problem of problems) tell(describeError(problem))
    if (diagnostics.length > 0)
      tell(formatDiagnostics(diagnostics, { color: useColor(process.stderr, color) }))
  } else tell(describeError(error))
  if (process.env.NUTHATCH_DEBUG) console.error(error)
  return EXIT_ERROR
}

/** The message and its code, safe on a terminal: names of files come from anywhere. */
export function describeError(error: unknown): string {
  const { code, message = String(error) } = error as NodeJS.ErrnoException
  const safe = message.split('\n').map(visible).join('\n')
  return typeof code === 'string' ? `error ${code}: ${safe}` : `error: ${safe} (NUTHATCH_DEBUG=1 shows where)`
}
