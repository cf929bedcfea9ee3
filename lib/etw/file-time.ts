/** Between 1601, when FILETIME begins, and 1970, in units of 100 ns. */
const UNIX_EPOCH = 116_444_736_000_000_000n

/** ISO 8601 of a FILETIME, in UTC, to all of its 100 ns; null for 0, which stands for none. */
export function fileTimeToIso(time: bigint): string | null {
  if (time === 0n) return null
  const ticks = time - UNIX_EPOCH
  const below = ((ticks % 10_000_000n) + 10_000_000n) % 10_000_000n
  const date = new Date(Number((ticks - below) / 10_000n)) // it goes further than 64 bits
  return date.toISOString().replace(/\.\d+Z$/, `.${below.toString().padStart(7, '0')}Z`)
}

/** Seconds from one FILETIME to another. */
export const secondsBetween = (from: bigint, to: bigint): number => Number(to - from) / 1e7
