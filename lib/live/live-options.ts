import {
  checkOptions,
  flag,
  invalidArgument,
  type OptionCheck,
  oneOf,
  text,
  wholeNumber,
} from '../check-arguments.js'
import { NuthatchError } from '../errors.js'

/** The oldest records give way, or the newest, or these go to a disk, and give way only when that is full or too slow. */
export type Overflow = 'drop-oldest' | 'drop-newest' | 'spill'
export const overflows: readonly Overflow[] = ['drop-oldest', 'drop-newest', 'spill']

/** How events of a running Windows machine are had. */
export interface LiveOptions {
  /** Take the events of a session that somebody else has started, by its name, and start none. */
  readonly attach?: string
  /** Start sessions anew that somebody has stopped. Default false: the trace ends with NUTHATCH_LIVE_ENDED. */
  readonly restart?: boolean
  /**
   * Who tells of processes, images, files, registry and network: a logger session of the kernel's own, of which Windows
   * allows eight at a time, or the kernel's providers, which tell less (no command lines or users of processes) and need
   * none. Default `logger`.
   */
  readonly kernelEvents?: 'logger' | 'providers'
  /** What happens when events come faster than they are used. Default `drop-oldest`. */
  readonly overflow?: Overflow
  /** A folder for the overflow `spill`, which puts up to 4 GiB of records there. Default: the one for temporary files. */
  readonly spillFolder?: string
  /** Bytes of records that wait at most, before one has to give way. Default 64 MiB. */
  readonly queueBytes?: number
  /**
   * Milliseconds: records that reach us within that of one another come in the order of their time. It is the delay of
   * every event. Default 20.
   */
  readonly inOrderWithin?: number
  /**
   * The size of a buffer of our sessions, in KiB, from 1 to 16,384. Windows has some for each processor, in memory that is
   * never paged out; larger ones lose less in bursts. Default 64.
   */
  readonly bufferKiB?: number
  /** How many buffers a session has from the start, at least 2. Default: as Windows thinks best. */
  readonly leastBuffers?: number
  /**
   * How many buffers a session may have, no fewer than `leastBuffers`: when all are full, Windows loses events (`eventsLost`).
   * Default: as Windows thinks best.
   */
  readonly mostBuffers?: number
  /**
   * Milliseconds: how long an event waits for parts of its call stack that are in the cache of its session. Only a session
   * that somebody else has started may have one, and it tells what is in it when that is forgotten, mostly after seconds.
   * All events wait behind such ones, in at most 16 MiB. Default 100, as for all other stacks.
   */
  readonly cachedStacksWithin?: number
  /**
   * Folders with PDBs, separated by `;`, or what else DbgHelp of Windows takes: then call stacks name functions that are
   * not exported, too. They are read when an image is first met in a stack, by a thread that nothing waits for; what is
   * searched on a network (`srv*`) is up to DbgHelp. Default: exports alone.
   */
  readonly symbolPath?: string
  /**
   * A recorded trace (.etl) that plays Windows, on any system: its events come as if they happened now. For trying out
   * rules and programs.
   */
  readonly replay?: Replay
}

/** A recorded trace that plays Windows. */
export interface Replay {
  /** A trace (.etl) that is not compressed as a whole. */
  readonly file: string
  /**
   * Of the recorded time: 1 takes as long as it took. Default: as fast as it is read; what the queue has no room for is
   * lost, as on any machine.
   */
  readonly speed?: number
}

/** Of ETW. */
export const MOST_BUFFER_KIB = 16_384
/** Of ours: of the usual size they are 4 GiB. */
export const MOST_BUFFERS = 65_536
/** Milliseconds, as all below. */
export const MOST_IN_ORDER_WITHIN = 10_000
export const LEAST_CACHED_STACKS_WITHIN = 100
export const MOST_CACHED_STACKS_WITHIN = 60_000

const liveOptions = {
  attach: text('the name of a session'),
  restart: flag,
  kernelEvents: oneOf('logger', 'providers'),
  overflow: oneOf(...overflows),
  spillFolder: text('the path of a folder'),
  symbolPath: text('a search path'),
  queueBytes: wholeNumber(1 << 20, 2 ** 31),
  inOrderWithin: wholeNumber(0, MOST_IN_ORDER_WITHIN),
  bufferKiB: wholeNumber(1, MOST_BUFFER_KIB),
  leastBuffers: wholeNumber(2, MOST_BUFFERS),
  mostBuffers: wholeNumber(2, MOST_BUFFERS),
  cachedStacksWithin: wholeNumber(LEAST_CACHED_STACKS_WITHIN, MOST_CACHED_STACKS_WITHIN),
  replay: { wanted: 'an object', fits: (value) => typeof value === 'object' && value !== null },
} satisfies Record<keyof LiveOptions, OptionCheck>

const replayOptions = {
  file: text('a path'),
  speed: {
    wanted: 'a number above 0',
    fits: (value) => typeof value === 'number' && value > 0 && Number.isFinite(value),
  },
} satisfies Record<keyof Replay, OptionCheck>

/** @throws NuthatchError NUTHATCH_INVALID_OPTION, NUTHATCH_INVALID_ARGUMENT */
export function checkLiveOptions(options: LiveOptions): void {
  checkOptions(options, liveOptions)
  const { leastBuffers = 0, mostBuffers = leastBuffers } = options
  if (mostBuffers < leastBuffers)
    throw new NuthatchError(
      'NUTHATCH_INVALID_OPTION',
      `mostBuffers, ${mostBuffers}, is less than leastBuffers, ${leastBuffers}`,
    )
  if (options.replay === undefined) return
  checkOptions(options.replay, replayOptions)
  if (options.replay.file === undefined)
    invalidArgument('replay.file', 'the path of a trace', options.replay.file)
}
