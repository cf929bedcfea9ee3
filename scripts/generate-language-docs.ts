/**
 * Writes the pages that are generated from the language's tables; with --check, fails when one is
 * stale instead. Run it from the root of the repository: `npm run generate`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { diagnosticsPage } from './diagnostics-page.js'
import { helpersPage } from './helpers-page.js'

const outputs: Record<string, () => string> = {
  'docs/diagnostics.md': diagnosticsPage,
  'docs/helpers.md': helpersPage,
}

for (const [path, render] of Object.entries(outputs)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, render())
  } else if (readFileSync(path, 'utf8') !== render()) {
    console.error(`${path} is stale: run \`npm run generate\` and commit what changes.`)
    process.exitCode = 1
  }
}
