import { stat } from 'node:fs/promises'
import type { NativeSignatureOptions } from '../binding.js'
import { NuthatchError } from '../errors.js'
import { resolveVerifierOptions, type VerifierOptions } from './verifier.js'

/** Files of a whole machine may wait: none is dropped for that. */
const QUEUE = 1 << 16

/**
 * How the engine verifies the files that events name, below a folder. `recorded`: the input can wait.
 * @throws NuthatchError NUTHATCH_IMAGE_ROOT_UNREADABLE, and as `createVerifier` does
 */
export async function signaturesBelow(
  imageRoot: string,
  trust: VerifierOptions,
  recorded: boolean,
): Promise<NativeSignatureOptions> {
  const folder = await stat(imageRoot).catch(() => null)
  if (!folder?.isDirectory())
    throw new NuthatchError('NUTHATCH_IMAGE_ROOT_UNREADABLE', `${imageRoot}: there is no such folder`)
  return { ...(await resolveVerifierOptions({ queue: QUEUE, ...trust })), imageRoot, recorded }
}
