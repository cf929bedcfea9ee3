/**
 * The signed, tampered and malformed files of NUTHATCH_DATA, with the verdicts that their EXPECTED.md gives.
 * osslsigncode.test.ts has a second opinion.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createVerifier, type FileVerdict, type VerifierOptions } from '../../../lib/index.js'

const data = join(process.env.NUTHATCH_DATA ?? '../shared/data', 'pe')
const skip = existsSync(data) ? false : `no files at ${data}: set NUTHATCH_DATA`
if (skip && process.env.NUTHATCH_DATA) throw new Error(`NUTHATCH_DATA is set, but there is no ${data}`)

const made = join(data, 'made-here/out')
const pki = (name: string) => join(made, 'pki', name)
/** Every leaf that is not meant to have expired is valid then. */
const time = new Date('2026-06-01T00:00:00Z')

async function verdicts(files: readonly string[], options: Partial<VerifierOptions> = {}) {
  await using verifier = await createVerifier({ roots: pki('root.pem'), time, pageHashes: true, ...options })
  const all = await Promise.all(files.map((file) => verifier.verify(join(made, file))))
  return new Map(all.map((verdict, i) => [files[i] as string, verdict]))
}

/** Column W of EXPECTED.md, without catalogs and revocation lists; a status more exact than an HRESULT is. */
const expected: Readonly<Record<string, readonly [hresult: string, status: FileVerdict['status']]>> = {
  's-sha1.exe': ['0x00000000', 'trusted'],
  's-sha256.exe': ['0x00000000', 'trusted'],
  's-sha384.exe': ['0x00000000', 'trusted'],
  's-sha512.exe': ['0x00000000', 'trusted'],
  's-u32.exe': ['0x00000000', 'trusted'],
  's-dll.dll': ['0x00000000', 'trusted'],
  's-ec256.exe': ['0x00000000', 'trusted'],
  's-ec384.exe': ['0x00000000', 'trusted'],
  's-md5.exe': ['0x80096010', 'weak'],
  's-overlay13.exe': ['0x00000000', 'trusted'],
  's-pagehash.exe': ['0x00000000', 'trusted'],
  's-pagehash1.exe': ['0x00000000', 'trusted'],
  's-nested.exe': ['0x00000000', 'trusted'],
  's-ts.exe': ['0x00000000', 'trusted'],
  's-lifetime-ts.exe': ['0x00000000', 'trusted'],
  's-expired.exe': ['0x800b0101', 'expired'],
  's-expired-ts-in.exe': ['0x00000000', 'trusted'],
  's-expired-ts-before.exe': ['0x800b0101', 'notYetValid'],
  's-expired-ts-roguetsa.exe': ['0x800b0101', 'expired'],
  's-expired-lifetime-ts.exe': ['0x800b0101', 'expired'],
  's-future.exe': ['0x800b0101', 'notYetValid'],
  's-revoked.exe': ['0x00000000', 'trusted'],
  's-tls-eku.exe': ['0x800b0110', 'wrongUsage'],
  's-untrusted.exe': ['0x800b0109', 'untrustedRoot'],
  's-fakeca.exe': ['0x80096019', 'invalidChain'],
  's-nochain.exe': ['0x800b010a', 'incompleteChain'],
  's-blob.exe': ['0x00000000', 'trusted'],
  's-s1signer.exe': ['0x800b0109', 'untrustedRoot'],
  's-s1expired.exe': ['0x800b0109', 'untrustedRoot'],
  's-s1tls.exe': ['0x800b0109', 'untrustedRoot'],
  't-tamper_body.exe': ['0x80096010', 'badDigest'],
  't-tamper_timestamp.exe': ['0x80096010', 'badDigest'],
  't-gap_before_table.exe': ['0x80096010', 'badDigest'],
  't-tamper_checksum.exe': ['0x00000000', 'trusted'],
  't-cert_padding.exe': ['0x00000000', 'trusted'],
  't-append_after_table.exe': ['0x800b0100', 'malformed'],
  't-stripped.exe': ['0x800b0100', 'unsigned'],
  't-table_oob.exe': ['0x800b0100', 'malformed'],
  't-table_va_huge.exe': ['0x800b0100', 'malformed'],
  't-table_in_headers.exe': ['0x800b0100', 'malformed'],
  't-wincert_len0.exe': ['0x800b0100', 'malformed'],
  't-wincert_rev1.exe': ['0x800b0100', 'malformed'],
  't-wincert_type1.exe': ['0x800b0100', 'malformed'],
  't-truncated.exe': ['0x800b0100', 'malformed'],
  't-pkcs7_badder.exe': ['0x800b0100', 'malformed'],
  't-duplicate_wincert.exe': ['0x00000000', 'trusted'],
  't-bad_sigvalue.exe': ['0x80096004', 'badSignature'],
  's-v1.cat': ['0x00000000', 'trusted'],
  's-v2.cat': ['0x00000000', 'trusted'],
  's-v1-ts.cat': ['0x00000000', 'trusted'],
  's-v2-ts.cat': ['0x00000000', 'trusted'],
  's-v1-untrusted.cat': ['0x800b0109', 'untrustedRoot'],
  's-v2-untrusted.cat': ['0x800b0109', 'untrustedRoot'],
  's-v1-expired.cat': ['0x800b0101', 'expired'],
  's-v2-expired.cat': ['0x800b0101', 'expired'],
  't-cat_member_tampered.cat': ['0x80096010', 'badDigest'],
  'u-v1.cat': ['0x800b0100', 'unsigned'],
  'u-v2.cat': ['0x800b0100', 'unsigned'],
  'u32.exe': ['0x800b0100', 'unsigned'],
  'u64.exe': ['0x800b0100', 'unsigned'],
  'u64.dll': ['0x800b0100', 'unsigned'],
  'u64-overlay13.exe': ['0x800b0100', 'unsigned'],
  'f.inf': ['0x800b0003', 'unknownFormat'],
}

