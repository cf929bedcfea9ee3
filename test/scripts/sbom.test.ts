import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import t from 'tap'
import { components } from '../../scripts/components.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const sbom = JSON.parse(read('sbom.cdx.json'))
const purls: readonly string[] = sbom.components.map(({ purl }: { readonly purl: string }) => purl)
const vendored: Readonly<Record<string, { readonly license: string; readonly package: string }>> = JSON.parse(
  read('native/sources.json'),
).third_party

t.test('is CycloneDX 1.6 by its schema', async (t) => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
  t.equal(await validator.validate(read('sbom.cdx.json')), null)
  t.not(await validator.validate(JSON.stringify({ ...sbom, bomFormat: 'none' })), null, 'it would complain')
})

t.test('names what npm installs with the package, and nothing else of npm', (t) => {
  interface Tree {
    readonly version: string
    readonly dependencies?: Readonly<Record<string, Tree>>
  }
  const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--json', '--package-lock-only'], {
    cwd: root,
  })
  const namesOf = ({ dependencies = {} }: Tree): string[] =>
    Object.entries(dependencies).flatMap(([name, tree]) => [
      `pkg:npm/${name}@${tree.version}`,
      ...namesOf(tree),
    ])
  const installed = [...new Set(namesOf(JSON.parse(listed.toString())))].sort()
  const compiled = components().map(({ purl }) => purl)
  t.same(
    purls
      .filter((purl) => purl.startsWith('pkg:npm/') && (installed.includes(purl) || !compiled.includes(purl)))
      .sort(),
    installed,
  )
  t.end()
})

t.test('every library that is compiled in is named, with its licence, here and in NOTICE', (t) => {
  const notice = read('NOTICE')
  for (const { name, purl, license, version } of components()) {
    t.ok(version, name)
    t.ok(purls.includes(purl), name)
    t.match(notice, new RegExp(`^ +${name.replaceAll('+', '\\+')} +${license.replaceAll('+', '\\+')}: `, 'm'))
  }
  const files = components().flatMap(({ texts = [] }) =>
    texts.flatMap((text) => ('file' in text ? [text.file] : [])),
  )
  for (const [name, library] of Object.entries(vendored))
    t.ok(files.includes(`node_modules/${library.package}/${library.license}`), name)
  for (const file of files) t.ok(existsSync(`${root}${file}`), file)
  t.end()
})

t.test('every dependency that is named is a component', (t) => {
  const refs = new Set(sbom.components.map((component: { 'bom-ref': string }) => component['bom-ref']))
  for (const { dependsOn = [] } of sbom.dependencies as { readonly dependsOn?: readonly string[] }[])
    for (const ref of dependsOn) t.ok(refs.has(ref), ref)
  const main = sbom.dependencies.find(({ ref }: { readonly ref: string }) =>
    ref.startsWith('pkg:npm/nuthatch@'),
  )
  t.equal(
    main.dependsOn.length,
    new Set([
      ...Object.keys(JSON.parse(read('package.json')).dependencies),
      ...components().map((c) => c.name),
    ]).size,
  )
  t.end()
})

t.test('of the compiler of published binaries, and what it links in, the versions are told', async (t) => {
  const { version } = JSON.parse(read('sbom.cdx.json')).components.find(
    ({ name }: { readonly name: string }) => name === 'Zig',
  )
  t.match(read('scripts/zig.txt'), new RegExp(`^ziglang==${version} \\\\$`, 'm'))
  t.equal(read('scripts/zig.txt').match(/--hash=sha256:[0-9a-f]{64}\b/g)?.length, 2, 'for x64 and for arm64')
  t.match(read('scripts/cross-build.mjs'), /'--require-hashes'/)
  for (const name of ['Zig', 'LLVM run-time libraries', 'mingw-w64'])
    t.match(read('NOTICE'), new RegExp(`^-+\\n${name} \\d+\\.\\d+\\.\\d+$`, 'm'), name)
})

t.test('a Zig that links in other versions is refused', async (t) => {
  const { checkLinkedIn } = await import(new URL('../../scripts/cross-build.mjs', import.meta.url).href)
  const versionOf = (name: string) =>
    sbom.components.find((component: { readonly name: string }) => component.name === name).version.split('.')
  const zig = (llvm: readonly string[], mingw: readonly string[]) => {
    const [major, minor, patch] = llvm.map((number) => number.padStart(2, '0'))
    const define = (name: string, i: number) => `#define __MINGW64_VERSION_${name} ${mingw[i]}\n`
    return t.testdir({
      'lib/libcxx/include': { __config: `#  define _LIBCPP_VERSION ${major}${minor}${patch}\n` },
      'lib/libc/include/any-windows-any': {
        '_mingw_mac.h': ['MAJOR', 'MINOR', 'BUGFIX'].map(define).join(''),
      },
    })
  }
  const [llvm, mingw] = [versionOf('LLVM run-time libraries'), versionOf('mingw-w64')]
  checkLinkedIn(zig(llvm, mingw))
  t.throws(() => checkLinkedIn(zig(['99', '1', '0'], mingw)), {
    message: /^LLVM_VERSION .* but this Zig has 99\.1\.0$/,
  })
  t.throws(() => checkLinkedIn(zig(llvm, ['99', '0', '1'])), {
    message: /^MINGW_VERSION .* but this Zig has 99\.0\.1$/,
  })
})
