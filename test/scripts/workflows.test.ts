/** The workflows have never run: what can be held against this checkout is. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = `${root}.github/workflows/`
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

for (const name of readdirSync(folder)) {
  const text = readFileSync(folder + name, 'utf8')
  t.test(name, (t) => {
    t.match(text, /^# Never run: /)
    for (const [, action] of text.matchAll(/uses: (.+)/g))
      t.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, 'pinned')
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) t.ok(script in scripts, script)
    for (const [, path = ''] of text.matchAll(/\b(?:sh|bash) (?:\.\.\/)?([\w./-]+)/g))
      t.ok(existsSync(root + path), path)
    t.end()
  })
}

t.test('only publishing may write, and only an identity', (t) => {
  const text = readdirSync(folder).map((name) => readFileSync(folder + name, 'utf8'))
  t.same(text.join('').match(/[\w-]+: write/g), ['id-token: write'])
  t.end()
})
