import { chmodSync, copyFileSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { backendOptions } from '../../../lib/cli/verify.js'
import { nuthatch, shell, unprivileged } from './nuthatch.js'

const fixtures = fileURLToPath(new URL('../../fixtures/authenticode/', import.meta.url))
const cwd = t.testdir({
  apps: { below: {}, '.hidden': {} },
  catalogs: {},
  'roots.pem': readFileSync(join(fixtures, 'root.pem')),
})
const copy = (name: string, to: string) => copyFileSync(join(fixtures, name), join(cwd, to))
copy('signed.exe', 'apps/signed.exe')
copy('unsigned.exe', 'apps/below/unsigned.exe')
copy('untrusted.exe', 'apps/.hidden/untrusted.exe')
copy('superseded.exe', 'superseded.exe')
copy('nested.exe', 'nested.exe')
copy('root.crl', 'root.crl')
copy('v2.cat', 'catalogs/v2.cat')

const verify = (...args: string[]) =>
  nuthatch(['verify', '--roots', 'roots.pem', '--time', '2030-01-01', ...args], { cwd })

t.test('a file, for people', async (t) => {
  const { stdout, stderr, code } = await verify('--', 'nested.exe')
  t.equal(stderr, '')
  t.equal(code, 0)
  t.match(stdout, /^nested\.exe: trusted \(0x00000000\)\n {2}file +image, 6\.\d kB\n/)
  t.match(stdout, /\nsignature\n {2}status +trusted\n {2}digest +sha256 [0-9a-f]{64}\n/)
  t.match(
    stdout,
    / {2}signer +C=NL,O=Nuthatch\\, Inc\.,CN=Test signer\n +serial [0-9a-f]+, thumbprint [0-9a-f]{40}\n/,
  )
  t.match(stdout, /\nnested signature 1\n {2}status +untrustedRoot: the chain ends at a root that is none/)
  t.match(stdout, /\nnested signature 2\n/)
  t.match(stdout, / {2}timestamp +2018-06-01T00:00:00\.000Z \(rfc3161\)\n {13}trusted\n {2}authority +C=NL/)
})

t.test('a folder, a line a file, by name and with hidden ones', async (t) => {
  const { stdout, stderr, code } = await verify('--', 'apps')
  t.equal(code, 1)
  t.equal(
    stdout,
    [
      `untrustedRoot    ${join('apps', '.hidden', 'untrusted.exe')} — Test rogue: the chain ends at a root that is none of the roots given`,
      `unsigned         ${join('apps', 'below', 'unsigned.exe')}: it bears no signature`,
      `trusted          ${join('apps', 'signed.exe')} — Test signer`,
      '',
    ].join('\n'),
  )
  const [counts, cache] = stderr.split('\n')
  t.equal(counts, '3 files, 1 untrustedRoot, 1 unsigned, 1 trusted')
  t.match(
    cache,
    /^signatures: 0 hits, 3 misses, 0 coalesced; 0 under way, 0 dropped, 0 timed out; [\d./ ]+ ms /,
  )
})

t.test('a link to a folder stands for it when it is named, and for nothing in a folder', async (t) => {
  const cwd = t.testdir({ below: {} })
  copyFileSync(join(fixtures, 'signed.exe'), join(cwd, 'below/signed.exe'))
  symlinkSync(fixtures, join(cwd, 'below/elsewhere'))
  symlinkSync(join(cwd, 'below'), join(cwd, 'link'))
  const roots = join(fixtures, 'root.pem')
  const { stdout } = await nuthatch(['verify', '--roots', roots, '--time', '2030-01-01', '--', 'link'], {
    cwd,
  })
  t.equal(stdout, `trusted          ${join('link', 'signed.exe')} — Test signer\n`)
})

t.test('files and folders that may not be read', async (t) => {
  const cwd = t.testdir({ shut: {} })
  copyFileSync(join(fixtures, 'signed.exe'), join(cwd, 'denied.exe'))
  copyFileSync(join(fixtures, 'signed.exe'), join(cwd, 'shut/a.exe'))
  for (const name of ['denied.exe', 'shut']) chmodSync(join(cwd, name), 0)
  const files = ['denied.exe', 'shut/a.exe', 'gone.exe']
  const roots = join(fixtures, 'root.pem')
  const verify = unprivileged(['verify', '--roots', roots, '--', ...files], cwd)
  const { stdout, code } = await verify.finally(() => chmodSync(join(cwd, 'shut'), 0o755))
  t.equal(code, 1)
  t.equal(
    stdout,
    [
      'permissionDenied denied.exe: no permission to read it',
      'permissionDenied shut/a.exe: no permission to read it',
      'fileGone         gone.exe: there is no such file',
      '',
    ].join('\n'),
  )
})

t.test('a folder that may not be read, below one whose files are all trusted', async (t) => {
  const cwd = t.testdir({ apps: { shut: {} } })
  copyFileSync(join(fixtures, 'signed.exe'), join(cwd, 'apps/signed.exe'))
  const roots = join(fixtures, 'root.pem')
  const run = () => unprivileged(['verify', '--roots', roots, '--time', '2030-01-01', '--', 'apps'], cwd)
  t.equal((await run()).code, 0)
  chmodSync(join(cwd, 'apps/shut'), 0)
  const { stdout, stderr, code } = await run().finally(() => chmodSync(join(cwd, 'apps/shut'), 0o755))
  t.equal(stdout, `trusted          ${join('apps', 'signed.exe')} — Test signer\n`)
  t.match(stderr, /^error NUTHATCH_INPUT_UNREADABLE: apps.shut: /m)
  t.equal(code, 1)
})

t.test('names that are not UTF-8', { skip: process.platform !== 'linux' }, async (t) => {
  const odd = 'roots="$PWD"/roots.pem; mkdir odd; cd odd; cp ../apps/signed.exe $\'a\\xff.exe\';'
  const run = (paths: string) =>
    shell(`${odd} nuthatch verify --roots "$roots" --time 2030-01-01 -- ${paths}; cd ..; rm -r odd`, cwd)
  const below = await run('.')
  t.equal(below.stdout, 'trusted          a\uFFFD.exe — Test signer\n')
  const given = await run("$'a\\xff.exe' a")
  t.match(given.stderr, /^error NUTHATCH_PATH_NOT_UTF8: a\uFFFD\.exe: .* give the folder that it is in$/m)
  t.match(given.stdout, /^fileGone {9}a: there is no such file/, 'the others are verified')
})

t.test('as JSON', async (t) => {
  const { stdout, code } = await verify('--json', '--catalogs', 'catalogs', '--', 'apps', 'none.exe')
  t.equal(code, 1)
  const verdicts = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  t.match(verdicts, [
    {
      status: 'untrustedRoot',
      source: 'embedded',
      signatures: [{ status: 'untrustedRoot', hresult: '0x800b0109' }],
      catalogs: [],
    },
    {
      status: 'trusted',
      source: 'catalog',
      signer: 'Test signer',
      catalogs: [{ path: join('catalogs', 'v2.cat') }],
    },
    { status: 'trusted', source: 'embedded' },
    { path: 'none.exe', status: 'fileGone', hresult: '0x80070002' },
  ])
})

t.test('revocation lists, times, and what --strict refuses', async (t) => {
  t.equal((await verify('--', 'superseded.exe')).code, 0)
  const { stdout, code } = await verify('--crl', 'root.crl', '--', 'superseded.exe')
  t.match(stdout, /^superseded\.exe: revoked, "Test superseded" has been revoked \(0x800b010c\)/)
  t.equal(code, 1)
  t.equal((await verify('--strict', '--deadline', '60', '--', 'apps/signed.exe')).code, 0)
  t.match((await verify('--time', '2039-06-01T12:00:00Z', '--', 'apps/signed.exe')).stdout, /: expired, /)
})

t.test('page hashes are told', async (t) => {
  copy('pages.exe', 'pages.exe')
  t.match((await verify('--', 'pages.exe')).stdout, /\n {2}pages +match\n/)
})

t.test('by which digest a catalog has a file, and --strict refuses SHA-1', async (t) => {
  const cwd = t.testdir({ old: {} })
  copyFileSync(join(fixtures, 'v1.cat'), join(cwd, 'old/v1.cat'))
  copyFileSync(join(fixtures, 'unsigned.exe'), join(cwd, 'unsigned.exe'))
  const roots = join(fixtures, 'root.pem')
  const options = ['--roots', roots, '--catalogs', 'old', '--time', '2030-01-01']
  const told = await nuthatch(['verify', ...options, '--', 'unsigned.exe'], { cwd })
  t.equal(told.code, 0)
  t.match(told.stdout, /\ncatalog old.v1\.cat\n {2}status +trusted\n {2}digest +sha1\n {2}weak +SHA-1 or MD5/)
  const refused = await nuthatch(['verify', ...options, '--strict', '--', 'unsigned.exe'], { cwd })
  t.equal(refused.code, 1)
  t.match(refused.stdout, /^unsigned\.exe: weak, the catalog has the file only by .* \(0x80096010\)\n/)
})

t.test('how long a file may take counts in seconds from its own turn', (t) => {
  const given = { backend: 'portable', roots: ['a'], crl: [], catalogs: [], color: false } as const
  const backend = { backend: 'portable', roots: ['a'], crls: [], catalogs: [], pageHashes: true }
  t.same(backendOptions(given), { ...backend, deadlineFrom: 'start' })
  t.same(backendOptions({ ...given, deadline: 3, threads: 2, strict: true }), {
    ...backend,
    deadlineFrom: 'start',
    deadline: 3000,
    threads: 2,
    rejectSha1: true,
    rejectCertPadding: true,
  })
  t.end()
})

t.test('what is wrong with a call is told', async (t) => {
  const without = await nuthatch(['verify', 'apps'], { cwd })
  t.equal(without.code, 2)
  t.match(without.stderr, /error NUTHATCH_ROOTS_MISSING: /)
  t.match(without.stderr, /no roots to trust: name files or folders of certificates with --roots/)
  const never = await verify('--time', '2026-02-30', '--', 'apps')
  t.same({ code: never.code, stdout: never.stdout }, { code: 2, stdout: '' })
  t.match(never.stderr, /--time.*'2026-02-30' is invalid\. It must be a time that exists/)
  const { stderr, code } = await nuthatch(['verify', '--roots', 'root.crl', '--', 'apps'], { cwd })
  t.equal(code, 1)
  t.match(stderr, /error NUTHATCH_ROOTS_INVALID/)
  t.match((await nuthatch(['verify', '--help'], { cwd })).stdout, /No roots come with Nuthatch/)
})

t.test('Windows as the backend takes no roots, and is not had elsewhere', async (t) => {
  const given = await nuthatch(
    ['verify', '--backend', 'wintrust', '--roots', 'roots.pem', '--', 'nested.exe'],
    { cwd },
  )
  t.equal(given.code, 2)
  t.match(given.stderr, /NUTHATCH_INVALID_OPTION: .*for --roots add --backend portable/)
  const missing = await nuthatch(['verify', '--backend', 'wintrust', '--', 'nested.exe'], { cwd })
  t.match(missing.stderr, /NUTHATCH_WINTRUST_UNAVAILABLE/)
})

t.test('a reader that has gone is no error', async (t) => {
  const { stdout, stderr } = await shell('nuthatch verify --roots roots.pem --json -- apps | head -n 1', cwd)
  t.equal(stdout.split('\n').length, 2)
  t.notMatch(stderr, /error|EPIPE/)
})
