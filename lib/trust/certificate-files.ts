/** Reads certificates and revocation lists that users bring: PEM or DER, in files and folders. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isUint8Array } from 'node:util/types'
import type { NativeTrustInput } from '../binding.js'
import { NuthatchError } from '../errors.js'

/** A path of a file (PEM with any number of items, or DER with one) or of a folder of such files; or its content. */
export type CertificateInput = string | Uint8Array

type Label = 'CERTIFICATE' | 'X509 CRL'

const codes = { CERTIFICATE: 'NUTHATCH_ROOTS_INVALID', 'X509 CRL': 'NUTHATCH_CRL_INVALID' } as const
const things = { CERTIFICATE: 'certificate', 'X509 CRL': 'revocation list' } as const

/** More is no list of roots. */
const LARGEST_FILE = 64 << 20

/**
 * Each item once.
 * @throws NuthatchError NUTHATCH_ROOTS_INVALID or NUTHATCH_CRL_INVALID, which says of which input
 */
export async function readCertificates(
  inputs: readonly CertificateInput[],
  label: Label,
): Promise<NativeTrustInput[]> {
  const items = new Map<string, NativeTrustInput>()
  for (const input of inputs) {
    for (const item of await itemsOf(input, label)) items.set(item.der.toString('latin1'), item)
  }
  return [...items.values()]
}

interface Item extends NativeTrustInput {
  readonly der: Buffer
}

async function itemsOf(input: CertificateInput, label: Label): Promise<Item[]> {
  if (isUint8Array(input)) return parse(Buffer.from(input), label, 'the bytes given')
  const fail = (reason: string, cause?: unknown): never => {
    throw new NuthatchError(codes[label], `${input}: ${reason}`, { cause })
  }
  try {
    const found = await stat(input)
    if (!found.isDirectory()) return parse(await read(input), label, input)
    const names = (await readdir(input)).filter((name) => !name.startsWith('.')).sort()
    const paths = names.map((name) => join(input, name))
    const files = await Promise.all(paths.map(readIfFile))
    // What else lies in the folder is passed over, but not a folder of nothing else.
    const items = files.flatMap((bytes, i) =>
      bytes === null ? [] : (tryParse(bytes, label, paths[i] as string) ?? []),
    )
    return items.length > 0 ? items : fail(`there is no ${things[label]} in this folder`)
  } catch (cause) {
    if (cause instanceof NuthatchError) throw cause
    const { code, message } = cause as NodeJS.ErrnoException
    return fail(code === 'ENOENT' ? 'there is no such file or folder' : message, cause)
  }
}

async function read(path: string): Promise<Buffer> {
  const found = await stat(path)
  if (!found.isFile() || found.size > LARGEST_FILE) throw new Error('this is no file of certificates')
  return readFile(path)
}

const readIfFile = async (path: string): Promise<Buffer | null> =>
  (await stat(path).catch(() => null))?.isFile() ? read(path) : null

function parse(bytes: Buffer, label: Label, source: string): Item[] {
  const items = tryParse(bytes, label, source)
  if (items !== null) return items
  throw new NuthatchError(codes[label], `${source}: there is no ${things[label]} in it, as PEM or as DER`)
}

/** Null when there is none. */
function tryParse(bytes: Buffer, label: Label, source: string): Item[] | null {
  if (bytes[0] === 0x30 && bytes.length > 100) return [{ der: bytes, source }]
  const pem = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, 'g')
  const items = [...bytes.toString('latin1').matchAll(pem)].map(([, text = '']) =>
    Buffer.from(text, 'base64'),
  )
  if (items.length === 0) return null
  const nameOf = (i: number) => (items.length === 1 ? source : `${source} (number ${i + 1} in it)`)
  return items.map((der, i) => ({ der, source: nameOf(i) }))
}
