import t from 'tap'
import { nuthatch, record, rule } from './nuthatch.js'

const cwd = t.testdir({
  'rules.rb': `${rule}\n${rule.replaceAll("'bxor'", "'other'").replace("['-bxor']", "['-xor']")}`,
  'one.rb': rule,
  'a.ndjson': record(1) + record(2, true),
  'one.ndjson': record(1),
})
const tree = (...args: string[]) => nuthatch(['tree', 'rules.rb', ...args], { cwd })

t.test('the trees, for people and as JSON', async (t) => {
  const { stdout, code } = await tree()
  t.match(stdout, /^process_start: 2 detectors, 2 terms\n/)
  t.match(stdout, /─ command_line includes "-bxor" => bxor\n/)
  t.equal(code, 0)
  t.match(JSON.parse((await tree('--json')).stdout), { detectors: 2, trees: [{ event: 'process_start' }] })
})

t.test('--event-type: one tree; the numbers of the rules as a whole stay', async (t) => {
  t.match(JSON.parse((await tree('--json', '--event-type', 'process_start')).stdout), {
    terms: 2,
    distinctTerms: 2,
    trees: [{ event: 'process_start' }],
  })
  t.match(JSON.parse((await tree('--json', '--event-type', 'logon')).stdout), { distinctTerms: 2, trees: [] })
  t.match(await tree('--event-type', 'logon'), {
    stdout: '',
    stderr: 'no detector can be true for logon events\n',
    code: 0,
  })
})

t.test('--stats: sizes, and what the trees save on inputs', async (t) => {
  t.match(
    (await tree('--stats')).stdout,
    /^2 detectors, 2 terms written, 2 distinct\n[\s\S]*process_start +2 +2 /,
  )
  const { stdout, stderr, code } = await tree('--stats', 'a.ndjson')
  t.match(stdout, /2 events: [\d,]+ of 4 terms evaluated, [\d.]+ % saved\n$/)
  t.match(stderr, /^1 detection from 2 records/)
  t.equal(code, 0)
  t.match(JSON.parse((await tree('--json', '--stats', 'a.ndjson')).stdout), {
    distinctTerms: 2,
    events: 2,
    termsPossible: 4,
  })
})

t.test('--stats of one detector with one term, on one event', async (t) => {
  const { stdout } = await nuthatch(['tree', 'one.rb', '--stats', 'one.ndjson'], { cwd })
  t.match(stdout, /^1 detector, 1 term written, 1 distinct\n[\s\S]*\n1 event: \d of 1 term evaluated, /)
})

t.test('rules with -r, as for run', async (t) => {
  const { stdout } = await nuthatch(['tree', '-r', 'rules.rb', '--stats', 'a.ndjson'], { cwd })
  t.match(stdout, '2 events: ')
})

t.test('wrong usage', async (t) => {
  t.match(await nuthatch(['tree'], { cwd }), { code: 2, stderr: 'error: no rules: name files or folders\n' })
  t.match(await tree('--stats', '--event-type', 'logon'), { code: 2, stderr: /cannot be used with/ })
})
