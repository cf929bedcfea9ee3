import {
  checkOptions,
  flag,
  invalidArgument,
  type OptionCheck,
  oneOf,
  text,
  wholeNumber,
} from '../check-arguments.js'

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
  /** Of the recorded time: 1 takes as long as it took. Default: as fast as events are taken. */
  readonly speed?: number
}

const liveOptions = {
  attach: text('the name of a session'),
  restart: flag,
  kernelEvents: oneOf('logger', 'providers'),
  overflow: oneOf(...overflows),
  spillFolder: text('the path of a folder'),
  symbolPath: text('a search path'),
  queueBytes: wholeNumber(1 << 20, 2 ** 31),
  inOrderWithin: wholeNumber(0, 10_000),
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
  if (options.replay === undefined) return
  checkOptions(options.replay, replayOptions)
  if (options.replay.file === undefined)
    invalidArgument('replay.file', 'the path of a trace', options.replay.file)
}
