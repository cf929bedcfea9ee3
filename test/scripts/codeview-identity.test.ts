import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readImage } from '../../lib/index.js'

const script = new URL('../../scripts/codeview-identity.mjs', import.meta.url)
const { identify } = await import(script.href)
const skip = spawnSync('lld-link-14', ['--version']).error && 'needs clang-14 and lld-14'

function link(folder: string) {
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder })
  writeFileSync(join(folder, 'a.c'), 'int f(int x) { return x; }\n')
  run('clang-14', '--target=x86_64-pc-windows-msvc', '-g', '-gcodeview', '-c', 'a.c')
  run('lld-link-14', '/dll', '/noentry', '/debug', '/pdbaltpath:a.pdb', '/export:f', '/Brepro', 'a.o')
  return { image: join(folder, 'a.dll'), pdb: join(folder, 'a.pdb') }
}

t.test(
  'an image is the same bytes wherever it was linked, and its PDB is still its own',
  { skip },
  async (t) => {
    const folder = t.testdir({ a: {}, 'another folder': {} })
    const one = link(join(folder, 'a'))
    const other = link(join(folder, 'another folder'))
    const linked = readFileSync(one.image)
    t.notSame(linked, readFileSync(other.image), 'this is what is mended')
    identify(one.image, one.pdb)
    identify(other.image, other.pdb)
    const image = readFileSync(one.image)
    t.same(image, readFileSync(other.image))
    t.equal(image.length, linked.length)
    const { guid } = (await readImage(one.image)).pdb ?? {}
    const summary = execFileSync('llvm-pdbutil-14', ['dump', '-summary', one.pdb], { encoding: 'utf8' })
    t.match(summary.toLowerCase(), `guid: {${guid}}`)
  },
)

t.test('what does not belong together is refused, and stays as it was', { skip }, (t) => {
  const { image } = link(t.testdir({}))
  const before = readFileSync(image)
  const pdb = join(t.testdirName, 'other.pdb')
  writeFileSync(pdb, 'no PDB of it')
  t.throws(() => identify(image, pdb), { message: /other\.pdb is not the PDB of/ })
  t.same(readFileSync(image), before)
  t.end()
})
