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
  t.equal(
    stdout,
    "rules/wrong.rb:7: wrong fires on what it should ignore: 'none'\n3 examples passed, 1 failed\n",
  )
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
