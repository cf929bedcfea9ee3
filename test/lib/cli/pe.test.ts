import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { images } from '../image/images.js'
import { nuthatch, shell } from './nuthatch.js'

const cwd = t.testdir({ mixed: { 'readme.txt': 'no image' }, 'no.exe': 'no image' })
mkdirSync(join(cwd, 'images'))
for (const name of ['x64.dll', 'x86-overlay.dll', 'clr.exe']) {
  cpSync(join(images, name), join(cwd, 'images', name))
  cpSync(join(images, name), join(cwd, 'mixed', name))
}

t.test('for people', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['pe', 'images/x64.dll'], { cwd })
  t.equal(stderr, '')
  t.equal(code, 0)
  for (const line of [
    /^images\/x64\.dll: x64 DLL for console, 2.0 kB$/m,
    /^ {2}built +reproducibly: 0x5f5e1000 is a hash$/m,
    /^ {2}sha256 +[0-9a-f]{64} of the file\n +[0-9a-f]{64} of the image$/m,
    /^ {2}checksum +none, should be 0x[0-9a-f]+$/m,
    /^ {2}protected +ASLR, high-entropy ASLR, NX, CET$/m,
    /^ {2}version +file 1\.2\.3\.4, product 5\.6\.7\.8\n +CompanyName: A company$/m,
    /^ {2}pdb +C:\\build\\a\.pdb \{3d6fa8d0-.*\}, age 3$/m,
    /^ {2}imports +KERNEL32\.dll: LoadLibraryA, GetProcAddress\n +WS2_32\.dll: WSAStartup$/m,
    /^ {2}delayed +late\.dll: Later, #3$/m,
    /^ {2}exports +old-name\.dll: Own, #6, Heap \(in NTDLL\.RtlAllocateHeap\)$/m,
    /^ {2}\.data +rw- +0x1000 +[\d,]+ +0x400 +[\d,]+ +\d\.\d\d$/m,
  ])
    t.match(stdout, line)
  const clr = await nuthatch(['pe', 'images/clr.exe'], { cwd })
  t.match(clr.stdout, /^ {2}\.net +v4\.0\.30319, IL only, 32 bits preferred$/m)
})

t.test('as JSON, a line for each of several files and folders', async (t) => {
  const { stdout, code } = await nuthatch(['pe', '--json', 'images', 'mixed/x64.dll'], { cwd })
  t.equal(code, 0)
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.same(
    lines.map(({ path }) => path),
    [
      join('images', 'clr.exe'),
      join('images', 'x64.dll'),
      join('images', 'x86-overlay.dll'),
      'mixed/x64.dll',
    ],
  )
  t.match(lines[1], { machine: 'x64', hashes: { sha256: {} }, imports: [{ name: 'KERNEL32.dll' }, {}] })
  t.type(lines[1].sections[0].entropy, 'number')
})

t.test('headers only', async (t) => {
  const { stdout } = await nuthatch(['pe', '--json', '--headers', 'images/x64.dll'], { cwd })
  t.notOk('imports' in JSON.parse(stdout))
})

t.test('what is no PE file is an error where it is named, and passed over in a folder', async (t) => {
  const named = await nuthatch(['pe', 'no.exe', 'images/clr.exe'], { cwd })
  t.equal(named.code, 1)
  t.equal(named.stderr, 'error NUTHATCH_PE_FORMAT: no.exe: it is no PE file: it does not begin with MZ\n')
  t.match(named.stdout, /^images\/clr\.exe: /)
  const found = await nuthatch(['pe', 'mixed'], { cwd })
  t.equal(found.code, 0)
  t.equal(found.stderr, '1 file passed over: not in PE format\n')
})

t.test('folders are looked through for what is hidden; links in them are not followed', async (t) => {
  const cwd = t.testdir({ below: { '.hidden': {} } })
  cpSync(join(images, 'clr.exe'), join(cwd, 'below', '.hidden', '.clr.exe'))
  symlinkSync(images, join(cwd, 'below', 'elsewhere'))
  symlinkSync(join(images, 'x64.dll'), join(cwd, 'below', 'x64.dll'))
  symlinkSync(join(cwd, 'below'), join(cwd, 'link'))
  for (const folder of ['below', 'link']) {
    const { stdout, stderr } = await nuthatch(['pe', '--json', '--headers', folder], { cwd })
    t.equal(stderr, '')
    t.equal(JSON.parse(stdout).path, join(folder, '.hidden', '.clr.exe'))
  }
  t.match((await nuthatch(['pe', 'below/x64.dll'], { cwd })).stdout, /^below\/x64\.dll: x64 DLL/)
})

t.test('names that are not UTF-8', { skip: process.platform !== 'linux' }, async (t) => {
  const odd = "mkdir odd; cd odd; cp ../images/clr.exe $'a\\xff.exe'; echo no > $'b\\xff';"
  const run = (path: string) => shell(`${odd} nuthatch pe ${path}; cd ..; rm -r odd`, cwd)
  const below = await run('.')
  t.match(below.stdout, /^a\uFFFD\.exe: x86 program/)
  t.equal(below.stderr, '1 file passed over: not in PE format\n')
  const given = await run("$'a\\xff.exe'")
  t.match(given.stderr, /^error NUTHATCH_PATH_NOT_UTF8: a\uFFFD\.exe: .* give the folder that it is in$/m)
})

t.test('control characters of a file do not reach the terminal', async (t) => {
  const name = 'evil\u001b[31m.dll'
  cpSync(join(images, 'x64.dll'), join(cwd, name))
  const { stdout } = await nuthatch(['pe', name], { cwd })
  t.notOk(stdout.includes('\u001b'))
})

t.test('wrong usage', async (t) => {
  for (const args of [['pe'], ['pe', '-'], ['pe', '--json', '--all', 'images']])
    t.equal((await nuthatch(args, { cwd })).code, 2)
  const missing = await nuthatch(['pe', 'none.exe'], { cwd })
  t.equal(missing.code, 1)
  t.match(missing.stderr, /^error NUTHATCH_INPUT_NOT_FOUND: none\.exe/)
})
