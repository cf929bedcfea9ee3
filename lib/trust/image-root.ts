import { stat } from 'node:fs/promises'
import type { PipelineOptions } from '../binding.js'
import { NuthatchError } from '../errors.js'
import { resolveVerifierOptions, type VerifierOptions } from './verifier.js'

/** Files of a whole machine may wait: none is dropped for that. */
const QUEUE = 1 << 16

/**
 * How the engine verifies the files that events name, below a folder.
 * @throws NuthatchError NUTHATCH_IMAGE_ROOT_UNREADABLE, and as `createVerifier` does
 */
export async function signaturesBelow(
  imageRoot: string,
  trust: VerifierOptions,
): Promise<NonNullable<PipelineOptions['signatures']>> {
  const folder = await stat(imageRoot).catch(() => null)
  if (!folder?.isDirectory())
    throw new NuthatchError('NUTHATCH_IMAGE_ROOT_UNREADABLE', `${imageRoot}: there is no such folder`)
  // A disk of another machine: this one's catalogs and roots are not its own, on Windows either.
  return { ...(await resolveVerifierOptions({ backend: 'portable', queue: QUEUE, ...trust })), imageRoot }
}
