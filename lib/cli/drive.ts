import { NuthatchError } from '../errors.js'
import { native } from '../native.js'
import type { Batch } from '../stream/batch.js'
import type { Evaluation } from '../stream/evaluation.js'
import type { InputError } from '../stream/input-error.js'
import type { Input } from '../stream/inputs.js'
import type { EvaluateOptions } from '../stream/options.js'
import type { Summary } from '../stream/summary.js'
import { describeError, EXIT_ERROR, reportError } from './errors.js'
import { OutputClosed, tell } from './output.js'
import { Progress } from './progress.js'
import { formatSummary } from './summary.js'
import type { TelemetryOptions } from './telemetry-options.js'

const signals = { SIGINT: 130, SIGTERM: 143 } as const

/**
 * Takes an evaluation to its end: batches to `each`, which uses them until its promise settles, problems, progress and
 * the summary to standard error, the outcome into the exit code. Ctrl-C stops the reading; what has been read is finished.
 */
export async function drive<T>(
  start: (options: EvaluateOptions) => Evaluation<T>,
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
  const letGo = stopOnSignals(() => evaluation.stop())
  try {
    for await (const batch of evaluation) {
      await each(batch)
      native.release(batch.ndjson)
      progress.update()
    }
  } catch (error) {
    progress.end()
    if (error instanceof OutputClosed) return evaluation.summary
    process.exitCode = reportError(error, options.color)
  } finally {
    progress.end()
    letGo()
  }
  const { summary, problems, signatures } = evaluation
  if (summary.records === 0 && !process.exitCode) process.exitCode = reportError(noRecords(summary))
  if (options.summary === 'json')
    tell(JSON.stringify({ ...summary, problems: problems.map(asJson), ...(signatures && { signatures }) }))
  else if (options.summary === 'text') tell(formatSummary(summary, found, signatures))
  return summary
}

/**
 * Does `work` with one input after the other, until a signal ends it. What it gives back or throws is told, and the
 * next input follows.
 * @returns false when nobody reads the output any more.
 */
export async function eachInput(
  inputs: readonly Input[],
  problems: readonly InputError[],
  { color }: { readonly color: boolean },
  work: (input: Input, signal: AbortSignal) => Promise<InputError | null>,
): Promise<boolean> {
  const fail = (error: unknown) => {
    process.exitCode = reportError(error, color)
  }
  for (const problem of problems) fail(problem)
  const abort = new AbortController()
  const letGo = stopOnSignals(() => abort.abort())
  try {
    for (const input of inputs) {
      if (abort.signal.aborted) break
      try {
        const problem = await work(input, abort.signal)
        if (problem) fail(problem)
      } catch (error) {
        if (error instanceof OutputClosed) return false
        if (!abort.signal.aborted) fail(error)
      }
    }
  } finally {
    letGo()
  }
  return true
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
  const handlers = Object.entries(signals).map(([signal, exitCode]) => {
    const handler = () => {
      process.exitCode = exitCode
      stop()
    }
    process.once(signal, handler)
    return { signal, handler }
  })
  return () => {
    for (const { signal, handler } of handlers) process.removeListener(signal, handler)
  }
}

const asJson = ({ code, source, message }: InputError) => ({ code, source, message })
