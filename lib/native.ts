import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import nodeGypBuild from 'node-gyp-build'
import type { NativeBinding } from './binding.js'
import { NuthatchError } from './errors.js'

const require = createRequire(import.meta.url)

/**
 * Loads the addon of the package in `root`: a build made there if there is one, else the prebuild of
 * this platform. NUTHATCH_PREBUILD names another folder to look in.
 * @throws {NuthatchError} NUTHATCH_NATIVE_NOT_FOUND, NUTHATCH_NATIVE_LOAD_FAILED: the message says what was
 *   looked for, and what to do.
 */
export function loadNative(root: string): NativeBinding {
  const file = findNative(root)
  try {
    const binding = require(file) as NativeBinding
    binding.setErrorClass(NuthatchError)
    return binding
  } catch (cause) {
    throw new NuthatchError('NUTHATCH_NATIVE_LOAD_FAILED', loadFailed(root, file, cause), { cause })
  }
}

/** @throws {NuthatchError} NUTHATCH_NATIVE_NOT_FOUND */
function findNative(root: string): string {
  try {
    return nodeGypBuild.resolve(root)
  } catch (cause) {
    throw new NuthatchError('NUTHATCH_NATIVE_NOT_FOUND', notFound(root), { cause })
  }
}

function notFound(root: string): string {
  const folder = process.env.NUTHATCH_PREBUILD ?? root
  const looked = ['build/Release', 'build/Debug', `prebuilds/${process.platform}-${process.arch}`]
  return [
    `Nuthatch's native addon, nuthatch.node, was not found for ${platform()}.`,
    'Looked in:',
    ...looked.map((name) => join(folder, name)).map((path) => `  ${path} (${contents(path)})`),
    ...whatToDo(root),
  ].join('\n')
}

function loadFailed(root: string, file: string, cause: unknown): string {
  return [
    `Nuthatch's native addon was found but cannot be loaded on ${platform()}.`,
    `File: ${file}`,
    `Reason: ${cause instanceof Error ? cause.message : String(cause)}`,
    ...whatToDo(root),
  ].join('\n')
}

function whatToDo(root: string): string[] {
  return [
    `This package brings binaries for: ${brought(root)}. To compile it for any other platform`,
    'run `npm explore nuthatch -- npm run install`, which needs a C++20 compiler, make, Python 3 and the',
    "headers of Node (those beside Node's executable, or in npm_config_nodedir); npm may have skipped that",
    'when it installed the package. In a checkout of Nuthatch run `npm run build`.',
  ]
}

function brought(root: string): string {
  const folder = join(root, 'prebuilds')
  return existsSync(folder) ? contents(folder) : 'no platform'
}

function contents(folder: string): string {
  if (!existsSync(folder)) return 'no such folder'
  return readdirSync(folder).join(', ') || 'empty'
}

/** Of this process. */
export function platform(): string {
  return `${process.platform}-${process.arch} (${libc()}), Node ${process.versions.node}`
}

function libc(): string {
  if (process.platform !== 'linux') return 'system libc'
  const report = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  const version = report.header.glibcVersionRuntime
  return version ? `glibc ${version}` : 'musl'
}

const root = fileURLToPath(new URL('..', import.meta.url))

export const native: NativeBinding = loadNative(root)

/** The addon's path. */
export const nativeFile = (): string => findNative(root)
