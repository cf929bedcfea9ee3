import { readFileSync } from 'node:fs'
import t from 'tap'
import { readPage, root } from './pages.js'

t.test('docs/dependencies.md lists the run-time dependencies, which are six at most', (t) => {
  const { dependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>
  }
  const rows = [...readPage('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| (.*) \|$/gm)]
  const listed = rows.map(([, name = '']) => name)
  t.strictSame(listed.toSorted(), Object.keys(dependencies).toSorted())
  t.ok(listed.length <= 6)
  for (const [, name, reason = ''] of rows) t.ok(reason.length > 20, `${name} has a reason`)
  t.end()
})
