import { Command } from 'commander'
import { formatDetection } from '../sink/pretty.js'
import type { DetectionBatch } from '../stream/detection.js'
import type { EvaluateOptions } from '../stream/options.js'
import { drive } from './drive.js'
import { UsageError } from './errors.js'
import { addDetectors, type DetectorOptions, loadDetectors } from './load-detectors.js'
import { useColor, writeOutput } from './output.js'
import {
  addTelemetryOptions,
  inputHelp,
  inputsOrStdin,
  type TelemetryOptions,
  wholeNumberTo,
} from './telemetry-options.js'
import { addTrustOptions, givenTrustOptions, type TrustOptions, verifierOptions } from './trust-options.js'

const SECONDS_A_DAY = 86_400

interface RunOptions extends TelemetryOptions, DetectorOptions, TrustOptions {
  readonly pretty?: boolean
  readonly imageRoot?: string
  readonly signatureDeadline?: number
}

const examples = `
Examples:
  $ nuthatch run -r rules/ telemetry.ndjson.zst boot.etl
  $ nuthatch run -r rules/ -r more.rb --pretty 'logs/**/*.gz'
  $ nuthatch run -r rules/ --image-root /mnt/c --roots roots.pem -- boot.etl
  $ zcat old.gz | nuthatch run -r rules/ --severity high - > detections.ndjson`

export const runCommand = (): Command =>
  addTrustOptions(addTelemetryOptions(addDetectors(new Command('run'))))
    .description('Evaluate detectors on telemetry; detections go to standard output, one JSON object a line')
    .argument('[inputs...]', 'telemetry')
    .option('--pretty', 'detections for people')
    .option('--image-root <folder>', "verify signatures of the machine's files, which are below this folder")
    .option(
      '--signature-deadline <seconds>',
      'how long a file may take to be verified, and an event of a stream waits for it (default: 30)',
      wholeNumberTo(SECONDS_A_DAY),
    )
    .addHelpText('after', inputHelp + examples)
    .action(run)

async function run(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<RunOptions>()
  const inputs = inputsOrStdin(paths)
  const signatures = signatureOptions(options)
  const detectors = await loadDetectors(options)
  const color = useColor(process.stdout, options.color)
  const width = process.stdout.columns || 100
  const write = (batch: DetectionBatch) =>
    writeOutput(
      options.pretty
        ? batch.items.map((item) => formatDetection(item, { color, width })).join('')
        : batch.ndjson,
    )
  await drive(
    (evaluateOptions) => detectors.evaluate(inputs, { ...evaluateOptions, ...signatures }),
    'detections',
    options,
    write,
  )
}

/** @throws UsageError when signatures are asked to be verified, but not where */
function signatureOptions(options: RunOptions): Pick<EvaluateOptions, 'imageRoot' | 'trust'> {
  const { imageRoot, signatureDeadline } = options
  if (imageRoot === undefined) {
    const given = givenTrustOptions(options)
    if (signatureDeadline !== undefined) given.push('--signature-deadline')
    if (given.length === 0) return {}
    throw new UsageError(
      `${given.join(', ')}: no signature is verified without --image-root, the folder with the machine's files`,
      'NUTHATCH_IMAGE_ROOT_MISSING',
    )
  }
  const deadline = signatureDeadline === undefined ? {} : { deadline: signatureDeadline * 1000 }
  return { imageRoot, trust: { ...verifierOptions(options), ...deadline } }
}
