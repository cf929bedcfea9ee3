import type { Command } from 'commander'
import type { EvaluateOptions } from '../stream/options.js'
import { UsageError } from './errors.js'
import { wholeNumberTo } from './telemetry-options.js'
import {
  addTrustOptions,
  givenNames,
  givenTrustOptions,
  SECONDS_A_DAY,
  strictHelp,
  strictRefusals,
  type TrustOptions,
  verifierOptions,
} from './trust-options.js'

const LARGEST_VOLUME = 999_999_999

/** Options of every command whose detectors may ask for signatures. */
export interface SignatureOptions extends TrustOptions {
  readonly imageRoot?: string
  readonly imageVolume?: number
  readonly signatureDeadline?: number
  readonly strictSignatures?: boolean
  readonly signatures?: boolean
}

export const addSignatureOptions = (command: Command): Command =>
  addTrustOptions(command)
    .option('--image-root <folder>', "verify signatures of the machine's files, which are below this folder")
    .option(
      '--image-volume <number>',
      "which \\Device\\HarddiskVolume<number> is Windows' disk (default: what the telemetry tells)",
      wholeNumberTo(LARGEST_VOLUME),
    )
    .option(
      '--signature-deadline <seconds>',
      'how long a file may take to be verified, and an event of a stream waits for it (default: 30)',
      wholeNumberTo(SECONDS_A_DAY),
    )
    .option('--strict-signatures', strictHelp)

/**
 * `here`: where there is no image root, the paths of events lead to their files.
 * @throws UsageError when signatures are asked to be verified, but not where; and as verifierOptions does
 */
export function signatureOptions(
  options: SignatureOptions,
  here = false,
): Pick<EvaluateOptions, 'imageRoot' | 'imageVolume' | 'trust'> {
  const { imageRoot, imageVolume, signatureDeadline, strictSignatures, signatures = true } = options
  const given = givenOptions(options)
  if (!signatures) {
    if (given.length === 0) return { trust: false }
    throw new UsageError(
      `${given.join(', ')}: no signature is verified with --no-signatures`,
      'NUTHATCH_INVALID_OPTION',
    )
  }
  if (imageRoot === undefined) {
    if (given.length === 0) return {}
    const wanting = here ? given.filter((name) => name === '--image-volume') : given
    if (wanting.length > 0)
      throw new UsageError(
        `${wanting.join(', ')}: no signature is verified without --image-root, the folder with the machine's files`,
        'NUTHATCH_IMAGE_ROOT_MISSING',
      )
  }
  const deadline = signatureDeadline === undefined ? {} : { deadline: signatureDeadline * 1000 }
  const trust = {
    ...verifierOptions(options, strictSignatures ? { '--strict-signatures': strictRefusals } : {}),
    ...deadline,
  }
  return { ...(imageRoot && { imageRoot }), ...(imageVolume && { imageVolume }), trust }
}

function givenOptions(options: SignatureOptions): string[] {
  const { imageRoot, imageVolume, signatureDeadline, strictSignatures } = options
  const names = givenNames({
    '--image-root': imageRoot,
    '--image-volume': imageVolume,
    '--signature-deadline': signatureDeadline,
    '--strict-signatures': strictSignatures,
  })
  return [...givenTrustOptions(options), ...names]
}
