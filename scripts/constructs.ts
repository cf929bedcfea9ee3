/** The constructs of the language as docs/syntax.md shows them. Each kind of node of the grammar stands in one row. */
export interface Construct {
  readonly title: string
  /** Named nodes of grammar/grammar.js. */
  readonly kinds: readonly string[]
  readonly doc: string
  /** A whole rule file without errors, which has each of the kinds. */
  readonly example: string
}

export const constructs: readonly Construct[] = [
  {
    title: 'A file that is a condition',
    kinds: ['source_file', 'call', 'predicate_name', 'argument_list', 'keyword_argument', 'identifier'],
    doc: 'A file is one condition, or any number of declarations, each on lines of its own. A condition calls helpers, whose names end with `?`. Arguments have their names before them; a word by itself names a property.',
    example: `process_start_property_equals?(property: process_name, string: 'mshta.exe')`,
  },
  {
    title: 'Operators',
    kinds: ['binary_expression', 'unary_expression', 'parenthesized_expression'],
    doc: '`!` binds stronger than `&&`, and that than `||`. A line that ends with an operator goes on in the next one.',
    example: `windows? &&
!process_is_browser? &&
(process_is_likely?('certutil') || process_is_likely?('bitsadmin'))`,
  },
  {
    title: 'Comments',
    kinds: ['comment'],
    doc: 'From `#` to the end of the line.',
    example: `# Certutil decodes what others have downloaded.
process_is_likely?('certutil') # its file may have another name`,
  },
  {
    title: 'Lists',
    kinds: ['list_declaration', 'symbol', 'array', 'word_array', 'word'],
    doc: 'A list has a name, and values in brackets or, of words without spaces, in `%w[…]` or `%w(…)`. Its symbol stands for its values. A comma after the last value is fine.',
    example: `list :shells, %w[cmd.exe powershell.exe pwsh.exe]
list :offices, [
  'winword.exe',
  'excel.exe',
]

detector 'office-starts-shell' do
  match process_start_property_equals_any?(property: process_name, strings: :shells) &&
        process_start_property_equals_any?(property: parent_name, strings: :offices)
end`,
  },
  {
    title: 'Definitions',
    kinds: ['define_declaration'],
    doc: 'A condition with a name, which is called with `?` after it.',
    example: `define :by_services, process_start_property_equals?(property: parent_name, string: 'services.exe')

detector 'service-shell' do
  match by_services? && process_is_likely?('cmd')
end`,
  },
  {
    title: 'Detectors',
    kinds: [
      'detector_declaration',
      'metadata_entry',
      'match_clause',
      'heredoc',
      'heredoc_start',
      'heredoc_content',
      'heredoc_end',
    ],
    doc: 'Entries between `do` and `end`, each on lines of its own. `match` has the condition. Others have one value or several, the last of which may be a text over several lines: `<<~NAME`, up to a line with that name alone.',
    example: `detector 'encoded-command' do
  title       'PowerShell was given an encoded command'
  description <<~TEXT
    Administrators encode commands too;
    look at what this one decodes to.
  TEXT
  severity    :medium
  attack      'T1059.001', 'T1027'
  author      'Somebody'

  match process_is_likely?('powershell') &&
        process_start_property_includes?(property: command_line, string: '-enc')
end`,
  },
  {
    title: 'Examples',
    kinds: ['example_entry', 'event_literal', 'string', 'string_content', 'integer', 'true', 'false'],
    doc: '`fires_on` and `ignores` have a label and an event: its type, and properties with texts, numbers, `true`, `false`, several values in brackets, or `pending` for what is still being found out. `nuthatch test` tries them.',
    example: `detector 'unsigned-image-in-lsass' do
  match image_load_property_equals?(property: process_name, string: 'lsass.exe') && image_load_unsigned?

  fires_on 'an unsigned DLL', image_load(process_name: 'lsass.exe', process_pid: 712, image_signed: false, image_signature_status: 'unsigned')
  ignores  'a signed one', image_load(process_name: 'lsass.exe', process_pid: 712, image_signed: true, image_signature_status: 'valid')
end`,
  },
  {
    title: 'Escapes in strings',
    kinds: ['escape_sequence'],
    doc: "In single quotes `\\\\` and `\\'` alone are escapes. In double quotes all of Ruby's are, but for `\\c`, `\\C-` and `\\M-`.",
    example: `process_start_property_includes_any?(property: command_line, strings: ['it\\'s', "tab\\tand \\u00e9"])`,
  },
  {
    title: 'Numbers',
    kinds: ['float'],
    doc: 'Whole ones in decimal, hexadecimal (`0x1f`), octal (`0o17`) or binary (`0b11`), with `_` between digits; and decimal fractions.',
    example: `process_start_property_greater_than?(property: command_line_entropy, number: 5.5) &&
process_start_property_between?(property: command_line_length, min: 1_000, max: 0x7fff)`,
  },
  {
    title: 'Regular expressions',
    kinds: ['regex', 'regex_pattern', 'regex_flags'],
    doc: "Between slashes, or in `%r{…}` where slashes are in them; RE2's syntax. `i` after it: case does not count; `m`: a dot matches a newline too.",
    example: `process_start_property_matches_any?(property: command_line, patterns: [/-e(nc)?\\s+[A-Za-z0-9+\\/=]{40,}/i, %r{https?://[0-9.]+/}])`,
  },
]

/** Known to the grammar only so that the error can say what to write instead. */
export const refused: readonly string[] = ['interpolation', 'nil']
