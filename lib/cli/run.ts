import { Command } from 'commander'
import { formatDetection } from '../sink/pretty.js'
import type { DetectionBatch } from '../stream/detection.js'
import { drive } from './drive.js'
import { addDetectors, type DetectorOptions, loadDetectors } from './load-detectors.js'
import { useColor, writeOutput } from './output.js'
import { addTelemetryOptions, inputHelp, inputsOrStdin, type TelemetryOptions } from './telemetry-options.js'

interface RunOptions extends TelemetryOptions, DetectorOptions {
  readonly pretty?: boolean
}

const examples = `
Examples:
  $ nuthatch run -r rules/ telemetry.ndjson.zst boot.etl
  $ nuthatch run -r rules/ -r more.rb --pretty 'logs/**/*.gz'
  $ zcat old.gz | nuthatch run -r rules/ --severity high - > detections.ndjson`

export const runCommand = (): Command =>
  addTelemetryOptions(addDetectors(new Command('run')))
    .description('Evaluate detectors on telemetry; detections go to standard output, one JSON object a line')
    .argument('[inputs...]', 'telemetry')
    .option('--pretty', 'detections for people')
    .addHelpText('after', inputHelp + examples)
    .action(run)

async function run(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<RunOptions>()
  const inputs = inputsOrStdin(paths)
  const detectors = await loadDetectors(options)
  const color = useColor(process.stdout, options.color)
  const width = process.stdout.columns || 100
  const write = (batch: DetectionBatch) =>
    writeOutput(
      options.pretty
        ? batch.items.map((item) => formatDetection(item, { color, width })).join('')
        : batch.ndjson,
    )
  await drive((evaluateOptions) => detectors.evaluate(inputs, evaluateOptions), 'detections', options, write)
}
