import { writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { compile } from '../detectors.js'
import { NuthatchError } from '../errors.js'
import { type Severity, severities } from '../language/ruleset.js'
import { tell } from './output.js'
import { addRules, type RuleOptions, rulesOf, tellOfRules } from './rules.js'
import { counted } from './summary.js'

interface CompileCommandOptions extends RuleOptions {
  readonly output: string
  readonly severity?: Severity
}

const examples = `
Example:
  $ nuthatch compile rules/ -o rules.plan && nuthatch run -p rules.plan telemetry.ndjson`

export const compileCommand = (): Command =>
  addRules(new Command('compile'))
    .description('Compile rules to a Plan, which this release of Nuthatch loads without the rules')
    .requiredOption('-o, --output <file>', 'where to write the Plan')
    .addOption(new Option('--severity <least>', 'leave out detectors below this').choices([...severities]))
    .addHelpText('after', examples)
    .action(compileToFile)

async function compileToFile(paths: readonly string[], options: CompileCommandOptions): Promise<void> {
  const { output, severity } = options
  const { plan, detectors, warnings } = await compile(rulesOf(paths, options), { severity })
  tellOfRules(detectors.length, warnings, severity)
  try {
    await writeFile(output, plan)
  } catch (error) {
    throw new NuthatchError(
      'NUTHATCH_OUTPUT_FAILED',
      `The Plan cannot be written: ${(error as Error).message}`,
      { cause: error },
    )
  }
  tell(`${output}: ${counted(detectors.length, 'detectors')}, ${counted(plan.length, 'bytes')}`)
}
