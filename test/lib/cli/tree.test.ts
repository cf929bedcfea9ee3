import t from 'tap'
import { nuthatch, record, rule } from './nuthatch.js'

const cwd = t.testdir({
  'rules.rb': `${rule}\n${rule.replaceAll("'bxor'", "'other'").replace("['-bxor']", "['-xor']")}`,
  'a.ndjson': record(1) + record(2, true),
})
const tree = (...args: string[]) => nuthatch(['tree', '-r', 'rules.rb', ...args], { cwd })

t.test('the trees, for people and as JSON', async (t) => {
  const { stdout, code } = await tree()
  t.match(stdout, /^process_start: 2 detectors, 2 terms\n/)
  t.match(stdout, /─ command_line includes "-bxor" => bxor\n/)
  t.equal(code, 0)
  t.match(JSON.parse((await tree('--json')).stdout), { detectors: 2, trees: [{ event: 'process_start' }] })
  t.equal((await tree('--event-type', 'script')).stdout.trim(), '')
})

t.test('--stats: sizes, and what the trees save on inputs', async (t) => {
  t.match((await tree('--stats')).stdout, /process_start +2 +2 /)
  const { stdout, stderr, code } = await tree('--stats', 'a.ndjson')
  t.match(stdout, /2 events: [\d,]+ of 4 terms evaluated, [\d.]+ % saved\n$/)
  t.match(stderr, /^1 detection from 2 records/)
  t.equal(code, 0)
  t.match(JSON.parse((await tree('--stats', '--json', 'a.ndjson')).stdout), {
    distinctTerms: 2,
    events: 2,
    termsPossible: 4,
  })
})

t.test('inputs without --stats are wrong usage', async (t) => {
  t.match(await tree('a.ndjson'), { code: 2, stderr: 'error: inputs go with --stats\n' })
})
