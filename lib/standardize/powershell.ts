/**
 * PowerShell's own logs: Microsoft-Windows-PowerShell/Operational (4103, 4104), its PowerShell 7
 * twin, and the classic Windows PowerShell (400, 403, 600, 800). Some shippers keep the text of
 * classic events only in the rendered message; nothing is read from there, so those stay unmapped.
 */
import type { Assignments, Source } from './mapping.js'
import {
  afterFirst,
  afterLast,
  beforeFirst,
  beforeLast,
  first,
  isOneOf,
  isPresent,
  join,
  number,
  trim,
} from './sources.js'
import {
  channel,
  data,
  eventLog,
  on,
  writerDomain,
  writerName,
  writerPid,
  writerSid,
} from './windows-event-log.js'

const between = (x: Source, begin: string, end: string): Source =>
  trim(beforeFirst(afterFirst(x, begin), end))

/** Engine and pipeline events in the process that they tell of, as the account it runs as. */
const writer: Assignments = {
  process_pid: writerPid,
  username: writerName,
  user_domain: writerDomain,
  user_sid: writerSid,
}

/** Gives a field of the event itself. */
type Data = (name: string) => Source

/** Event 4103. Its context is lines of "        Host Application = powershell.exe -c …"; a command line can span several. */
export function commandInvocation(data: Data) {
  const context = data('ContextInfo')
  const user = between(context, '\n        User = ', '\n')
  return {
    username: afterLast(user, '\\'),
    user_domain: beforeLast(user, '\\'),
    command_line: between(context, '\n        Host Application = ', '\n        Engine Version = '),
    script_path: between(context, '\n        Script Name = ', '\n'),
    script_content: data('Payload'),
    script_context: trim(context),
  } satisfies Assignments
}

const invocation = commandInvocation(data)
const command: Assignments = {
  ...writer,
  ...invocation,
  username: first(invocation.username, writerName),
  user_domain: first(invocation.user_domain, writerDomain),
}

/** Event 4104. A long script block is logged in parts, an event each. */
export const scriptBlock = (data: Data): Assignments => ({
  script_content: data('ScriptBlockText'),
  script_path: data('Path'),
  script_id: data('ScriptBlockId'),
  script_part: number(data('MessageNumber')),
  script_parts: number(data('MessageTotal')),
})

/** Classic events have unnamed strings, the last but one or last of them lines of "\tHostApplication=…". */
const details = (name: string): Assignments => ({
  username: afterLast(between(data(name), '\tUserId=', '\n'), '\\'),
  user_domain: beforeLast(between(data(name), '\tUserId=', '\n'), '\\'),
  command_line: between(data(name), '\tHostApplication=', '\tEngineVersion='),
  script_path: between(data(name), '\tScriptName=', '\n'),
  script_context: trim(data(name)),
})

const pipeline: Assignments = {
  ...details('param2'),
  script_content: join('\n', trim(data('param1')), data('param3')),
}

export const powershell = eventLog(
  'powershell',
  [
    isOneOf(
      channel,
      'Microsoft-Windows-PowerShell/Operational',
      'PowerShellCore/Operational',
      'Windows PowerShell',
    ),
  ],
  {
    absent: [''],
    common: {},
    routes: [
      on('4103', 'script', command),
      on('4104', 'script', { ...writer, ...scriptBlock(data) }),
      on('800', 'script', pipeline, isPresent(data('param2'))),
      on('400 403 600', 'script', details('param3'), isPresent(data('param3'))),
    ],
  },
)
