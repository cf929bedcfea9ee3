import { type Command, InvalidArgumentError } from 'commander'
import type { VerifierOptions } from '../trust/verifier.js'

/** Options of every command that verifies signatures. */
export interface TrustOptions {
  readonly roots: readonly string[]
  readonly crl: readonly string[]
  readonly catalogs: readonly string[]
  readonly time?: Date
  readonly libcrypto?: string
}

export const addTrustOptions = (command: Command): Command =>
  command
    .option('--roots <path...>', 'certificates to trust', [])
    .option('--crl <path...>', 'certificate revocation lists', [])
    .option('--catalogs <folder...>', 'folders of catalogs (.cat)', [])
    .option('--time <time>', 'verify as of this time (ISO 8601), instead of now', toTime)
    .option('--libcrypto <path>', 'a shared library of OpenSSL 3, where the host exports none')

export const verifierOptions = (options: TrustOptions): VerifierOptions => ({
  roots: options.roots,
  crls: options.crl,
  catalogs: options.catalogs,
  ...(options.time && { time: options.time }),
  ...(options.libcrypto && { libcrypto: options.libcrypto }),
})

function toTime(text: string): Date {
  const time = new Date(text)
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('It must be a time such as 2024-05-01 or 2024-05-01T12:00:00Z.')
  return time
}
