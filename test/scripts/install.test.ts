import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const scripts = fileURLToPath(new URL('../../scripts', import.meta.url))

// What is in the package: test/package/package.test.ts.
t.test(
  'in a checkout, as npm makes one of git+https://…, it says what to do, and tries nothing else',
  (t) => {
    const checkout = t.testdir({ 'package.json': '{ "name": "nuthatch", "type": "module" }' })
    mkdirSync(join(checkout, 'scripts'))
    for (const name of readdirSync(scripts).filter((name) => name.endsWith('.mjs')))
      copyFileSync(join(scripts, name), join(checkout, 'scripts', name))
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/install.mjs'], {
      cwd: checkout,
      encoding: 'utf8',
    })
    t.equal(status, 1)
    t.equal(stdout, '')
    t.match(stderr, /^This is a checkout of Nuthatch, which npm cannot install/)
    t.match(stderr, 'npm ci && npm run prebuild && npm pack')
    t.notMatch(stderr, /Compil|NUTHATCH_|ERR_/)
    t.end()
  },
)
