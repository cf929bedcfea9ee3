import { tmpdir } from 'node:os'
import { checkOptions, invalidArgument, type OptionCheck, signalOption } from '../check-arguments.js'
import { type PlanRules, readPlanRules } from '../compile/read-plan.js'
import { NuthatchError } from '../errors.js'
import type { TraceBatch, TraceEvent } from '../etw/trace.js'
import type { StandardEvent } from '../language/ruleset.js'
import { native } from '../native.js'
import { type EventTypeName, eventTypeNames } from '../schema/event-types.js'
import { propertyRow } from '../schema/properties.js'
import { stackProperties } from '../standardize/etw.js'
import { NdjsonBatch } from '../stream/batch.js'
import type { LoadedPlan } from '../stream/evaluation.js'
import {
  checkStandardizeOptions,
  type EvaluateOptions,
  hasFilesOfLiveTraces,
  type StandardizeOptions,
} from '../stream/options.js'
import { mappingsOnly } from '../stream/telemetry.js'
import { standardOfTraces } from '../stream/trace-pieces.js'
import { LiveEvaluation, type LiveOutput } from './live-evaluation.js'
import { checkLiveOptions, type LiveOptions } from './live-options.js'
import type { WantedEvents } from './live-providers.js'
import { sessionsFor } from './live-sessions.js'
import type { NativeLiveOptions, NativePlay } from './native-live.js'

/** Which live events. */
export interface LiveTraceOptions {
  /** The events of this machine, as they happen. */
  readonly live: true | LiveOptions
  /** Ends whatever reads the trace, by throwing the signal's reason. */
  readonly signal?: AbortSignal
}

const traceOptions: Readonly<Record<string, OptionCheck>> = {
  live: { wanted: 'true or an object', fits: (value) => value === true || typeof value === 'object' },
  signal: signalOption,
}

/** Of a session, in bytes of records. */
const QUEUE_BYTES = 64 << 20
const IN_ORDER_WITHIN = 20

/**
 * A running machine: to iterate over its events, a batch at a time, or for `Detectors.evaluate`. Nothing is started
 * before that; each iteration and evaluation has sessions of its own, which end with it. Disposing of it ends them all.
 */
export class LiveTrace implements AsyncIterable<TraceBatch>, AsyncDisposable {
  /** What detections call it: the replayed file, the session attached to, or `live`. */
  readonly name: string
  readonly #options: LiveOptions
  readonly #play: NativePlay | undefined
  readonly #signal: AbortSignal
  readonly #disposal = new AbortController()
  readonly #ends: (() => Promise<unknown>)[] = []

  /**
   * @param play what goes wrong in a replay besides; for tests.
   * @throws NuthatchError NUTHATCH_INVALID_OPTION, NUTHATCH_INVALID_ARGUMENT
   * @internal
   */
  constructor(options: LiveTraceOptions, play: Partial<NativePlay> = {}) {
    checkOptions(options, traceOptions)
    const { live, signal } = options
    if (live === undefined) invalidArgument('live', 'true or an object', live)
    const wanted = live === true ? {} : live
    checkLiveOptions(wanted)
    this.#options = wanted
    this.#play = wanted.replay && { ...wanted.replay, ...play }
    this.name = wanted.replay?.file ?? wanted.attach ?? 'live'
    const disposed = this.#disposal.signal
    this.#signal = signal ? AbortSignal.any([signal, disposed]) : disposed
  }

  /**
   * Its events as standard events; others are left out.
   * @throws NuthatchError NUTHATCH_INVALID_OPTION
   */
  standardize(wanted: StandardizeOptions = {}): LiveEvaluation<StandardEvent> {
    checkStandardizeOptions(wanted)
    const { derived = false, ...options } = wanted
    return this.evaluate(mappingsOnly(), derived ? 'derived-events' : 'events', options)
  }

