/** Which traces, or copies of them, this process has open: of a file that has been removed with ` (deleted)`. Linux only. */
import { readdirSync, readlinkSync } from 'node:fs'

const folder = '/proc/self/fd'

export const openTraces = (): string[] =>
  readdirSync(folder)
    .map(pathOf)
    .filter((path) => /\.etl( \(deleted\))?$/.test(path))

/** '' of the descriptor that has listed the folder. */
function pathOf(descriptor: string): string {
  try {
    return readlinkSync(`${folder}/${descriptor}`)
  } catch {
    return ''
  }
}