t.test('every file has the verdict that is expected of it', { skip }, async (t) => {
  const files = readdirSync(made).filter((name) => statSync(join(made, name)).isFile())
  t.same(Object.keys(expected).sort(), files.sort(), 'the table has every file')
  for (const [file, { status, hresult, reason }] of await verdicts(files)) {
    t.same([hresult, status], expected[file], file)
    t.equal(reason === null, status === 'trusted', `${file}: what is not trusted has a reason`)
  }
})

t.test('what else is said of them', { skip }, async (t) => {
  const all = await verdicts(Object.keys(expected))
  const of = (file: string) => all.get(file) as FileVerdict
  t.match(of('s-sha256.exe'), {
    source: 'embedded',
    signer: 'PE Test signer',
    issuer: 'PE Test int',
    serial: '1004',
    chain: [
      { subjectName: 'PE Test signer' },
      { subjectName: 'PE Test int' },
      { subjectName: 'PE Test root' },
    ],
    timestamp: null,
    signatures: [
      { digestAlgorithm: 'sha256', revocation: 'notChecked', weak: false, verifiedAt: time.toISOString() },
    ],
  })
  t.equal(of('s-sha256.exe').sha256, of('s-sha256.exe').signatures[0]?.digest)
  t.match(of('s-sha1.exe').signatures, [{ digestAlgorithm: 'sha1', weak: true }])
  t.match(of('s-nested.exe').signatures, [
    { status: 'trusted', digestAlgorithm: 'sha1' },
    { status: 'trusted', digestAlgorithm: 'sha256' },
  ])
  t.match(of('s-ts.exe'), {
    timestamp: { status: 'trusted', kind: 'rfc3161', time: '2018-06-01T00:00:00.000Z' },
    signatures: [{ verifiedAt: '2018-06-01T00:00:00.000Z' }],
  })
  t.match(of('s-expired-ts-roguetsa.exe').timestamp, { status: 'incompleteChain' })
  t.match(of('s-expired-lifetime-ts.exe').signatures, [
    { lifetimeSigning: true, timestamp: { status: 'trusted' }, verifiedAt: time.toISOString() },
  ])
  t.equal(of('s-pagehash.exe').signatures[0]?.pageHashes, 'match')
  t.equal(of('s-pagehash1.exe').signatures[0]?.pageHashes, 'match')
  t.equal(of('t-cert_padding.exe').certPadding, 16)
  t.equal(of('s-sha256.exe').certPadding, 0)
  t.equal(of('t-duplicate_wincert.exe').certEntries, 2)
})

