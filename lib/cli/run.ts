import { readFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { compile, Detectors } from '../detectors.js'
import { NuthatchError } from '../errors.js'
import { type Severity, severities } from '../language/ruleset.js'
import { formatDetection } from '../sink/pretty.js'
import type { DetectionBatch } from '../stream/detection.js'
import { drive } from './drive.js'
import { UsageError } from './errors.js'
import { useColor, writeOutput } from './output.js'
import { tellOfRules } from './rules.js'
import {
  addTelemetryOptions,
  collect,
  inputHelp,
  inputsOrStdin,
  type TelemetryOptions,
} from './telemetry-options.js'

interface RunOptions extends TelemetryOptions {
  readonly rules?: readonly string[]
  readonly plan?: string
  readonly severity?: Severity
  readonly pretty?: boolean
}

const examples = `
Examples:
  $ nuthatch run -r rules/ telemetry.ndjson.zst
  $ nuthatch run -r rules/ -r more.rb --pretty 'logs/**/*.gz'
  $ zcat old.gz | nuthatch run -r rules/ --severity high - > detections.ndjson`

export const runCommand = (): Command =>
  addTelemetryOptions(new Command('run'))
    .description('Evaluate detectors on telemetry; detections go to standard output, one JSON object a line')
    .argument('[inputs...]', 'telemetry')
    .option('-r, --rules <path>', 'rule file, folder or glob pattern; can be given more than once', collect)
    .option('-p, --plan <file>', 'a Plan made by `nuthatch compile`, instead of rules')
    .addOption(new Option('--severity <least>', 'leave out detectors below this').choices([...severities]))
    .option('--pretty', 'detections for people')
    .addHelpText('after', inputHelp + examples)
    .action(run)

async function run(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<RunOptions>()
  const inputs = inputsOrStdin(paths)
  const detectors = await loadDetectors(options)
  tellOfRules(detectors.detectors.length, detectors.warnings, options.severity)
  const color = useColor(process.stdout, options.color)
  const width = process.stdout.columns ?? 100
  const write = (batch: DetectionBatch) =>
    writeOutput(
      options.pretty
        ? batch.items.map((item) => formatDetection(item, { color, width })).join('')
        : batch.ndjson,
    )
  await drive((evaluateOptions) => detectors.evaluate(inputs, evaluateOptions), 'detections', options, write)
}

async function loadDetectors({ rules, plan, severity }: RunOptions): Promise<Detectors> {
  if (rules && !plan) return compile(rules, { severity })
  if (!plan) throw new UsageError('give rules with -r, or a Plan with -p')
  if (rules) throw new UsageError('both rules (-r) and a Plan (-p) are given: leave one of them out')
  if (severity) throw new UsageError('--severity goes with rules: give it to `nuthatch compile`')
  return Detectors.fromPlan(await readPlan(plan))
}

async function readPlan(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new NuthatchError('NUTHATCH_PLAN_UNREADABLE', `${file}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
