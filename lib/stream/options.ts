import { availableParallelism } from 'node:os'
import { NuthatchError } from '../errors.js'
import type { InputError } from './input-error.js'

/** How telemetry is read. */
export interface ReadOptions {
  /** Longer lines are counted as malformed and passed over. Default 16 MiB. */
  readonly maxRecordBytes?: number
  /** What detections call a stream that is not a file. Default `<stream>`. */
  readonly name?: string
  /** Throw a MalformedRecordError at the first malformed record, instead of counting it. */
  readonly strict?: boolean
  /**
   * Hears of an input that cannot be read, or not to its end; the others are read all the same.
   * Without it, an InputsError with all such problems is thrown at the end.
   */
  readonly onProblem?: (problem: InputError) => void
}

export interface EvaluateOptions extends ReadOptions {
  /** Ends the iteration by throwing the signal's reason. */
  readonly signal?: AbortSignal
  /** Default: as many as the machine has processors for this process. The results are the same. */
  readonly threads?: number
  /** Processes remembered, to tell their later events what they are. 0: none. Default 65,536. */
  readonly processTableCapacity?: number
}

export interface StandardizeOptions extends EvaluateOptions {
  /** Show derived properties, such as deobfuscated_command_line, as well. */
  readonly derived?: boolean
}

export interface ResolvedOptions extends EvaluateOptions {
  readonly maxRecordBytes: number
  readonly strict: boolean
  readonly threads: number
  readonly processTableCapacity: number
}

/** @throws NuthatchError NUTHATCH_INVALID_OPTION */
export function resolveOptions(options: EvaluateOptions): ResolvedOptions {
  return {
    ...options,
    strict: options.strict ?? false,
    threads: integer('threads', options.threads ?? availableParallelism(), 1, 1024),
    maxRecordBytes: integer('maxRecordBytes', options.maxRecordBytes ?? 16 << 20, 1, 1 << 30),
    processTableCapacity: integer(
      'processTableCapacity',
      options.processTableCapacity ?? 1 << 16,
      0,
      1 << 24,
    ),
  }
}

function integer(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new NuthatchError(
    'NUTHATCH_INVALID_OPTION',
    `${name} must be a whole number from ${least} to ${most}, not ${value}`,
  )
}
