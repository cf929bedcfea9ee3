/** Which files nuthatch.node is made of: those that are compiled, and those that a binary's debug information names. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

interface Group {
  readonly sources: readonly string[]
  readonly sources_posix?: readonly string[]
  readonly sources_win?: readonly string[]
  readonly include?: readonly string[]
}
interface Library extends Group {
  readonly package: string
  readonly root: string
}
const {
  third_party,
  ...own
}: Readonly<Record<string, Group>> & {
  readonly third_party: Readonly<Record<string, Library>>
} = JSON.parse(readFileSync(`${root}native/sources.json`, 'utf8'))
const sourcesOf = ({ sources, sources_posix = [], sources_win = [] }: Group) => [
  ...sources,
  ...sources_posix,
  ...sources_win,
]

/** All sources of all platforms, and what they include but for the systems' headers; from the root of the repository. */
export function compiledFiles(): string[] {
  const groups = Object.values(own as Readonly<Record<string, Group>>)
  const libraries = Object.values(third_party).map((library) => ({
    ...library,
    folder: `node_modules/${library.package}/${library.root}`,
  }))
  const found = new Set([
    ...groups.flatMap(sourcesOf),
    ...libraries.flatMap((library) => sourcesOf(library).map((path) => posix.join(library.folder, path))),
  ])
  const folders = [
    ...['native', 'node_modules/node-addon-api', 'node_modules/node-api-headers/include'],
    ...groups.flatMap(({ include = [] }) => include),
    ...libraries.flatMap(({ folder, include = [] }) => include.map((path) => posix.join(folder, path))),
  ]
  for (const path of found)
    for (const [, name = ''] of readFileSync(root + path, 'utf8').matchAll(
      /^\s*#\s*include\s+["<]([^">]+)/gm,
    )) {
      const places = [posix.dirname(path), ...folders].map((folder) => posix.join(folder, name))
      const included = places.find((place) => existsSync(root + place))
      if (included) found.add(included)
    }
  return [...found]
}

/** Zig's lib/, if it is installed. */
export const zigFolder = ['build/zig/lib']
  .flatMap((folder) =>
    existsSync(root + folder) ? readdirSync(root + folder).map((name) => `${folder}/${name}`) : [],
  )
  .map((python) => `${root}${python}/site-packages/ziglang/lib/`)
  .find(existsSync)

/** Where what a component says is (scripts/components.ts), or a path from the root of the repository. */
export const placeOf = (path: string) =>
  path.startsWith('zig:') ? `${zigFolder}${path.slice('zig:'.length)}` : root + path

/** Binaries with symbols, but for macOS', whose debug information stays in its object files. */
export const binariesWithSymbols = [
  'linux-x64-glibc',
  'linux-x64-musl',
  'linux-arm64-glibc',
  'linux-arm64-musl',
]
  .map((name) => `build/symbols/${name}/nuthatch.node`)
  .concat(['win32-x64', 'win32-arm64'].map((name) => `build/symbols/${name}/nuthatch.pdb`))
  .filter((path) => existsSync(root + path))

export const noSymbols =
  zigFolder === undefined || binariesWithSymbols.length === 0
    ? 'nothing was built with `npm run prebuild -- --all`'
    : spawnSync('llvm-dwarfdump-14', ['--version']).error
      ? 'llvm-14 is not installed'
      : false

const output = (...[command, ...args]: [string, ...string[]]) =>
  execFileSync(command, args, { cwd: root, encoding: 'latin1', maxBuffer: 2 ** 30 })

/** Of the line tables, whose folders and files have numbers. */
function filesOfElf(path: string): string[] {
  const tables = output('llvm-dwarfdump-14', '--debug-line', path)
    .split(/^debug_line\[/m)
    .slice(1)
  return tables.flatMap((table) => {
    const folders = new Map(
      [...table.matchAll(/^include_directories\[ *(\d+)\] = "(.*)"/gm)].map(([, i, name]) => [i, name]),
    )
    const names = table.matchAll(/^ +name: "(.*)"\n +dir_index: (\d+)/gm)
    return [...names].map(([, name = '', i]) => posix.join(folders.get(i) ?? '', name))
  })
}

const filesOfPdb = (path: string) =>
  [...output('llvm-pdbutil-14', 'dump', '--files', path).matchAll(/^- \(.*?\) (.*)/gm)].map(
    ([, name = '']) => name,
  )

/** The files that a binary's code is from, as components name them; `path` is one of the above. */
export function filesIn(path: string): string[] {
  const named = path.endsWith('.pdb') ? filesOfPdb(path) : filesOfElf(path)
  const files = named.map((name) => {
    const [, ofZig] = /\/ziglang\/lib\/(.*)/.exec(name) ?? []
    const path = posix.normalize((ofZig ?? name).replace(root, '').replace(/^\//, ''))
    // Zig's own sources are named from its lib/, too.
    return !ofZig && /^(native|grammar|node_modules)\//.test(path) ? path : `zig:${path}`
  })
  return [...new Set(files)].filter((name) => !/[:/](builtin\.zig|<stdin>)$/.test(name)) // which Zig writes
}
