import { invalidArgument } from '../check-arguments.js'
import { compileRules } from '../compile/compile.js'
import type { StandardEvent } from '../language/ruleset.js'
import { native } from '../native.js'
import { encodeMappings } from '../standardize/encode.js'
import type { EventBatch } from './detection.js'
import { Evaluation, type LoadedPlan } from './evaluation.js'
import type { TelemetryInput } from './inputs.js'
import {
  checkReadOptions,
  checkStandardizeOptions,
  type ReadOptions,
  type StandardizeOptions,
} from './options.js'

/**
 * Telemetry to be read: for `Detectors.evaluate`, or to iterate over its standard events. Files can
 * be read any number of times, a stream once.
 */
export class Telemetry implements AsyncIterable<EventBatch> {
  /** What is read. */
  readonly input: TelemetryInput
  /** How it is read. */
  readonly options: ReadOptions

  /**
   * @throws NuthatchError NUTHATCH_INVALID_ARGUMENT, NUTHATCH_INVALID_OPTION
   * @internal
   */
  constructor(input: TelemetryInput, options: ReadOptions = {}) {
    this.input = input
    this.options = options
    if (!isInput(input))
      invalidArgument('telemetry', 'a path, an array of one path or more, or a stream of bytes', input)
    checkReadOptions(options)
  }

  /**
   * The records as standard events; what no mapping knows is counted and left out.
   * @throws NuthatchError NUTHATCH_INVALID_OPTION
   */
  standardize(wanted: StandardizeOptions = {}): Evaluation<StandardEvent> {
    checkStandardizeOptions(wanted)
    const { derived = false, ...options } = wanted
    return new Evaluation<StandardEvent>(mappingsOnly(), derived ? 'derived-events' : 'events', this.input, {
      ...this.options,
      ...options,
    })
  }

  /** As `standardize()`: over batches of standard events. */
  [Symbol.asyncIterator](): Evaluation<StandardEvent> {
    return this.standardize()
  }
}

/** Of no paths nothing could be read: that is most likely a slip of the caller. */
const isInput = (input: unknown): boolean => {
  if (Array.isArray(input)) return input.length > 0 && input.every((path) => typeof path === 'string')
  const isStream = typeof input === 'object' && input !== null && Symbol.asyncIterator in input
  return typeof input === 'string' || (isStream && !(input instanceof Telemetry))
}

let plan: LoadedPlan | null = null

/** A Plan without detectors. */
export function mappingsOnly(): LoadedPlan {
  if (plan === null) {
    const bytes = compileRules({ detectors: [] }, encodeMappings()).plan
    plan = { native: new native.Plan(bytes), bytes }
  }
  return plan
}
