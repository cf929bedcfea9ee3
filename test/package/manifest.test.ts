import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import t from 'tap'
import { installFor, pack, root, run, unlessAsked } from './installed.js'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

t.test('publint finds nothing', { skip: unlessAsked }, async (t) => {
  const bytes = readFileSync(pack())
  const { messages } = await publint({ pack: { tarball: new Uint8Array(bytes).buffer }, strict: true })
  t.same(messages, [])
})

// Node's require() takes what is ESM, from the versions on that we run in: see hosts.test.ts.
t.test('arethetypeswrong finds nothing but that the package is ESM', { skip: unlessAsked }, (t) => {
  const program = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  const { status, stdout } = run(root, 'node', [program, pack(), '--ignore-rules', 'cjs-resolves-to-esm'])
  t.equal(status, 0, stdout)
  t.end()
})

t.test('it brings its documents, and what compiles it', (t) => {
  const packed: readonly { readonly files: readonly { readonly path: string }[] }[] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }),
  )
  const paths = packed.flatMap(({ files }) => files.map(({ path }) => path))
  const documents = readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)
  t.ok(documents.length > 10)
  for (const path of [
    ...documents,
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'NOTICE',
    'SECURITY.md',
    'examples/fastify/server.js',
    'man/nuthatch.1',
    'sbom.cdx.json',
    'scripts/install.mjs',
  ])
    t.ok(paths.includes(path), path)
  t.same(
    paths.filter((path) => /^(test|bench|examples\/(?!fastify\/)|build|.*node_modules)\//.test(path)),
    ['bench/README.md'],
  )
  t.end()
})

t.test('it has at most six run-time dependencies', (t) => {
  t.ok(Object.keys(manifest.dependencies).length <= 6)
  t.end()
})

t.test('one script runs when it is installed', (t) => {
  const lifecycle = /^(pre|post)?(install|prepare|uninstall)$/
  t.same(
    Object.keys(manifest.scripts).filter((name) => lifecycle.test(name)),
    ['install'],
  )
  t.end()
})

t.test(
  'its binary wants only Node-API of its host, nothing that Electron forbids, and no network',
  { skip: unlessAsked },
  (t) => {
    const folder = installFor(t, 'binary')
    const prebuilds = join(folder, 'node_modules/nuthatch/prebuilds', `${process.platform}-${process.arch}`)
    const [binary = ''] = execFileSync('find', [prebuilds, '-name', '*.node'], { encoding: 'utf8' }).split(
      '\n',
    )
    const symbols = execFileSync('nm', ['--dynamic', '--undefined-only', binary], { encoding: 'utf8' })
    const names = symbols.split('\n').map((line) => line.replace(/^.* /, '').replace(/@.*/, ''))
    t.ok(names.includes('napi_create_function'))
    t.same(
      names.filter((name) => /^(EVP|X509|SSL|OPENSSL|ERR)_|^uv_|^_ZN2v8|^_ZN4node/.test(name)),
      [],
    )
    t.same(
      names.filter((name) => /^(socket|connect|sendto|getaddrinfo)$/.test(name)),
      [],
    )
    // V8's memory cage takes no memory of others.
    t.same(
      names.filter((name) => /napi_create_external_(array)?buffer/.test(name)),
      [],
    )
    t.end()
  },
)
