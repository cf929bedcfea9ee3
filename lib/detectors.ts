import { isUint8Array } from 'node:util/types'
import type { NativePlan } from './binding.js'
import { checkOptions, invalidArgument } from './check-arguments.js'
import { type CompileStatistics, compileRules } from './compile/compile.js'
import { measuredCosts } from './compile/measured-costs.js'
import { readPlanDetectors } from './compile/plan.js'
import { DiagnosticsError, NuthatchError } from './errors.js'
import { Trace } from './etw/trace.js'
import { checkRules } from './language/check.js'
import type { Diagnostic } from './language/diagnostics.js'
import type { DetectorInfo, RuleSet, Severity, StandardEvent } from './language/ruleset.js'
import { severities } from './language/ruleset.js'
import type { LiveEvaluation } from './live/live-evaluation.js'
import { LiveTrace } from './live/live-trace.js'
import { native } from './native.js'
import { isProfile } from './profile/is-profile.js'
import { PROFILE_VERSION, type Profile } from './profile/profile.js'
import { type Rules, readRuleFiles } from './rule-files.js'
import { eventProblems } from './standard-event.js'
import { encodeMappings } from './standardize/encode.js'
import type { Detection } from './stream/detection.js'
import { Evaluation } from './stream/evaluation.js'
import { EventPipeline, refuseEvents } from './stream/event-pipeline.js'
import type { TelemetryInput } from './stream/inputs.js'
import { checkEvaluateOptions, type EvaluateOptions } from './stream/options.js'
import { Telemetry } from './stream/telemetry.js'

/** How rules are compiled. */
export interface CompileOptions {
  /** Leave out detectors that are less severe. */
  readonly severity?: Severity
  /** Of an earlier evaluation (`evaluation.profile`): trees are put in the order that it says is cheapest. */
  readonly profile?: Profile
}

const compileOptions = {
  severity: {
    wanted: `one of ${severities.map((severity) => `'${severity}'`).join(', ')}`,
    fits: (value: unknown) => severities.includes(value as Severity),
  },
  profile: { wanted: `a profile of version ${PROFILE_VERSION}`, fits: isProfile },
}

/**
 * Compiles detectors.
 * @throws DiagnosticsError with everything that is wrong in any of the files, and all files that are not
 *   there or cannot be read: NUTHATCH_RULES_INVALID, NUTHATCH_RULES_NOT_FOUND, NUTHATCH_RULES_UNREADABLE;
 *   nothing is half-loaded.
 * @throws NuthatchError NUTHATCH_INVALID_ARGUMENT, NUTHATCH_INVALID_OPTION
 */
export async function compile(rules: Rules, options: CompileOptions = {}): Promise<Detectors> {
  checkOptions(options, compileOptions)
  const { severity = 'informational' } = options
  const { ruleSet, warnings } = await loadRules(rules)
  const least = severities.indexOf(severity)
  const detectors = ruleSet.detectors.filter((detector) => severities.indexOf(detector.severity) >= least)
  return loadDetectors({ ruleSet: { detectors }, warnings }, options.profile)
}

/** Rules without errors. */
export interface LoadedRules {
  readonly ruleSet: RuleSet
  readonly warnings: readonly Diagnostic[]
}

/** The first half of `compile`. */
export async function loadRules(rules: Rules): Promise<LoadedRules> {
  const { sources, problems } = await readRuleFiles(rules)
  const { ruleSet, diagnostics } = checkRules(sources, { complete: problems.length === 0 })
  if (ruleSet === null || problems.length > 0) throw new DiagnosticsError(diagnostics, problems)
  return { ruleSet, warnings: diagnostics }
}

/** The second half of `compile`. */
export function loadDetectors({ ruleSet, warnings }: LoadedRules, profile?: Profile): Detectors {
  const costs = profile && measuredCosts(profile)
  const { plan, statistics } = compileRules(ruleSet, encodeMappings(), costs)
  return new Detectors(plan, warnings, statistics)
}

/** Compiled detectors. Immutable; any number of evaluations can run at the same time. */
export class Detectors {
  /** By name. */
  readonly detectors: readonly DetectorInfo[]
  /** What the compilation warned of; warnings keep nothing from loading. */
  readonly warnings: readonly Diagnostic[]
  /** Null for a Plan that was read back. */
  readonly statistics: CompileStatistics | null
  /** The Plan: to be kept in a file, or given to another thread, and read back with `fromPlan`. */
  readonly plan: Uint8Array
  readonly #plan: NativePlan
  readonly #events: EventPipeline

