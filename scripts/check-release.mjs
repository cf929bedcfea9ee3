// Whether this checkout can be released, for it tells the truth about itself then:
//   node scripts/check-release.mjs [v1.2.3]      the tag, if there is one already
// A line for each thing that is wrong, and then it ends with 1.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourcesHash } from './binary-sources.mjs'
import { tableProblem } from './platform-table.mjs'

/** What no page may say that users get. */
const UNTRUE_ONCE_RELEASED = [
  "not in npm's registry yet",
  'not yet released',
  'not released yet',
  'not yet published',
  'not published yet',
  'not on a forge yet',
  'never run yet',
  'has not been published',
  'until it is published',
  'has ever run',
]

function changelogProblems(changelog, version) {
  const heading = changelog.split('\n').find((line) => line.startsWith(`## [${version}]`))
  if (!heading) return [`CHANGELOG.md: has no section of ${version}`]
  const [, date] = /\] - (\d{4}-\d\d-\d\d)$/.exec(heading) ?? []
  return date && !Number.isNaN(Date.parse(date)) ? [] : [`CHANGELOG.md: ${version} has no date: ${heading}`]
}

function pageProblems(path, text) {
  return UNTRUE_ONCE_RELEASED.flatMap((words) =>
    [...text.matchAll(new RegExp(words.replaceAll(' ', '\\s+'), 'gi'))].map(({ index }) => {
      const line = text.slice(0, index).split('\n').length
      return `${path}:${line}: says "${words}"`
    }),
  )
}

function pages(root) {
  const below = ['docs', 'examples', 'grammar'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((path) => `${folder}/${path}`),
  )
  return [...readdirSync(root), ...below].filter((path) => path.endsWith('.md')).sort()
}

/** @returns {string[]} all that is wrong with the checkout at `root` */
function problems(root, tag) {
  const read = (path) => readFileSync(join(root, path), 'utf8')
  const { version } = JSON.parse(read('package.json'))
  const table = tableProblem(read('README.md'), sourcesHash(root))
  return [
    ...(tag && tag !== `v${version}` ? [`package.json: is of ${version}, but the tag is ${tag}`] : []),
    ...changelogProblems(read('CHANGELOG.md'), version),
    ...(table ? [`README.md: ${table}`] : []),
    ...pages(root).flatMap((path) => pageProblems(path, read(path))),
  ]
}

const found = problems(fileURLToPath(new URL('..', import.meta.url)), process.argv[2])
for (const problem of found) console.error(problem)
if (found.length > 0) process.exitCode = 1
else console.log('it can be released')
