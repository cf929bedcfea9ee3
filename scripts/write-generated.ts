import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Writes files, by their paths from the root of the repository, in which this is run: `npm run generate`. With --check
 * it fails when one is stale instead.
 */
export function writeGenerated(outputs: Readonly<Record<string, () => string>>): void {
  for (const [path, render] of Object.entries(outputs)) {
    if (!process.argv.includes('--check')) {
      writeFileSync(path, render())
    } else if (readFileSync(path, 'utf8') !== render()) {
      console.error(`${path} is stale: run \`npm run generate\` and commit what changes.`)
      process.exitCode = 1
    }
  }
}
