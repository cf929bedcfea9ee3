import type { BlockResult, NativePipeline, NativePlan } from '../binding.js'
import { NuthatchError } from '../errors.js'
import { grouped } from '../grouped.js'
import type { StandardEvent } from '../language/ruleset.js'
import { native } from '../native.js'
import { sum } from '../sum.js'
import { parseLines } from './batch.js'
import type { Detection } from './detection.js'
import { resolveOptions } from './options.js'

const MOST_TOLD = 100
/** Characters of a block of lines: far below the longest string that there can be. */
const BLOCK = 1 << 20

/**
 * Tells of all that is wrong, or of the first and how many more there are.
 * @throws NuthatchError NUTHATCH_INVALID_EVENT, unless nothing is.
 */
export function refuseEvents(problems: readonly string[], count = problems.length): void {
  if (count === 0) return
  const told = problems.slice(0, MOST_TOLD)
  const more = count - told.length
  if (more > 0) told.push(`… and ${grouped(more)} more`)
  throw new NuthatchError('NUTHATCH_INVALID_EVENT', told.join('\n'))
}

/**
 * Standard events through a Plan, some at a time. Its thread is made by the first call and kept for the
 * others: a new one for each would cost far more than the events do.
 */
export class EventPipeline {
  readonly #plan: NativePlan
  #pipeline: NativePipeline | null = null
  #source = 0
  /** Lines that the pipeline has been given: it numbers on from call to call. */
  #lines = 0

  constructor(plan: NativePlan) {
    this.#plan = plan
  }

  /**
   * Detections; their `line` is the number of the event, from 1.
   * @throws NuthatchError NUTHATCH_INVALID_EVENT
   */
  async evaluate(events: readonly StandardEvent[]): Promise<Detection[]> {
    const pipeline = this.#open()
    const before = this.#lines
    this.#lines += events.length
    const results = await Promise.all(blocksOf(events).map((lines) => this.#submit(pipeline, lines)))
    refuseEvents(
      results.flatMap(({ malformedSamples: samples }) =>
        samples.map(({ line, reason }) => `event ${line - before}: ${reason}`),
      ),
      sum(results.map(({ malformed }) => malformed)),
    )
    return results.flatMap(({ output }) =>
      parseLines<Detection>(output).map((detection) => ({ ...detection, line: detection.line - before })),
    )
  }

  async #submit(pipeline: NativePipeline, lines: Buffer): Promise<BlockResult> {
    try {
      return await pipeline.submit(this.#source, lines)
    } catch (error) {
      // One that ran out of memory evaluates nothing any more.
      if (this.#pipeline === pipeline) this.#pipeline = null
      throw error
    }
  }

  #open(): NativePipeline {
    if (this.#pipeline) return this.#pipeline
    this.#pipeline = new native.Pipeline(this.#plan, {
      ...resolveOptions({ threads: 1, processTableCapacity: 0 }),
      output: 'detections',
      stopAtMalformed: false,
    })
    this.#source = this.#pipeline.addSource('<events>')
    this.#lines = 0
    return this.#pipeline
  }
}

function blocksOf(events: readonly StandardEvent[]): Buffer[] {
  const blocks: Buffer[] = []
  let text = ''
  for (const event of events) {
    text += `${JSON.stringify({ ...event })}\n`
    if (text.length < BLOCK) continue
    blocks.push(Buffer.from(text))
    text = ''
  }
  if (text !== '') blocks.push(Buffer.from(text))
  return blocks
}
