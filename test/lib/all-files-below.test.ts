import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { allFilesBelow } from '../../lib/all-files-below.js'

const folder = t.testdir({
  'b.exe': '',
  '.hidden': { 'a.dll': '' },
  deep: { '.c.sys': '', 'd.exe': '' },
})
symlinkSync(join(folder, 'b.exe'), join(folder, 'link.exe'))
symlinkSync(folder, join(folder, 'deep', 'loop'))

t.test('regular files by name, hidden ones too; links are not followed', async (t) => {
  const found: unknown[] = []
  for await (const path of allFilesBelow(folder, (path) => t.fail(path))) found.push(path)
  t.strictSame(
    found,
    ['.hidden/a.dll', 'b.exe', 'deep/.c.sys', 'deep/d.exe'].map((name) => join(folder, name)),
  )
})

t.test(
  'a path that is not UTF-8 is given as its bytes',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const root = t.testdir({ 'a.exe': '' })
    const below = Buffer.concat([Buffer.from(`${root}/b`), Buffer.from([0xff])])
    mkdirSync(below)
    const file = Buffer.concat([below, Buffer.from('/é.exe')])
    writeFileSync(file, '')
    const found: unknown[] = []
    for await (const path of allFilesBelow(root, (path) => t.fail(path))) found.push(path)
    t.strictSame(found, [join(root, 'a.exe'), file])
  },
)

t.test('a folder that cannot be read is told of', async (t) => {
  const failed: string[] = []
  for await (const path of allFilesBelow(join(folder, 'b.exe'), (path) => failed.push(path)))
    t.fail(`${path}`)
  t.strictSame(failed, [join(folder, 'b.exe')])
})
