/**
 * Compares engines on a task: detections first, then speed, in turns. An engine whose detections are not ours gets no
 * figure.
 */
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { firstOf } from './corpora.js'
import type { Peer, Ready, Run, Task } from './peer.js'
import { nuthatch } from './process.js'

export interface Row {
  readonly engine: string
  /** Of how many records the figures are. */
  readonly records?: number
  readonly detections?: number
  readonly wall?: Figure
  readonly cpu?: Figure
  /** Why there are no figures. */
  readonly problem?: string
}

export interface Figure {
  /** Bytes of records as they came a second; median of the rounds. */
  readonly speed: number
  /** How many times as fast we are: median of the rounds' own ratios, as these machines are shared. */
  readonly ratio: number
}

interface Contestant {
  readonly peer: Peer
  readonly task: Task
  readonly ready: Ready
  /** Our detections on its records. */
  readonly wanted: ReadonlySet<string>
  readonly rounds: Round[]
  problem?: string
}

interface Round {
  readonly ours: Run
  readonly theirs: Run
}

export async function compareOn(task: Task, peers: readonly Peer[], rounds: number): Promise<Row[]> {
  const ours = await nuthatch(task)
  const { detections } = await ours.run()
  const contestants: Contestant[] = []
  const absent: Row[] = []
  for (const peer of peers) {
    const install = peer.missing()
    if (install === null) contestants.push(await enter(peer, task, detections))
    else absent.push({ engine: peer.name, problem: `not installed: ${install}` })
  }
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) await takeTurns(contestant, ours)
  }
  const own = contestants.flatMap((one) => one.rounds.map((round) => round.ours))
  return [rowOfOurs(task, own, detections.size), ...contestants.map((one) => rowOf(one, task)), ...absent]
}

async function enter(peer: Peer, whole: Task, detections: ReadonlySet<string>): Promise<Contestant> {
  const part = firstOf(whole, peer.megabytes ?? Number.POSITIVE_INFINITY)
  const task = { ...part, folder: mkdtempSync(join(whole.folder, 'peer-')) }
  const wanted = new Set([...detections].filter((one) => Number.parseInt(one, 10) <= task.count))
  return { peer, task, ready: await peer.prepare(task), wanted, rounds: [] }
}

async function takeTurns(contestant: Contestant, ours: Ready): Promise<void> {
  if (contestant.problem) return
  const round = { ours: await ours.run(), theirs: await contestant.ready.run() }
  const problem = difference(contestant.wanted, round.theirs.detections)
  if (problem === null) contestant.rounds.push(round)
  else contestant.problem = problem
}

/** What only one of two engines found; null when they agree. */
export function difference(ours: ReadonlySet<string>, theirs: ReadonlySet<string>): string | null {
  const onlyOurs = [...ours].filter((one) => !theirs.has(one))
  const onlyTheirs = [...theirs].filter((one) => !ours.has(one))
  const name = (found: string[]): string =>
    `${found.length} (${found.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''})`
  const parts = [
    ...(onlyOurs.length > 0 ? [`misses ${name(onlyOurs)}`] : []),
    ...(onlyTheirs.length > 0 ? [`finds besides ${name(onlyTheirs)}`] : []),
  ]
  return parts.length > 0 ? `DIFFERS, record and rule: it ${parts.join(', and ')}` : null
}

function rowOfOurs({ count, bytes }: Task, runs: readonly Run[], detections: number): Row {
  const figure = (seconds: (run: Run) => number): Figure => ({
    speed: median(runs.map((run) => bytes / seconds(run))),
    ratio: 1,
  })
  const figures =
    runs.length > 0 ? { wall: figure((run) => run.seconds), cpu: figure((run) => run.cpuSeconds) } : {}
  return { engine: 'Nuthatch', records: count, detections, ...figures }
}

function rowOf({ peer, task, wanted, rounds, problem }: Contestant, whole: Task): Row {
  const engine = peer.name
  if (problem) return { engine, records: task.count, problem }
  const figure = (seconds: (run: Run) => number): Figure => ({
    speed: median(rounds.map(({ theirs }) => task.bytes / seconds(theirs))),
    ratio: median(
      rounds.map(({ ours, theirs }) => whole.bytes / seconds(ours) / (task.bytes / seconds(theirs))),
    ),
  })
  return {
    engine,
    records: task.count,
    detections: wanted.size,
    wall: figure((run) => run.seconds),
    cpu: figure((run) => run.cpuSeconds),
  }
}

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
