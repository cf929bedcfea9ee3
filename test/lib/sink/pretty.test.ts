import t from 'tap'
import { formatDetection } from '../../../lib/sink/pretty.js'
import type { Detection } from '../../../lib/stream/detection.js'

const detection: Detection = {
  detector: 'powershell-bxor',
  title: 'PowerShell hides its payload with a binary XOR',
  severity: 'high',
  attack: ['T1027', 'T1059.001'],
  source: 'telemetry.ndjson',
  line: 12,
  event: {
    event_type: 'process_start',
    event_time: '2026-03-02T08:00:01.000Z',
    device_name: 'WS-0117',
    user_domain: 'CORP',
    username: 'maria',
    process_name: 'powershell.exe',
    process_pid: 5770,
    parent_name: 'explorer.exe',
    command_line: 'powershell -c 1 -bXOR 2',
  },
  matched: [
    {
      property: 'deobfuscated_command_line',
      match: 'includes',
      value: 'powershell -c 1 -bXOR 2',
      pattern: '-bxor',
    },
    { property: 'process_name', match: 'equals', value: 'powershell.exe', pattern: 'powershell.exe' },
  ],
}

const plain = (event: object = {}, width = 100) =>
  formatDetection({ ...detection, event: { ...detection.event, ...event } } as Detection, {
    color: false,
    width,
  })

t.test('a string that two terms hold is shown once', async (t) => {
  const { matched } = detection
  const text = formatDetection(
    { ...detection, matched: [...matched, ...matched] },
    { color: false, width: 100 },
  )
  t.equal(text, plain())
})

t.test('a long path loses its beginning, not the number of the line', async (t) => {
  const source = `${'folder/'.repeat(20)}telemetry.ndjson`
  const lines = formatDetection({ ...detection, source }, { color: false, width: 60 }).split('\n')
  t.match(lines[2], /^ {2}…[\w/]+\/telemetry\.ndjson:12…$/)
})

t.test('what, where, which process, and why', async (t) => {
  t.equal(
    plain(),
    `HIGH PowerShell hides its payload with a binary XOR
  powershell-bxor  T1027  T1059.001
  telemetry.ndjson:12  process_start  2026-03-02T08:00:01.000Z  WS-0117  CORP\\maria
  explorer.exe → powershell.exe (5770)
  > powershell -c 1 -bXOR 2
  deobfuscated_command_line includes -bxor  in  powershell -c 1 -bXOR 2
  process_name equals powershell.exe

`,
  )
})

t.test('negations, numbers, and values that are several or pending', async (t) => {
  const event = { process_pid: { pending: true }, command_line: ['a', 'b'] }
  const matched = [
    { property: 'process_path', match: 'does_not_start_with', value: 'D:\\x' },
    { property: 'username', match: 'does_not_equal' },
    { property: 'integrity_level', match: 'does_not_exist' },
    { property: 'file_size', match: 'between', value: 5, pattern: '4..8' },
  ] as const
  const text = formatDetection(
    { ...detection, event: { ...detection.event, ...event }, matched } as unknown as Detection,
    { color: false, width: 100 },
  )
  t.equal(
    text.split('\n').slice(3).join('\n'),
    `  explorer.exe → powershell.exe (pending)
  > a, b
  process_path does_not_start_with (D:\\x)
  username does_not_equal (missing)
  integrity_level does_not_exist
  file_size between 4..8  in  5

`,
  )
})

t.test('nothing is wider than the terminal', async (t) => {
  const long = {
    command_line: `powershell ${'部'.repeat(300)}`,
    device_name: 'd'.repeat(200),
    parent_name: 'p'.repeat(200),
  }
  for (const width of [50, 60, 80]) {
    const text = formatDetection(
      {
        ...detection,
        title: 't'.repeat(200),
        event: { ...detection.event, ...long },
        matched: [
          {
            property: 'command_line',
            match: 'includes',
            value: `${'x'.repeat(500)}-bxor${'y'.repeat(500)}`,
            pattern: '-BXOR',
          },
        ],
      },
      { color: false, width },
    )
    for (const line of text.split('\n'))
      t.ok([...line].length + (line.match(/部/g)?.length ?? 0) <= width, line)
    t.match(text, /x-bxor/, 'what matched is in sight')
  }
})

t.test('a hostile record cannot drive the terminal', async (t) => {
  const text = formatDetection(
    {
      ...detection,
      source: 'a\x1b[31m.ndjson',
      event: {
        ...detection.event,
        process_name: '\x1b]0;owned\x07',
        command_line: 'a\r\nb\x9b2J\u202etxt.exe',
      },
      matched: [{ property: 'process_name', match: 'matches', value: '\x1b[2J', pattern: '\x1b' }],
    },
    { color: false, width: 100 },
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  t.notMatch(text.replaceAll('\n', ''), /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/)
  t.match(text, /␛\[31m/)
})

t.test('colours only when asked for', async (t) => {
  const text = formatDetection(detection, { color: true, width: 100 })
  t.match(text, '\x1b[31mHIGH\x1b[0m')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
  t.equal(text.replace(/\x1b\[[\d;]*m/g, ''), plain())
})

t.test('an event that says little', async (t) => {
  const event = { event_type: 'script', script_content: 'x' } as const
  const text = formatDetection({ ...detection, event, matched: [] }, { color: false, width: 80 })
  t.match(text, /telemetry.ndjson:12 {2}script\n {2}unknown process\n\n$/)
})

t.test('a detector without a title is named once', async (t) => {
  const text = formatDetection(
    { ...detection, title: 'powershell-bxor', attack: [] },
    { color: false, width: 80 },
  )
  t.match(text, /^HIGH powershell-bxor\n {2}telemetry\.ndjson:12/)
})
