import t from 'tap'
import { nuthatch, rule } from './nuthatch.js'

const cwd = t.testdir({
  'good.rb': rule,
  rules: {
    'one.rb': 'wndows?',
    deep: { 'two.rb': "script_property_includes?(property: nothing, string: 'x')" },
    'notes.txt': '(',
  },
})

t.test('good rules', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['check', 'good.rb'], { cwd })
  t.equal(stdout, '1 detector in 1 file: no errors, no warnings\n')
  t.equal(stderr, '')
  t.equal(code, 0)
})

t.test('every error of every file in a folder', async (t) => {
  const { stdout, code } = await nuthatch(['check', 'rules'], { cwd })
  t.match(stdout, /rules\/deep\/two\.rb:1:\d+: error NUTHATCH_/)
  t.match(stdout, /rules\/one\.rb:1:1: error NUTHATCH_\w+: .*\n {2}wndows\?\n {2}\^+\n/)
  t.match(stdout, /2 errors, 0 warnings/)
  t.equal(code, 1)
})

t.test('--json: a line for each', async (t) => {
  const { stdout, code } = await nuthatch(['check', '--json', 'rules', 'good.rb'], { cwd })
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.match(lines, [
    { severity: 'error', file: 'rules/deep/two.rb', line: 1 },
    { severity: 'error', file: 'rules/one.rb', line: 1, column: 1 },
  ])
  t.equal(code, 1)
})

t.test('rules that are not there', async (t) => {
  t.match(await nuthatch(['check', 'none.rb'], { cwd }), { code: 1, stderr: /NUTHATCH_RULES_NOT_FOUND/ })
})

t.test('all rules that are not there, and what is wrong in the others', async (t) => {
  const { stdout, stderr, code } = await nuthatch(['check', 'none.rb', 'rules', 'nor-this/'], { cwd })
  t.match(stderr, /NUTHATCH_RULES_NOT_FOUND: none\.rb: .*\n.*NUTHATCH_RULES_NOT_FOUND: nor-this\/: /)
  t.match(stdout, /2 errors, 0 warnings/)
  t.equal(code, 1)
})
