import type { NativePlan } from '../binding.js'
import { compileRules } from '../compile/compile.js'
import type { StandardEvent } from '../language/ruleset.js'
import { native } from '../native.js'
import { encodeMappings } from '../standardize/encode.js'
import type { EventBatch } from './detection.js'
import { Evaluation } from './evaluation.js'
import type { TelemetryInput } from './inputs.js'
import type { ReadOptions, StandardizeOptions } from './options.js'

/**
 * Telemetry to be read: for `Detectors.evaluate`, or to iterate over its standard events. Files can
 * be read any number of times, a stream once.
 */
export class Telemetry implements AsyncIterable<EventBatch> {
  constructor(
    readonly input: TelemetryInput,
    readonly options: ReadOptions = {},
  ) {}

  /** The records as standard events; what no mapping knows is counted and left out. */
  standardize({ derived = false, ...options }: StandardizeOptions = {}): Evaluation<StandardEvent> {
    return new Evaluation<StandardEvent>(mappingsOnly(), derived ? 'derived-events' : 'events', this.input, {
      ...this.options,
      ...options,
    })
  }

  [Symbol.asyncIterator](): Evaluation<StandardEvent> {
    return this.standardize()
  }
}

let plan: NativePlan | null = null

/** A Plan without detectors. */
function mappingsOnly(): NativePlan {
  plan ??= new native.Plan(compileRules({ detectors: [] }, encodeMappings()).plan)
  return plan
}
