import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
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

/**
 * What we have made has a place and a name that are known. The rest is node-gyp-build's, but it chooses between glibc and
 * musl by the environment's LIBC and by /etc/alpine-release, which not every system with musl has.
 * @throws {NuthatchError} NUTHATCH_NATIVE_NOT_FOUND
 */
function findNative(root: string): string {
  const [name = ''] = libc().split(' ')
  const names = [`nuthatch.${name}.node`, 'nuthatch.node']
  const ours = foldersLookedIn(root).flatMap((folder) => names.map((file) => join(folder, file)))
  try {
    const file = ours.find((path) => existsSync(path)) ?? nodeGypBuild.resolve(addonFolder(root))
    const other = basename(file)
      .split('.')
      .find((tag) => /^(glibc|musl)$/.test(tag) && tag !== name)
    if (other) throw new Error(`${file} is for ${other}`)
    return file
  } catch (cause) {
    throw new NuthatchError('NUTHATCH_NATIVE_NOT_FOUND', notFound(root), { cause })
  }
}

const addonFolder = (root: string): string => resolve(process.env.NUTHATCH_PREBUILD || root)

/** As node-gyp-build does, which skips builds where PREBUILDS_ONLY is set. */
function foldersLookedIn(root: string): string[] {
  const prebuilds = `prebuilds/${process.platform}-${process.arch}`
  const names = [...(process.env.PREBUILDS_ONLY ? [] : ['build/Release', 'build/Debug']), prebuilds]
  const besideNode = join(dirname(process.execPath), prebuilds)
  return [...names.map((name) => join(addonFolder(root), name)), besideNode]
}

function notFound(root: string): string {
  return [
    `Nuthatch's native addon, nuthatch.node, was not found for ${platform()}.`,
    'Looked in:',
    ...foldersLookedIn(root).map((path) => `  ${path} (${contents(path)})`),
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
  const { NUTHATCH_PREBUILD } = process.env
  const elsewhere = `NUTHATCH_PREBUILD is "${NUTHATCH_PREBUILD}": unset it, or let it name a folder that has the addon.`
  return [
    ...(NUTHATCH_PREBUILD ? [elsewhere] : []),
    `This package brings binaries for: ${brought(root)}. To compile it for any other platform`,
    'run `npm explore nuthatch -- npm run install`, which needs a C++20 compiler, make, Python 3 and the',
    "headers of Node (those beside Node's executable, or in npm_config_nodedir); npm may have skipped that",
    'when it installed the package. In a checkout of Nuthatch run `npm run build`.',
  ]
}

/** In the words of README's table: linux-x64-musl. */
function brought(root: string): string {
  const folder = join(root, 'prebuilds')
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  const names = files.flatMap((path) => {
    const [, target, tag = ''] = /^(\S+)[\\/]nuthatch(\.\w+)?\.node$/.exec(path) ?? []
    return target ? [target + tag.replace('.', '-')] : []
  })
  return names.sort().join(', ') || 'no platform'
}

function contents(folder: string): string {
  if (!existsSync(folder)) return 'no such folder'
  return readdirSync(folder).join(', ') || 'empty'
}

/** Of this process. */
export function platform(): string {
  return `${process.platform}-${process.arch} (${libc()}), Node ${process.versions.node}`
}

/** "glibc 2.36", "musl", or elsewhere "system libc". */
function libc(): string {
  if (process.platform !== 'linux') return 'system libc'
  const version = reportHeader().glibcVersionRuntime
  return version ? `glibc ${version}` : 'musl'
}

/** Without looking up the names of whom this process is connected to. */
function reportHeader(): { glibcVersionRuntime?: string } {
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report
  const { excludeNetwork = false } = report
  report.excludeNetwork = true
  try {
    return (report.getReport() as { header: { glibcVersionRuntime?: string } }).header
  } finally {
    report.excludeNetwork = excludeNetwork
  }
}

const root = fileURLToPath(new URL('..', import.meta.url))

export const native: NativeBinding = loadNative(root)

/** The addon's path. */
export const nativeFile = (): string => findNative(root)
