/** Compressed bytes that are corrupt or end too early. */
export class DecodeError extends Error {
  constructor(
    readonly kind: 'corrupt' | 'truncated',
    /** Compressed bytes before the trouble, from the beginning of the input. */
    readonly position: number,
    readonly format: 'gzip' | 'zstd',
    reason: string,
    cause?: unknown,
  ) {
    super(reason, { cause })
    this.name = 'DecodeError'
  }
}
