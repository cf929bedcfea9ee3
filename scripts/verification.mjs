// What scripts/verify-windows.mjs is made of that wants no Windows: the report, and what is read from results.
import { writeFileSync } from 'node:fs'

/** Says that something cannot be tried here; it counts neither as passed nor as failed. */
export class Skipped extends Error {}

/** Checks, each of which is in the report as soon as it has ended: what stops the script loses none. */
export class Verification {
  #report
  #write

  /**
   * @param {object} facts what the report begins with
   * @param {(json: string) => void} write replaces the report
   */
  constructor(facts, write = (json) => writeFileSync('verify-windows.json', json)) {
    this.#report = { ...facts, checks: [] }
    this.#write = write
    this.#save()
  }

  /** `body` tells what it saw; it fails by throwing, or when it takes too long. The next check goes on in any case. */
  async check(claim, body, { seconds = 120 } = {}) {
    const begun = performance.now()
    let timer
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`it took more than ${seconds} s`)), seconds * 1000)
    })
    const result = await Promise.race([Promise.resolve().then(body), late])
      .then((told) => ({ result: 'passed', ...told }))
      .catch((error) => failure(error))
      .finally(() => clearTimeout(timer))
    const check = { claim, seconds: Math.round(performance.now() - begun) / 1000, ...result }
    this.#report.checks.push(check)
    this.#save()
    return check
  }

  get failed() {
    return this.#report.checks.filter(({ result }) => result === 'failed').map(({ claim }) => claim)
  }

  #save() {
    this.#write(`${JSON.stringify(this.#report, null, 2)}\n`)
  }
}

const failure = (error) =>
  error instanceof Skipped
    ? { result: 'skipped', why: error.message }
    : { result: 'failed', code: error?.code, message: error?.message ?? String(error), saw: error?.saw }

/** How often each detector fired, and on what first; losses and delays. */
export const summaryOf = ({ found, problems, live, signatures }) => ({
  detections: Object.fromEntries(Object.entries(found).map(([name, events]) => [name, events.length])),
  first: Object.fromEntries(Object.entries(found).map(([name, [event]]) => [name, event])),
  problems,
  live,
  signatures,
})

/** @throws with what was seen, unless all of these detectors have fired */
export function requireDetections(watched, ...names) {
  const missing = names.filter((name) => !watched.found[name])
  if (missing.length > 0)
    throw Object.assign(new Error(`no detection of ${missing.join(', ')}`), { saw: summaryOf(watched) })
  return summaryOf(watched)
}

/** Names of our sessions in what `logman query -ets` prints, of one process or of all. */
export const sessionsIn = (logman, pid = '\\d+') =>
  [...logman.matchAll(new RegExp(`^(Nuthatch ${pid} .*?)(?: {2,}.*)?$`, 'gm'))].map(([, name]) => name.trim())

/** Names of functions in call stacks; a frame without one is `module+0x1234`. */
export const functionsIn = (events) =>
  new Set(
    events
      .flatMap(({ callstack_symbols = [] }) => callstack_symbols)
      .filter((symbol) => symbol.includes('!')),
  )
