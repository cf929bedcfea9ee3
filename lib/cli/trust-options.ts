import { type Command, InvalidArgumentError, Option } from 'commander'
import { defaultBackend, type VerifierBackend, type VerifierOptions } from '../trust/verifier.js'
import { UsageError } from './errors.js'
import { wholeNumberTo } from './telemetry-options.js'

export const SECONDS_A_DAY = 86_400
const MILLISECONDS_A_DAY = SECONDS_A_DAY * 1000

/** What is refused besides, where it is asked for. */
export const strictHelp = 'refuse SHA-1, and bytes in certificate tables that nobody has signed'
export const strictRefusals: VerifierOptions = { rejectSha1: true, rejectCertPadding: true }

/** Options of every command that verifies signatures. */
export interface TrustOptions {
  readonly backend?: VerifierBackend
  readonly roots: readonly string[]
  readonly crl: readonly string[]
  readonly catalogs: readonly string[]
  readonly time?: Date
  readonly libcrypto?: string
  readonly enrichmentTime?: number
}

export const addTrustOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--backend <name>',
        'who verifies: Windows, or Nuthatch itself (default: wintrust on Windows, elsewhere portable)',
      ).choices(['wintrust', 'portable']),
    )
    .addOption(new Option('--roots <path...>', 'certificates to trust').default([], 'none'))
    .addOption(new Option('--crl <path...>', 'certificate revocation lists').default([], 'none'))
    .addOption(new Option('--catalogs <folder...>', 'folders of catalogs (.cat)').default([], 'none'))
    .option('--time <time>', 'verify as of this time (ISO 8601), instead of now', toTime)
    .option('--libcrypto <path>', 'a shared library of OpenSSL 3, where the host exports none')
    .option(
      '--enrichment-time <milliseconds>',
      'what an event is enriched in otherwise, for the share of verifications done within it (default: 50)',
      wholeNumberTo(MILLISECONDS_A_DAY),
    )

/** The names of options that were given, as on the command line. */
export function givenTrustOptions(options: TrustOptions): string[] {
  const { backend, roots, crl, catalogs, time, libcrypto, enrichmentTime } = options
  return givenNames({
    '--backend': backend,
    '--roots': roots.length > 0,
    '--crl': crl.length > 0,
    '--catalogs': catalogs.length > 0,
    '--time': time,
    '--libcrypto': libcrypto,
    '--enrichment-time': enrichmentTime,
  })
}

/** Of options by their names, those that have a value. */
export const givenNames = (options: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(options).flatMap(([name, value]) => (value ? [name] : []))

/**
 * `more`: what the portable verifier is given besides, and by which option.
 * @throws UsageError without roots, or with what Windows decides by itself
 */
export function verifierOptions(
  options: TrustOptions,
  more: { readonly [option: string]: VerifierOptions } = {},
): VerifierOptions {
  const { backend = defaultBackend, roots, crl, catalogs, time, libcrypto, enrichmentTime } = options
  const common = { backend, ...(enrichmentTime && { enrichmentTime }) }
  if (backend === 'wintrust') {
    const ofBoth = ['--backend', '--enrichment-time']
    const refused = [...givenTrustOptions(options), ...Object.keys(more)].filter(
      (name) => !ofBoth.includes(name),
    )
    if (refused.length > 0)
      throw new UsageError(
        `Windows verifies by its own roots, catalogs and policy: for ${refused.join(', ')} add --backend portable`,
        'NUTHATCH_INVALID_OPTION',
      )
    return common
  }
  if (roots.length === 0)
    throw new UsageError(
      'no roots to trust: name files or folders of certificates with --roots',
      'NUTHATCH_ROOTS_MISSING',
    )
  return Object.assign(
    { ...common, roots, crls: crl, catalogs, ...(time && { time }), ...(libcrypto && { libcrypto }) },
    ...Object.values(more),
  )
}

const TIME = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/

function toTime(text: string): Date {
  const time = new Date(text)
  const [, date = ''] = TIME.exec(text) ?? []
  const midnight = new Date(date) // of which day: Date takes 30 February for 2 March
  const exists = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date)
  if (!exists || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError(
      'It must be a time that exists, such as 2024-05-01 or 2024-05-01T12:00:00Z.',
    )
  return time
}
