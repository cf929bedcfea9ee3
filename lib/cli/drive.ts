import { NuthatchError } from '../errors.js'
import { removeTraceCopies } from '../etw/trace-file.js'
import { grouped } from '../grouped.js'
import type { LiveStatistics } from '../live/live-statistics.js'
import { native } from '../native.js'
import type { Batch } from '../stream/batch.js'
import type { Evaluation } from '../stream/evaluation.js'
import type { InputError } from '../stream/input-error.js'
import type { EvaluateOptions } from '../stream/options.js'
import type { Summary } from '../stream/summary.js'
import { describeError, EXIT_ERROR, reportError } from './errors.js'
import { isOutputGone, OutputClosed, tell, writtenBytes } from './output.js'
import { Progress } from './progress.js'
import { counted, formatSummary } from './summary.js'
import type { TelemetryOptions } from './telemetry-options.js'

/** Which end a command, with what exit code. */
export const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** An evaluation, of whichever source. */
export type Driven<T> = AsyncIterable<Batch<T>> &
  Pick<Evaluation<T>, 'stop' | 'summary' | 'problems' | 'signatures' | 'progress'> & {
    /** Of a live trace. */
    readonly live?: LiveStatistics | null
  }

/**
 * Takes an evaluation to its end: batches to `each`, which uses them until its promise settles, problems, progress and
 * the summary to standard error, the outcome into the exit code. Ctrl-C stops the reading; what has been read is finished.
 */
export async function drive<T>(
  start: (options: EvaluateOptions) => Driven<T>,
  found: 'detections' | 'events',
  options: TelemetryOptions,
  each: (batch: Batch<T>) => Promise<void>,
): Promise<Summary> {
  const onProblem = (problem: InputError) => {
    progress.tell(describeError(problem))
    process.exitCode = EXIT_ERROR
  }
  const evaluation = start({ threads: options.threads, strict: options.strict, onProblem })
  const progress = new Progress(evaluation, found)
  let isStopped = false
  const letGo = stopOnSignals(() => {
    isStopped = true
    progress.end() // now: after a second signal nobody gives the terminal its cursor back
    evaluation.stop()
  })
  try {
    for await (const batch of evaluation) {
      await each(batch)
      native.release(batch.ndjson)
      progress.update()
    }
  } catch (error) {
    progress.end()
    if (!(error instanceof OutputClosed)) process.exitCode = reportError(error, options.color)
    else if (options.summary === 'text') tellOfClosedOutput()
  } finally {
    progress.end()
    letGo()
  }
  const { summary, live } = evaluation
  if (live === null) return summary // it has not begun
  if (live === undefined && summary.records === 0 && !process.exitCode)
    process.exitCode = reportError(noRecords(summary))
  if (isStopped && live === undefined && options.summary === 'text')
    tell('stopped: what had been read is finished')
  tellSummary(evaluation, found, options)
  return summary
}

function tellSummary<T>(
  { summary, problems, signatures, live }: Driven<T>,
  found: 'detections' | 'events',
  options: TelemetryOptions,
): void {
  if (options.summary === 'json')
    tell(
      JSON.stringify({
        ...summary,
        problems: problems.map(asJson),
        ...(signatures && { signatures }),
        ...(live && { live }),
      }),
    )
  else if (options.summary === 'text') tell(formatSummary(summary, found, { signatures, live }))
}

/** Before what was done until then. */
export const tellOfClosedOutput = (): void => tell('stopped: nobody reads the output any more')

/**
 * Does `work` with one input after the other, until a signal ends it. What it gives back or throws is told, and the
 * next input follows.
 * @returns false when the output takes nothing any more.
 */
export async function eachInput<T>(
  inputs: readonly T[],
  problems: readonly InputError[],
  { color }: { readonly color: boolean },
  work: (input: T, signal: AbortSignal) => Promise<InputError | null>,
): Promise<boolean> {
  const fail = (error: unknown) => {
    process.exitCode = reportError(error, color)
  }
  for (const problem of problems) fail(problem)
  const abort = new AbortController()
  const letGo = stopOnSignals(() => abort.abort())
  let isOpen = true
  let done = 0
  for (const input of inputs) {
    try {
      const problem = await work(input, abort.signal)
      if (problem) fail(problem)
    } catch (error) {
      isOpen = !isOutputGone(error)
      if (error instanceof OutputClosed) tellOfClosedOutput()
      else if (!isOpen || !abort.signal.aborted) fail(error)
    }
    if (!isOpen || abort.signal.aborted) break
    done += 1
  }
  letGo()
  if (done < inputs.length) {
    const written = isOpen ? `, ${counted(writtenBytes(), 'bytes')} written` : ''
    tell(`${grouped(done)} of ${counted(inputs.length, 'inputs')} done${written}`)
  }
  return isOpen
}

/** One file of many may be empty or strange; a run of nothing else is hardly what was meant. */
const noRecords = ({ malformed }: Summary): NuthatchError =>
  malformed === 0
    ? new NuthatchError('NUTHATCH_INPUT_EMPTY', 'there is nothing to read: every input is empty')
    : new NuthatchError(
        'NUTHATCH_INPUT_NO_RECORDS',
        'no line holds a record: telemetry is one JSON object a line (`jq -c .` makes it so)',
      )

/** The first signal stops the reading, a second one ends the process at once. Returns what undoes this. */
export function stopOnSignals(stop: () => void): () => void {
  let isStopping = false
  const handlers = Object.entries(signals).map(([signal, exitCode]) => {
    const handler = () => {
      if (isStopping) return die(signal)
      isStopping = true
      process.exitCode = exitCode
      stop()
    }
    process.on(signal, handler)
    return { signal, handler }
  })
  const letGo = () => {
    for (const { signal, handler } of handlers) process.removeListener(signal, handler)
  }
  const die = (signal: string) => {
    letGo()
    removeTraceCopies()
    process.kill(process.pid, signal)
  }
  return letGo
}

const asJson = ({ code, source, message }: InputError) => ({ code, source, message })
