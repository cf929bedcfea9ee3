import type { Command } from 'commander'
import type { Diagnostic } from '../language/diagnostics.js'
import type { Severity } from '../language/ruleset.js'
import { UsageError } from './errors.js'
import { tell } from './output.js'
import { counted } from './summary.js'
import { collect } from './telemetry-options.js'

export interface RuleOptions {
  readonly rules?: readonly string[]
}

/** For commands about rules: they are arguments, or given with -r as for `run`. */
export const addRules = (command: Command): Command =>
  command
    .argument('[rules...]', 'rule files, folders and glob patterns')
    .option('-r, --rules <path>', 'the same; can be given more than once', collect)

export function rulesOf(paths: readonly string[], { rules = [] }: RuleOptions): readonly string[] {
  if (paths.length + rules.length === 0) throw new UsageError('no rules: name files or folders')
  return [...paths, ...rules]
}

/** What keeps no rules from loading, and should not go unseen either. */
export function tellOfRules(
  detectors: number,
  warnings: readonly Diagnostic[],
  severity: Severity = 'informational',
): void {
  const found = warnings.length
  if (found > 0)
    tell(
      `${counted(found, 'warnings')} about the rules: \`nuthatch check\` shows ${found === 1 ? 'it' : 'them'}`,
    )
  if (detectors > 0) return
  const least = severity === 'informational' ? '' : ` of severity ${severity} or above`
  tell(`warning: the rules hold no detector${least}`)
}
