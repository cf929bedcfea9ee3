import { readFileSync } from 'node:fs'
import { type ErrorCodeRow, errorCodes } from '../lib/error-codes.js'
import { diagnosticCodes } from '../lib/language/diagnostic-codes.js'
import { cell } from './markdown.js'

const codePattern = /"(NUTHATCH_PE_\w+)"/g

/** docs/troubleshooting.md: every code there is, or where it is explained. */
export function troubleshootingPage(): string {
  const anomalies = readFileSync('native/image/anomalies.cc', 'utf8').matchAll(codePattern)
  return `# Troubleshooting

<!-- Generated from lib/error-codes.ts and others by \`npm run generate\`; do not edit. -->

Every error has a code that stays the same from release to release, and a message that says what happened, where, and
what to do. Look for the code on this page. \`NUTHATCH_DEBUG=1\` adds where in the program an error came from.

${Object.entries(errorCodes)
  .map(([title, codes]) => `## ${title}\n\n${table(codes)}`)
  .join('\n\n')}

## Errors and warnings in rules

\`nuthatch check\` shows the place and mostly what to write instead; [diagnostics.md](diagnostics.md) says what each means:
${list(Object.keys(diagnosticCodes))}.

## Anomalies of images

They are no errors: \`nuthatch pe\` tells of them and reads on. [image.md](image.md#anomalies) says what each means:
${list([...anomalies].map(([, code = '']) => code))}.
`
}

const table = (codes: Readonly<Record<string, ErrorCodeRow>>): string =>
  [
    '| code | what happened | why | what to do |',
    '|---|---|---|---|',
    ...Object.entries(codes).map(
      ([code, { happened, why, remedy }]) =>
        `| \`${code}\` | ${cell(happened)} | ${cell(why)} | ${cell(remedy)} |`,
    ),
  ].join('\n')

const list = (codes: readonly string[]): string => codes.map((code) => `\`${code}\``).join(',\n')
