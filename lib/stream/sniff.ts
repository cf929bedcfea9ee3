/** What the first bytes of an input say it is. */
export type Format = 'gzip' | 'zstd' | 'utf-16le' | 'etl' | 'ndjson' | { readonly unsupported: string }

/** Formats that people hand over by mistake, or too early. Everything else is read as NDJSON. */
const unsupported: readonly (readonly [magic: string, advice: string])[] = [
  ['ElfFile\0', 'a Windows event log (.evtx); export its events as JSON, one a line'],
  ['PK\x03\x04', 'a zip archive; unpack it first'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive; unpack it first'],
  ['BZh', 'compressed with bzip2; decompress it, or use gzip or zstd'],
  ['\xfd7zXZ\0', 'compressed with xz; decompress it, or use gzip or zstd'],
  ['PAR1', 'a Parquet file; export its rows as JSON, one a line'],
  ['SQLite format 3\0', 'an SQLite database; export its rows as JSON, one a line'],
  ['\xfe\xff', 'in UTF-16 with big-endian order; convert it to UTF-8'],
]

export const ZEROS = {
  unsupported: 'a file of zeros: one that was made for a trace (.etl) or a log and never written to',
}

/** `head`: the first bytes, as many as one read gave. */
export function sniff(head: Uint8Array): Format {
  const view = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  if (view[0] === 0x1f && view[1] === 0x8b) return 'gzip'
  if (view.length >= 4 && isZstd(view.readUInt32LE(0))) return 'zstd'
  if (view[0] === 0xff && view[1] === 0xfe) return 'utf-16le'
  const text = view.toString('latin1', 0, 4096)
  for (const [magic, advice] of unsupported) if (text.startsWith(magic)) return { unsupported: advice }
  if (isEtl(view)) return 'etl'
  if (isZeros(view)) return ZEROS
  if (isJsonArray(text)) return { unsupported: "one JSON array; write its elements one a line (jq -c '.[]')" }
  return 'ndjson'
}

/** RFC 8878: a frame, or a skippable frame (0x184D2A50 to 0x184D2A5F). */
const isZstd = (magic: number): boolean => magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50

/** Of a file; one read of a pipe may give less. */
const ENOUGH_FOR_ETL = 80

/** Whether more bytes are needed to tell: text never has a NUL so early, so lines that trickle in need not wait. */
export const needsMore = (head: Uint8Array): boolean =>
  head.length < 4 || (head.length < ENOUGH_FOR_ETL && (head[3] as number) <= 1)

/** Of the session's buffers, in bytes. */
const MOST_BUFFER = 1 << 24

/**
 * A trace file starts with a WMI_BUFFER_HEADER of 72 bytes (u32 size of the buffer, 16 MiB at most; of relogged
 * files as little as 512 bytes; at 48 u32 the end of what is filled), then the SYSTEM_TRACE_HEADER of type 0, group 0:
 * u16 version, u8 width of pointers, u8 0xc0, u16 size, u8 type, u8 group. Either tells, for the other may be
 * damaged, or the file's beginning be lost; what is wrong is for the reader to say. No text has a NUL so early.
 */
function isEtl(head: Buffer): boolean {
  if (head.length < ENOUGH_FOR_ETL) return false
  const isSystemHeader = (head[74] === 1 || head[74] === 2) && head[75] === 0xc0
  if (isSystemHeader && head.readUInt16LE(76) >= 32 && head.readUInt16LE(78) === 0) return true
  const [size, filled] = [head.readUInt32LE(0), head.readUInt32LE(48)]
  return size >= 512 && size <= MOST_BUFFER && size % 8 === 0 && filled > 72 && filled <= MOST_BUFFER
}

const isZeros = (head: Buffer): boolean => head.length >= ENOUGH_FOR_ETL && head.every((byte) => byte === 0)

/** An opening bracket with an object or nothing after it on its line; a whole array on a line is a bad record. */
const isJsonArray = (text: string): boolean =>
  /^(\xef\xbb\xbf)?\s*\[\s*(\{|\r?\n|$)/.test(text) && !/^(\xef\xbb\xbf)?\s*\[[^\n]*\]\s*?\n\s*\S/.test(text)
