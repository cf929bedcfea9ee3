/**
 * What a corpus is like: how often values repeat, and how well it compresses.
 * Repeats are counted over a window of records, since a memo or a compressor sees no more at a time.
 */
import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'

export const windowRecords = 10_000

/** Fields whose repeats decide what remembering a value is worth. */
const watched = [
  'DeviceId',
  'InitiatingProcessUniqueId',
  'InitiatingProcessFolderPath',
  'InitiatingProcessCommandLine',
  'InitiatingProcessSHA256',
  'InitiatingProcessAccountName',
  'ProcessCommandLine',
  'FileName',
  'FolderPath',
  'SHA256',
  'RegistryKey',
  'RegistryValueName',
  'RegistryValueData',
  'RemoteIP',
  'RemoteUrl',
  'AdditionalFields',
] as const

export interface Share {
  readonly values: number
  readonly repeated: number
}

/** Of the first records of a file, by field. */
export async function repeats(file: string): Promise<ReadonlyMap<string, Share>> {
  const seen = new Map<string, Set<unknown>>(watched.map((field) => [field, new Set()]))
  const shares = new Map(watched.map((field) => [field as string, { values: 0, repeated: 0 }]))
  let records = 0
  for await (const line of createInterface(createReadStream(file))) {
    if (++records > windowRecords) break
    const { properties } = JSON.parse(line) as { properties: Record<string, unknown> }
    for (const [field, share] of shares) {
      const value = properties[field]
      if (value === undefined || value === null || value === '') continue
      const before = seen.get(field) as Set<unknown>
      share.values++
      if (before.has(value)) share.repeated++
      before.add(value)
    }
  }
  return shares
}

/** How many times smaller `zstd -3` makes the file; null where there is no zstd. */
export async function zstdRatio(file: string, bytes: number): Promise<number | null> {
  const child = spawn('zstd', ['-3', '-q', '-c'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const missing = new Promise<null>((resolve) => child.on('error', () => resolve(null)))
  const squeezed = (async () => {
    let compressed = 0
    const reading = pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), child.stdin)
    for await (const chunk of child.stdout) compressed += (chunk as Buffer).length
    await reading
    return bytes / compressed
  })()
  // Where zstd is missing its pipe breaks as well, which says nothing more.
  return Promise.race([missing, squeezed.catch(() => missing)])
}
