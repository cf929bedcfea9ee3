// The functions of Node-API that each Node has in which the addon loads, as a list for C's preprocessor.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { symbols } from 'node-api-headers'

const { binary } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

export const nodeApiFunctions = Object.values(symbols[`v${binary.napi_versions[0]}`])
  .flat()
  .map((name) => `FUNCTION(${name})\n`)
  .join('')

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(nodeApiFunctions)
