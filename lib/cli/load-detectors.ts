import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { compile, Detectors } from '../detectors.js'
import { NuthatchError } from '../errors.js'
import { type Severity, severities } from '../language/ruleset.js'
import { isProfile } from '../profile/is-profile.js'
import { PROFILE_VERSION, type Profile } from '../profile/profile.js'
import { UsageError } from './errors.js'
import { tellOfRules } from './rules.js'
import { collect } from './telemetry-options.js'

/** Options that say how rules are compiled. */
export interface CompilationOptions {
  readonly severity?: Severity
  /** A file. */
  readonly profile?: string
}

export interface DetectorOptions extends CompilationOptions {
  readonly rules?: readonly string[]
  readonly plan?: string
}

export const addCompilation = (command: Command): Command =>
  command
    .addOption(new Option('--severity <least>', 'leave out detectors below this').choices([...severities]))
    .option('--profile <file>', 'put the trees in the order that `nuthatch profile --json` found cheapest')

/** For commands that evaluate detectors: they come from rules or from a Plan. */
export const addDetectors = (command: Command): Command =>
  addCompilation(
    command
      .option('-r, --rules <path>', 'rule file, folder or glob pattern; can be given more than once', collect)
      .option('-p, --plan <file>', 'a Plan made by `nuthatch compile`, instead of rules'),
  )

/** Says what should not go unseen about the rules, too. */
export async function loadDetectors(options: DetectorOptions): Promise<Detectors> {
  const detectors = await load(options)
  tellOfRules(detectors.detectors.length, detectors.warnings, options.severity)
  return detectors
}

async function load({ rules, plan, severity, profile }: DetectorOptions): Promise<Detectors> {
  if (rules && !plan) return compile(rules, { severity, profile: await readProfile(profile) })
  if (!plan) throw new UsageError('give rules with -r, or a Plan with -p')
  if (rules) throw new UsageError('both rules (-r) and a Plan (-p) are given: leave one of them out')
  if (severity) throw new UsageError('--severity goes with rules: give it to `nuthatch compile`')
  if (profile) throw new UsageError('--profile goes with rules: give it to `nuthatch compile`')
  return Detectors.fromPlan(await readInput(plan, 'NUTHATCH_PLAN_UNREADABLE'))
}

/** @throws NuthatchError NUTHATCH_PROFILE_UNREADABLE, NUTHATCH_PROFILE_INVALID */
export async function readProfile(file: string | undefined): Promise<Profile | undefined> {
  if (file === undefined) return undefined
  const text = (await readInput(file, 'NUTHATCH_PROFILE_UNREADABLE')).toString()
  const invalid = `${file} is no profile of version ${PROFILE_VERSION}: make one with \`nuthatch profile --json\`.`
  let profile: unknown
  try {
    profile = JSON.parse(text)
  } catch (cause) {
    throw new NuthatchError('NUTHATCH_PROFILE_INVALID', invalid, { cause })
  }
  if (!isProfile(profile)) throw new NuthatchError('NUTHATCH_PROFILE_INVALID', invalid)
  return profile
}

async function readInput(file: string, code: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (cause) {
    throw new NuthatchError(code, `${file}: ${(cause as Error).message}`, { cause })
  }
}
