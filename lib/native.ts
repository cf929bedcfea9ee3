import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NativeBinding } from './binding.js'

const require = createRequire(import.meta.url)
const nodeGypBuild = require('node-gyp-build') as { resolve(folder: string): string }

/** Platforms that the published package carries a binary for, as `platform-arch (libc)`. */
const PREBUILT = ['linux-x64 (glibc)']

export type NativeErrorCode = 'NUTHATCH_NATIVE_NOT_FOUND' | 'NUTHATCH_NATIVE_LOAD_FAILED'

/** The addon is missing or cannot be loaded; the message says what was looked for and what to do. */
export class NativeError extends Error {
  override readonly name = 'NativeError'
  readonly code: NativeErrorCode

  constructor(code: NativeErrorCode, message: string, cause: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/**
 * Loads the addon of the package in `root`: a build made there if there is one, else the prebuild of
 * this platform. NUTHATCH_PREBUILD names another folder to look in.
 * @throws {NativeError}
 */
export function loadNative(root: string): NativeBinding {
  let file: string
  try {
    file = nodeGypBuild.resolve(root)
  } catch (cause) {
    throw new NativeError('NUTHATCH_NATIVE_NOT_FOUND', notFound(root), cause)
  }
  try {
    return require(file) as NativeBinding
  } catch (cause) {
    throw new NativeError('NUTHATCH_NATIVE_LOAD_FAILED', loadFailed(file, cause), cause)
  }
}

function notFound(root: string): string {
  const folder = process.env.NUTHATCH_PREBUILD ?? root
  const looked = ['build/Release', 'build/Debug', `prebuilds/${process.platform}-${process.arch}`]
  const lines = looked.map((name) => {
    const path = join(folder, name)
    return `  ${path}${existsSync(path) ? '' : ' (no such folder)'}`
  })
  return [
    `Nuthatch's native addon (nuthatch.node) was not found for ${platform()}.`,
    'Looked in:',
    ...lines,
    ...whatToDo(),
  ].join('\n')
}

function loadFailed(file: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return [
    `Nuthatch's native addon was found but cannot be loaded on ${platform()}.`,
    `File: ${file}`,
    `Reason: ${reason}`,
    ...whatToDo(),
  ].join('\n')
}

function whatToDo(): string[] {
  return [
    `The package carries binaries for ${PREBUILT.join(', ')}. Elsewhere it is compiled when it is`,
    'installed: run `npm rebuild nuthatch --ignore-scripts=false`, which needs a C++20 compiler, make',
    'and Python 3. In a checkout of Nuthatch run `npm run build`.',
  ]
}

function platform(): string {
  return `${process.platform}-${process.arch} (${libc()}), Node ${process.versions.node}`
}

function libc(): string {
  if (process.platform !== 'linux') return 'system libc'
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  const version = report.header.glibcVersionRuntime
  return version ? `glibc ${version}` : 'musl'
}

export const native: NativeBinding = loadNative(fileURLToPath(new URL('..', import.meta.url)))
