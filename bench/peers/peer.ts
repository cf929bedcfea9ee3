import type { RuleSet } from '../../lib/language/ruleset.js'
import type { Source } from './raw-fields.js'

/** What every engine is given: the same rules, and the same records. */
export interface Task {
  /** To write in. */
  readonly folder: string
  readonly source: Source
  /** The rules in our language, and what checking makes of them. */
  readonly text: string
  readonly ruleSet: RuleSet
  /** NDJSON as it came, but that `record`, the number of its line, stands first in every record. */
  readonly records: string
  readonly count: number
  /** Of `records`. */
  readonly bytes: number
}

/** One run over all records of a task. Reading the rules is no part of its times. */
export interface Run {
  /** Each as `found` writes it. */
  readonly detections: ReadonlySet<string>
  readonly seconds: number
  /** Of the processor, user and system. */
  readonly cpuSeconds: number
}

export interface Ready {
  run(): Promise<Run>
}

export interface Peer {
  readonly name: string
  /** How to install it; null when it is there. */
  missing(): string | null
  prepare(task: Task): Promise<Ready>
  /** Megabytes of records that keep it busy for some seconds; all of them when it is not said. */
  readonly megabytes?: number
}

/** A detection: which record, by its line, and which rule. */
export const found = (line: number, rule: string): string => `${line} ${rule}`

/** Times what `evaluate` does in this process. */
export async function timed(evaluate: () => Set<string> | Promise<Set<string>>): Promise<Run> {
  const began = performance.now()
  const beganCpu = process.cpuUsage()
  const detections = await evaluate()
  const { user, system } = process.cpuUsage(beganCpu)
  return { detections, seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 }
}
