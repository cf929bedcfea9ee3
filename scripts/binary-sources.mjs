// Names the sources that nuthatch.node is made of, with whatever makes it, by a hash:  node scripts/binary-sources.mjs
// A commit cannot be what the README's table names: the one that has the table comes after what the table is of.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PATHS = [
  'CMakeLists.txt',
  'cmake',
  'grammar/src',
  'native',
  'scripts/codeview-identity.mjs',
  'scripts/cross-build.mjs',
  'scripts/node-api-functions.mjs',
  'scripts/targets.mjs',
  'scripts/zig.txt',
]

function filesBelow(root, path) {
  if (!statSync(join(root, path)).isDirectory()) return [path]
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesBelow(root, `${path}/${name}`))
}

/** Of the versions of Nuthatch and Node-API, which are compiled in, and of the packages that sources come from, as they are locked. */
function packages(root) {
  const json = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))
  const { third_party } = json('native/sources.json')
  const names = [
    ...Object.values(third_party).map((library) => library.package),
    'node-addon-api',
    'node-api-headers',
  ]
  const { packages } = json('package-lock.json')
  const { version, binary } = json('package.json')
  return [
    `nuthatch ${version}`,
    `node-api ${binary.napi_versions}`,
    ...names.map((name) => `${name} ${packages[`node_modules/${name}`].integrity}`),
  ]
}

/** @returns {string} 16 hexadecimal digits */
export function sourcesHash(root) {
  const hash = createHash('sha256')
  for (const path of PATHS.flatMap((path) => filesBelow(root, path)))
    hash.update(
      `${path} ${createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest('hex')}\n`,
    )
  for (const line of packages(root)) hash.update(`${line}\n`)
  return hash.digest('hex').slice(0, 16)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(sourcesHash(fileURLToPath(new URL('..', import.meta.url))))
