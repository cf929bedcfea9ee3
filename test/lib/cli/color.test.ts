/** When the output has colours: on terminals, unless somebody wants none; elsewhere only for who asks for them. */
import { spawn, spawnSync } from 'node:child_process'
import t from 'tap'
import { exampleTrace } from '../etw/traces.js'
import { commandLine, finish, nuthatch, record, rule } from './nuthatch.js'

const cwd = t.testdir({
  'rule.rb': rule,
  'bad.rb': 'wndows?',
  'a.ndjson': record(1, true),
  'a.etl': exampleTrace,
})
const colored = [
  ['run', '-r', 'rule.rb', '--pretty', 'a.ndjson'],
  ['check', 'bad.rb'],
  ['test', 'bad.rb'], // what is wrong with rules, as an error
  ['etl', '--timeline', 'a.etl'],
]
const plain = [
  ['run', '-r', 'rule.rb', 'a.ndjson'],
  ['run', '--help'],
  ['--help'],
  ['--version'],
  ['bogus'],
  ['run', '-r', 'missing.rb', 'a.ndjson'],
  ['tree', 'rule.rb'],
  ['etl', '--stats', 'a.etl'],
  ['completion', 'zsh'],
]
const ESCAPE = '\x1b'
const none = { NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: 'xterm-256color' }
const isColored = async (args: readonly string[], env: NodeJS.ProcessEnv) => {
  const { stdout, stderr } = await nuthatch(args, { cwd, env: { ...none, ...env } })
  return `${stdout}${stderr}`.includes(ESCAPE)
}

t.test('into a pipe: none', async (t) => {
  for (const args of [...colored, ...plain]) t.notOk(await isColored(args, {}), args.join(' '))
})

t.test('FORCE_COLOR asks for them, 0 and false do not', async (t) => {
  for (const args of colored) t.ok(await isColored(args, { FORCE_COLOR: '1' }), args.join(' '))
  for (const args of plain) t.notOk(await isColored(args, { FORCE_COLOR: '1' }), args.join(' '))
  for (const value of ['0', 'false', ''])
    t.notOk(await isColored(['check', 'bad.rb'], { FORCE_COLOR: value }))
})

t.test('NO_COLOR and --no-color are stronger; an empty NO_COLOR is none', async (t) => {
  for (const args of colored)
    t.notOk(await isColored(args, { FORCE_COLOR: '1', NO_COLOR: '1' }), args.join(' '))
  for (const args of colored)
    t.notOk(await isColored([...args, '--no-color'], { FORCE_COLOR: '1' }), args.join(' '))
  t.ok(await isColored(['check', 'bad.rb'], { FORCE_COLOR: '1', NO_COLOR: '' }))
})

t.test(
  'at a terminal',
  { skip: spawnSync('script', ['--version']).error ? 'no script' : false },
  async (t) => {
    const shown = async (env: NodeJS.ProcessEnv) => {
      const command = [...commandLine, 'check', 'bad.rb'].map((word) => `'${word}'`).join(' ')
      const child = spawn('script', ['-qec', command, '/dev/null'], {
        cwd,
        // Node takes no colours for granted in CI.
        env: { ...process.env, ...none, CI: undefined, TERM: 'xterm-256color', ...env },
      })
      return (await finish(child)).stdout
    }
    t.match(await shown({}), `${ESCAPE}[31merror${ESCAPE}[0m`)
    for (const env of [{ NO_COLOR: '1' }, { FORCE_COLOR: '0' }, { TERM: 'dumb' }])
      t.notMatch(await shown(env), ESCAPE, JSON.stringify(env))
  },
)
