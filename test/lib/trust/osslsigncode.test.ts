/**
 * osslsigncode 2.9, a second opinion on everything it understands: which files are trusted, alone, with a catalog and
 * with a revocation list; how many signatures an image has; and what the digest of the image is. Where it says something else
 * than we do, this says why that is not followed.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { createVerifier, type FileVerdict, type VerifierOptions } from '../../../lib/index.js'

const [, major, minor] =
  /osslsigncode (\d+)\.(\d+)/.exec(`${spawnSync('osslsigncode', ['--version']).stdout}`) ?? []
const isRecent = Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 9)
const skipped = isRecent ? false : 'there is no osslsigncode, or one before 2.9'

interface Setting {
  readonly roots: string
  readonly time: Date
  readonly crl?: string
  readonly catalog?: string
}

/** What both say, in the same form. */
interface Opinion {
  readonly trusted: boolean
  /** Of each signature, the image's digest by its algorithm; '' where only one of them computes it. */
  readonly digests: readonly string[]
}

function theirs(file: string, { roots, time, crl, catalog }: Setting): Opinion {
  const args = ['verify', '-CAfile', roots, '-TSA-CAfile', roots, '-time', `${time.getTime() / 1000}`]
  if (crl) args.push('-CRLfile', crl)
  else args.push('-ignore-crl')
  if (catalog) args.push('-catalog', catalog)
  const { status, stdout } = spawnSync('osslsigncode', [...args, file], { encoding: 'latin1' })
  const signatures = stdout.split(/^Signature Index: /m).slice(1)
  const digestOf = (text: string) => /Calculated message digest : ([0-9A-F]+)/.exec(text)?.[1] ?? ''
  return { trusted: status === 0, digests: signatures.map((text) => digestOf(text).toLowerCase()) }
}

async function ours(t: Test, file: string, { roots, time, crl, catalog }: Setting): Promise<Opinion> {
  const options: VerifierOptions = { roots, time, ...(crl && { crls: crl }) }
  await using verifier = await createVerifier({
    ...options,
    ...(catalog && { catalogs: folderOf(t, catalog) }),
  })
  const verdict = await verifier.verify(file)
  return { trusted: verdict.status === 'trusted', digests: verdict.isImage ? digestsOf(verdict) : [] }
}

const digestsOf = (verdict: FileVerdict): string[] =>
  verdict.signatures.map(({ digestAlgorithm }) =>
    digestAlgorithm === 'sha1' || digestAlgorithm === 'sha256' ? (verdict[digestAlgorithm] ?? '') : '',
  )

/** A folder with this catalog alone. */
function folderOf(t: Test, catalog: string): string {
  const folder = join(t.testdirName, basename(catalog))
  mkdirSync(folder, { recursive: true })
  copyFileSync(catalog, join(folder, 'one.cat'))
  return folder
}

type Reasons = Readonly<Record<string, string>>

/** Fails where the two differ and `reasons` has none, or has one for nothing; `fewer` are those of files of which it counts fewer signatures. */
async function compare(
  t: Test,
  cases: ReadonlyMap<string, readonly [file: string, setting: Setting]>,
  reasons: Reasons,
  fewer: Reasons = {},
): Promise<void> {
  const differ: string[] = []
  for (const [name, [file, setting]] of cases) {
    const [own, other] = [await ours(t, file, setting), theirs(file, setting)]
    if (own.trusted !== other.trusted) differ.push(name)
    const both = other.digests.length > 0 && own.digests.length > 0
    if (!both) continue
    const more = own.digests.length - other.digests.length
    t.equal(Math.sign(more), name in fewer ? 1 : 0, `${name}: signatures`)
    for (const [i, digest] of other.digests.entries())
      if (digest !== '' && own.digests[i] !== '') t.equal(digest, own.digests[i], `${name}: digest ${i}`)
  }
  t.same(differ.sort(), Object.keys(reasons).sort())
}

const lifetime = 'it does not know the lifetime usage, by which no timestamp extends a certificate'

const broken = 'it takes keys of any size, and small ones can be broken'

const fixtures = fileURLToPath(new URL('../../fixtures/authenticode/', import.meta.url))
const inTheThirties = { roots: join(fixtures, 'root.pem'), time: new Date('2030-01-01T00:00:00Z') }
const own = (setting: Setting) =>
  new Map(
    readdirSync(fixtures)
      .filter((name) => /\.(exe|cat)$/.test(name))
      .map((name) => [name, [join(fixtures, name), setting] as const]),
  )
