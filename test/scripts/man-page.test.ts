import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { programWords } from '../../lib/cli/completion/program-words.js'
import { createProgram } from '../../lib/cli/program.js'

const root = new URL('../../', import.meta.url)
const page = fileURLToPath(new URL('man/nuthatch.1', root))
const isMissing = (program: string) => (spawnSync(program, ['--version']).error ? `no ${program}` : false)

t.test('package.json names it', (t) => {
  const { man, files } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
  t.same(man, ['man/nuthatch.1'], 'an array: npm installs no page that a string names')
  t.ok(existsSync(page))
  t.ok(files.includes('man'))
  t.end()
})

t.test('mandoc finds nothing wrong but that it has no date', { skip: isMissing('mandoc') }, (t) => {
  const { stdout, stderr } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', page], { encoding: 'utf8' })
  const findings = `${stdout}${stderr}`.split('\n').filter((line) => line && !line.includes('missing date'))
  t.same(findings, [])
  t.end()
})

t.test('man shows every command and option, without a warning', { skip: isMissing('man') }, async (t) => {
  const { stdout, stderr } = spawnSync('man', ['--warnings', '--local-file', page], {
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '200', LC_ALL: 'C.UTF-8' },
  })
  t.equal(stderr, '')
  const { commands } = programWords(await createProgram(undefined))
  for (const command of commands.filter(({ name }) => name !== 'help')) {
    const [, text = ''] = stdout.split(new RegExp(`^ {3}nuthatch ${command.name}$`, 'm'))
    t.ok(text, command.name)
    const own = text.split(/^ {3}nuthatch |^[A-Z]/m)[0] ?? ''
    for (const name of command.options.flatMap(({ names }) => names))
      if (!['-V', '--version', '--no-color'].includes(name)) t.match(own, name)
    t.match(own, /^ +Examples:\n +\$ nuthatch|^ +Examples:\n +\$ /m)
  }
  const [, synopsis = ''] = /^SYNOPSIS\n((?: +.*\n)+)/m.exec(stdout) ?? []
  t.same(
    synopsis.match(/nuthatch \S+/g),
    ['[options]', ...commands.map(({ name }) => name)].map((name) => `nuthatch ${name}`),
  )
  for (const section of ['NAME', 'SYNOPSIS', 'OPTIONS', 'EXAMPLES', 'EXIT STATUS', 'ENVIRONMENT'])
    t.match(stdout, new RegExp(`^${section}$`, 'm'))
})
