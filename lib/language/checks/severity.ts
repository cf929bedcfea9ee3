import type { MetadataEntry } from '../ast.js'
import { alternatives, describe, quote } from '../describe.js'
import { nearestName } from '../nearest-name.js'
import { type Severity, severities } from '../ruleset.js'
import type { Scope } from '../scope.js'

const SYNONYMS: Readonly<Record<string, Severity>> = {
  info: 'informational',
  moderate: 'medium',
  severe: 'high',
}

const isSeverity = (name: string): name is Severity => severities.some((severity) => severity === name)

/** `:medium` when there is none. */
export function checkSeverity(scope: Scope, entry: MetadataEntry | undefined): Severity {
  const [value, second] = entry?.values ?? []
  if (value === undefined || value.kind === 'broken') return 'medium'
  if (second === undefined && value.kind === 'symbol' && isSeverity(value.name)) return value.name
  const name =
    value.kind === 'symbol' || value.kind === 'identifier'
      ? value.name
      : value.kind === 'string'
        ? value.value
        : ''
  const near = SYNONYMS[name.toLowerCase()] ?? nearestName(name, severities)
  scope.report(
    'NUTHATCH_INVALID_SEVERITY',
    second?.span ?? value.span,
    second === undefined ? `${describe(value)} is no severity` : '`severity` takes one value',
    second !== undefined
      ? 'leave out the others'
      : near
        ? `did you mean ${quote(`:${near}`)}?`
        : `write ${alternatives(severities.map((severity) => `:${severity}`))}`,
  )
  return 'medium'
}
