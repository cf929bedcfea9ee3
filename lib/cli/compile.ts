import { writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { compile } from '../detectors.js'
import { NuthatchError } from '../errors.js'
import { type Severity, severities } from '../language/ruleset.js'
import { tell } from './output.js'
import { collect } from './telemetry-options.js'

interface CompileCommandOptions {
  readonly rules: readonly string[]
  readonly output: string
  readonly severity?: Severity
}

const examples = `
Example:
  $ nuthatch compile -r rules/ -o rules.plan && nuthatch run -p rules.plan telemetry.ndjson`

export const compileCommand = (): Command =>
  new Command('compile')
    .description('Compile rules to a Plan, which this release of Nuthatch loads without the rules')
    .requiredOption(
      '-r, --rules <path>',
      'rule file, folder or glob pattern; can be given more than once',
      collect,
    )
    .requiredOption('-o, --output <file>', 'where to write the Plan')
    .addOption(new Option('--severity <least>', 'leave out detectors below this').choices([...severities]))
    .addHelpText('after', examples)
    .action(compileToFile)

async function compileToFile({ rules, output, severity }: CompileCommandOptions): Promise<void> {
  const { plan, detectors } = await compile(rules, { severity })
  try {
    await writeFile(output, plan)
  } catch (error) {
    throw new NuthatchError(
      'NUTHATCH_OUTPUT_FAILED',
      `The Plan cannot be written: ${(error as Error).message}`,
      { cause: error },
    )
  }
  tell(
    `${output}: ${detectors.length.toLocaleString('en')} detectors, ${plan.length.toLocaleString('en')} bytes`,
  )
}