  /** @internal */
  constructor(plan: Uint8Array, warnings: readonly Diagnostic[], statistics: CompileStatistics | null) {
    this.#plan = loadPlan(bytesOfPlan(plan))
    this.#events = new EventPipeline(this.#plan)
    this.plan = plan
    this.detectors = readPlanDetectors(plan)
    this.warnings = warnings
    this.statistics = statistics
  }

  /**
   * Detectors from a Plan of this release of Nuthatch.
   * @throws NuthatchError NUTHATCH_PLAN_CORRUPT, NUTHATCH_PLAN_VERSION, NUTHATCH_PLAN_SCHEMA,
   *   NUTHATCH_INVALID_ARGUMENT
   */
  static fromPlan(plan: Uint8Array): Detectors {
    return new Detectors(Uint8Array.from(bytesOfPlan(plan)), [], null)
  }

  /**
   * Evaluates telemetry: `readTelemetry(…)`, or what that takes; or a trace: `openTrace(…)`.
   * Iterate over the answer to get batches of detections, in the order of the records.
   * @throws NuthatchError NUTHATCH_INVALID_ARGUMENT, NUTHATCH_INVALID_OPTION
   */
  evaluate(telemetry: LiveTrace, options?: EvaluateOptions): LiveEvaluation<Detection>
  evaluate(telemetry: Telemetry | Trace | TelemetryInput, options?: EvaluateOptions): Evaluation<Detection>
  evaluate(
    telemetry: Telemetry | Trace | LiveTrace | TelemetryInput,
    options: EvaluateOptions = {},
  ): Evaluation<Detection> | LiveEvaluation<Detection> {
    checkEvaluateOptions(options, telemetry instanceof LiveTrace)
    const plan = { native: this.#plan, bytes: this.plan }
    if (telemetry instanceof Trace || telemetry instanceof LiveTrace)
      return telemetry.evaluate(plan, 'detections', options)
    const { input, options: read } = telemetry instanceof Telemetry ? telemetry : new Telemetry(telemetry)
    return new Evaluation<Detection>(plan, 'detections', input, { ...read, ...options })
  }

  /**
   * Evaluates standard events, each by itself: nothing one event tells of a process is known to
   * another. A detection's `line` is the number of its event, from 1; an empty list has none. The first
   * call makes a thread, which stays until the detectors are collected; calls with many events cost less
   * for each. Of an event its own enumerable properties count: neither inherited ones nor a `toJSON`.
   * @throws NuthatchError NUTHATCH_INVALID_ARGUMENT; NUTHATCH_INVALID_EVENT, for properties that are unknown
   *   or derived and values of the wrong kind too
   */
  async evaluateEvents(events: StandardEvent | readonly StandardEvent[]): Promise<Detection[]> {
    if (!isEventOrEvents(events))
      invalidArgument('events', 'an event in standard form or an array of them', events)
    // Array.from makes a hole undefined, which is no event.
    const list: readonly StandardEvent[] = Array.isArray(events)
      ? Array.from(events as readonly StandardEvent[])
      : [events as StandardEvent]
    refuseEvents(
      list.flatMap((event, index) => eventProblems(event).map((problem) => `event ${index + 1}: ${problem}`)),
    )
    return this.#events.evaluate(list)
  }
}

/** A generator or a set of events is no event, though it is an object. */
const isEventOrEvents = (events: unknown): boolean =>
  Array.isArray(events) ||
  (typeof events === 'object' &&
    events !== null &&
    !(Symbol.iterator in events || Symbol.asyncIterator in events))

/** @throws NuthatchError NUTHATCH_INVALID_ARGUMENT */
function bytesOfPlan(plan: unknown): Uint8Array {
  return isUint8Array(plan) ? plan : invalidArgument('plan', 'the bytes of a Plan', plan)
}

/** The addon's errors are plain ones, with a code. */
function loadPlan(plan: Uint8Array): NativePlan {
  try {
    return new native.Plan(plan)
  } catch (cause) {
    const { code = 'NUTHATCH_PLAN_CORRUPT', message } = cause as NodeJS.ErrnoException
    throw new NuthatchError(code, message, { cause })
  }
}
