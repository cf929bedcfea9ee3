// Tries on a real Windows machine what no other can show, in an elevated prompt; verify-windows.json has a check as soon
// as it has ended:
//   node scripts/verify-windows.mjs [--symbols PATH] [--package FOLDER]
// It wants no compiler: the addon is that of a build or of prebuilds/, here or in the package that FOLDER is. What it
// starts and makes for that (scripts/windows-checks.mjs) it ends and removes.
import os from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { Verification } from './verification.mjs'
import { checksOf } from './windows-checks.mjs'

const { values } = parseArgs({ options: { symbols: { type: 'string' }, package: { type: 'string' } } })
const here = new URL('../', import.meta.url)
const root = values.package === undefined ? here : pathToFileURL(join(values.package, '/'))
const library = new URL('dist/index.js', root).href
const nuthatch = await import(library)

const verification = new Verification({
  node: process.version,
  os: `${os.version()} ${os.release()}`,
  cpus: os.cpus().length,
  begun: new Date().toISOString(),
})
for (const [claim, body] of checksOf(nuthatch, library, values.symbols)) {
  const { claim: _, result, ...told } = await verification.check(claim, body)
  console.log(result.padEnd(8), claim, JSON.stringify(told))
}
console.log('verify-windows.json: written')
// What a check that took too long has left running does not hold the end up.
process.exit(verification.failed.length === 0 ? 0 : 1)
