// What binding.gyp asks for; CMakeLists.txt reads native/sources.json itself (cmake/sources.cmake).
//   node scripts/sources.mjs sources|include linux|mac|win
// Part of the published package, where it runs without any dependency but node-addon-api.
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
export const groups = JSON.parse(readFileSync(`${root}native/sources.json`, 'utf8'))

/** Where a third-party library is: in node_modules of a checkout, else in third_party/ of a package. */
export function thirdPartyFolder(name) {
  const library = groups.third_party[name]
  const folders = [`node_modules/${library.package}/${library.root}`, `third_party/${name}`]
  const folder = folders.find((candidate) => existsSync(root + candidate))
  if (!folder)
    throw new Error(`The sources of ${name} are in none of ${folders.join(', ')}: run \`npm ci\` first.`)
  return folder
}

/** The paths in one group of sources.json for a platform, relative to the repository. */
export function sourcesOf(group, os, folder = '.') {
  const names = [...group.sources, ...(group[os === 'win' ? 'sources_win' : 'sources_posix'] ?? [])]
  return names.map((name) => posix.join(folder, name))
}

function main(what, os) {
  const libraries = Object.keys(groups.third_party)
  if (what === 'include') {
    const own = ['native', ...groups.grammar.include]
    return [
      ...own,
      ...libraries.flatMap((name) =>
        groups.third_party[name].include.map((path) => posix.join(thirdPartyFolder(name), path)),
      ),
    ]
  }
  const own = ['core', 'addon', 'grammar'].flatMap((name) => sourcesOf(groups[name], os))
  return [
    ...own,
    ...libraries.flatMap((name) => sourcesOf(groups.third_party[name], os, thirdPartyFolder(name))),
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(main(process.argv[2], process.argv[3]).join('\n'))
