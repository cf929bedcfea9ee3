/**
 * The checks, case by case: checks/*.txt say what each accepts and what it says to what it refuses,
 * one file a check (see corpus.ts for their form).
 */
import { readdirSync } from 'node:fs'
import t from 'tap'
import { diagnosticCodes } from '../../../lib/language/diagnostic-codes.js'
import { diagnose, readCases } from './corpus.js'

const namesIn = (folder: URL, extension: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .map((name) => name.slice(0, -extension.length))
    .sort()

const corpus = new URL('checks/', import.meta.url)
const names = namesIn(corpus, '.txt')

for (const name of names) {
  const cases = readCases(new URL(`${name}.txt`, corpus))
  t.test(name, async (t) => {
    for (const { title, files, expected } of cases) t.equal(diagnose(files), expected, title)
    t.ok(
      cases.some(({ expected }) => expected === ''),
      'has a case without a complaint',
    )
    t.ok(
      cases.some(({ expected }) => expected !== ''),
      'has a case with one',
    )
  })
}

t.test('every check has its cases', async (t) => {
  const sources = new URL('../../../lib/language/checks/', import.meta.url)
  // Part of another check, with whose cases it goes.
  const parts = ['missing-token', 'regex-constructs', 'syntax-slips']
  t.strictSame(
    names,
    namesIn(sources, '.ts').filter((name) => !parts.includes(name)),
  )
})

t.test('every diagnostic occurs in a case, or is told below why not', async (t) => {
  // Of files as a whole, which rule-files.test.ts makes: they are no text, or too long for a case.
  const elsewhere = /^NUTHATCH_(RULE_FILE_(?!EMPTY)|MORE_|NESTING_TOO_DEEP|CONDITION_TOO_LARGE)/
  const said = names
    .flatMap((name) => readCases(new URL(`${name}.txt`, corpus)))
    .map(({ expected }) => expected)
  const seen = new Set(said.join('\n').match(/\bNUTHATCH_\w+/g))
  const all = Object.keys(diagnosticCodes).filter((code) => !elsewhere.test(code))
  t.strictSame(
    all.filter((code) => !seen.has(code)),
    [],
  )
})
