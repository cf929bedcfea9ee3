import { Command } from 'commander'
import { detectionWriter } from './detection-output.js'
import { drive } from './drive.js'
import { addDetectors, type DetectorOptions, loadDetectors } from './load-detectors.js'
import { addSignatureOptions, type SignatureOptions, signatureOptions } from './signature-options.js'
import { addTelemetryOptions, inputHelp, inputsOrStdin, type TelemetryOptions } from './telemetry-options.js'

interface RunOptions extends TelemetryOptions, DetectorOptions, SignatureOptions {
  readonly pretty?: boolean
}

const examples = `
Examples:
  $ nuthatch run -r rules telemetry traces/workstation.etl
  $ nuthatch run -r rules/execution.rb -r rules/lists.rb --pretty 'telemetry/**/*.ndjson'
  $ cat telemetry/*.ndjson | nuthatch run -r rules --severity high - > detections.ndjson
  $ nuthatch run -r rules --image-root images --roots images/root.pem -- traces`

export const runCommand = (): Command =>
  addSignatureOptions(addTelemetryOptions(addDetectors(new Command('run'))))
    .description('Evaluate detectors on telemetry; detections go to standard output, one JSON object a line')
    .argument('[inputs...]', 'telemetry')
    .option('--pretty', 'detections for people')
    .addHelpText('after', inputHelp + examples)
    .action(run)

async function run(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<RunOptions>()
  const inputs = inputsOrStdin(paths)
  const signatures = signatureOptions(options)
  const detectors = await loadDetectors(options)
  await drive(
    (evaluateOptions) => detectors.evaluate(inputs, { ...evaluateOptions, ...signatures }),
    'detections',
    options,
    detectionWriter(options),
  )
}
