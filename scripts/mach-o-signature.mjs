// The ad-hoc signature of a Mach-O file: SHA-256 of each page, without which Arm Macs run nothing. `codesign` checks it
// where there is one; this is its check of the pages, for Linux. The layout is that of XNU's cs_blobs.h.
import { createHash } from 'node:crypto'

const HEADER_BYTES = 32
const LC_CODE_SIGNATURE = 0x1d
const CODE_DIRECTORY = 0xfade0c02
const SHA256 = 2

/** @returns {Buffer | undefined} from the signature on */
function codeSignature(file) {
  let command = HEADER_BYTES
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    if (file.readUInt32LE(command) === LC_CODE_SIGNATURE) return file.subarray(file.readUInt32LE(command + 8))
    command += file.readUInt32LE(command + 4)
  }
}

function codeDirectory(signature) {
  const blobs = Array.from({ length: signature.readUInt32BE(8) }, (_, i) =>
    signature.readUInt32BE(16 + 8 * i),
  )
  const directory = blobs.find((offset) => signature.readUInt32BE(offset) === CODE_DIRECTORY)
  return directory === undefined ? undefined : signature.subarray(directory)
}

/** @param {Buffer} file */
export function signatureProblem(file) {
  const signature = codeSignature(file)
  const directory = signature && codeDirectory(signature)
  if (!directory) return 'is not signed'
  const [hashes, slots, end] = [16, 28, 32].map((offset) => directory.readUInt32BE(offset))
  const [size, type] = [directory[36], directory[37]]
  const pageBytes = 1 << directory[39]
  if (
    type !== SHA256 ||
    end !== signature.byteOffset - file.byteOffset ||
    slots !== Math.ceil(end / pageBytes)
  )
    return 'has a signature of something else'
  for (let slot = 0; slot < slots; slot++) {
    const page = file.subarray(slot * pageBytes, Math.min((slot + 1) * pageBytes, end))
    const hash = directory.subarray(hashes + slot * size, hashes + (slot + 1) * size)
    if (!createHash('sha256').update(page).digest().equals(hash)) return `is not signed at page ${slot}`
  }
}
