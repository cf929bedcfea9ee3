/** Image hashes of signed files, compared with the digest that their signature has. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readImage } from '../../../lib/index.js'

const folder = join(process.env.NUTHATCH_DATA ?? '../shared/data', 'pe')
const skip = existsSync(folder) ? false : `no images at ${folder}: set NUTHATCH_DATA`
if (skip && process.env.NUTHATCH_DATA) throw new Error(`NUTHATCH_DATA is set, but there is no ${folder}`)

const algorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const

/** Whether a digest of the image stands in its certificate table. */
async function isSignedDigest(path: string): Promise<boolean> {
  const image = await readImage(path, { hashes: algorithms })
  const { certificateTable: table } = image
  if (!table) return false
  const bytes = readFileSync(path).subarray(table.offset, table.offset + table.size)
  return algorithms.some((name) => bytes.includes(Buffer.from(image.hashes[name]?.image ?? '', 'hex')))
}

t.test('the image hash is what was signed', { skip }, async (t) => {
  const out = join(folder, 'made-here/out')
  const signed = readdirSync(out).filter((name) => /^s-.*\.(exe|dll)$/.test(name))
  t.ok(signed.length > 25)
  for (const name of signed) t.ok(await isSignedDigest(join(out, name)), name)
  for (const name of ['t-tamper_checksum.exe', 't-cert_padding.exe', 't-duplicate_wincert.exe'])
    t.ok(await isSignedDigest(join(out, name)), name)
  for (const name of ['t-tamper_body.exe', 't-tamper_timestamp.exe', 't-gap_before_table.exe'])
    t.notOk(await isSignedDigest(join(out, name)), name)
  const open = join(folder, 'open/authenticode-rs')
  for (const name of ['tiny32.signed.efi', 'tiny64.signed.efi'])
    t.ok(await isSignedDigest(join(open, name)), name)
})

t.test('catalogs have the padded hash of an unsigned file of odd size', { skip }, async (t) => {
  const out = join(folder, 'made-here/out')
  const { hashes } = await readImage(join(out, 'u64-overlay13.exe'), { hashes: ['sha256'] })
  const catalog = readFileSync(join(out, 's-v2.cat'))
  const has = (hash: string | null | undefined) => catalog.includes(Buffer.from(hash as string, 'hex'))
  t.ok(has(hashes.sha256?.padded))
  t.notOk(has(hashes.sha256?.image))
})
