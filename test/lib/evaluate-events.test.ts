import t from 'tap'
import { compile } from '../../lib/index.js'
import { rule } from './cli/nuthatch.js'

const detectors = await compile({ files: { 'rule.rb': rule } })
const anything = (value: unknown) => value as never

t.test('evaluateEvents: each event by itself', async (t) => {
  const detections = await detectors.evaluateEvents([
    { event_type: 'process_start', process_guid: 'g', command_line: 'a -bxor' },
    { event_type: 'script', script_content: '-bxor' },
    { event_type: 'process_start', process_guid: 'g', command_line: 'b -BXOR\n"é' },
  ])
  t.same(
    detections.map(({ line }) => line),
    [1, 3],
  )
  t.equal(detections[1]?.event.command_line, 'b -BXOR\n"é')
  t.same(await detectors.evaluateEvents([]), [])
  t.same(await detectors.evaluateEvents({ event_type: 'process_start', command_line: { pending: true } }), [])
  const good = { event_type: 'process_start' }
  await t.rejects(detectors.evaluateEvents(anything([good, { ...good, command_lin: 'x' }])), {
    name: 'NuthatchError',
    code: 'NUTHATCH_INVALID_EVENT',
    message: 'event 2: there is no property `command_lin`; did you mean `command_line`?',
  })
})

t.test('evaluateEvents: all bad events are told of, or their number', async (t) => {
  const bad = { event_type: 'process_start', command_lin: 'x' }
  const good = { event_type: 'process_start' }
  const message = async (events: readonly unknown[]): Promise<string> =>
    (await detectors.evaluateEvents(anything(events)).catch((error) => error)).message
  const problem = 'there is no property `command_lin`; did you mean `command_line`?'
  t.equal(await message([bad, good, bad]), `event 1: ${problem}\nevent 3: ${problem}`)
  t.match(
    await message([{ ...bad, process_pid: 'x' }]),
    `event 1: ${problem}\nevent 1: process_pid must be a number`,
  )
  const long = { ...good, command_line: 'x'.repeat(17 << 20) }
  t.match(await message([long, good, long]), /^event 1: .*longer.*\nevent 3: .*longer/)
  const lines = (await message([good, ...Array(1500).fill(bad)])).split('\n')
  t.strictSame([lines[0], lines.at(-1)], [`event 2: ${problem}`, '… and 1,400 more'])
})

t.test('evaluateEvents: a hole is no event, and later calls count from 1', async (t) => {
  const event = { event_type: 'process_start', command_line: '-bxor' } as const
  const holes = [event, event, event]
  delete holes[0]
  await t.rejects(detectors.evaluateEvents(holes), {
    code: 'NUTHATCH_INVALID_EVENT',
    message: 'event 1: an event is an object in standard form, not undefined',
  })
  const lists = [{ event_type: 'process_access', access_properties: Array(2) }]
  await t.rejects(detectors.evaluateEvents(anything(lists)), { code: 'NUTHATCH_INVALID_EVENT' })
  const pending = { ...event, process_name: { pending: true, more: 5n } }
  await t.rejects(detectors.evaluateEvents(anything([pending])), { code: 'NUTHATCH_INVALID_EVENT' })
  t.match(await detectors.evaluateEvents(event), [{ line: 1 }])
})

t.test('evaluateEvents: more events than one block of lines takes', async (t) => {
  const quiet = { event_type: 'process_start', command_line: 'x'.repeat(700_000) } as const
  const events = [quiet, quiet, { ...quiet, command_line: '-bxor' }, quiet]
  t.match(await detectors.evaluateEvents(events), [{ line: 3 }])
  const long = { ...quiet, command_line: 'x'.repeat(17 << 20) }
  await t.rejects(detectors.evaluateEvents([...events, long]), { message: /^event 5: the line is longer/ })
})

t.test('matched: what made the detector true, by being so or by not being so', async (t) => {
  const match = `process_start_property_does_not_include?(property: command_line, string: 'evil') &&
    process_start_property_does_not_exist?(property: parent_name) &&
    !process_start_property_starts_with?(property: process_path, string: 'C:\\Windows') &&
    process_start_property_is_not_between?(property: file_size, min: 4, max: 8) &&
    (process_start_property_equals?(property: process_pid, number: 4) || windows? || linux?) &&
    process_start_property_between?(property: parent_pid, min: 4, max: 8)`
  const one = await compile({ files: { 'a.rb': match } })
  const [detection] = await one.evaluateEvents({
    event_type: 'process_start',
    command_line: 'cmd',
    process_path: 'D:\\x',
    process_pid: 4,
    parent_pid: 5,
    platform: 'linux',
  })
  const sorted = [...(detection?.matched ?? [])].sort((a, b) => (a.property < b.property ? -1 : 1))
  t.same(sorted, [
    { property: 'command_line', match: 'does_not_include', value: 'cmd' },
    { property: 'file_size', match: 'is_not_between' },
    { property: 'parent_name', match: 'does_not_exist' },
    { property: 'parent_pid', match: 'between', value: 5, pattern: '4..8' },
    { property: 'platform', match: 'equals', value: 'linux', pattern: 'linux' },
    { property: 'process_path', match: 'does_not_start_with', value: 'D:\\x' },
    { property: 'process_pid', match: 'equals', value: 4, pattern: 4 },
  ])
})

t.test('an empty text is no value, as the rules are told', async (t) => {
  const exists = 'process_start_property_exists?(property: process_name)'
  const one = await compile({ files: { 'a.rb': exists, 'b.rb': `windows? && !${exists}` } })
  const event = { event_type: 'process_start', process_name: '', platform: 'windows' } as const
  const names = (found: readonly { detector: string }[]) => found.map(({ detector }) => detector)
  t.same(names(await one.evaluateEvents(event)), ['b'])
})

t.test('evaluateEvents: calls at the same time have their own detections and errors', async (t) => {
  const start = (command_line: string) => ({ event_type: 'process_start', command_line }) as const
  const [one, none, tooLong, two] = await Promise.allSettled([
    detectors.evaluateEvents([start('a'), start('-bxor')]),
    detectors.evaluateEvents([]),
    detectors.evaluateEvents([start('-bxor'), start('x'.repeat(17 << 20)), start('-bxor')]),
    detectors.evaluateEvents([start('-bxor'), start('b'), start('-bxor')]),
  ])
  const lines = (outcome: typeof one) =>
    outcome?.status === 'fulfilled' ? outcome.value.map(({ line }) => line) : outcome?.reason.message
  t.same(lines(one), [2])
  t.same(lines(none), [])
  t.match(lines(tooLong), /^event 2: .*longer/)
  t.same(lines(two), [1, 3])
})

t.test('evaluateEvents: thousands of calls need the memory of one', async (t) => {
  const call = () => detectors.evaluateEvents({ event_type: 'process_start', command_line: '-bxor' })
  await call()
  const before = process.memoryUsage.rss()
  for (let i = 0; i < 3000; i++) await call()
  const grown = process.memoryUsage.rss() - before
  t.ok(grown < 100 << 20, `${grown >> 20} MiB more`)
})

t.test('evaluateEvents: of an event its own properties count, as in a spread', async (t) => {
  class Start {
    readonly event_type = 'process_start'
    readonly command_line = '-bxor'
    toJSON() {
      return {}
    }
  }
  t.equal((await detectors.evaluateEvents(new Start())).length, 1)
  const heir = Object.assign(Object.create({ command_line: '-bxor' }), { event_type: 'process_start' })
  t.same(await detectors.evaluateEvents(heir), [])
})
