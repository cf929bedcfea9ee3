import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { nuthatch, record, rule } from './nuthatch.js'

const many = Array.from({ length: 3000 }, (_, i) => record(i, i % 100 === 0)).join('')
const cwd = t.testdir({
  'rules.rb': `${rule}\n${rule.replaceAll("'bxor'", "'other'").replace("['-bxor']", "['-xor']")}`,
  'a.ndjson': many,
  'not.json': '{"format":"another"}',
  'half.json': '{"format":',
})
const profile = (...args: string[]) => nuthatch(['profile', '-r', 'rules.rb', 'a.ndjson', ...args], { cwd })

t.test('the tables, dearest first', async (t) => {
  const { stdout, stderr, code } = await profile()
  t.equal(code, 0)
  t.match(stderr, /^30 detections from 3,000 records/)
  t.match(
    stdout,
    /^[\d.]+ ns an event, 3,000 events, \d+ of them timed; times measured on a busy machine are too high\n/,
  )
  t.match(
    stdout,
    /\nDetectors .*\ndetector +ns\/event +± +share +saved +evaluated +passed +place\n(bxor|other) /,
  )
  t.match(stdout, /\nbxor .* (30|3,000) +(1|100)\.0 % +process_start, depth 1\n/)
  t.match(stdout, /\ncommand_line includes "-bxor" /)
  t.match(stdout, /\nProperties .*\nproperty .*\ncommand_line .* 3,000 +100.0 % /)
})

t.test('--top, --sort', async (t) => {
  const { stdout } = await profile('--top', '1', '--sort', 'pass-rate')
  t.match(stdout, /\nbxor .*\nand 1 more\n/)
  t.notMatch(stdout, /\nother /)
  t.match(await profile('--top', '0'), { code: 2, stderr: /whole number/ })
  t.match(await profile('--sort', 'name'), { code: 2, stderr: /Allowed choices are ns, saved/ })
})

t.test('--json, which --compare, compile and run take', async (t) => {
  const { stdout, code } = await profile('--json')
  t.equal(code, 0)
  const json = JSON.parse(stdout)
  t.match(json, {
    format: 'nuthatch-profile',
    version: 2,
    events: 3000,
    eventTypes: [{ eventType: 'process_start' }],
  })
  t.same(json.detectors.map(({ name }: { name: string }) => name).sort(), ['bxor', 'other'])
  writeFileSync(join(cwd, 'before.json'), stdout)
  const compared = await profile('--compare', 'before.json', '--json')
  t.equal(compared.code, 0)
  t.match(JSON.parse(compared.stdout), { comparison: { newDetectors: [], goneDetectors: [] } })
  t.match(
    (await nuthatch(['compile', 'rules.rb', '-o', 'x.plan', '--profile', 'before.json'], { cwd })).code,
    0,
  )
  const run = (...args: string[]) => nuthatch(['run', 'a.ndjson', '--summary', 'none', ...args], { cwd })
  const plain = await run('-r', 'rules.rb')
  t.same(await run('-r', 'rules.rb', '--profile', 'before.json'), plain)
  t.same(await run('-p', 'x.plan'), plain)
  t.match(await run('-p', 'x.plan', '--profile', 'before.json'), {
    code: 2,
    stderr: /--profile goes with rules/,
  })
})

t.test('--compare: new and gone detectors; exit code 0', async (t) => {
  const before = JSON.parse((await profile('--json')).stdout)
  before.detectors.find(({ name }: { name: string }) => name === 'bxor').name = 'old'
  writeFileSync(join(cwd, 'old.json'), JSON.stringify(before))
  const { stdout, code } = await profile('--compare', 'old.json', '--top', '1')
  t.equal(code, 0)
  t.match(stdout, /\nNew detectors: bxor\nGone detectors: old\n/)
})

t.test('--html', async (t) => {
  const { stderr, code } = await profile('--html', 'page.html')
  t.equal(code, 0)
  t.match(stderr, 'page.html: written')
  t.match(readFileSync(join(cwd, 'page.html'), 'utf8'), /^<!doctype html>[\s\S]*detector bxor/)
  t.match(await profile('--html', 'no/such/page.html'), {
    code: 1,
    stderr: /^error NUTHATCH_OUTPUT_FAILED: The page .*no such folder/,
    stdout: '',
  })
})

t.test('what is no profile', async (t) => {
  for (const file of ['not.json', 'half.json'])
    t.match(await profile('--compare', file), {
      code: 1,
      stderr: /^error NUTHATCH_PROFILE_INVALID: .* is no profile/,
    })
  t.match(await profile('--compare', 'none.json'), { code: 1, stderr: /^error NUTHATCH_PROFILE_UNREADABLE/ })
})
