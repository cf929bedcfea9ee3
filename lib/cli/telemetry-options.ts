import { type Command, InvalidArgumentError, Option } from 'commander'
import { UsageError } from './errors.js'

/** Options of every command that reads telemetry. */
export interface TelemetryOptions {
  readonly threads?: number
  readonly strict?: boolean
  readonly summary: 'text' | 'json' | 'none'
  readonly color: boolean
}

export const addTelemetryOptions = (command: Command): Command =>
  command
    .option(
      '--threads <number>',
      'threads to evaluate on (default: as many as there are processors)',
      wholeNumber,
    )
    .option('--strict', 'stop at the first malformed record')
    .addOption(
      new Option('--summary <form>', 'what to say on standard error at the end')
        .choices(['text', 'json', 'none'])
        .default('text'),
    )

/** The inputs given; without any, standard input, unless somebody sits at it. */
export function inputsOrStdin(inputs: readonly string[]): readonly string[] {
  if (inputs.length > 0) return inputs
  if (process.stdin.isTTY) throw new UsageError('no input: name files or folders, or - for standard input')
  return ['-']
}

/** Of an option's argument. */
export const wholeNumberTo =
  (most: number, least = 1) =>
  (text: string): number => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  }

export const wholeNumber = wholeNumberTo(1024)

/** For options that can be given more than once. */
export const collect = (path: string, paths: readonly string[] = []): readonly string[] => [...paths, path]

export const inputHelp = `
Inputs are files, folders (all files in them), glob patterns, or - for standard input: NDJSON or ETW
traces (.etl), plain or compressed with gzip or zstd. What a file is, is told by its content, not by its
name.
`
