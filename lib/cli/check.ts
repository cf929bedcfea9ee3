import { Command } from 'commander'
import { checkRules } from '../language/check.js'
import { diagnosticToJson } from '../language/diagnostics.js'
import { formatDiagnostics } from '../language/format-diagnostic.js'
import { readRuleFiles } from '../rule-files.js'
import { describeError, EXIT_ERROR } from './errors.js'
import { tell, useColor, writeOutput } from './output.js'
import { addRules, type RuleOptions, rulesOf } from './rules.js'
import { counted } from './summary.js'

const examples = `
Examples:
  $ nuthatch check rules
  $ nuthatch check --json rules/*.rb | jq -r .code`

export const checkCommand = (): Command =>
  addRules(new Command('check'))
    .description('Report everything that is wrong with rule files; exit code 1 when that includes an error')
    .option('--json', 'one JSON object a line for each diagnostic')
    .addHelpText('after', examples)
    .action(check)

async function check(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<RuleOptions & { json?: boolean; color: boolean }>()
  const { json, color } = options
  const { sources, problems } = await readRuleFiles(rulesOf(paths, options))
  const { ruleSet, diagnostics } = checkRules(sources, { complete: problems.length === 0 })
  if (ruleSet === null || problems.length > 0) process.exitCode = EXIT_ERROR
  for (const problem of problems) tell(describeError(problem))
  if (json) {
    await writeOutput(
      diagnostics.map((diagnostic) => `${JSON.stringify(diagnosticToJson(diagnostic))}\n`).join(''),
    )
  } else if (diagnostics.length > 0) {
    await writeOutput(formatDiagnostics(diagnostics, { color: useColor(process.stdout, color) }))
  } else if (problems.length === 0) {
    const found = counted(ruleSet?.detectors.length ?? 0, 'detectors')
    await writeOutput(`${found} in ${counted(sources.length, 'files')}: no errors, no warnings\n`)
  }
}
