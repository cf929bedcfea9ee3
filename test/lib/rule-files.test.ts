import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, symlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { compile } from '../../lib/detectors.js'
import { DiagnosticsError } from '../../lib/errors.js'
import { MAX_RULE_FILE_BYTES } from '../../lib/language/parse.js'
import { readRuleFiles } from '../../lib/rule-files.js'

const folder = t.testdir({
  'b.rb': 'b?',
  'a.rb': 'a?',
  'notes.txt': 'no rule',
  deep: { 'c.rb': 'c?', empty: {}, 'folder.rb': {} },
  '.hidden': { 'd.rb': 'd?' },
  'huge.txt': 'x'.repeat(MAX_RULE_FILE_BYTES + 10),
})
const at = (path: string) => join(folder, path)
const names = async (paths: string | string[]) =>
  (await readRuleFiles(paths)).sources.map(({ file }) => file.replace(`${folder}/`, ''))

t.test('a folder: its .rb files and those of its folders, by name; hidden ones not', async (t) => {
  t.same(await names(folder), ['a.rb', 'b.rb', 'deep/c.rb'])
})

t.test('files, folders and patterns together; each file once', async (t) => {
  t.same(await names([at('b.rb'), at('*.rb'), folder, at('deep/../b.rb')]), ['b.rb', 'a.rb', 'deep/c.rb'])
})

t.test('links: a file once whatever leads to it, and no folder within itself', async (t) => {
  const linked = t.testdir({ rules: { 'a.rb': 'a?' }, more: { 'b.rb': 'b?' } })
  symlinkSync('..', join(linked, 'rules/up'))
  symlinkSync('.', join(linked, 'rules/self'))
  symlinkSync('a.rb', join(linked, 'rules/z.rb'))
  symlinkSync('nowhere', join(linked, 'rules/gone.rb'))
  symlinkSync('loop', join(linked, 'rules/loop'))
  symlinkSync('../more', join(linked, 'rules/more'))
  const { sources: files } = await readRuleFiles(join(linked, 'rules'))
  t.same(
    files.map(({ file }) => basename(file)),
    ['a.rb', 'b.rb'],
  )
})

t.test('what is not there', async (t) => {
  const cases = [
    [at('missing.rb'), 'missing.rb: there is no such rule file or folder'],
    [at('no*.rb'), 'the pattern matches no file'],
    [at('deep/empty'), 'the folder holds no .rb files'],
    [at('a.rb/'), 'a.rb/: this is a file: leave out the slash at its end'],
    [at('a.rb/below'), 'a.rb/below: there is no such rule file or folder'],
    ['', "^'': the path is empty$"],
    ['-', 'rules are not read from standard input'],
  ] as const
  for (const [path, message] of cases)
    t.match(await readRuleFiles(path), {
      sources: [],
      problems: [{ code: 'NUTHATCH_RULES_NOT_FOUND', message: new RegExp(message.replace('*', '\\*')) }],
    })
})

t.test('all that is not there or cannot be read is told at once, and the rest is read', async (t) => {
  const { sources, problems } = await readRuleFiles([at('missing.rb'), at('a.rb'), at('no*.rb'), '-'])
  t.same(
    sources.map(({ file }) => basename(file)),
    ['a.rb'],
  )
  t.match(
    problems,
    [/missing\.rb: there is no such/, /no\*\.rb: the pattern/, /standard input/].map((message) => ({
      message,
    })),
  )
  t.equal(problems.length, 3)
})

t.test('a folder and a file without permission cost no others anything', async (t) => {
  const locked = t.testdir({ 'a.rb': 'a?', 'b.rb': 'b?', shut: { 'c.rb': 'c?' } })
  chmodSync(join(locked, 'b.rb'), 0)
  chmodSync(join(locked, 'shut'), 0)
  const isRoot = process.getuid?.() === 0 // who may read everything
  if (isRoot) process.seteuid?.(65534)
  const { sources, problems } = await readRuleFiles(locked).finally(() => {
    if (isRoot) process.seteuid?.(0)
    chmodSync(join(locked, 'shut'), 0o755)
  })
  t.same(
    sources.map(({ file }) => basename(file)),
    ['a.rb'],
  )
  t.same(problems.map(({ code, message }) => `${code} ${basename(message.split(':')[0] ?? '')}`).sort(), [
    'NUTHATCH_RULES_UNREADABLE b.rb',
    'NUTHATCH_RULES_UNREADABLE shut',
  ])
})

t.test('compile tells of them and of what is wrong in the others in one error', async (t) => {
  const rules = t.testdir({
    'a.rb': 'windoes? && of_another_file? && process_start_property_exists?(property: nme)\n',
  })
  const error = await compile([join(rules, 'missing.rb'), rules, 'nowhere/']).catch((error) => error)
  t.ok(error instanceof DiagnosticsError)
  t.equal(error.code, 'NUTHATCH_RULES_NOT_FOUND')
  t.equal(error.problems.length, 2)
  t.strictSame(
    error.diagnostics.map(({ message }: { message: string }) => message),
    ['there is no helper and no definition `windoes?`', 'there is no property `nme`'],
    'a definition that a missing file may hold is not called unknown',
  )
  for (const text of ['missing.rb: there is no', 'nowhere/: there is no', '`windoes?`', '`nme`'])
    t.match(error.message, text)
})

t.test(
  'what is no regular file is refused, and never read',
  { skip: !existsSync('/dev/zero') },
  async (t) => {
    execFileSync('mkfifo', [at('fifo')])
    for (const path of ['/dev/zero', at('fifo')])
      t.match(await readRuleFiles(path), {
        sources: [],
        problems: [
          { code: 'NUTHATCH_RULES_UNREADABLE', message: `${path}: cannot be read: it is no regular file` },
        ],
      })
    for (const paths of [folder, at('**/{fifo,*.rb}')])
      t.same(await names(paths), ['a.rb', 'b.rb', 'deep/c.rb'], 'among others it is passed over')
  },
)

t.test('of a file that is too large no more is read than shows that', async (t) => {
  const [file] = (await readRuleFiles(at('huge.txt'))).sources
  t.equal(file?.source.length, MAX_RULE_FILE_BYTES + 1)
})
