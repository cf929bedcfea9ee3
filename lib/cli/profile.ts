import { Command, Option } from 'commander'
import { grouped } from '../grouped.js'
import { compareProfiles } from '../profile/compare.js'
import { renderPage } from '../profile/page.js'
import type { Profile } from '../profile/profile.js'
import { caution, perEvent, type Sheet, type Sorting, sheetsOf, sortings } from '../profile/rows.js'
import type { Evaluation } from '../stream/evaluation.js'
import { drive } from './drive.js'
import { formatComparison } from './format-comparison.js'
import { addDetectors, type DetectorOptions, loadDetectors, readProfile } from './load-detectors.js'
import { checkPageFolder, writeOutput, writePage } from './output.js'
import { counted } from './summary.js'
import { short, table } from './table.js'
import {
  addTelemetryOptions,
  inputHelp,
  inputsOrStdin,
  type TelemetryOptions,
  wholeNumber,
} from './telemetry-options.js'

interface ProfileOptions extends TelemetryOptions, DetectorOptions {
  readonly json?: boolean
  readonly html?: string
  readonly compare?: string
  readonly top: number
  readonly sort: Sorting
}

const examples = `
Times are estimates, from one event in some 192; ± is their standard error. What detectors share is shared out
among them; "saved" is what would not be spent without one alone. docs/profile.md says how.

Examples:
  $ nuthatch profile -r rules telemetry --html profile.html
  $ nuthatch profile -r rules telemetry --json > before.json
  $ nuthatch profile -r rules telemetry --compare before.json
  $ nuthatch compile rules -o rules.plan --profile before.json`

export const profileCommand = (): Command =>
  addTelemetryOptions(addDetectors(new Command('profile')))
    .description(
      'Evaluate detectors on telemetry, and show what each of them, each term and each property costs',
    )
    .argument('[inputs...]', 'telemetry')
    .option('--json', 'everything, as JSON')
    .option('--html <file>', 'write a page with a treemap')
    .option('--compare <file>', 'say which detectors cost more than in an earlier profile (--json)')
    .option('--top <number>', 'rows of each table', wholeNumber, 20)
    .addOption(new Option('--sort <by>', 'what comes first').choices([...sortings]).default('ns'))
    .addHelpText('after', inputHelp + examples)
    .action(showProfile)

async function showProfile(paths: readonly string[], _: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<ProfileOptions>()
  const inputs = inputsOrStdin(paths)
  if (options.html) await checkPageFolder(options.html)
  const before = await readProfile(options.compare)
  const detectors = await loadDetectors(options)
  let evaluation: Evaluation<unknown> | undefined
  await drive(
    (evaluateOptions) => {
      evaluation = detectors.evaluate(inputs, evaluateOptions)
      return evaluation
    },
    'detections',
    options,
    async () => {},
  )
  const profile = evaluation?.profile
  if (!profile) return
  const comparison = before && compareProfiles(before, profile)
  if (options.html) await writePage(options.html, renderPage(profile))
  await writeOutput(
    options.json
      ? `${JSON.stringify({ ...profile, ...(comparison && { comparison }) }, null, 1)}\n`
      : `${formatProfile(profile, options)}${comparison ? formatComparison(comparison) : ''}`,
  )
}

function formatProfile(profile: Profile, { top, sort }: ProfileOptions): string {
  const { events, timedEvents, interruptedEvents, ns } = profile
  const left = interruptedEvents > 0 ? `, ${grouped(interruptedEvents)} more left out` : ''
  const head = `${perEvent(ns, profile)} ns an event, ${counted(events, 'events')}, ${grouped(timedEvents)} of them timed${left}; ${caution}`
  return [head, ...sheetsOf(profile, top, sort).map(formatSheet), ''].join('\n\n')
}

function formatSheet({ title, note, columns, rows, more }: Sheet): string {
  const cells = [columns, ...rows].map((row) =>
    row.map((text, column) => (column === 0 || column === columns.length - 1 ? short(text) : text)),
  )
  const lines = [`${title} (${note})`, ...table(cells, true)]
  if (more > 0) lines.push(`and ${grouped(more)} more`)
  return lines.join('\n')
}
