import cliProgress from 'cli-progress'
import type { Evaluation } from '../stream/evaluation.js'
import { tell } from './output.js'
import { counted, formatBytes } from './summary.js'

/** A bar on standard error; null unless that is a terminal, and the output goes elsewhere. */
export const progressBar = (format: cliProgress.Options['format']): cliProgress.SingleBar | null =>
  process.stderr.isTTY && !process.stdout.isTTY
    ? new cliProgress.SingleBar({
        format,
        stream: process.stderr,
        clearOnComplete: true,
        hideCursor: true,
        fps: 10,
      })
    : null

/** The progress of an evaluation. */
export class Progress<T> {
  readonly #evaluation: Evaluation<T>
  readonly #found: 'detections' | 'events'
  readonly #bar: cliProgress.SingleBar | null
  #started = false

  /** @param found what the output holds, in the plural. */
  constructor(evaluation: Evaluation<T>, found: 'detections' | 'events') {
    this.#evaluation = evaluation
    this.#found = found
    this.#bar = progressBar(this.#format)
  }

  update(): void {
    const { read, total } = this.#evaluation.progress
    if (!this.#started) this.#bar?.start(total ?? 0, read)
    this.#started = true
    this.#bar?.update(read)
  }

  /** Takes the bar away for a message. */
  tell(message: string): void {
    this.end()
    tell(message)
  }

  end(): void {
    if (this.#started) this.#bar?.stop()
    this.#started = false
  }

  readonly #format = (options: cliProgress.Options, { total, progress }: cliProgress.Params): string => {
    const { summary } = this.#evaluation
    const { records, bytes, seconds } = summary
    const bar =
      total > 0
        ? `${cliProgress.Format.BarFormat(progress, { ...options, barsize: 24 })} ${Math.floor(progress * 100)}%  `
        : ''
    const speed = `${formatBytes(bytes / seconds)}/s`
    return `${bar}${counted(records, 'records')}  ${formatBytes(bytes)}  ${speed}  ${counted(summary[this.#found], this.#found)}`
  }
}
