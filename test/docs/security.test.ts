/** What docs/security.md says of the network, of processes and of fuzzers. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { inlineCodeOf, root } from './pages.js'

const sources = readdirSync(new URL('lib', root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(new URL(`lib/${name}`, root), 'utf8') }))

t.test('lib/ imports nothing to connect or to start processes with', (t) => {
  const forbidden =
    /\b(?:from|import|require)\b[\s(]*['"`](?:node:)?(?:http|https|http2|dns|dgram|tls|child_process|cluster)(?:\/\w+)?['"`]|\bfetch\(|\bWebSocket\b/
  for (const { name, text } of sources) t.notMatch(text, forbidden, name)
  for (const planted of ["import('node:https')", 'import "http"', "require('dns')", "from 'node:tls'"])
    t.match(planted, forbidden, 'in whatever way it is imported')
  t.end()
})

t.test('of node:net lib/ has what tells addresses apart, and the reader of named pipes', (t) => {
  const imported = sources.flatMap(({ name, text }) =>
    [...text.matchAll(/import \{ (.+) \} from 'node:net'/g)].map(([, names = '']) => `${name}: ${names}`),
  )
  for (const names of imported) t.match(names, /: isIP(v4, isIPv6)?$|^stream\/fifo\.ts: Socket$/)
  t.end()
})

/** Of packages that compile, what is not loaded into a process that detects. */
const onlyCompiling = /node-addon-api|node-gyp-build\/(bin|build-test|optional)/

function scriptsOf(modules: string): string[] {
  const names = readdirSync(new URL(`${modules}/`, root), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => /\.[cm]?js$/.test(name) && !name.includes('node_modules/'))
    .map((name) => `${modules}/${name}`)
    .filter((path) => !onlyCompiling.test(path))
    .map((path) => readFileSync(new URL(path, root), 'utf8'))
}

t.test('the page names every variable of the environment that is read', (t) => {
  const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean }>>
  }
  const named = new Set(inlineCodeOf('docs/security.md'))
  const folders = Object.keys(packages).filter((path) => path !== '' && !packages[path]?.dev)
  const texts = [...sources.map(({ text }) => text), ...folders.flatMap(scriptsOf)]
  const direct = texts.flatMap((text) =>
    [...text.matchAll(/\bprocess\.env\.(\w+)/g)].map(([, name = '']) => name),
  )
  const picked = texts.flatMap((text) => [...text.matchAll(/\{([\w, ]+)\} = process\.env\b/g)])
  const read = new Set([...direct, ...picked.flatMap(([, names = '']) => names.trim().split(', '))])
  for (const name of ['NUTHATCH_PREBUILD', 'NO_COLOR', 'LIBC']) t.ok(read.has(name), `${name} is read`)
  for (const name of read) t.ok(named.has(name), name)
  t.end()
})

t.test('the binary imports nothing to connect or to start processes with', (t) => {
  const binary = fileURLToPath(new URL('build/Release/nuthatch.node', root))
  const symbols = execFileSync('nm', ['-D', '--undefined-only', binary], { encoding: 'utf8' })
  const names = symbols
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/[ @]+/)[1] ?? '')
  t.ok(names.includes('malloc'), 'it has imports')
  t.strictSame(
    names.filter((name) =>
      /^(socket|connect|bind|listen|accept4?|sendto|getaddrinfo|gethostbyname|res_query|fork|vfork|exec[lv]p?e?|posix_spawnp?|system|popen)$/.test(
        name,
      ),
    ),
    [],
  )
  t.end()
})

t.test('fuzzers, their inputs and tests are those that there are', (t) => {
  const code = inlineCodeOf('docs/security.md')
  const paths = code.filter((path) => path.startsWith('test/'))
  t.ok(paths.some((path) => path.startsWith('test/fuzz/corpus/records/')))
  for (const path of paths) t.ok(existsSync(new URL(path, root)), path)
  const fuzzers = readdirSync(new URL('test/fuzz', root)).filter((name) => name.endsWith('.cc'))
  for (const name of fuzzers) t.ok(code.includes(name.replace('.cc', '')), name)
  for (const name of readdirSync(new URL('test/fuzz/corpus', root)))
    t.ok(fuzzers.includes(`${name}.cc`), name)
  t.end()
})
