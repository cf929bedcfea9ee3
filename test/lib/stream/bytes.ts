/** Helpers for tests of streams. */

/** The bytes in chunks of `size`. */
export async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** All that comes, and the error that ended it. */
export async function drain(chunks: AsyncIterable<Uint8Array>): Promise<{ bytes: Buffer; error: unknown }> {
  const parts: Uint8Array[] = []
  try {
    for await (const chunk of chunks) parts.push(Uint8Array.from(chunk))
  } catch (error) {
    return { bytes: Buffer.concat(parts), error }
  }
  return { bytes: Buffer.concat(parts), error: null }
}

/** Numbered records: `{"n":0}` and so on. */
export const records = (count: number): string =>
  Array.from({ length: count }, (_, n) => `{"n":${n}}\n`).join('')
