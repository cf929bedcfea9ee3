import { Command, Option } from 'commander'
import { type CompileStatistics, compileRules } from '../compile/compile.js'
import type { Program } from '../compile/program.js'
import { renderTrees, treesAsJson } from '../compile/render-tree.js'
import { Detectors, loadRules } from '../detectors.js'
import { eventTypeNames } from '../schema/event-types.js'
import { encodeMappings } from '../standardize/encode.js'
import type { Summary } from '../stream/summary.js'
import { drive } from './drive.js'
import { UsageError } from './errors.js'
import { writeOutput } from './output.js'
import { addTelemetryOptions, collect, type TelemetryOptions } from './telemetry-options.js'

interface TreeOptions extends TelemetryOptions {
  readonly rules: readonly string[]
  readonly eventType?: string
  readonly stats?: boolean
  readonly json?: boolean
}

const examples = `
With --stats the inputs are evaluated, and the terms that the trees asked for are counted against
all the terms that the detectors of each event's type have.

Examples:
  $ nuthatch tree -r rules/ --event-type process_start
  $ nuthatch tree -r rules/ --stats telemetry.ndjson.zst`

export const treeCommand = (): Command =>
  addTelemetryOptions(new Command('tree'))
    .description('Show the term trees that rules compile to, or what they save')
    .argument('[inputs...]', 'telemetry, with --stats')
    .requiredOption(
      '-r, --rules <path>',
      'rule file, folder or glob pattern; can be given more than once',
      collect,
    )
    .addOption(new Option('--event-type <type>', 'only the tree of this event type').choices(eventTypeNames))
    .option('--stats', 'sizes of the trees, and how much they save on the inputs')
    .option('--json', 'as JSON')
    .addHelpText('after', examples)
    .action(tree)

async function tree(inputs: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<TreeOptions>()
  if (inputs.length > 0 && !options.stats) throw new UsageError('inputs go with --stats')
  const { ruleSet } = await loadRules(options.rules)
  const { plan, program, statistics } = compileRules(ruleSet, encodeMappings())
  if (!options.stats) return showTrees(program, options)
  const summary = inputs.length > 0 ? await evaluate(plan, inputs, options) : null
  const shown = { ...statistics, ...(summary && savings(summary)) }
  await writeOutput(
    options.json ? `${JSON.stringify(shown, null, 2)}\n` : formatStatistics(statistics, summary),
  )
}

async function showTrees(program: Program, { eventType, json }: TreeOptions): Promise<void> {
  const trees = program.trees.filter(({ event }) => !eventType || event === eventType)
  const chosen = { ...program, trees }
  await writeOutput(json ? `${JSON.stringify(treesAsJson(chosen), null, 2)}\n` : renderTrees(chosen))
}

async function evaluate(plan: Uint8Array, inputs: readonly string[], options: TreeOptions): Promise<Summary> {
  const detectors = Detectors.fromPlan(plan)
  return drive(
    (evaluateOptions) => detectors.evaluate(inputs, evaluateOptions),
    'detections',
    options,
    async () => {},
  )
}

const savings = ({ events, termsEvaluated, termsPossible }: Summary) => ({
  events,
  termsEvaluated,
  termsPossible,
})

function formatStatistics(
  { detectors, terms, distinctTerms, eventTypes }: CompileStatistics,
  summary: Summary | null,
): string {
  const columns = ['detectors', 'terms', 'expressions', 'treeNodes', 'alwaysVisited'] as const
  const header = ['event type', 'detectors', 'terms', 'expressions', 'nodes', 'always visited']
  const rows = Object.entries(eventTypes).map(([type, tree]) => [
    type,
    ...columns.map((column) => count(tree[column])),
  ])
  const lines = [
    `${count(detectors)} detectors, ${count(terms)} terms written, ${count(distinctTerms)} distinct`,
    '',
  ]
  lines.push(...table([header, ...rows]))
  if (summary && summary.events > 0) {
    const { events, termsEvaluated, termsPossible } = summary
    const saved = termsPossible > 0 ? (1 - termsEvaluated / termsPossible) * 100 : 0
    lines.push(
      '',
      `${count(events)} events: ${count(termsEvaluated)} of ${count(termsPossible)} terms evaluated, ${saved.toFixed(2)} % saved`,
    )
  }
  return `${lines.join('\n')}\n`
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(pad).join('  '))
}

const count = (number: number): string => number.toLocaleString('en')
