// The README's table of platforms, and of which sources the binaries were that it is about. It is never typed: a hash of
// its rows stands below it.
import { createHash } from 'node:crypto'

const PLACE = /(<!-- platforms: .*-->\n)[\s\S]*(<!-- platforms end -->)/
const HEAD = ['| platform | from | size | loads | package test |', '|---|---|---|---|---|']

/**
 * @param {string} readme
 * @param {string[]} rows
 * @param {string} sources what scripts/binary-sources.mjs says
 * @returns {string} the README with this table in place of the one it has
 */
export function withTable(readme, rows, sources) {
  if (!PLACE.test(readme)) throw new Error('README.md: no place for the table of platforms')
  const table = [...HEAD, ...rows, '', trailer(sources, rows)].join('\n')
  return readme.replace(PLACE, (_, begin, end) => `${begin}${table}\n${end}`)
}

function trailer(sources, rows) {
  const hash = createHash('sha256').update(rows.join('\n')).digest('hex').slice(0, 16)
  return `Tried with binaries of the sources \`${sources}\`; the rows are \`${hash}\`.`
}

/** What is wrong with a README's table, if these are the sources. */
export function tableProblem(readme, sources) {
  const [table = ''] = PLACE.exec(readme) ?? []
  const [line, tried] = /^Tried with binaries of the sources `([0-9a-f]+)`.*$/m.exec(table) ?? []
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !HEAD.includes(line))
  if (line && line !== trailer(tried, rows))
    return 'the table of platforms is not as it was written: run `npm run matrix`'
  if (tried === sources) return undefined
  return `the table of platforms is of ${tried ?? 'unknown'} sources, and these are ${sources}: run \`npm run matrix\``
}
