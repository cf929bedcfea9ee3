import { availableParallelism } from 'node:os'
import {
  checkOptions,
  flag,
  type OptionCheck,
  optionOf,
  signalOption,
  text,
  wholeNumber,
} from '../check-arguments.js'
import { NuthatchError } from '../errors.js'
import { checkVerifierOptions, type VerifierOptions } from '../trust/verifier.js'
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
   * Whether ETW traces are read as well as NDJSON. Default true. With false a trace is a problem of its input
   * (NUTHATCH_INPUT_FORMAT), and none is copied to the folder for temporary files: for NDJSON from anybody.
   */
  readonly traces?: boolean
  /**
   * Hears of an input that cannot be read, or not to its end; the others are read all the same.
   * Without it, an InputsError with all such problems is thrown at the end.
   */
  readonly onProblem?: (problem: InputError) => void
}

/** How telemetry is read and evaluated. */
export interface EvaluateOptions extends ReadOptions {
  /** Ends the iteration by throwing the signal's reason. */
  readonly signal?: AbortSignal
  /** Default: as many as the machine has processors for this process. The results are the same. */
  readonly threads?: number
  /** Processes remembered, to tell their later events what they are. 0: none. Default 65,536. */
  readonly processTableCapacity?: number
  /**
   * A folder that has the files of the machine the telemetry is of: its disk, mounted, or a copy. Signatures that
   * detectors ask for, and that records do not tell, are verified there. Needs `trust`. Without it the files of a live
   * trace on Windows are where their paths say.
   */
  readonly imageRoot?: string
  /**
   * The N of \Device\HarddiskVolumeN that is Windows' disk, C:, where telemetry names disks so and neither it nor the
   * image root's folders tell. Default: that of the first image whose signature is asked for. Needs `imageRoot`.
   */
  readonly imageVolume?: number
  /**
   * Whom to trust, as of when. `deadline` is how long a file may take to be verified; where the input is a stream, also
   * how long an event waits for that. Needs `imageRoot`, but for a live trace on Windows, of whose files by default
   * Windows is asked; `false`: no file is verified.
   */
  readonly trust?: VerifierOptions | false
}

/** How telemetry is read and made standard events. */
export interface StandardizeOptions extends EvaluateOptions {
  /** Show derived properties, such as deobfuscated_command_line, as well. */
  readonly derived?: boolean
}

export interface ResolvedOptions extends EvaluateOptions {
  readonly maxRecordBytes: number
  readonly strict: boolean
  readonly traces: boolean
  readonly threads: number
  readonly processTableCapacity: number
}

const readOptions = {
  maxRecordBytes: wholeNumber(1, 1 << 30),
  name: optionOf('string', 'text'),
  strict: flag,
  traces: flag,
  onProblem: optionOf('function', 'a function'),
}
const evaluateOptions = {
  ...readOptions,
  signal: signalOption,
  threads: wholeNumber(1, 1024),
  processTableCapacity: wholeNumber(0, 1 << 24),
  imageRoot: text('the path of a folder'),
  imageVolume: wholeNumber(1, 999_999_999),
  trust: {
    wanted: 'options of a verifier, or false',
    fits: (value) => value === false || (typeof value === 'object' && value !== null),
  },
} satisfies Record<keyof EvaluateOptions, OptionCheck>

/** @throws NuthatchError NUTHATCH_INVALID_OPTION */
export const checkReadOptions = (options: ReadOptions): void => checkOptions(options, readOptions)

/** Whether the paths of a live trace's events lead to files here. */
export const hasFilesOfLiveTraces = process.platform === 'win32'

/**
 * `live`: the telemetry is a live trace.
 * @throws NuthatchError NUTHATCH_INVALID_OPTION
 */
export function checkEvaluateOptions(options: EvaluateOptions, live = false): void {
  checkOptions(options, evaluateOptions)
  const { imageRoot, imageVolume, trust = false } = options
  if (trust !== false) checkVerifierOptions(trust)
  if (imageRoot === undefined && trust !== false && !(live && hasFilesOfLiveTraces))
    throw new NuthatchError(
      'NUTHATCH_INVALID_OPTION',
      'trust needs imageRoot: say below which folder the files are that events name',
    )
  if (imageRoot === undefined && imageVolume !== undefined)
    throw new NuthatchError(
      'NUTHATCH_INVALID_OPTION',
      'imageVolume needs imageRoot: say below which folder the files of that disk are',
    )
  if (imageRoot !== undefined && trust === false)
    throw new NuthatchError(
      'NUTHATCH_INVALID_OPTION',
      'imageRoot needs trust: say which roots are trusted, as `trust: { roots: … }`',
    )
}

/** @throws NuthatchError NUTHATCH_INVALID_OPTION */
export const checkStandardizeOptions = (options: StandardizeOptions): void =>
  checkOptions(options, { ...evaluateOptions, derived: flag })

/** As `checkEvaluateOptions`. */
export function resolveOptions(options: EvaluateOptions, live = false): ResolvedOptions {
  checkEvaluateOptions(options, live)
  return {
    ...options,
    strict: options.strict ?? false,
    traces: options.traces ?? true,
    threads: options.threads ?? availableParallelism(),
    maxRecordBytes: options.maxRecordBytes ?? 16 << 20,
    processTableCapacity: options.processTableCapacity ?? 1 << 16,
  }
}
