import { Command, Option } from 'commander'
import { type CompileStatistics, compileRules } from '../compile/compile.js'
import type { Program } from '../compile/program.js'
import { renderTrees, treesAsJson } from '../compile/render-tree.js'
import { Detectors, loadRules } from '../detectors.js'
import { grouped } from '../grouped.js'
import { eventTypeNames } from '../schema/event-types.js'
import { encodeMappings } from '../standardize/encode.js'
import type { Summary } from '../stream/summary.js'
import { drive } from './drive.js'
import { tell, writeOutput } from './output.js'
import { addRules, type RuleOptions, rulesOf, tellOfRules } from './rules.js'
import { counted } from './summary.js'
import { table } from './table.js'
import { addTelemetryOptions, type TelemetryOptions } from './telemetry-options.js'

interface TreeOptions extends TelemetryOptions, RuleOptions {
  readonly eventType?: string
  /** True without inputs. */
  readonly stats?: true | readonly string[]
  readonly json?: boolean
}

const examples = `
What follows --stats is telemetry to evaluate. The terms that the trees asked for are counted against all
the terms that the detectors of each event's type have. A term that one pass over a property answers
together with others counts only where a tree asks for it.

Examples:
  $ nuthatch tree rules --event-type process_start
  $ nuthatch tree rules --stats telemetry`

export const treeCommand = (): Command =>
  addTelemetryOptions(addRules(new Command('tree')))
    .description('Show the term trees that rules compile to, or what they save')
    .addOption(
      new Option('--stats [inputs...]', 'sizes of the trees, and how much they save on telemetry').conflicts(
        'eventType',
      ),
    )
    .addOption(new Option('--event-type <type>', 'only the tree of this event type').choices(eventTypeNames))
    .option('--json', 'as JSON')
    .addHelpText('after', examples)
    .action(tree)

async function tree(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<TreeOptions>()
  const { ruleSet, warnings } = await loadRules(rulesOf(paths, options))
  tellOfRules(ruleSet.detectors.length, warnings)
  const { plan, program, statistics } = compileRules(ruleSet, encodeMappings())
  const inputs = options.stats
  if (!inputs) return showTrees(program, options)
  const summary = inputs === true ? null : await evaluate(plan, inputs, options)
  const shown = { ...statistics, ...(summary && savings(summary)) }
  await writeOutput(
    options.json ? `${JSON.stringify(shown, null, 2)}\n` : formatStatistics(statistics, summary),
  )
}

async function showTrees(program: Program, { eventType, json }: TreeOptions): Promise<void> {
  const trees = program.trees.filter(({ event }) => !eventType || event === eventType)
  if (eventType && trees.length === 0) tell(`no detector can be true for ${eventType} events`)
  await writeOutput(
    json ? `${JSON.stringify(treesAsJson(program, trees), null, 2)}\n` : renderTrees(program, trees),
  )
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
    ...columns.map((column) => grouped(tree[column])),
  ])
  const lines = [
    `${counted(detectors, 'detectors')}, ${counted(terms, 'terms')} written, ${grouped(distinctTerms)} distinct`,
    '',
  ]
  lines.push(...table([header, ...rows]))
  if (summary && summary.events > 0) {
    const { events, termsEvaluated, termsPossible } = summary
    const saved = termsPossible > 0 ? (1 - termsEvaluated / termsPossible) * 100 : 0
    lines.push(
      '',
      `${counted(events, 'events')}: ${grouped(termsEvaluated)} of ${counted(termsPossible, 'terms')} evaluated, ${saved.toFixed(2)} % saved`,
    )
  }
  return `${lines.join('\n')}\n`
}
