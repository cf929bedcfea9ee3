import { type Command, InvalidArgumentError } from 'commander'
import type { VerifierOptions } from '../trust/verifier.js'
import { UsageError } from './errors.js'

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

/** @throws UsageError without roots */
export function verifierOptions({ roots, crl, catalogs, time, libcrypto }: TrustOptions): VerifierOptions {
  if (roots.length === 0)
    throw new UsageError('no roots to trust: name files or folders of certificates with --roots')
  return { roots, crls: crl, catalogs, ...(time && { time }), ...(libcrypto && { libcrypto }) }
}

function toTime(text: string): Date {
  const time = new Date(text)
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('It must be a time such as 2024-05-01 or 2024-05-01T12:00:00Z.')
  return time
}
