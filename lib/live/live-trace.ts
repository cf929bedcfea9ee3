import { tmpdir } from 'node:os'
import { checkOptions, invalidArgument, type OptionCheck, signalOption } from '../check-arguments.js'
import { type PlanRules, readPlanRules } from '../compile/read-plan.js'
import { NuthatchError } from '../errors.js'
import type { StandardEvent } from '../language/ruleset.js'
import { native } from '../native.js'
import { type EventTypeName, eventTypeNames } from '../schema/event-types.js'
import { propertyRow } from '../schema/properties.js'
import { stackProperties } from '../standardize/etw.js'
import type { LoadedPlan } from '../stream/evaluation.js'
import type { InputError } from '../stream/input-error.js'
import { leavable } from '../stream/leavable.js'
import {
  checkStandardizeOptions,
  type EvaluateOptions,
  hasFilesOfLiveTraces,
  type StandardizeOptions,
} from '../stream/options.js'
import { mappingsOnly } from '../stream/telemetry.js'
import { standardOfTraces } from '../stream/trace-pieces.js'
import { LiveEvaluation, type LiveOutput, type LiveReading } from './live-evaluation.js'
import { LiveEventBatch } from './live-events.js'
import { checkLiveOptions, type LiveOptions } from './live-options.js'
import { isGrave, problemsOf } from './live-problems.js'
import type { WantedEvents } from './live-providers.js'
import { sessionsFor, usualBuffers } from './live-sessions.js'
import type { NativeLiveOptions, NativeLiveTrace, NativePlay } from './native-live.js'

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
const CACHED_STACKS_WITHIN = 100

/**
 * A running machine: to iterate over its events, a batch at a time, or for `Detectors.evaluate`. Nothing is started
 * before that; each iteration and evaluation has sessions of its own, which end with it. Disposing of it ends them all.
 */
export class LiveTrace implements AsyncIterable<LiveEventBatch>, AsyncDisposable {
  /** What detections call it: the replayed file, the session attached to, or `live`. */
  readonly name: string
  readonly #options: LiveOptions
  readonly #play: NativePlay | undefined
  readonly #signal: AbortSignal
  readonly #disposal = new AbortController()
  /** What reads it now. */
  readonly #readers = new Set<LiveReading>()

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
    const all = { ...options, signal, trust }
    return new LiveEvaluation<T>(plan, output, this.name, native, all, this.#readers)
  }

  /** Of a replay they are another machine's. */
  get #isOfThisMachine(): boolean {
    return hasFilesOfLiveTraces && this.#options.replay === undefined
  }

  /**
   * A batch of the events that have come since the one before was asked for. The last one has none, but all that was
   * lost by the end.
   * @throws InputError when it ends by itself; NuthatchError NUTHATCH_LIVE_…; the signal's reason
   */
  [Symbol.asyncIterator](): AsyncGenerator<LiveEventBatch, undefined> {
    // There may be no events for a long time.
    return leavable((self, left) => this.#events(self, left))
  }

  /** Ends all of its sessions, and whatever reads them. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort(
      new NuthatchError('NUTHATCH_TRACE_CLOSED', `${this.name}: the trace has been closed`),
    )
    await Promise.all([...this.#readers].map((reader) => reader.return().catch(() => {})))
  }

  async *#events(self: () => LiveReading, left: AbortSignal): AsyncGenerator<LiveEventBatch, undefined> {
    const signal = this.#signal
    signal.throwIfAborted()
    const filter = { providers: [], ids: [], pids: [] }
    const trace = new native.LiveTrace(null, this.#nativeOptions(filter, { types: eventTypeNames }))
    // Whether that has failed is told at the end of the iteration.
    const close = (): void => void trace.close().catch(() => {})
    for (const each of [signal, left]) each.addEventListener('abort', close, { once: true })
    const reader = self()
    this.#readers.add(reader)
    try {
      await trace.start()
      yield* this.#batches(trace)
    } finally {
      this.#readers.delete(reader)
      signal.removeEventListener('abort', close)
      await trace.close()
    }
  }

  async *#batches(trace: NativeLiveTrace): AsyncGenerator<LiveEventBatch, undefined> {
    const { restart = false } = this.#options
    const grave: InputError[] = []
    const batchOf = (output: Uint8Array) => {
      const told: InputError[] = []
      for (const problem of problemsOf(trace, this.name))
        (isGrave(problem, restart) ? grave : told).push(problem)
      return new LiveEventBatch(output, trace.counts(), told)
    }
    for (let block = await trace.next(); block !== null; block = await trace.next()) {
      const batch = batchOf(block.output)
      if (batch.length > 0 || batch.problems.length > 0) yield batch
    }
    this.#signal.throwIfAborted()
    yield batchOf(new Uint8Array())
    if (grave[0]) throw grave[0]
  }

  #nativeOptions(filter: NativeLiveOptions['filter'], wanted: WantedEvents): NativeLiveOptions {
    const { attach = '', restart = false, overflow = 'drop-oldest', kernelEvents = 'logger' } = this.#options
    const {
      queueBytes = QUEUE_BYTES,
      inOrderWithin = IN_ORDER_WITHIN,
      cachedStacksWithin = CACHED_STACKS_WITHIN,
      spillFolder = tmpdir(),
    } = this.#options
    const { symbolPath } = this.#options
    const symbols = symbolPath !== undefined && { symbolPath }
    const {
      bufferKiB: kilobytes = usualBuffers.kilobytes,
      leastBuffers: least = usualBuffers.least,
      mostBuffers: most = usualBuffers.most,
    } = this.#options
    const sessions = attach === '' ? sessionsFor(wanted, kernelEvents, { kilobytes, least, most }) : []
    const play = this.#play && { play: this.#play }
    const queue = { overflow, spillFolder, queueBytes, inOrderWithin, cachedStacksWithin }
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
