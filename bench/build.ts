import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const FOLDER = 'build'

/** Builds bench/native/`name`.cc beside the addon, with the addon's own settings, and gives its path. */
export function buildNative(name: string): string {
  const cmake = (...args: string[]) => {
    const { status, stderr, stdout, error } = spawnSync('cmake', args, { encoding: 'utf8' })
    if (error) throw new Error(`cmake cannot be run, which ${name} is built with: ${error.message}`)
    if (status !== 0) throw new Error(`cmake ${args.join(' ')}\n${stdout}${stderr}`)
  }
  cmake('-S', '.', '-B', FOLDER, '-DNUTHATCH_BENCH=ON')
  cmake('--build', FOLDER, '--target', name)
  return join(FOLDER, name)
}
