import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadRules } from '../../lib/detectors.js'
import { compile } from '../../lib/index.js'

const folder = 'examples/rules'
const files = readdirSync(folder).map((name) => join(folder, name))
const ruby = spawnSync('ruby', ['--version'])

t.test('every rule file is valid Ruby', { skip: ruby.error ? 'ruby is not installed' : false }, async (t) => {
  for (const file of files) {
    const { status, stderr } = spawnSync('ruby', ['-c', file], { encoding: 'utf8' })
    t.equal(status, 0, `${file} ${stderr}`)
  }
})

t.test('the examples are at least 60 detectors without a warning', async (t) => {
  const detectors = await compile(folder)
  t.ok(detectors.detectors.length >= 60, `${detectors.detectors.length} detectors`)
  t.same(detectors.warnings, [])
})

t.test('every detector says what it fires on and what it ignores, and does so', async (t) => {
  const { ruleSet } = await loadRules(folder)
  const detectors = await compile(folder)
  for (const { name, attack, examples } of ruleSet.detectors) {
    t.ok(attack.length > 0, `${name} names its technique`)
    t.ok(
      examples.some(({ kind }) => kind === 'fires_on') && examples.some(({ kind }) => kind === 'ignores'),
      name,
    )
    for (const { kind, label, event } of examples) {
      const fired = await detectors.evaluateEvents(event)
      t.equal(
        fired.some(({ detector }) => detector === name),
        kind === 'fires_on',
        `${name} ${kind} ${label}`,
      )
    }
  }
})
