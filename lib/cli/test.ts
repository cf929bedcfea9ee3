import { Command } from 'commander'
import { type LoadedRules, loadDetectors, loadRules } from '../detectors.js'
import { grouped } from '../grouped.js'
import { visible } from '../language/display-text.js'
import type { Example } from '../language/ruleset.js'
import { EXIT_ERROR } from './errors.js'
import { writeOutput } from './output.js'
import { addRules, type RuleOptions, rulesOf, tellOfRules } from './rules.js'
import { counted } from './summary.js'
import { whyFailed } from './why-failed.js'

interface TestResult {
  readonly detector: string
  readonly kind: Example['kind']
  readonly label: string
  readonly file: string
  readonly line: number
  readonly passed: boolean
  /** Of one that failed: which calls of the detector are not what they should be. */
  readonly reasons: readonly string[]
}

const examples = `
Examples:
  $ nuthatch test rules
  $ nuthatch test --json rules | jq -r 'select(.passed | not) | .detector'`

export const testCommand = (): Command =>
  addRules(new Command('test'))
    .description('Evaluate detectors on their own examples; exit code 1 when one does not do what it says')
    .option('--json', 'one JSON object a line for each example')
    .addHelpText('after', examples)
    .action(test)

async function test(paths: readonly string[], options: RuleOptions & { json?: boolean }): Promise<void> {
  const loaded = await loadRules(rulesOf(paths, options))
  tellOfRules(loaded.ruleSet.detectors.length, loaded.warnings)
  const results = await runExamples(loaded)
  const failed = results.filter(({ passed }) => !passed)
  if (failed.length > 0) process.exitCode = EXIT_ERROR
  if (options.json) return writeOutput(results.map((result) => `${JSON.stringify(result)}\n`).join(''))
  const lines = failed.flatMap(({ detector, kind, label, file, line, reasons }) => {
    const wrong = kind === 'fires_on' ? 'does not fire on' : 'fires on what it should ignore:'
    const told = `${visible(file)}:${line}: ${visible(detector)} ${wrong} '${visible(label)}'`
    return [told, ...reasons.map((reason) => `  ${reason}`)]
  })
  await writeOutput(
    [
      ...lines,
      `${counted(results.length - failed.length, 'examples')} passed, ${grouped(failed.length)} failed`,
      '',
    ].join('\n'),
  )
}

/** Every example is an event by itself. */
async function runExamples(loaded: LoadedRules): Promise<TestResult[]> {
  const examples = loaded.ruleSet.detectors.flatMap((detector) =>
    detector.examples.map((example) => ({ detector, example })),
  )
  const detections = await loadDetectors(loaded).evaluateEvents(examples.map(({ example }) => example.event))
  const fired = new Set(detections.map(({ detector, line }) => `${line} ${detector}`))
  const results: TestResult[] = []
  for (const [index, { detector, example }] of examples.entries()) {
    const { kind, label, span } = example
    const passed = fired.has(`${index + 1} ${detector.name}`) === (kind === 'fires_on')
    const reasons = passed ? [] : await whyFailed(detector, example)
    results.push({ detector: detector.name, kind, label, file: span.file, line: span.line, passed, reasons })
  }
  return results
}
