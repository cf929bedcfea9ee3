import { constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * The bytes of a named pipe, until its last writer closes it. A file stream would open it in a thread, where
 * it waits for the first writer and nothing can end it, not even the end of the process. Linux alone tells a
 * pipe that no writer has opened yet from one that all have closed.
 */
export function openFifo(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return new Socket({ fd, readable: true, writable: false })
}
