/**
 * Writes what is generated from the schema; with --check, fails when a file is stale instead.
 * Run it from the root of the repository: `npm run generate`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { schemaHeader } from './schema-header.js'
import { schemaPage } from './schema-page.js'

const outputs: Record<string, () => string> = {
  'native/model/schema.h': schemaHeader,
  'docs/schema.md': schemaPage,
}

for (const [path, render] of Object.entries(outputs)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, render())
  } else if (readFileSync(path, 'utf8') !== render()) {
    console.error(`${path} is stale: run \`npm run generate\` and commit what changes.`)
    process.exitCode = 1
  }
}
