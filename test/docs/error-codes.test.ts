import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { readPage, root } from './pages.js'

/** As the sources write a code: between quotes, or at the beginning of a message for people. */
const codePattern = /['"`](?:error )?(NUTHATCH_[A-Z0-9_]*[A-Z0-9])(?:['"`]|: )/g

/** Of the environment, not of errors. */
const variables = new Set(['NUTHATCH_DEBUG', 'NUTHATCH_PREBUILD'])

/** The tables that the page is made of: a code that stands there alone is of no error. */
const tables = ['lib/error-codes.ts', 'lib/language/diagnostic-codes.ts']

function codesInSources(): Set<string> {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'lib', 'native'], {
    cwd: root,
    encoding: 'utf8',
  })
  const sources = listed.split('\n').filter((path) => /\.(ts|cc|h)$/.test(path) && !tables.includes(path))
  const text = sources.map((path) => readFileSync(new URL(path, root), 'utf8')).join('\n')
  const codes = [...text.matchAll(codePattern)].map(([, code = '']) => code)
  return new Set(codes.filter((code) => !variables.has(code)))
}

t.test('every code of the sources is listed in docs/troubleshooting.md, and no other', (t) => {
  const page = readPage('docs/troubleshooting.md')
  const listed = new Set([...page.matchAll(/^(?:\| )?`(NUTHATCH_\w+)`/gm)].map(([, code = '']) => code))
  const used = codesInSources()
  t.ok(used.size > 150, 'the sources have codes')
  t.strictSame(
    [...used].filter((code) => !listed.has(code)),
    [],
    'in the sources, but not listed: add it to lib/error-codes.ts',
  )
  t.strictSame(
    [...listed].filter((code) => !used.has(code)),
    [],
    'listed, but gone: take it out',
  )
  t.end()
})

t.test('docs/image.md says what each anomaly of an image is', (t) => {
  const page = readPage('docs/image.md')
  const anomalies = [...codesInSources()].filter((code) => code.startsWith('NUTHATCH_PE_'))
  t.strictSame(
    anomalies.filter((code) => !page.includes(code)),
    [],
  )
  t.end()
})
