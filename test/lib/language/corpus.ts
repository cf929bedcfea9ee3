import { readFileSync } from 'node:fs'
import { checkRules } from '../../../lib/language/check.js'
import { formatDiagnostic } from '../../../lib/language/format-diagnostic.js'

export interface Case {
  readonly title: string
  /** Rule files, in order. */
  readonly files: readonly { readonly file: string; readonly source: string }[]
  /** What is said about them; empty when nothing is. */
  readonly expected: string
}

/**
 * Reads cases written as text:
 *
 *     === title
 *     a rule file, called rule.rb
 *     >>> other.rb
 *     another file of the same rule set
 *     ---
 *     all diagnostics, as people see them
 */
export function readCases(path: URL): Case[] {
  return readFileSync(path, 'utf8').split(/^=== /m).slice(1).map(readCase)
}

function readCase(text: string): Case {
  const [title = '', ...lines] = text.split('\n')
  const end = lines.indexOf('---')
  if (end === -1) throw new Error(`no line --- in the case ${title}`)
  const [first = '', ...others] = lines.slice(0, end).join('\n').split(/^>>> /m)
  const named = others.map((part) => {
    const [file = '', ...rest] = part.split('\n')
    return { file, source: `${rest.join('\n').trimEnd()}\n` }
  })
  const files = [{ file: 'rule.rb', source: `${first.trimEnd()}\n` }, ...named]
  return {
    title,
    files,
    expected: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
  }
}

/** All diagnostics of a rule set, as people see them, without colour. */
export function diagnose(files: Case['files']): string {
  return checkRules(files)
    .diagnostics.map((diagnostic) => formatDiagnostic(diagnostic))
    .join('\n')
    .trim()
}
