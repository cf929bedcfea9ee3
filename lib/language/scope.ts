import type { DefineDeclaration, ListDeclaration } from './ast.js'
import type { DiagnosticCode } from './diagnostic-codes.js'
import type { Diagnostics } from './diagnostics.js'
import type { Value } from './operands.js'
import type { Span } from './ruleset.js'

/** What the checks of one rule set share: its names, who uses them, and where to report. */
export class Scope {
  readonly diagnostics: Diagnostics
  /** The first declaration of each name. */
  readonly lists = new Map<string, ListDeclaration>()
  readonly defines = new Map<string, DefineDeclaration>()
  /** What lists hold, by list and use; null for one with errors. */
  readonly listValues = new Map<string, readonly Value[] | null>()
  readonly usedLists = new Set<string>()
  readonly usedDefines = new Set<string>()
  /** Names declared in text that could not be read. */
  readonly brokenNames = new Set<string>()
  /** What checkPattern said. */
  readonly patternProblems = new Map<string, string | null>()
  /** RE2's objection to a pattern, or null. */
  readonly checkPattern: (pattern: string) => string | null
  /** False when files are missing, which may declare names that are unknown here. */
  readonly complete: boolean

  constructor(diagnostics: Diagnostics, checkPattern: (pattern: string) => string | null, complete: boolean) {
    this.diagnostics = diagnostics
    this.checkPattern = checkPattern
    this.complete = complete
  }

  report(code: DiagnosticCode, span: Span, message: string, suggestion: string): void {
    this.diagnostics.report(code, span, message, suggestion)
  }
}
