/** Rules with an error are refused as a whole. */
export type DiagnosticSeverity = 'error' | 'warning'

export interface DiagnosticCodeRow {
  /** Rules with an error are refused as a whole; a warning never keeps them from loading. */
  readonly severity: DiagnosticSeverity
  /** What is wrong, for docs/diagnostics.md. */
  readonly doc: string
}

const error = (doc: string): DiagnosticCodeRow => ({ severity: 'error', doc })
const warning = (doc: string): DiagnosticCodeRow => ({ severity: 'warning', doc })

/** Every diagnostic there is. Codes are stable: tools may filter by them. */
export const diagnosticCodes = {
  NUTHATCH_RULE_FILE_TOO_LARGE: error('A rule file has more than 4 MiB.'),
  NUTHATCH_RULE_FILE_NOT_UTF8: error('A rule file is not text in UTF-8.'),
  NUTHATCH_RULE_FILE_NUL: error('A rule file holds a NUL byte: it is binary, or UTF-16.'),
  NUTHATCH_RULE_FILE_TOO_DEEP: error('The text is nested too deeply to be read at all.'),
  NUTHATCH_RULE_FILE_TOO_COMPLEX: error('The text has so many errors that reading it was given up.'),
  NUTHATCH_RULE_FILE_EMPTY: warning('A rule file holds nothing but white space and comments.'),
  NUTHATCH_RULE_FILE_OTHER_LANGUAGE: error(
    'A rule file is no rule file, but YAML such as a Sigma rule, JSON, XML or YARA.',
  ),
  NUTHATCH_SYNTAX_ERROR: error('The text is not in the language.'),
  NUTHATCH_NESTING_TOO_DEEP: error('Parentheses, `!` or defines are nested more than 200 deep.'),
  NUTHATCH_INTERPOLATION: error('`#{…}` in a string or regex: Ruby would run code there.'),
  NUTHATCH_INVALID_ESCAPE: error('Escapes in a string do not make text in UTF-8.'),
  NUTHATCH_SUSPICIOUS_ESCAPE: warning('A backslash in double quotes is most likely meant as a backslash.'),
  NUTHATCH_DOUBLED_BACKSLASH: warning('A value holds two backslashes in a row inside a path.'),

  NUTHATCH_DUPLICATE_NAME: error('Two lists, two definitions or two detectors have one name.'),
  NUTHATCH_INVALID_NAME: error('A name is empty, or a definition could not be called by it.'),
  NUTHATCH_STRAY_EXPRESSION: error('An expression stands outside a detector.'),
  NUTHATCH_RECURSIVE_DEFINE: error('A definition calls itself.'),
  NUTHATCH_UNKNOWN_LIST: error('A symbol names no list.'),
  NUTHATCH_UNUSED_LIST: warning('No detector uses a list.'),
  NUTHATCH_UNUSED_DEFINE: warning('No detector uses a definition.'),
  NUTHATCH_EMPTY_LIST: error('A list has no values, so that nothing, or everything, matches it.'),

  NUTHATCH_UNKNOWN_HELPER: error('There is no helper and no definition of this name.'),
  NUTHATCH_NOT_A_CONDITION: error('A value stands where something true or false is wanted.'),
  NUTHATCH_UNKNOWN_PROPERTY: error('The schema has no property of this name.'),
  NUTHATCH_PROPERTY_NOT_ON_EVENT: error('The property exists, but not on this event type.'),
  NUTHATCH_PROPERTY_KIND: error(
    "The helper's match does not fit the property, such as greater_than on text.",
  ),
  NUTHATCH_MISSING_ARGUMENT: error('A helper lacks an argument.'),
  NUTHATCH_UNKNOWN_ARGUMENT: error('A helper does not take this argument.'),
  NUTHATCH_DUPLICATE_ARGUMENT: error('An argument or property is given twice.'),
  NUTHATCH_WRONG_VALUE: error('A value is of the wrong kind, such as a number for text.'),
  NUTHATCH_EMPTY_STRING: error('An empty string or pattern: every value matches it.'),
  NUTHATCH_INVALID_REGEX: error("A regular expression is not in RE2's syntax."),
  NUTHATCH_INVALID_SUBNET: error('Text is not an IP address or a subnet in CIDR notation.'),
  NUTHATCH_SUBNET_HOST_BITS: warning("A subnet's address has bits set outside its mask."),
  NUTHATCH_EMPTY_RANGE: error('A range whose minimum is above its maximum.'),
  NUTHATCH_INEXACT_NUMBER: error('A number too large to be held exactly.'),
  NUTHATCH_DUPLICATE_VALUE: warning('A value stands twice in a list, perhaps in different case.'),
  NUTHATCH_WILDCARD: warning('A `*` in a value: it matches only the character itself.'),
  NUTHATCH_IMPOSSIBLE_VALUE: warning('A value that the property never has, such as a path in a file name.'),
  NUTHATCH_CONDITION_TOO_LARGE: error('A condition comes to more than 100,000 tests.'),
  NUTHATCH_NEVER_TRUE: warning('A condition that no event can meet.'),
  NUTHATCH_NOT_CONFINED: warning(
    'A detector can fire on every type of event: it is evaluated on all of them, and fires again on each that a matching process causes.',
  ),

  NUTHATCH_MISSING_MATCH: error('A detector has no `match`.'),
  NUTHATCH_DUPLICATE_ENTRY: error('An entry stands twice in a detector.'),
  NUTHATCH_INVALID_METADATA: error('A metadata entry has a value of the wrong kind, or too many.'),
  NUTHATCH_MISSPELT_METADATA: warning('A metadata key is nearly that of a known entry.'),
  NUTHATCH_INVALID_SEVERITY: error('A severity that there is not.'),
  NUTHATCH_INVALID_ATTACK_ID: error('Text that is not the id of an ATT&CK technique.'),
  NUTHATCH_UNKNOWN_EVENT_TYPE: error('An example has an event type that there is not.'),
  NUTHATCH_DERIVED_PROPERTY: error('An example gives a property that is computed from another one.'),

  NUTHATCH_MORE_ERRORS: error('A file has more than 100 errors: how many are left out.'),
  NUTHATCH_MORE_WARNINGS: warning('A file has more than 100 warnings: how many are left out.'),
} as const satisfies Record<string, DiagnosticCodeRow>

/** The code of a diagnostic. */
export type DiagnosticCode = keyof typeof diagnosticCodes
