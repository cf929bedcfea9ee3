import { stat } from 'node:fs/promises'
import type { NativeSignatureOptions } from '../binding.js'
import { NuthatchError } from '../errors.js'
import type { EvaluateOptions } from '../stream/options.js'
import { openVerification } from './verifier.js'

/** Files of a whole machine may wait: none is dropped for that. */
const QUEUE = 1 << 16

/**
 * How the engine verifies the files that events name: below a folder, or where the paths say, which are this machine's
 * then; null where nobody says whom to trust. Catalogs have been indexed by then, unless `stop` came before. `recorded`:
 * the input can wait.
 * @throws NuthatchError NUTHATCH_IMAGE_ROOT_UNREADABLE, and as `createVerifier` does
 */
export async function imageSignatures(
  { imageRoot, imageVolume = 0, trust = false }: EvaluateOptions,
  recorded: boolean,
  stop: AbortSignal,
): Promise<NativeSignatureOptions | null> {
  if (trust === false) return null
  if (imageRoot !== undefined) {
    const folder = await stat(imageRoot).catch(() => null)
    if (!folder?.isDirectory())
      throw new NuthatchError('NUTHATCH_IMAGE_ROOT_UNREADABLE', `${imageRoot}: there is no such folder`)
  }
  return {
    verification: await openVerification({ queue: QUEUE, ...trust }, stop),
    imageRoot: imageRoot ?? null,
    imageVolume,
    recorded,
  }
}
