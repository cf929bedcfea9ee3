import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { inlineCodeOf, readPage, root } from './pages.js'

const stages = ['enrich', 'etw', 'evaluate', 'image', 'language', 'live', 'telemetry', 'trace', 'trust']

/** Of the stages, those that `stage` includes headers of. */
function includedBy(stage: string): string[] {
  const folder = new URL(`native/${stage}/`, root)
  const text = readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n')
  const included = new Set([...text.matchAll(/^#include "(\w+)\//gm)].map(([, name = '']) => name))
  return stages.filter((name) => name !== stage && included.has(name))
}

t.test('docs/design.md says which stages use which', (t) => {
  const page = readPage('docs/design.md')
  const said = Object.fromEntries(
    [...page.matchAll(/`(\w+)` uses ((?:`\w+`(?:, | and )?)+)/g)].map(([, stage = '', used = '']) => [
      stage,
      used.match(/\w+(?=`)/g) ?? [],
    ]),
  )
  for (const stage of stages) t.strictSame(said[stage] ?? [], includedBy(stage), stage)
  t.end()
})

t.test('folders that docs/design.md names are there', (t) => {
  for (const path of inlineCodeOf('docs/design.md').filter((code) => /^(lib|native)\/\w+$/.test(code)))
    t.ok(existsSync(new URL(path, root)), path)
  t.end()
})
