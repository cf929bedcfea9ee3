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

/** Every source in a group of sources.json, of all platforms. */
export const allSources = ({ sources, sources_posix = [], sources_win = [] }) => [
  ...sources,
  ...sources_posix,
  ...sources_win,
]

function main(what, os) {
  const forPlatform = ({ sources, sources_posix = [], sources_win = [] }) => [
    ...sources,
    ...(os === 'win' ? sources_win : sources_posix),
  ]
  const { core, addon, grammar, third_party } = groups
  const own = {
    include: ['native', ...grammar.include],
    sources: [core, addon, grammar].flatMap(forPlatform),
  }
  const libraries = Object.entries(third_party).flatMap(([name, library]) => {
    const paths = what === 'include' ? library.include : forPlatform(library)
    return paths.map((path) => posix.join(thirdPartyFolder(name), path))
  })
  return [...own[what], ...libraries]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(main(process.argv[2], process.argv[3]).join('\n'))
}