t.test('revocation lists, other roots, and what is refused when asked to', { skip }, async (t) => {
  const status = async (file: string, options: Partial<VerifierOptions>) =>
    (await verdicts([file], options)).get(file)?.hresult
  t.equal(await status('s-revoked.exe', { crls: pki('int.crl') }), '0x800b010c')
  t.equal(await status('s-sha256.exe', { crls: pki('int.crl') }), '0x00000000')
  t.equal(await status('s-sha256.exe', { requireRevocation: true }), '0x800b010e')
  t.equal(await status('s-sha256.exe', { crls: pki('int.crl'), requireRevocation: true }), '0x800b010e')
  const roots = pki('root-sha1.pem')
  t.equal(await status('s-s1signer.exe', { roots }), '0x00000000')
  t.equal(await status('s-s1expired.exe', { roots }), '0x800b0101')
  t.equal(await status('s-s1tls.exe', { roots }), '0x800b0110')
  t.equal(await status('s-s1signer.exe', { roots, rejectSha1: true }), '0x80096010')
  t.equal(await status('s-md5.exe', { allowMd5: true }), '0x00000000')
  t.equal(await status('s-sha1.exe', { rejectSha1: true }), '0x80096010')
  t.equal(await status('t-cert_padding.exe', { rejectCertPadding: true }), '0x800b0100')
  t.equal(await status('s-sha256.exe', { rejectCertPadding: true }), '0x00000000')
})

t.test('members of catalogs', { skip }, async (t) => {
  const members = ['u64.exe', 'u32.exe', 'u64.dll', 'u64-overlay13.exe', 'f.inf']
  const folder = t.testdir({})
  const withCatalogs = async (catalogs: readonly string[], files: readonly string[]) => {
    const only = join(folder, catalogs.join(','))
    mkdirSync(only, { recursive: true })
    for (const catalog of catalogs) copyFileSync(join(made, catalog), join(only, catalog))
    return [...(await verdicts(files, { catalogs: only })).values()]
  }
  for (const catalog of ['s-v1.cat', 's-v2.cat', 's-v1-ts.cat', 's-v2-ts.cat'])
    for (const verdict of await withCatalogs([catalog], members))
      t.match(
        verdict,
        { status: 'trusted', source: 'catalog', signer: 'PE Test signer' },
        `${catalog} ${verdict.path}`,
      )
  for (const [catalog, hresult] of [
    ['s-v1-untrusted.cat', '0x800b0109'],
    ['s-v2-expired.cat', '0x800b0101'],
    ['t-cat_member_tampered.cat', '0x80096010'],
    ['u-v2.cat', '0x800b0100'],
  ] as const)
    for (const verdict of await withCatalogs([catalog], ['u64.exe']))
      t.match(verdict, { hresult, source: 'catalog' }, catalog)
  const [good] = await withCatalogs(['u-v2.cat', 's-v1-untrusted.cat', 's-v1.cat'], ['u64.exe'])
  t.match(good, { status: 'trusted', source: 'catalog' }, 'a bad catalog hides no good one')
  const [tampered, stripped] = await withCatalogs(['s-v2.cat'], ['t-tamper_body.exe', 't-stripped.exe'])
  t.match(tampered, { status: 'badDigest', source: 'embedded', catalogs: [] })
  t.match(
    stripped,
    { status: 'trusted', source: 'catalog' },
    'what is stripped of its signature is what it was',
  )
  const [both] = await withCatalogs(['s-v2.cat', 's-v1.cat'], ['t-bad_sigvalue.exe'])
  t.match(
    both,
    {
      status: 'badSignature',
      source: 'embedded',
      catalogs: [{ path: /s-v2\.cat$/, signature: { status: 'trusted' } }],
    },
    'a signature of its own decides, and what vouches for the file is told',
  )
})

t.test(
  'the images of authenticode-rs, whose self-signed certificate is for no usage',
  { skip },
  async (t) => {
    const open = join(data, 'open/authenticode-rs')
    const digests = {
      'tiny32.signed.efi': '4f5b3633fc51d9447beb5c546e9ae6e58d6eb42d1e96d623dc168d97013c08a8',
      'tiny64.signed.efi': 'a82d7e4f091c44ec75d97746b3461c8ea9151e2313f8e9a4330432ee5f25b2ae',
    }
    const certificate = join(open, 'test_key_public.pem')
    const roots = readFileSync(certificate, 'utf8').includes('BEGIN CERTIFICATE')
      ? certificate
      : pki('root.pem')
    await using verifier = await createVerifier({ roots, time })
    for (const [name, digest] of Object.entries(digests)) {
      const verdict = await verifier.verify(join(open, name))
      t.match(verdict, { sha256: digest, signatures: [{ digest }], source: 'embedded' }, name)
      t.equal(verdict.signatures.length, 1)
      t.equal(verdict.chain[0]?.issuer, 'CN=TestKey')
      t.equal(verdict.serial, '2a5b9f8557d6d5e860e3409d42fc1cb21f3f1b6f')
    }
    for (const name of ['tiny32.efi', 'tiny64.efi'])
      t.equal((await verifier.verify(join(open, name))).status, 'unsigned', name)
  },
)
