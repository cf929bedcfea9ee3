import t from 'tap'
import { nuthatch, rule } from './nuthatch.js'

const wrong = rule.replaceAll('bxor', 'wrong').replace("'-wrong'", "'powershell'").replace('1 -bXOR 2', '')
const single = rule.replace(/^ {2}ignores.*\n/m, '')
const cwd = t.testdir({ 'good.rb': rule, 'single.rb': single, rules: { 'wrong.rb': wrong, 'good.rb': rule } })

t.test('detectors that do what their examples say', async (t) => {
  t.match(await nuthatch(['test', 'good.rb'], { cwd }), {
    stdout: '2 examples passed, 0 failed\n',
    code: 0,
  })
  t.match(await nuthatch(['test', 'single.rb'], { cwd }), { stdout: '1 example passed, 0 failed\n' })
})

t.test('one that does not, with the place of the example', async (t) => {
  const { stdout, code } = await nuthatch(['test', '-r', 'rules'], { cwd })
  t.match(stdout, /^rules\/wrong\.rb:7: wrong fires on what it should ignore: 'none'\n {2}`.*` is true/)
  t.match(stdout, /\n3 examples passed, 1 failed\n$/)
  t.equal(code, 1)
})

t.test('--json: a line for each example', async (t) => {
  const { stdout } = await nuthatch(['test', '--json', 'rules'], { cwd })
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.same(
    results.map(({ detector, kind, passed }) => [detector, kind, passed]),
    [
      ['bxor', 'fires_on', true],
      ['bxor', 'ignores', true],
      ['wrong', 'fires_on', true],
      ['wrong', 'ignores', false],
    ],
  )
})

t.test('which helpers are not what they should be, and what the event has', async (t) => {
  const rules = `detector 'a' do
  match windows? && process_is_likely?('cmd') && !process_start_property_exists?(property: parent_name) &&
        process_start_property_includes?(property: deobfuscated_command_line, string: 'bxor')
  fires_on 'no platform is Windows', process_start(process_name: 'cmd', command_line: 'bxor')
  fires_on 'one', process_start(platform: 'linux', process_name: 'cmd', parent_name: 'x')
  fires_on 'two', process_start(process_name: 'sh', command_line: pending)
  fires_on 'three', file_create(process_name: 'cmd')
end
`
  const { stdout } = await nuthatch(['test', '.'], { cwd: t.testdir({ 'a.rb': rules }) })
  const includes = "`process_start_property_includes?(property: deobfuscated_command_line, string: 'bxor')`"
  t.strictSame(stdout.replace(/\S*a\.rb/g, 'a.rb').split('\n'), [
    "a.rb:5: a does not fire on 'one'",
    '  `windows?` is false: platform is "linux"',
    '  `process_start_property_exists?(property: parent_name)` is true: parent_name is "x"',
    `  ${includes} is false: the event has no command_line`,
    "a.rb:6: a does not fire on 'two'",
    "  `process_is_likely?('cmd')` is false",
    `  ${includes} is undecided: command_line is {"pending":true}`,
    "a.rb:7: a does not fire on 'three'",
    `  ${includes} is false: the event is of type file_create`,
    '1 example passed, 3 failed',
    '',
  ])
})
