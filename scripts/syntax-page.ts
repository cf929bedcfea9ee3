import { readFileSync } from 'node:fs'
import { entryNames } from '../lib/language/entries.js'
import { severities } from '../lib/language/ruleset.js'
import { type Construct, constructs, refused } from './constructs.js'

interface NodeType {
  readonly type: string
  readonly named: boolean
}

/** What stands in a tree for a slip, and not for a part of the language. */
const isSlip = (kind: string): boolean => /^(missing|misplaced)_/.test(kind)

/** docs/syntax.md: every construct of grammar/grammar.js, with an example. */
export function syntaxPage(): string {
  checkComplete()
  return `# Syntax

<!-- Generated from grammar/ and scripts/constructs.ts by \`npm run generate\`; do not edit. -->

Every form that a rule file can have, by the names of \`grammar/grammar.js\`. All of it is Ruby's syntax too, and means the same.
[rules.md](rules.md) says what it means; [helpers.md](helpers.md) has what can be called.

The entries of a detector are ${words(entryNames)}, and any other word, which is kept as text. The severities are
${words(severities)}.

${constructs.map(section).join('\n\n')}

## What is refused

\`#{…}\` in double quotes and in regular expressions, where Ruby would run code: write \`\\#{\`. And \`nil\`: whether there is a value is
asked with \`…_exists?\` and \`…_does_not_exist?\`. The grammar knows both, so that the error can say so. (${words(refused)})
`
}

const words = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

const section = ({ title, kinds, doc, example }: Construct): string =>
  `## ${title}\n\n${doc} (${words(kinds)})\n\n\`\`\`ruby\n${example.trim()}\n\`\`\``

/** A construct that comes or goes without its row here would make the page untrue. */
function checkComplete(): void {
  const types = JSON.parse(readFileSync('grammar/src/node-types.json', 'utf8')) as NodeType[]
  const wanted = types.filter(({ type, named }) => named && !isSlip(type)).map(({ type }) => type)
  const shown = [...constructs.flatMap(({ kinds }) => kinds), ...refused]
  const wrong = [
    ...wanted.filter((kind) => !shown.includes(kind)),
    ...shown.filter((kind) => !wanted.includes(kind)),
  ]
  if (wrong.length > 0) throw new Error(`scripts/constructs.ts does not fit the grammar: ${wrong.join(', ')}`)
}
