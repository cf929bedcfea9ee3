import cliProgress from 'cli-progress'
import type { Driven } from './drive.js'
import { tell } from './output.js'
import { counted, formatBytes } from './summary.js'

/** A bar on standard error; null unless that is a terminal that can, and the output goes elsewhere. */
export const progressBar = (format: cliProgress.Options['format']): cliProgress.SingleBar | null =>
  process.stderr.isTTY && process.env.TERM !== 'dumb' && !process.stdout.isTTY
    ? new cliProgress.SingleBar({
        format,
        stream: process.stderr,
        clearOnComplete: true,
        hideCursor: true,
        fps: 10,
      })
    : null

const UPDATE_MILLISECONDS = 200

/** The progress of an evaluation. */
export class Progress<T> {
  readonly #evaluation: Driven<T>
  readonly #found: 'detections' | 'events'
  readonly #bar: cliProgress.SingleBar | null
  #started = false
  #ended = false
  readonly #timer: NodeJS.Timeout

  /** @param found what the output holds, in the plural. */
  constructor(evaluation: Driven<T>, found: 'detections' | 'events') {
    this.#evaluation = evaluation
    this.#found = found
    this.#bar = progressBar(this.#format)
    // Where nothing is found nothing comes, and yet something is read.
    this.#timer = setInterval(() => this.update(), UPDATE_MILLISECONDS).unref()
  }

  update(): void {
    if (this.#bar === null || this.#ended) return
    const { read, total } = this.#evaluation.progress
    if (!this.#started) this.#bar.start(total ?? 0, read)
    this.#started = true
    this.#bar.setTotal(total ?? 0) // the inputs are looked for after the start
    this.#bar.update(read)
  }

  /** Takes the bar away for a message. */
  tell(message: string): void {
    this.#hide()
    tell(message)
  }

  end(): void {
    this.#ended = true
    clearInterval(this.#timer)
    this.#hide()
  }

  #hide(): void {
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
