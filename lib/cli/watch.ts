import { Command, InvalidArgumentError, Option } from 'commander'
import { openTrace } from '../index.js'
import {
  LEAST_CACHED_STACKS_WITHIN,
  type LiveOptions,
  MOST_BUFFER_KIB,
  MOST_BUFFERS,
  MOST_CACHED_STACKS_WITHIN,
  MOST_IN_ORDER_WITHIN,
  type Overflow,
  overflows,
} from '../live/live-options.js'
import { hasFilesOfLiveTraces } from '../stream/options.js'
import { detectionWriter } from './detection-output.js'
import { drive } from './drive.js'
import { UsageError } from './errors.js'
import { addDetectors, type DetectorOptions, loadDetectors } from './load-detectors.js'
import { addSignatureOptions, type SignatureOptions, signatureOptions } from './signature-options.js'
import { addTelemetryOptions, type TelemetryOptions, wholeNumberTo } from './telemetry-options.js'

const MOST_QUEUE_MEGABYTES = 2047

interface WatchOptions extends TelemetryOptions, DetectorOptions, SignatureOptions {
  readonly pretty?: boolean
  readonly attach?: string
  readonly restart?: boolean
  readonly kernelEvents: 'logger' | 'providers'
  readonly overflow: Overflow
  readonly queue?: number
  readonly inOrderWithin?: number
  readonly bufferKib?: number
  readonly leastBuffers?: number
  readonly mostBuffers?: number
  readonly cachedStacksWithin?: number
  readonly symbols?: string
  readonly replay?: string
  readonly speed?: number
}

const examples = `
Examples:
  $ nuthatch watch -r rules --replay traces/workstation.etl --pretty
  $ nuthatch watch -r rules --replay traces/workstation.etl --speed 20 | jq -c '[.detector, .line]'

On Windows:
  $ nuthatch watch -r rules > detections.ndjson
  $ nuthatch watch -r rules --pretty --restart

Watching wants Windows and an elevated prompt. Ctrl-C ends it; what Windows has written by then is
evaluated.`

export const watchCommand = (): Command =>
  addSignatureOptions(addTelemetryOptions(addDetectors(new Command('watch'))))
    .description(
      'Evaluate detectors on what happens on this machine (Windows); detections go to standard output, one JSON object a line',
    )
    .option('--pretty', 'detections for people')
    .option('--attach <session>', 'read the events of this ETW session, which runs, and start none')
    .addOption(
      new Option('--kernel-events <source>', "who tells of the kernel's events: see docs/windows.md")
        .choices(['logger', 'providers'])
        .default('logger'),
    )
    .option('--restart', 'start the sessions anew when somebody stops them')
    .addOption(
      new Option('--overflow <policy>', 'what happens when events come too fast')
        .choices(overflows)
        .default('drop-oldest'),
    )
    .option(
      '--queue <megabytes>',
      'how much may wait before it has to (default: 64)',
      wholeNumberTo(MOST_QUEUE_MEGABYTES),
    )
    .option(
      '--in-order-within <milliseconds>',
      'how long an event waits for older ones (default: 20)',
      wholeNumberTo(MOST_IN_ORDER_WITHIN, 0),
    )
    .option(
      '--buffer-kib <kibibytes>',
      'the size of a buffer of an ETW session (default: 64)',
      wholeNumberTo(MOST_BUFFER_KIB),
    )
    .option(
      '--least-buffers <number>',
      'how many buffers a session has from the start (default: up to Windows)',
      wholeNumberTo(MOST_BUFFERS, 2),
    )
    .option(
      '--most-buffers <number>',
      'how many buffers a session may have (default: up to Windows)',
      wholeNumberTo(MOST_BUFFERS, 2),
    )
    .option(
      '--cached-stacks-within <milliseconds>',
      "how long an event waits for call stacks in its session's cache (default: 100)",
      wholeNumberTo(MOST_CACHED_STACKS_WITHIN, LEAST_CACHED_STACKS_WITHIN),
    )
    .option(
      '--symbols <path>',
      'folders with PDBs, separated by ;: functions in call stacks that are not exported',
    )
    .option('--replay <trace>', 'a recorded trace (.etl) instead, as if it happened now; on any system')
    .option('--speed <factor>', 'of the replay: 1 as it was recorded (default: as fast as it goes)', toFactor)
    .option('--no-signatures', 'verify no file, even if detectors ask for signatures')
    .addHelpText('after', examples)
    .action(watch)

async function watch(_: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<WatchOptions>()
  const live = liveOptions(options)
  const signatures = signatureOptions(options, hasFilesOfLiveTraces)
  const detectors = await loadDetectors(options)
  await using trace = openTrace({ live })
  await drive(
    (evaluateOptions) => detectors.evaluate(trace, { ...evaluateOptions, ...signatures }),
    'detections',
    options,
    detectionWriter(options),
  )
}

/** @throws UsageError for options that do not go together */
function liveOptions(options: WatchOptions): LiveOptions {
  const { attach, restart, kernelEvents, overflow, queue, inOrderWithin } = options
  const { bufferKib: bufferKiB, leastBuffers, mostBuffers, cachedStacksWithin } = options
  const { symbols, replay, speed } = options
  if (speed !== undefined && replay === undefined)
    throw new UsageError('--speed is of a replay: add --replay', 'NUTHATCH_INVALID_OPTION')
  if (mostBuffers !== undefined && leastBuffers !== undefined && mostBuffers < leastBuffers)
    throw new UsageError('--most-buffers is less than --least-buffers', 'NUTHATCH_INVALID_OPTION')
  return {
    kernelEvents,
    overflow,
    ...(attach !== undefined && { attach }),
    ...(restart && { restart }),
    ...(queue !== undefined && { queueBytes: queue * 2 ** 20 }),
    ...(inOrderWithin !== undefined && { inOrderWithin }),
    ...(bufferKiB !== undefined && { bufferKiB }),
    ...(leastBuffers !== undefined && { leastBuffers }),
    ...(mostBuffers !== undefined && { mostBuffers }),
    ...(cachedStacksWithin !== undefined && { cachedStacksWithin }),
    ...(symbols !== undefined && { symbolPath: symbols }),
    ...(replay !== undefined && { replay: { file: replay, ...(speed !== undefined && { speed }) } }),
  }
}

function toFactor(text: string): number {
  const factor = Number(text)
  if (factor > 0 && Number.isFinite(factor)) return factor
  throw new InvalidArgumentError('It must be a number above 0.')
}
