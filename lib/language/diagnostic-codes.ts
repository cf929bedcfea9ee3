/** Rules with an error are refused as a whole. */
export type DiagnosticSeverity = 'error' | 'warning'

export interface DiagnosticCodeRow {
  /** Rules with an error are refused as a whole; a warning never keeps them from loading. */
  readonly severity: DiagnosticSeverity
  /** What is wrong, for docs/diagnostics.md. */
  readonly doc: string
  /** What to do about it. A diagnostic's own suggestion says it of the place at hand. */
  readonly remedy: string
}

const error = (doc: string, remedy: string): DiagnosticCodeRow => ({ severity: 'error', doc, remedy })
const warning = (doc: string, remedy: string): DiagnosticCodeRow => ({ severity: 'warning', doc, remedy })

/** Every diagnostic there is. Codes are stable: tools may filter by them. */
export const diagnosticCodes = {
  NUTHATCH_RULE_FILE_TOO_LARGE: error(
    'A rule file has more than 4 MiB.',
    'Split it; long lists of indicators do not belong into rules.',
  ),
  NUTHATCH_RULE_FILE_NOT_UTF8: error('A rule file is not text in UTF-8.', 'Save it as UTF-8.'),
  NUTHATCH_RULE_FILE_NUL: error(
    'A rule file holds a NUL byte: it is binary, or UTF-16.',
    'Save it as UTF-8; take files that are no text out of the rules.',
  ),
  NUTHATCH_RULE_FILE_TOO_DEEP: error(
    'The text is nested too deeply to be read at all.',
    'Nest it less: a list with an `_any` helper instead of many `||`.',
  ),
  NUTHATCH_RULE_FILE_TOO_COMPLEX: error(
    'The text has so many errors that reading it was given up.',
    'See whether it is a rule file at all; else mend it from its beginning.',
  ),
  NUTHATCH_RULE_FILE_EMPTY: warning(
    'A rule file holds nothing but white space and comments.',
    'Write a rule into it, or delete it.',
  ),
  NUTHATCH_RULE_FILE_OTHER_LANGUAGE: error(
    'A rule file is no rule file, but YAML such as a Sigma rule, JSON, XML or YARA.',
    'Rewrite it as a rule, or take it out of the rules.',
  ),
  NUTHATCH_SYNTAX_ERROR: error(
    'The text is not in the language.',
    'Write what the message proposes; syntax.md has every form.',
  ),
  NUTHATCH_NESTING_TOO_DEEP: error(
    'Parentheses, `!` or defines are nested more than 200 deep.',
    'Leave out parentheses that are not needed, or use a list with an `_any` helper.',
  ),
  NUTHATCH_INTERPOLATION: error(
    '`#{…}` in a string or regex: Ruby would run code there.',
    'Use single quotes, or write `\\#`, for the characters themselves.',
  ),
  NUTHATCH_INVALID_ESCAPE: error(
    'Escapes in a string do not make text in UTF-8.',
    'Write the character itself, or `\\u` and its number.',
  ),
  NUTHATCH_SUSPICIOUS_ESCAPE: warning(
    'A backslash in double quotes is most likely meant as a backslash.',
    'Use single quotes, or double the backslash.',
  ),
  NUTHATCH_DOUBLED_BACKSLASH: warning(
    'A value holds two backslashes in a row inside a path.',
    'Write one, if one is meant: in single quotes a backslash needs no second.',
  ),

  NUTHATCH_DUPLICATE_NAME: error(
    'Two lists, two definitions or two detectors have one name.',
    'Give one of them another name: names count across all files.',
  ),
  NUTHATCH_INVALID_NAME: error(
    'A name is empty, or a definition could not be called by it.',
    'Give it a name of letters, digits and `_` that no helper has.',
  ),
  NUTHATCH_STRAY_EXPRESSION: error(
    'An expression stands outside a detector.',
    'Put it into `match` of a detector, or join it with `&&` or `||`.',
  ),
  NUTHATCH_RECURSIVE_DEFINE: error('A definition calls itself.', 'Take one of the calls out of the circle.'),
  NUTHATCH_UNKNOWN_LIST: error('A symbol names no list.', 'Mend the name, or declare the list.'),
  NUTHATCH_UNUSED_LIST: warning('No detector uses a list.', 'Use it, or delete it.'),
  NUTHATCH_UNUSED_DEFINE: warning('No detector uses a definition.', 'Call it, or delete it.'),
  NUTHATCH_EMPTY_LIST: error(
    'A list has no values, so that nothing, or everything, matches it.',
    'Give it at least one value.',
  ),

  NUTHATCH_UNKNOWN_HELPER: error(
    'There is no helper and no definition of this name.',
    'Mend the name: the message has the nearest one, helpers.md has all.',
  ),
  NUTHATCH_NOT_A_CONDITION: error(
    'A value stands where something true or false is wanted.',
    'Call a helper, or a definition with `?`.',
  ),
  NUTHATCH_UNKNOWN_PROPERTY: error(
    'The schema has no property of this name.',
    'Mend the name: the message has the nearest one, schema.md has all.',
  ),
  NUTHATCH_PROPERTY_NOT_ON_EVENT: error(
    'The property exists, but not on this event type.',
    'Use a helper of an event type that has it, or `any_property_…?`.',
  ),
  NUTHATCH_PROPERTY_KIND: error(
    "The helper's match does not fit the property, such as greater_than on text.",
    'Use a match that fits: the message lists them.',
  ),
  NUTHATCH_MISSING_ARGUMENT: error('A helper lacks an argument.', 'Add the argument that the message names.'),
  NUTHATCH_UNKNOWN_ARGUMENT: error(
    'A helper does not take this argument.',
    'Use the argument that the message names.',
  ),
  NUTHATCH_DUPLICATE_ARGUMENT: error('An argument or property is given twice.', 'Leave one of them out.'),
  NUTHATCH_WRONG_VALUE: error(
    'A value is of the wrong kind, such as a number for text.',
    'Write a value of the kind that the message names.',
  ),
  NUTHATCH_EMPTY_STRING: error(
    'An empty string or pattern: every value matches it.',
    'Leave it out, or ask with `…_exists?`.',
  ),
  NUTHATCH_INVALID_REGEX: error(
    "A regular expression is not in RE2's syntax.",
    'Write it without look-around and back-references; RE2 has neither.',
  ),
  NUTHATCH_INVALID_SUBNET: error(
    'Text is not an IP address or a subnet in CIDR notation.',
    "Write it as `'10.0.0.0/8'` or `'2001:db8::/32'`.",
  ),
  NUTHATCH_SUBNET_HOST_BITS: warning(
    "A subnet's address has bits set outside its mask.",
    'Write the address that the message names, or a longer prefix.',
  ),
  NUTHATCH_EMPTY_RANGE: error('A range whose minimum is above its maximum.', 'Exchange `min:` and `max:`.'),
  NUTHATCH_INEXACT_NUMBER: error(
    'A number too large to be held exactly.',
    'Use a smaller number: to 2^53 all whole ones are exact.',
  ),
  NUTHATCH_DUPLICATE_VALUE: warning(
    'A value stands twice in a list, perhaps in different case.',
    'Leave one of them out: case does not count.',
  ),
  NUTHATCH_WILDCARD: warning(
    'A `*` in a value: it matches only the character itself.',
    'Leave the `*` out, and use `starts_with`, `ends_with`, `includes` or `matches`.',
  ),
  NUTHATCH_IMPOSSIBLE_VALUE: warning(
    'A value that the property never has, such as a path in a file name.',
    'Write the value as the property has it: the message says how.',
  ),
  NUTHATCH_CONDITION_TOO_LARGE: error(
    'A condition comes to more than 100,000 tests.',
    'Put the values into a list and use one `_any` helper.',
  ),
  NUTHATCH_NEVER_TRUE: warning(
    'A condition that no event can meet.',
    'Join what is about different event types with `||`, or make a detector for each.',
  ),
  NUTHATCH_NOT_CONFINED: warning(
    'A detector can fire on every type of event: it is evaluated on all of them, and fires again on each that a matching process causes.',
    'Say which event is meant, with a helper of its type.',
  ),

  NUTHATCH_MISSING_MATCH: error('A detector has no `match`.', 'Add `match` and the condition.'),
  NUTHATCH_DUPLICATE_ENTRY: error(
    'An entry stands twice in a detector.',
    'Leave one of them out; join conditions with `&&` or `||`.',
  ),
  NUTHATCH_INVALID_METADATA: error(
    'A metadata entry has a value of the wrong kind, or too many.',
    'Give it the value that the message names.',
  ),
  NUTHATCH_MISSPELT_METADATA: warning(
    'A metadata key is nearly that of a known entry.',
    'Mend the name, if the known entry is meant.',
  ),
  NUTHATCH_INVALID_SEVERITY: error(
    'A severity that there is not.',
    'Use `:informational`, `:low`, `:medium`, `:high` or `:critical`.',
  ),
  NUTHATCH_INVALID_ATTACK_ID: error(
    'Text that is not the id of an ATT&CK technique.',
    "Write it as `'T1059'` or `'T1059.001'`.",
  ),
  NUTHATCH_UNKNOWN_EVENT_TYPE: error(
    'An example has an event type that there is not.',
    'Mend the name: schema.md has all types.',
  ),
  NUTHATCH_DERIVED_PROPERTY: error(
    'An example gives a property that is computed from another one.',
    'Give the property that it is computed from.',
  ),

  NUTHATCH_MORE_ERRORS: error(
    'A file has more than 100 errors: how many are left out.',
    'Mend the first ones.',
  ),
  NUTHATCH_MORE_WARNINGS: warning(
    'A file has more than 100 warnings: how many are left out.',
    'Look after the first ones.',
  ),
} as const satisfies Record<string, DiagnosticCodeRow>

/** The code of a diagnostic. */
export type DiagnosticCode = keyof typeof diagnosticCodes
