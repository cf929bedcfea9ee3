import { Command } from 'commander'
import { readTelemetry } from '../index.js'
import { drive } from './drive.js'
import { writeOutput } from './output.js'
import { addTelemetryOptions, inputHelp, inputsOrStdin, type TelemetryOptions } from './telemetry-options.js'

const examples = `
Examples:
  $ nuthatch standardize --derived telemetry/workstation.ndjson
  $ nuthatch standardize telemetry | jq -r 'select(.event_type == "dns_query").query_name'`

export const standardizeCommand = (): Command =>
  addTelemetryOptions(new Command('standardize'))
    .description(
      'Bring telemetry to the standard schema; events go to standard output, one JSON object a line',
    )
    .argument('[inputs...]', 'telemetry')
    .option('--derived', 'show derived properties too, such as deobfuscated_command_line')
    .addHelpText('after', inputHelp + examples)
    .action(standardize)

async function standardize(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const telemetry = readTelemetry(inputsOrStdin(paths))
  const options = command.optsWithGlobals<TelemetryOptions & { derived?: boolean }>()
  await drive(
    (evaluateOptions) => telemetry.standardize({ ...evaluateOptions, derived: options.derived ?? false }),
    'events',
    options,
    ({ ndjson }) => writeOutput(ndjson),
  )
}
