import { Command } from 'commander'
import { compile } from '../detectors.js'
import { addCompilation, type CompilationOptions, readProfile } from './load-detectors.js'
import { tell, writeOutputFile } from './output.js'
import { addRules, type RuleOptions, rulesOf, tellOfRules } from './rules.js'
import { counted } from './summary.js'

interface CompileCommandOptions extends RuleOptions, CompilationOptions {
  readonly output: string
}

const examples = `
Examples:
  $ nuthatch compile rules -o rules.plan
  $ nuthatch run -p rules.plan telemetry`

export const compileCommand = (): Command =>
  addCompilation(addRules(new Command('compile')))
    .description('Compile rules to a Plan, which this release of Nuthatch loads without the rules')
    .requiredOption('-o, --output <file>', 'where to write the Plan; - is standard output')
    .addHelpText('after', examples)
    .action(compileToFile)

async function compileToFile(paths: readonly string[], options: CompileCommandOptions): Promise<void> {
  const { output, severity } = options
  const { plan, detectors, warnings } = await compile(rulesOf(paths, options), {
    severity,
    profile: await readProfile(options.profile),
  })
  tellOfRules(detectors.length, warnings, severity)
  await writeOutputFile(output, plan, 'The Plan')
  tell(`${output}: ${counted(detectors.length, 'detectors')}, ${counted(plan.length, 'bytes')}`)
}
