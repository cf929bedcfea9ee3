/** Paths as the bytes that the system has them by: where names are bytes, as on Linux, they need not be UTF-8. */
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { isUint8Array } from 'node:util/types'
import { invalidArgument } from './check-arguments.js'

/** @throws NuthatchError NUTHATCH_INVALID_ARGUMENT for what is the path of nothing. */
export function pathBytes(path: unknown): Buffer {
  const isPath = (typeof path === 'string' || isUint8Array(path)) && path.length > 0
  const bytes = isPath ? Buffer.from(path as string) : Buffer.alloc(0)
  if (bytes.length === 0 || bytes.includes(0)) invalidArgument('path', 'the path of a file', path)
  return bytes
}

/** What the path names now, though the folder of the process may be another one when a thread opens it. */
export function absolutePath(path: Buffer): Buffer {
  if (process.platform === 'win32') return Buffer.from(resolve(path.toString()))
  if (path[0] === slash[0]) return path
  return Buffer.concat([currentFolder(), slash, path])
}

const slash = Buffer.from('/')

function currentFolder(): Buffer {
  try {
    const folder = process.cwd()
    // Names are bytes, and need not be UTF-8.
    return folder.includes('\uFFFD') ? realpathSync.native('.', 'buffer') : Buffer.from(folder)
  } catch {
    return Buffer.from('.') // it was deleted: what is looked for in it is gone
  }
}
