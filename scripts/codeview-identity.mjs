// A DLL says which PDB has its symbols by a GUID, and lld makes that of the PDB, in which the folder's path is. Made of
// the DLL instead, two builds of one commit are the same bytes, wherever they were made. Layouts: Microsoft's "PE Format"
// (debug directory, RSDS) and LLVM's "The PDB Info Stream".
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

const DEBUG_DIRECTORY = 6
const DEBUG_ENTRY_BYTES = 28
const CODEVIEW = 2
const GUID_BYTES = 16

/** Where a 64-bit image has its timestamps, and what RSDS says. */
function places(image) {
  const pe = image.readUInt32LE(0x3c)
  const optional = pe + 24
  const directory = optional + 112 + 8 * DEBUG_DIRECTORY
  const [address, size] = [image.readUInt32LE(directory), image.readUInt32LE(directory + 4)]
  const sections = optional + image.readUInt16LE(pe + 20)
  const section = Array.from({ length: image.readUInt16LE(pe + 6) }, (_, i) => sections + 40 * i).findLast(
    (each) => image.readUInt32LE(each + 12) <= address,
  )
  const begin = address - image.readUInt32LE(section + 12) + image.readUInt32LE(section + 20)
  const entries = Array.from({ length: size / DEBUG_ENTRY_BYTES }, (_, i) => begin + DEBUG_ENTRY_BYTES * i)
  const codeView = entries.find((entry) => image.readUInt32LE(entry + 12) === CODEVIEW)
  const rsds = image.readUInt32LE(codeView + 24)
  if (image.toString('latin1', rsds, rsds + 4) !== 'RSDS') throw new Error('the image names no PDB')
  return { timestamps: [pe + 8, ...entries.map((entry) => entry + 4)], guid: rsds + 4 }
}

/**
 * Gives an image and its PDB the same GUID and timestamp, which depend on nothing but the image.
 * @throws {Error} if they do not belong together
 */
export function identify(imagePath, pdbPath) {
  const image = readFileSync(imagePath)
  const pdb = readFileSync(pdbPath)
  const { timestamps, guid } = places(image)
  const written = image.subarray(guid, guid + GUID_BYTES)
  const inPdb = pdb.indexOf(written)
  if (inPdb < 0) throw new Error(`${pdbPath} is not the PDB of ${imagePath}`)
  written.fill(0)
  for (const place of timestamps) image.writeUInt32LE(0, place)
  const hash = createHash('sha256').update(image).digest()
  const timestamp = hash.readUInt32LE(GUID_BYTES)
  hash.copy(image, guid, 0, GUID_BYTES)
  hash.copy(pdb, inPdb, 0, GUID_BYTES)
  for (const place of timestamps) image.writeUInt32LE(timestamp, place)
  pdb.writeUInt32LE(timestamp, inPdb - 8) // its signature, and then its age
  writeFileSync(imagePath, image)
  writeFileSync(pdbPath, pdb)
}
