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

/** Lines of "        Host Application = powershell.exe -c …"; a command line can span several. */
const context = data('ContextInfo')
const contextUser = between(context, '\n        User = ', '\n')

/** Engine and pipeline events in the process that they tell of, as the account it runs as. */
const writer: Assignments = {
  process_pid: writerPid,
  username: writerName,
  user_domain: writerDomain,
  user_sid: writerSid,
}

const command: Assignments = {
  ...writer,
  username: first(afterLast(contextUser, '\\'), writerName),
  user_domain: first(beforeLast(contextUser, '\\'), writerDomain),
  command_line: between(context, '\n        Host Application = ', '\n        Engine Version = '),
  script_path: between(context, '\n        Script Name = ', '\n'),
  script_content: data('Payload'),
  script_context: trim(context),
}

/** A long script block is logged in parts, an event each. */
const scriptBlock: Assignments = {
  ...writer,
  script_content: data('ScriptBlockText'),
  script_path: data('Path'),
  script_id: data('ScriptBlockId'),
  script_part: number(data('MessageNumber')),
  script_parts: number(data('MessageTotal')),
}

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
      on('4104', 'script', scriptBlock),
      on('800', 'script', pipeline, isPresent(data('param2'))),
      on('400 403 600', 'script', details('param3'), isPresent(data('param3'))),
    ],
  },
)