const deeper = { 'deep.exe': 'it looks at those nested in the primary one, and no deeper' }
const differences = {
  'below-small.exe': broken,
  'countersigned-bare.exe':
    "VeriSign's authorities signed the bare digest, without DigestInfo; Windows takes that, OpenSSL's CMS does not",
  'countersigned-md5.exe': 'anybody can make two signatures with one MD5, so that it dates none of them',
  'crossed.exe':
    'OpenSSL takes the first certificate of an issuer that fits, also where only another leads to a root',
  'reissued.exe':
    'OpenSSL takes the first certificate of an issuer that fits, also where only another is good',
  'large.exe': 'a signature by a key of more than 8,192 bits may take as long as somebody wants',
  'lifetime.exe': lifetime,
  'mailer.exe': 'what an authority may be used for holds for those that it certifies, as Windows has it',
  'small.exe': broken,
  'small-curve.exe': broken,
  'unusable.exe':
    'a certificate that is said to be for no usage at all is not said to be for code; who signs code has always had one',
}

t.test('our own fixtures', { skip: skipped }, (t) => compare(t, own(inTheThirties), differences, deeper))

t.test('our own fixtures and a revocation list', { skip: skipped }, async (t) => {
  const der = readFileSync(join(fixtures, 'root.crl')).toString('base64')
  const folder = t.testdir({
    'root.crl': `-----BEGIN X509 CRL-----\n${der.replace(/.{64}/g, '$&\n')}\n-----END X509 CRL-----\n`,
  })
  const crl = join(folder, 'root.crl')
  // With a list it wants one for whoever has issued the signer's certificate, as we do with requireRevocation: these
  // neither trusts.
  const { 'below-small.exe': _small, 'mailer.exe': _mailer, ...others } = differences
  const reasons = {
    ...others,
    'superseded-stamped.exe': 'it does not ask whether a timestamp is earlier than the revocation',
  }
  await compare(t, own({ ...inTheThirties, crl }), reasons, deeper)
})

const data = join(process.env.NUTHATCH_DATA ?? '../shared/data', 'pe')
const skip = skipped || (existsSync(data) ? false : `no files at ${data}: set NUTHATCH_DATA`)
const made = join(data, 'made-here/out')
const setting = { roots: join(made, 'pki/root.pem'), time: new Date('2026-06-01T00:00:00Z') }

t.test('images and catalogs of NUTHATCH_DATA', { skip }, async (t) => {
  const open = join(data, 'open/authenticode-rs')
  const files = [
    ...readdirSync(made).map((name) => join(made, name)),
    ...readdirSync(open).map((name) => join(open, name)),
  ].filter((name) => /\.(exe|dll|cat|efi)$/.test(name))
  await compare(t, new Map(files.map((file) => [basename(file), [file, setting]])), {
    's-md5.exe': 'it takes MD5; MD5 proves nothing, and Windows lets policy decide',
    's-expired-lifetime-ts.exe': lifetime,
    't-duplicate_wincert.exe':
      'it wants one entry in the certificate table; UEFI files carry several, and Windows takes the first',
  })
})

// Images without a signature of their own.
t.test('members of catalogs, and one that is none', { skip }, async (t) => {
  const cases = new Map<string, readonly [string, Setting]>()
  const members = ['u64.exe', 'u32.exe', 'u64.dll', 'u64-overlay13.exe', 't-stripped.exe']
  for (const catalog of readdirSync(made).filter((name) => name.endsWith('.cat')))
    for (const file of [...members.map((name) => join(made, name)), join(fixtures, 'unsigned.exe')])
      cases.set(`${basename(file)} in ${catalog}`, [file, { ...setting, catalog: join(made, catalog) }])
  await compare(t, cases, {})
})

t.test(
  'catalogs of files with signatures of their own, and of files that are no images',
  { skip },
  async (t) => {
    const catalog = join(made, 's-v2.cat')
    const names = ['s-sha256.exe', 's-untrusted.exe', 't-tamper_body.exe', 't-bad_sigvalue.exe', 'f.inf']
    const cases = names.map((name) => [name, [join(made, name), { ...setting, catalog }]] as const)
    const another =
      'with a catalog it does not ask what signature of its own a file bears; for Windows that one decides'
    await compare(t, new Map(cases), {
      's-untrusted.exe': another,
      't-bad_sigvalue.exe': another,
      'f.inf': 'it looks up no file of a kind that it cannot sign',
    })
  },
)

t.test('revocation lists', { skip }, async (t) => {
  const crl = join(made, 'pki/int.crl')
  const files = ['s-revoked.exe', 's-sha256.exe', 's-ts.exe']
  await compare(t, new Map(files.map((name) => [name, [join(made, name), { ...setting, crl }]])), {})
})
