import { TestBuilder } from '../lib/language/conditions.js'
import { type NamedHelper, namedHelpers } from '../lib/language/helpers.js'
import { type MatchRow, matchRows, operandKeywords } from '../lib/language/matches.js'
import { printCondition } from '../lib/language/print-condition.js'
import { eventTypeNames } from '../lib/schema/event-types.js'

const nowhere = { file: '', start: 0, end: 0, line: 1, column: 1 }

/** docs/helpers.md: every helper, from the table that the compiler reads. */
export function helpersPage(): string {
  const rows = matchRows.map(
    (row) => `| ${formsOf(row)} | ${argumentsOf(row)} | ${kindsOf(row)} | ${row.doc} |`,
  )
  return `# Helpers

<!-- Generated from lib/language/helpers.ts and matches.ts by \`npm run generate\`; do not edit. -->

## Helpers on a property

\`<event type>_property_<match>?\` asks something of one property, as in
\`process_start_property_includes_any?(property: command_line, strings: ['-enc', '-e '])\`. It is false on events of
every other type. \`any_property_<match>?\` is the same on whatever event has the property.

The event types are
${eventTypeNames.map((name) => `[${name}](schema.md#${name})`).join(',\n')}.

| match | arguments, after \`property:\` | property | true when |
|---|---|---|---|
${rows.join('\n')}

- \`_any\` wants one of the values, \`_all\` every one. For \`strings:\`, \`numbers:\`, \`patterns:\` and \`subnets:\` the
  symbol of a list will do as well: \`strings: :office_apps\`.
- Each match has a \`does_not_\` twin: the opposite, on the same event type. A missing property makes a match false
  and its twin true. (\`does_not_equals_any?\`, with the name as it is, is the same as \`does_not_equal_any?\`.)
- Of a property with several values, one value has to satisfy the whole match: \`_all\` wants every string in the
  same value.
- Case does not count, unless \`case_sensitive: true\` says otherwise. Regular expressions say it with \`/i\`; their
  syntax is RE2's, and Ruby's \`/m\` (a dot matches a newline too) is understood.

## Helpers with a name of their own

On every event type, unless what they stand for says otherwise.

${Object.entries(namedHelpers).map(section).join('\n\n')}
`
}

function formsOf(row: MatchRow): string {
  const names = (name: string) =>
    row.quantified ? `\`${name}\`, \`${name}_any\`, \`${name}_all\`` : `\`${name}\``
  return `${names(row.name)}; ${names(row.negative)}`
}

function argumentsOf(row: MatchRow): string {
  const one = operandKeywords({ row, quantifier: 'one', negated: false })
  const many = row.quantified ? operandKeywords({ row, quantifier: 'any', negated: false }) : []
  const separator = row.operand === 'range' ? ', ' : ' or '
  const list = (keywords: readonly string[]) => keywords.map((keyword) => `\`${keyword}:\``).join(separator)
  return [list(one), list(many)].filter(Boolean).join('; ')
}

const kindsOf = (row: MatchRow): string =>
  row.on.map((kind) => (kind === 'string' ? 'text' : kind)).join(', ')

const argumentsShown = { names: "('name', …)", signers: "(signers: ['name', …])" }

function section([name, helper]: [string, NamedHelper]): string {
  const names = helper.takes ? ['name'] : []
  const call = `${name}${helper.takes ? argumentsShown[helper.takes] : ''}`
  const condition = helper.expand(new TestBuilder(nowhere), names)
  const operands = condition.kind === 'test' || condition.kind === 'not' ? [condition] : condition.operands
  const lines = operands.map(printCondition).join(condition.kind === 'and' ? ' &&\n' : ' ||\n')
  return `### \`${call}\`\n\n${helper.doc}\n\n\`\`\`ruby\n${lines}\n\`\`\``
}
