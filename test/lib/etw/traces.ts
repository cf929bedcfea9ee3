/** Traces for tests: those that the fuzzer starts from, which test/native/etw/seeds_test.cc writes. */
import { readFileSync } from 'node:fs'

const seed = (name: string): Buffer => readFileSync(new URL(`../../fuzz/corpus/etl/${name}`, import.meta.url))

/** Records of every kind in three buffers, the last of which is of a type that is not read. */
export const plainTrace = seed('plain-8-clock-1')
/** The same records in compressed buffers. */
export const compressedTrace = seed('compressed')

/** A program loads a library from code that is in no image, by a system call of its own: four events, a stack in two parts. */
export const stackTrace = seed('stacks')

/** Of each kind of event that is joined with others: files and registry keys among them. */
export const joinedTrace = seed('joined')

/** A zstd frame of the bytes as they are (RFC 8878: single segment, a raw block). */
export function storedAsZstd(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt32LE(0xfd2fb528, 0)
  head.writeUInt8(0xa0, 4) // a single segment, whose size has four bytes
  head.writeUInt32LE(bytes.length, 5)
  head.writeUIntLE((bytes.length << 3) | 1, 9, 3) // the last block, raw
  return Buffer.concat([head, bytes])
}

export { exampleTrace, longTrace } from '../live/plays.mjs'