  /** @internal */
  evaluate<T>(plan: LoadedPlan, output: LiveOutput, options: EvaluateOptions): LiveEvaluation<T> {
    const rules = output === 'detections' ? readPlanRules(plan.bytes) : null
    const trust = options.trust ?? (rules && this.#isOfThisMachine && asksSignatures(rules) ? {} : false)
    const wanted: WantedEvents = {
      types: rules ? rules.trees.map(({ event }) => event) : eventTypeNames,
      stacks: new Set(rules ? typesWithStacks(rules) : eventTypeNames),
      fileChanges: rules !== null && trust !== false && asksSignatures(rules),
    }
    const signal = options.signal ? AbortSignal.any([options.signal, this.#signal]) : this.#signal
    const native = this.#nativeOptions(standardOfTraces.filter, wanted)
    const evaluation = new LiveEvaluation<T>(plan, output, this.name, native, {
      ...options,
      signal,
      trust,
    })
    this.#ends.push(() => evaluation.return())
    return evaluation
  }

  /** Of a replay they are another machine's. */
  get #isOfThisMachine(): boolean {
    return hasFilesOfLiveTraces && this.#options.replay === undefined
  }

  /**
   * A batch of the events that have come since the one before was asked for.
   * @throws NuthatchError NUTHATCH_LIVE_…; the signal's reason
   */
  [Symbol.asyncIterator](): AsyncGenerator<TraceBatch, undefined> {
    const iteration = this.#events()
    this.#ends.push(() => iteration.return(undefined))
    return iteration
  }

  /** Ends all of its sessions, and whatever reads them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort(
      new NuthatchError('NUTHATCH_TRACE_CLOSED', `${this.name}: the trace has been closed`),
    )
    await Promise.all(this.#ends.map((end) => end().catch(() => {})))
  }

  async *#events(): AsyncGenerator<TraceBatch, undefined> {
    const signal = this.#signal
    signal.throwIfAborted()
    const filter = { providers: [], ids: [], pids: [] }
    const trace = new native.LiveTrace(null, this.#nativeOptions(filter, { types: eventTypeNames }))
    const close = () => trace.close()
    signal.addEventListener('abort', close, { once: true })
    try {
      await trace.start()
      for (let block = await trace.next(); block !== null; block = await trace.next())
        if (block.output.length > 0) yield new NdjsonBatch<TraceEvent>(block.output)
      signal.throwIfAborted()
      for (const problem of trace.problems()) if (problem.code === 'NUTHATCH_LIVE_ENDED') throw problem
    } finally {
      signal.removeEventListener('abort', close)
      close()
    }
  }

  #nativeOptions(filter: NativeLiveOptions['filter'], wanted: WantedEvents): NativeLiveOptions {
    const { attach = '', restart = false, overflow = 'drop-oldest', kernelEvents = 'logger' } = this.#options
    const {
      queueBytes = QUEUE_BYTES,
      inOrderWithin = IN_ORDER_WITHIN,
      spillFolder = tmpdir(),
    } = this.#options
    const { symbolPath } = this.#options
    const symbols = symbolPath !== undefined && { symbolPath }
    const sessions = attach === '' ? sessionsFor(wanted, process.pid, kernelEvents) : []
    const play = this.#play && { play: this.#play }
    const queue = { overflow, spillFolder, queueBytes, inOrderWithin }
    return { sessions, attach, restart, ...queue, ...symbols, filter, ...play }
  }
}

const asksSignatures = ({ terms }: PlanRules): boolean =>
  terms.some(({ property }) => propertyRow(property)?.signatureOf !== undefined)

/** The types of events of whose call stacks a detector asks something. */
const typesWithStacks = ({ terms, trees, termsOf }: PlanRules): EventTypeName[] => {
  const asks = terms.map(({ property }) => stackProperties.has(property))
  return trees
    .filter(({ nodes }) => nodes.some(({ guard }) => termsOf(guard).some((term) => asks[term])))
    .map(({ event }) => event)
}
