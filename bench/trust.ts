import { spawnSync } from 'node:child_process'
import { buildNative } from './build.js'

/** What verifying signatures takes (trust_bench), and finding one that is known (signature_cache_bench). */
export function trustFigures(): string {
  return ['trust_bench', 'signature_cache_bench'].map(outputOf).join('')
}

function outputOf(name: string): string {
  const { status, stdout, stderr, error } = spawnSync(buildNative(name), { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${name}: ${error ?? stderr}`)
  return stdout
}
