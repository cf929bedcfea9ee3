import t from 'tap'
import { eventOf, flat, inEveryShape, labelOf, winlogbeat6 } from './records.js'

const OPERATIONAL = 'Microsoft-Windows-PowerShell/Operational'

const contextInfo = (newLine: string) =>
  [
    '        Severity = Informational',
    '        Host Name = ConsoleHost',
    '        Host Application = powershell -c "a',
    'b"',
    '        Engine Version = 5.1',
    '        Command Name = Get-Item',
    '        Script Name = C:\\Users\\alice\\evil.ps1',
    '        Command Path = ',
    '        User = EXAMPLE\\alice',
    '        Connected User = ',
    '        Shell ID = Microsoft.PowerShell',
    '',
  ].join(newLine)

t.test('4104: a script block, or which part of one', async (t) => {
  const block = {
    MessageNumber: '1',
    MessageTotal: '2',
    ScriptBlockText: 'iex $a',
    ScriptBlockId: 'id-1',
    Path: null,
  }
  for (const record of inEveryShape(OPERATIONAL, 4104, block)) {
    const event = eventOf(record)
    t.hasStrict(event, {
      event_type: 'script',
      source: 'powershell',
      script_content: 'iex $a',
      script_id: 'id-1',
      script_part: 1,
      script_parts: 2,
    })
    t.notOk('script_path' in event)
  }
})

t.test('4103: the context says who, by which command line and from which file', async (t) => {
  for (const newLine of ['\n', '\r\n']) {
    const event = eventOf(
      flat(OPERATIONAL, 4103, { Payload: 'CommandInvocation(Get-Item)', ContextInfo: contextInfo(newLine) }),
    )
    t.hasStrict(event, {
      event_type: 'script',
      script_content: 'CommandInvocation(Get-Item)',
      command_line: `powershell -c "a${newLine}b"`,
      script_path: 'C:\\Users\\alice\\evil.ps1',
      username: 'alice',
      user_domain: 'EXAMPLE',
    })
  }
})

t.test('the process that wrote the event is the one that ran the script', async (t) => {
  t.equal(
    eventOf(flat(OPERATIONAL, 4104, { ScriptBlockText: 'x' }, { ExecutionProcessID: 96 })).process_pid,
    96,
  )
  t.hasStrict(
    eventOf(
      winlogbeat6(
        OPERATIONAL,
        4104,
        { ScriptBlockText: 'x' },
        { process_id: 96, user: { name: 'bob', domain: 'D', identifier: 'S-1' } },
      ),
    ),
    { process_pid: 96, username: 'bob', user_domain: 'D', user_sid: 'S-1' },
  )
})

t.test('classic events: strings without names', async (t) => {
  const details =
    '\tDetailSequence=1\n\n\tUserId=EXAMPLE\\alice\n\tHostName=ConsoleHost\n\tHostApplication=powershell -enc AA\n' +
    '\tEngineVersion=5.1\n\tScriptName=C:\\a.ps1\n\tCommandLine=Start-Sleep'
  const pipeline = { param1: '  Start-Sleep 5', param2: details, param3: 'CommandInvocation(Start-Sleep)' }
  t.hasStrict(eventOf(winlogbeat6('Windows PowerShell', 800, pipeline)), {
    event_type: 'script',
    script_content: 'Start-Sleep 5\nCommandInvocation(Start-Sleep)',
    command_line: 'powershell -enc AA',
    script_path: 'C:\\a.ps1',
    username: 'alice',
    user_domain: 'EXAMPLE',
  })
  t.hasStrict(
    eventOf(winlogbeat6('Windows PowerShell', 400, { param1: 'Available', param2: 'None', param3: details })),
    {
      event_type: 'script',
      command_line: 'powershell -enc AA',
    },
  )
})

t.test('an event whose text is only in the rendered message is left out, and counted', async (t) => {
  t.equal(
    labelOf(flat('Windows PowerShell', 800, { Message: 'Pipeline execution details …' })),
    'powershell 800',
  )
})
