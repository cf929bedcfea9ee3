import type { Diagnostics } from '../diagnostics.js'
import type { SourceText } from '../source-text.js'

interface OtherLanguage {
  readonly sign: RegExp
  readonly name: string
  readonly help: string
}

const TRANSLATE =
  "write its conditions with helpers: `CommandLine|contains: '-enc'` is `process_start_property_includes?(property: command_line, string: '-enc')`"
const TAKE_OUT = 'write its conditions with helpers (docs/rules.md), or take the file out of the rules'

/** The surest first; of each what no line of a rule file is, even with slips. */
const OTHER_LANGUAGES: readonly OtherLanguage[] = [
  { sign: /^(?:logsource|detection):[ \t]*\r?$/m, name: 'a Sigma rule', help: TRANSLATE },
  { sign: /^\s*[{[]\s*(?:["{[}\]]|$)/, name: 'JSON', help: TAKE_OUT },
  { sign: /^\s*<(?:\?xml|!--|[A-Za-z])/, name: 'XML', help: TAKE_OUT },
  {
    sign: /^(?:private |global )*rule \w+[^\n{]*\{?\s*(?:meta|strings|condition):/m,
    name: 'a YARA rule',
    help: TAKE_OUT,
  },
  { sign: /^[ \t]*\|[ \t]*(?:where|extend|project|summarize)\b/m, name: 'a KQL query', help: TAKE_OUT },
  {
    sign: /^\s*(?:any|process|file|network|registry|dns|library|sequence)\b[^\n]* where /,
    name: 'an EQL query',
    help: TAKE_OUT,
  },
  {
    sign: /^(?:\s|#[^\n]*\n)*(?:---\r?\n|[\w-]+:[ \t]*(?:\r?\n|[^\n]*\n[\w-]+:(?:\s|$)))/,
    name: 'YAML',
    help: TAKE_OUT,
  },
]

const OURS = /^[ \t]*(?:detector|match|list|define)\b|^\w+\?|\w_\w+\?\(/m

/** A file that has syntax errors because it is in another language: they would say nothing. */
export function checkLanguage(diagnostics: Diagnostics, source: SourceText): boolean {
  const text = source.slice(0, MOST_BYTES).replace(/^\uFEFF/, '')
  const found = OURS.test(text) ? undefined : OTHER_LANGUAGES.find(({ sign }) => sign.test(text))
  if (found === undefined) return true
  const at = Math.max(0, text.search(/\S/))
  diagnostics.report(
    'NUTHATCH_RULE_FILE_OTHER_LANGUAGE',
    source.span(at, at),
    `the file is ${found.name}, and no rule file`,
    found.help,
  )
  return false
}

const MOST_BYTES = 2 ** 16
