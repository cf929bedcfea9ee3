import { diagnosticCodes } from '../lib/language/diagnostic-codes.js'
import { cell } from './markdown.js'

/** docs/diagnostics.md: every code that \`nuthatch check\` can give. */
export function diagnosticsPage(): string {
  const rows = Object.entries(diagnosticCodes).map(
    ([code, { severity, doc, remedy }]) =>
      `| ${code} | ${severity} | ${cell(doc)} | ${cell(linked(remedy))} |`,
  )
  return `# Diagnostics

<!-- Generated from lib/language/diagnostic-codes.ts by \`npm run generate\`; do not edit. -->

What \`nuthatch check\` and \`compile\` say about rule files. Each diagnostic has a code, which stays the same from
release to release, the place in the file, and mostly what to write instead. Rules with an error are refused as a
whole; warnings never keep rules from loading.

| code | severity | meaning | what to do |
|---|---|---|---|
${rows.join('\n')}
`
}

/** Pages by their names. */
const linked = (text: string): string => text.replaceAll(/\b(\w+\.md)\b/g, '[$1]($1)')
