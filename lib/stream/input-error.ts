import { NuthatchError } from '../errors.js'

/** Why an input could not be read; docs/troubleshooting.md says what to do. */
export type InputErrorCode =
  | 'NUTHATCH_INPUT_NOT_FOUND'
  | 'NUTHATCH_INPUT_UNREADABLE'
  | 'NUTHATCH_INPUT_FORMAT'
  | 'NUTHATCH_INPUT_CORRUPT'
  | 'NUTHATCH_INPUT_TRUNCATED'
  | 'NUTHATCH_INPUT_NOT_COPIED'
  | 'NUTHATCH_ETL_FORMAT'
  | 'NUTHATCH_ETL_UNREADABLE'
  | 'NUTHATCH_LIVE_ENDED'
  | 'NUTHATCH_LIVE_LOSSES'
  | 'NUTHATCH_LIVE_PRIVILEGE'
  | 'NUTHATCH_LIVE_PROVIDER'
  | 'NUTHATCH_LIVE_SESSION'
  | 'NUTHATCH_LIVE_STACKS'
  | 'NUTHATCH_LIVE_RUNDOWN'
  | 'NUTHATCH_OUT_OF_MEMORY'

/** An input that could not be read, or not to its end. The others are read all the same. */
export class InputError extends NuthatchError {
  /** `InputError`. */
  override readonly name: string = 'InputError'
  /** The path as it was given, or the name of the stream. */
  readonly source: string

  /** @internal */
  constructor(code: InputErrorCode, source: string, problem: string, options?: ErrorOptions) {
    super(code, `${source || "''"}: ${problem}`, options)
    this.source = source
  }
}

/** Thrown at the end, when everything that can be read has been, and something could not. */
export class InputsError extends NuthatchError {
  /** `InputsError`. */
  override readonly name: string = 'InputsError'
  /** What could not be read, in the order in which it was found. */
  readonly problems: readonly InputError[]

  /** @internal */
  constructor(problems: readonly InputError[]) {
    super('NUTHATCH_INPUTS_FAILED', problems.map((problem) => problem.message).join('\n'))
    this.problems = problems
  }
}
