import { spawnSync } from 'node:child_process'
import { getEventListeners } from 'node:events'
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { createVerifier, type VerifierOptions } from '../../../lib/index.js'
import { openVerification } from '../../../lib/trust/verifier.js'

const fixtures = fileURLToPath(new URL('../../fixtures/authenticode/', import.meta.url))
const fixture = (name: string) => join(fixtures, name)
const time = new Date('2030-01-01T00:00:00Z')
const make = (options: Partial<VerifierOptions> = {}) =>
  createVerifier({ roots: fixture('root.pem'), time, ...options })

async function statusOf(path: string, options: Partial<VerifierOptions> = {}) {
  await using verifier = await make(options)
  return (await verifier.verify(path)).status
}

t.test('an image that is signed, and all that is known of its signature', async (t) => {
  await using verifier = await make({ pageHashes: true })
  const verdict = await verifier.verify(fixture('signed.exe'))
  t.match(verdict, {
    path: fixture('signed.exe'),
    status: 'trusted',
    hresult: '0x00000000',
    reason: null,
    source: 'embedded',
    signer: 'Test signer',
    issuer: 'Test root',
    isImage: true,
    size: 2040,
    certPadding: 0,
    certEntries: 1,
    catalogs: [],
    timestamp: null,
  })
  const [leaf, root] = verdict.chain
  t.match(leaf, {
    subject: 'C=NL,O=Nuthatch\\, Inc.,CN=Test signer',
    issuer: 'C=NL,O=Nuthatch\\, Inc.,CN=Test root',
    notBefore: '2015-01-01T00:00:00.000Z',
    notAfter: '2039-01-01T00:00:00.000Z',
    thumbprint: /^[0-9a-f]{40}$/,
    sha256: /^[0-9a-f]{64}$/,
  })
  t.equal(root?.subject, leaf?.issuer)
  t.match(verdict.signatures, [
    {
      programName: 'A program',
      programUrl: 'https://example.test/',
      digest: verdict.sha256,
      pageHashes: null,
    },
  ])
  const pages = await verifier.verify(fixture('pages.exe'))
  t.match(pages.signatures, [{ status: 'trusted', pageHashes: 'match' }])
})

t.test('names in any script', async (t) => {
  await using verifier = await make()
  const verdict = await verifier.verify(fixture('unicode.exe'))
  t.equal(verdict.signer, 'Ünïcode "Ltd."')
  t.match(verdict.chain[0]?.subject, /CN=Ünïcode \\"Ltd\.\\"/)
})

t.test('timestamps of both kinds extend a certificate, a bare one as well', async (t) => {
  await using verifier = await make()
  const signedThen = { status: 'trusted', time: '2018-06-01T00:00:00.000Z' }
  for (const [file, timestamp] of [
    ['stamped.exe', { ...signedThen, kind: 'rfc3161', bareDigest: false }],
    ['countersigned.exe', { ...signedThen, kind: 'countersignature', bareDigest: false }],
    ['countersigned-bare.exe', { ...signedThen, kind: 'countersignature', bareDigest: true }],
  ] as const)
    t.match(
      await verifier.verify(fixture(file)),
      { status: 'trusted', signer: 'Test expired', timestamp },
      file,
    )
  t.match(await verifier.verify(fixture('lifetime.exe')), {
    status: 'expired',
    timestamp: { status: 'trusted' },
  })
})

t.test('a timestamp of a time to come proves nothing; clocks differ by five minutes at most', async (t) => {
  const stampedAt = Date.parse('2018-06-01T00:00:00Z')
  for (const [ahead, status] of [
    [2 * 365 * 24 * 60, 'notYetValid'],
    [6, 'notYetValid'],
    [4, 'trusted'],
  ] as const) {
    await using verifier = await make({ time: new Date(stampedAt - ahead * 60_000) })
    const { timestamp } = await verifier.verify(fixture('stamped.exe'))
    t.equal(timestamp?.status, status, `${ahead} minutes ahead`)
  }
  t.equal(await statusOf(fixture('stamped.exe'), { time: new Date('2016-01-01T00:00:00Z') }), 'notYetValid')
})

t.test('of several timestamps one that is trusted counts', async (t) => {
  await using verifier = await make({ time: new Date('2039-06-01') })
  t.match(await verifier.verify(fixture('stamped-rogue.exe')), {
    status: 'expired',
    timestamp: { status: 'incompleteChain' },
  })
  t.match(await verifier.verify(fixture('stamped-twice.exe')), {
    status: 'trusted',
    timestamp: { status: 'trusted' },
  })
})

t.test("an authority's certificate may lie outside of its timestamp", async (t) => {
  await using verifier = await make({ time: new Date('2039-06-01') })
  t.match(await verifier.verify(fixture('stamped-outside.exe')), {
    status: 'trusted',
    timestamp: { status: 'trusted', chain: [{ subjectName: 'Test stamper' }, {}] },
  })
})

t.test('all values of the attribute of nested signatures', async (t) => {
  await using verifier = await make()
  t.match(await verifier.verify(fixture('nested.exe')), {
    status: 'trusted',
    signatures: [
      { status: 'trusted', signer: 'Test signer' },
      { status: 'untrustedRoot', signer: 'Test rogue' },
      { status: 'trusted', signer: 'Test expired', timestamp: { status: 'trusted' } },
    ],
  })
})

t.test('nested signatures of nested ones, and no deeper', async (t) => {
  await using verifier = await make()
  const { status, signatures } = await verifier.verify(fixture('deep.exe'))
  t.equal(status, 'trusted')
  t.equal(signatures.length, 3, 'of four')
})

t.test('an issuer with several certificates, one of which leads to a root', async (t) => {
  await using verifier = await make()
  const { status, chain } = await verifier.verify(fixture('crossed.exe'))
  t.equal(status, 'trusted')
  t.same(
    chain.map(({ subjectName, issuerName }) => [subjectName, issuerName]),
    [
      ['Test crossed', 'Test middle'],
      ['Test middle', 'Test root'],
      ['Test root', 'Test root'],
    ],
  )
})

// That of its issuer by a root of another key, one for mail alone and one that is revoked come before it.
t.test('an issuer with several certificates, one of which is good', async (t) => {
  await using verifier = await make({ crls: fixture('root.crl') })
  const verdict = await verifier.verify(fixture('reissued.exe'))
  t.match(verdict, { status: 'trusted', signatures: [{ revocation: 'unknown' }] })
  t.equal(verdict.chain[1]?.subjectName, 'Test reissued')
})

t.test('roots of one name, in whatever order they are given', async (t) => {
  const roots = [fixture('twin-root.der'), fixture('root.der')]
  for (const each of [roots, roots.toReversed()])
    t.equal(await statusOf(fixture('of-any.exe'), { roots: each }), 'trusted')
  t.equal(await statusOf(fixture('of-any.exe'), { roots: roots.slice(0, 1) }), 'badSignature')
})

t.test('a signer who takes another digest than the file has', async (t) => {
  await using verifier = await make()
  t.match(await verifier.verify(fixture('two-digests.exe')), { status: 'weak', reason: /another algorithm/ })
})

t.test('what a certificate must be', async (t) => {
  t.equal(await statusOf(fixture('large.exe')), 'unsupported', 'a key of more than 8,192 bits')
  for (const name of ['small.exe', 'small-curve.exe', 'below-small.exe'])
    t.equal(await statusOf(fixture(name)), 'weak', `${name}: a key that can be broken`)
  t.equal(await statusOf(fixture('below-old.exe')), 'expired', 'an issuer that has expired')
  const roots = fixture('mail-root.der')
  const underMail = await statusOf(fixture('below-mail-root.exe'), { roots })
  t.equal(underMail, 'trusted', 'an anchor is trusted for everything')
  t.equal(await statusOf(fixture('untrusted.exe')), 'untrustedRoot')
  t.equal(await statusOf(fixture('explicit.exe')), 'invalidChain', 'no curve of its own (CVE-2020-0601)')
  t.equal(await statusOf(fixture('unusable.exe')), 'wrongUsage', 'it must be said to be for code')
  t.equal(
    await statusOf(fixture('mailer.exe')),
    'wrongUsage',
    'nor may its issuer be for something else alone',
  )
  t.equal(await statusOf(fixture('negative.exe')), 'trusted', 'a serial number below zero')
  t.equal(await statusOf(fixture('signed.exe'), { time: new Date('2039-06-01') }), 'expired')
  t.equal(await statusOf(fixture('signed.exe'), { time: new Date('2014-06-01') }), 'notYetValid')
})

t.test('revocation lists', async (t) => {
  const crls = fixture('root.crl')
  t.equal(await statusOf(fixture('superseded.exe')), 'trusted', 'none is given')
  t.equal(await statusOf(fixture('superseded.exe'), { crls }), 'revoked')
  t.equal(await statusOf(fixture('superseded-stamped.exe'), { crls }), 'trusted', 'signed before it was')
  t.equal(
    await statusOf(fixture('compromised-stamped.exe'), { crls }),
    'revoked',
    'that the key was lost came later',
  )
  await using verifier = await make({ crls, requireRevocation: true })
  t.match(await verifier.verify(fixture('signed.exe')), {
    status: 'trusted',
    signatures: [{ revocation: 'good' }],
  })
  t.match(await verifier.verify(fixture('untrusted.exe')), { status: 'untrustedRoot' })
})

t.test('a revocation list vouches for nothing before its time, nor once it is out of date', async (t) => {
  const crls = fixture('root.crl') // of November 2026; the next one is to come in November 2046
  for (const [time, revocation] of [
    ['2020-01-01', 'unknown'],
    ['2030-01-01', 'good'],
    ['2046-11-01', 'good'],
    ['2046-12-01', 'unknown'],
  ] as const) {
    await using verifier = await make({ crls, time: new Date(time) })
    t.match(await verifier.verify(fixture('signed.exe')), { signatures: [{ revocation }] }, time)
    t.match(await verifier.verify(fixture('superseded.exe')), { signatures: [{ revocation: 'revoked' }] })
  }
})

t.test('of several revocation lists the worst counts, in whatever order they come', async (t) => {
  const lists = [fixture('root.crl'), fixture('worse.crl')]
  for (const crls of [lists, lists.toReversed()])
    t.equal(await statusOf(fixture('superseded-stamped.exe'), { crls }), 'revoked')
  await using verifier = await make({ crls: lists.slice(0, 1) })
  t.match(await verifier.verify(fixture('superseded-stamped.exe')), {
    status: 'trusted',
    signatures: [{ revocation: 'revokedLater' }],
  })
})

t.test('an issuer that was revoked, and a list that is for issuers alone', async (t) => {
  t.equal(await statusOf(fixture('below-lost.exe')), 'trusted')
  t.equal(await statusOf(fixture('below-lost.exe'), { crls: fixture('root.crl') }), 'revoked')
  await using verifier = await make({ crls: fixture('authorities.crl') })
  t.match(await verifier.verify(fixture('signed.exe')), { signatures: [{ revocation: 'unknown' }] })
})

t.test('SHA-1 is told, and refused when asked to: of certificates and timestamps too', async (t) => {
  await using verifier = await make()
  t.match(await verifier.verify(fixture('sha1.exe')), { status: 'trusted', signatures: [{ weak: true }] })
  t.equal(await statusOf(fixture('sha1.exe'), { rejectSha1: true }), 'weak')
  t.equal(await statusOf(fixture('countersigned.exe'), { rejectSha1: true }), 'expired')
})

t.test('there is one signer', async (t) => {
  await using verifier = await make()
  const verdict = await verifier.verify(fixture('two-signers.exe'))
  t.match(verdict, { status: 'malformed', reason: /more than one signer/ })
})

t.test('what follows a catalog is told, and refused when asked to', async (t) => {
  const path = join(t.testdir({ 'a.cat': readFileSync(fixture('v2.cat')) }), 'a.cat')
  appendFileSync(path, 'nobody has signed this')
  await using verifier = await make()
  t.match(await verifier.verify(path), { status: 'trusted', certPadding: 22 })
  t.equal(await statusOf(path, { rejectCertPadding: true }), 'malformed')
})

t.test('a revocation list that its issuer has not signed is none', async (t) => {
  const crls = readFileSync(fixture('root.crl'))
  crls[crls.length - 1] = (crls[crls.length - 1] as number) ^ 1
  t.equal(await statusOf(fixture('superseded.exe'), { crls }), 'trusted')
  t.equal(await statusOf(fixture('signed.exe'), { crls, requireRevocation: true }), 'revocationUnknown')
})

t.test('a timestamp is of one signature', async (t) => {
  await using verifier = await make()
  t.match(await verifier.verify(fixture('transplanted.exe')), {
    status: 'expired',
    signatures: [{ timestamp: { status: 'badDigest' } }],
  })
})

t.test('only a countersignature may be of the bare digest', async (t) => {
  t.equal(await statusOf(fixture('bare.exe')), 'badSignature')
})

t.test('an authority that signs with MD5 vouches for no time', async (t) => {
  t.equal(await statusOf(fixture('countersigned-md5.exe')), 'expired')
  t.equal(await statusOf(fixture('countersigned-md5.exe'), { allowMd5: true }), 'trusted')
  for (const [allowMd5, status] of [
    [false, 'weak'],
    [true, 'trusted'],
  ] as const) {
    await using verifier = await make({ allowMd5 })
    for (const name of ['stamped-md5.exe', 'stamped-imprint-md5.exe']) {
      const verdict = await verifier.verify(fixture(name))
      t.match(verdict.signatures[0]?.timestamp, { kind: 'rfc3161', status }, name)
    }
  }
})

t.test(
  'what a catalog vouches for may not have a table that nobody has signed, to who is strict',
  async (t) => {
    const image = readFileSync(fixture('unsigned.exe'))
    const table = Buffer.from([0x40, 0, 0, 0, 0, 2, 2, 0, ...Array(0x38).fill(0x41)])
    image.writeUInt32LE(image.length, 0x40 + 24 + 112 + 32)
    image.writeUInt32LE(table.length, 0x40 + 24 + 112 + 36)
    const path = join(t.testdir({ 'a.exe': Buffer.concat([image, table]), catalogs: {} }), 'a.exe')
    const catalogs = join(path, '../catalogs')
    copyFileSync(fixture('v2.cat'), join(catalogs, 'v2.cat'))
    await using verifier = await make({ catalogs })
    t.match(await verifier.verify(path), { status: 'trusted', source: 'catalog', certPadding: 64 })
    t.equal(await statusOf(path, { catalogs, rejectCertPadding: true }), 'malformed')
    t.equal(await statusOf(fixture('unsigned.exe'), { catalogs, rejectCertPadding: true }), 'trusted')
  },
)

t.test('any byte of an image that changes is noticed, but for those that are not signed', async (t) => {
  const original = readFileSync(fixture('signed.exe'))
  const path = join(t.testdir({}), 'changed.exe')
  await using verifier = await make()
  const table = original.readUInt32LE(0x40 + 24 + 112 + 32)
  for (let at = 0; at < table; at += 1) {
    const changed = Buffer.from(original)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    writeFileSync(path, changed)
    const { status } = await verifier.verify(path)
    const isChecksum = at >= 0x98 && at < 0x9c
    if ((status === 'trusted') !== isChecksum) t.fail(`byte ${at}: ${status}`)
  }
  t.pass(`${table} bytes`)
})

t.test('no byte of the signature makes an untrusted file trusted, and none crashes', async (t) => {
  const original = readFileSync(fixture('untrusted.exe'))
  const path = join(t.testdir({}), 'changed.exe')
  await using verifier = await make()
  for (let at = 0x400; at < original.length; at += 3) {
    const changed = Buffer.from(original)
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << (at % 8)), at)
    writeFileSync(path, changed)
    const { status } = await verifier.verify(path)
    if (status === 'trusted') t.fail(`byte ${at}`)
  }
  t.pass('none')
})

t.test('catalogs of both versions vouch for images and other files', async (t) => {
  for (const catalog of ['v1.cat', 'v2.cat']) {
    const catalogs = t.testdir({ [catalog]: readFileSync(fixture(catalog)) })
    await using verifier = await make({ catalogs })
    for (const file of ['unsigned.exe', 'odd.exe', 'note.inf'])
      t.match(
        await verifier.verify(fixture(file)),
        {
          status: 'trusted',
          source: 'catalog',
          signer: 'Test signer',
          catalogs: [{ path: join(catalogs, catalog) }],
        },
        `${catalog} ${file}`,
      )
    t.match(await verifier.verify(join(catalogs, catalog)), { status: 'trusted', source: 'embedded' })
  }
  t.equal(await statusOf(fixture('note.inf')), 'unknownFormat')
})

t.test('a catalog that is changed at once, within one tick of the clock that its times are of', async (t) => {
  const catalogs = t.testdir()
  const path = join(catalogs, 'v2.cat')
  const signed = readFileSync(fixture('v2.cat'))
  const forged = Buffer.from(signed)
  forged.writeUInt8(forged.readUInt8(forged.length - 1) ^ 1, forged.length - 1) // of the signature
  await using verifier = await make({ catalogs })
  for (let i = 0; i < 50; i++) {
    for (const [bytes, trusted] of [[signed, true] as const, [forged, false] as const]) {
      writeFileSync(path, bytes)
      await verifier.refresh()
      t.equal((await verifier.verify(fixture('odd.exe'))).status === 'trusted', trusted)
    }
  }
})

t.test('catalogs that come, change and go', async (t) => {
  const catalogs = t.testdir({
    other: { 'not.cat': 'no catalog', 'list.cat': readFileSync(fixture('unsigned.cat')) },
  })
  await using verifier = await make({ catalogs })
  const verify = async () => (await verifier.verify(fixture('odd.exe'))).status
  t.match(verifier.statistics.catalogs, { generation: 1, catalogs: 1, members: 6, skipped: 1 })
  t.equal(await verify(), 'unsigned', 'nobody has signed the catalog')
  t.match(await verifier.refresh(), { generation: 1 }, 'nothing has changed')
  copyFileSync(fixture('v2.cat'), join(catalogs, 'v2.cat'))
  t.match(await verifier.refresh(), { generation: 2, catalogs: 2, members: 12 })
  t.equal(await verify(), 'trusted')
  appendFileSync(join(catalogs, 'v2.cat'), 'x')
  t.equal(await verify(), 'trusted', 'what was indexed was right')
  rmSync(join(catalogs, 'v2.cat'))
  t.match(await verifier.refresh(), { catalogs: 1, members: 6 })
  t.equal(await verify(), 'unsigned')
})

t.test(
  'files that cannot be verified are not called unsigned',
  { skip: process.platform === 'win32' },
  async (t) => {
    const folder = t.testdir({ 'file.exe': readFileSync(fixture('signed.exe')), below: {} })
    const file = join(folder, 'file.exe')
    await using verifier = await make({ largestFile: 4 * 2 ** 30 })
    const status = async (path: string, options = {}) => (await verifier.verify(path, options)).status
    t.equal(await status(join(folder, 'none.exe')), 'fileGone')
    t.equal(await status(join(file, 'none.exe')), 'fileGone')
    t.equal(await status(join(folder, 'below')), 'notRegularFile')
    t.equal(await status('/dev/zero'), 'notRegularFile')
    spawnSync('mkfifo', [join(folder, 'pipe')])
    t.equal(await status(join(folder, 'pipe')), 'notRegularFile', 'without waiting for a writer')
    symlinkSync(file, join(folder, 'link'))
    t.equal(await status(join(folder, 'link')), 'trusted')
    t.equal(await status(join(folder, 'link'), { followLinks: false }), 'notRegularFile')
    symlinkSync('loop', join(folder, 'loop'))
    t.equal(await status(join(folder, 'loop')), 'fileGone')
    writeFileSync(join(folder, 'large.exe'), readFileSync(fixture('unsigned.exe')))
    truncateSync(join(folder, 'large.exe'), 4 * 2 ** 30 + 8)
    t.equal(await status(join(folder, 'large.exe')), 'tooLarge')
  },
)

t.test('a name that is not UTF-8', { skip: process.platform !== 'linux' }, async (t) => {
  const path = Buffer.concat([Buffer.from(`${t.testdir({})}/a`), Buffer.from([0xff]), Buffer.from('.exe')])
  copyFileSync(fixture('signed.exe'), path)
  await using verifier = await make()
  t.match(await verifier.verify(path), { status: 'trusted', path: `${path}` })
  t.match(await verifier.verify(`${path}`), { status: 'fileGone' }, 'its text is that of no file')
})

t.test('a file that may not be read', { skip: process.getuid?.() !== 0 && 'not root' }, async (t) => {
  const folder = t.testdir({ 'file.exe': readFileSync(fixture('signed.exe')) })
  await using verifier = await make()
  spawnSync('chmod', ['600', join(folder, 'file.exe')])
  process.seteuid?.(65534)
  try {
    t.equal((await verifier.verify(join(folder, 'file.exe'))).status, 'permissionDenied')
  } finally {
    process.seteuid?.(0)
  }
})

t.test('a file that takes too long', async (t) => {
  const folder = t.testdir({ 'large.exe': readFileSync(fixture('unsigned.exe')), catalogs: {} })
  truncateSync(join(folder, 'large.exe'), 3 * 2 ** 30)
  await using verifier = await make({ deadline: 50, catalogs: join(folder, 'catalogs') })
  const begin = performance.now()
  t.match(await verifier.verify(join(folder, 'large.exe')), { status: 'timedOut', hresult: '0x800705b4' })
  t.ok(performance.now() - begin < 2000)
  t.equal(verifier.statistics.timedOut, 1)
})

t.test('a deadline of the call, and one of its own turn', async (t) => {
  const names = Array.from({ length: 20 }, (_, i) => `${i}.exe`)
  const unsigned = readFileSync(fixture('unsigned.exe'))
  const folder = t.testdir({ ...Object.fromEntries(names.map((name) => [name, unsigned])), catalogs: {} })
  for (const name of names) truncateSync(join(folder, name), 3 * 2 ** 30)
  const options = { threads: 1, deadline: 100, catalogs: join(folder, 'catalogs') } as const
  const verifyAll = async (deadlineFrom: 'call' | 'start') => {
    await using verifier = await make({ ...options, deadlineFrom })
    const begin = performance.now()
    const verdicts = names.map((name) => verifier.verify(join(folder, name)))
    const last = verifier.verify(fixture('signed.exe'))
    for (const verdict of verdicts) t.equal((await verdict).status, 'timedOut')
    return { milliseconds: performance.now() - begin, last: (await last).status }
  }
  const each = await verifyAll('start')
  t.equal(each.last, 'trusted', 'how long others take condemns no file')
  t.ok(each.milliseconds >= 20 * 100, 'each has its own time')
  t.ok((await verifyAll('call')).milliseconds < 20 * 100, 'all have the same')
})

t.test('what is given up is not waited for', async (t) => {
  const folder = t.testdir({ 'large.exe': readFileSync(fixture('unsigned.exe')), catalogs: {} })
  truncateSync(join(folder, 'large.exe'), 3 * 2 ** 30)
  const large = join(folder, 'large.exe')
  await using verifier = await make({ threads: 1, queue: 1, catalogs: join(folder, 'catalogs') })
  const abort = new AbortController()
  const first = verifier.verify(large, { signal: abort.signal })
  while (verifier.statistics.running === 0) await setTimeout(1)
  const second = verifier.verify(fixture('signed.exe'), { signal: abort.signal })
  const third = await verifier.verify(fixture('unsigned.exe'))
  t.match(third, { status: 'dropped' }, 'there is no room for a third')
  abort.abort(new Error('enough'))
  await t.rejects(first, { message: 'enough' })
  await t.rejects(second, { message: 'enough' })
  t.match(await verifier.verify(fixture('signed.exe')), { status: 'trusted' }, 'the thread is free again')
  await t.rejects(verifier.verify(large, { signal: abort.signal }), { message: 'enough' })
  const last = verifier.verify(large)
  last.catch(() => {})
  await verifier.close()
  await t.rejects(last, { code: 'NUTHATCH_VERIFIER_CLOSED' })
  await t.rejects(verifier.verify(large), { code: 'NUTHATCH_VERIFIER_CLOSED' })
  await t.rejects(verifier.refresh(), { code: 'NUTHATCH_VERIFIER_CLOSED' })
})

t.test('closed, it leaves nothing under way', async (t) => {
  const folder = t.testdir({ 'large.exe': readFileSync(fixture('unsigned.exe')), catalogs: {} })
  truncateSync(join(folder, 'large.exe'), 3 * 2 ** 30)
  const verifier = await make({ threads: 1, catalogs: join(folder, 'catalogs') })
  const verdicts = [join(folder, 'large.exe'), fixture('signed.exe')].map((path) => verifier.verify(path))
  while (verifier.statistics.running === 0) await setTimeout(1)
  const closed = verifier.close()
  for (const verdict of verdicts) await t.rejects(verdict, { code: 'NUTHATCH_VERIFIER_CLOSED' })
  await closed
  t.match(verifier.statistics, { queued: 0, running: 0, verified: 0 })
})

t.test('who can stop the reading of roots and catalogs is forgotten once they are read', async (t) => {
  const { signal } = new AbortController()
  const opening = openVerification({ backend: 'portable', roots: fixture('root.pem') }, signal)
  await opening
  t.equal(getEventListeners(signal, 'abort').length, 0)
})

t.test('many files at a time, with one signal', async (t) => {
  await using verifier = await make()
  const { signal } = new AbortController()
  const warnings: unknown[] = []
  const warn = (warning: unknown) => warnings.push(warning)
  process.on('warning', warn)
  const paths = Array.from({ length: 500 }, (_, i) => fixture(i % 2 ? 'signed.exe' : 'unsigned.exe'))
  const verdicts = await Promise.all(paths.map((path) => verifier.verify(path, { signal })))
  process.removeListener('warning', warn)
  t.same(warnings, [])
  t.equal(getEventListeners(signal, 'abort').length, 0, 'nobody listens to it any more')
  for (const { path, status } of verdicts) {
    const wanted = path.endsWith('unsigned.exe') ? 'unsigned' : 'trusted'
    if (status !== wanted) t.fail(`${path}: ${status}`)
  }
  const { submitted, verified, coalesced, ...others } = verifier.statistics
  t.equal(submitted + coalesced, 500)
  t.equal(verified, submitted)
  t.match(others, { queued: 0, running: 0, catalogs: null })
})

t.test('a file that is asked for again is looked at, and verified only when it is another one', async (t) => {
  const path = join(t.testdir(), 'a.exe')
  const put = (name: string) => writeFileSync(path, readFileSync(fixture(name)))
  put('signed.exe')
  await using verifier = await make({ enrichmentTime: 60_000 })
  await setTimeout(2100) // one that was written within 2 s could be written again at the same time
  const first = await verifier.verify(path)
  t.strictSame(await verifier.verify(path), first, 'all of the verdict is there again')
  t.match(verifier.statistics, { hits: 1, misses: 1, coalesced: 0, entries: 1 })
  put('unsigned.exe')
  t.equal((await verifier.verify(path)).status, 'unsigned')
  rmSync(path)
  t.equal((await verifier.verify(path)).status, 'fileGone')
  put('signed.exe')
  t.strictSame(await verifier.verify(path), { ...first })
  const { p50, p99, ...statistics } = verifier.statistics
  t.match(statistics, { hits: 1, misses: 4, finished: 5, withinEnrichment: 5, entries: 1, dropped: 0 })
  t.ok(p50 > 0 && p50 <= p99)
})

t.test('a file that is changed at once, within one tick of the clock that its times are of', async (t) => {
  const path = join(t.testdir(), 'a.exe')
  const signed = readFileSync(fixture('signed.exe'))
  await using verifier = await make()
  for (let i = 0; i < 200; i++) {
    writeFileSync(path, signed)
    t.equal((await verifier.verify(path)).status, 'trusted')
    const file = openSync(path, 'r+')
    writeSync(file, 'other', 0x300)
    closeSync(file)
    t.equal((await verifier.verify(path)).status, 'badDigest')
  }
})

t.test('who asks for a file that is being verified waits for the same verdict', async (t) => {
  const path = join(t.testdir({ catalogs: {} }), 'large.exe')
  writeFileSync(path, readFileSync(fixture('unsigned.exe')))
  truncateSync(path, 512 * 2 ** 20)
  await using verifier = await make({ catalogs: join(path, '../catalogs') })
  const abort = new AbortController()
  const given = verifier.verify(path, { signal: abort.signal })
  const [one, two] = [verifier.verify(path), verifier.verify(path)]
  abort.abort(new Error('enough'))
  await t.rejects(given, { message: 'enough' })
  t.strictSame(await one, await two, 'though the first who asked has given up')
  const { submitted, verified, misses, coalesced } = verifier.statistics
  t.same({ verified, misses }, { verified: submitted, misses: submitted })
  t.equal(submitted + coalesced, 3)
})

t.test(
  'whatever leads elsewhere meanwhile, each is told of the file that its path named when it asked',
  async (t) => {
    const folder = t.testdir({ good: {}, bad: {} })
    copyFileSync(fixture('signed.exe'), join(folder, 'good/a.exe'))
    copyFileSync(fixture('unsigned.exe'), join(folder, 'bad/a.exe'))
    const before = process.cwd()
    t.teardown(() => process.chdir(before))
    await using verifier = await make({ threads: 1 })
    const asked = []
    for (const at of ['good', 'bad', 'good', 'bad']) {
      process.chdir(join(folder, at))
      asked.push(verifier.verify('a.exe'), verifier.verify(Buffer.from('a.exe')))
    }
    const told = (await Promise.all(asked)).map(({ path, status }) => `${path} ${status}`)
    const one = ['a.exe trusted', 'a.exe trusted', 'a.exe unsigned', 'a.exe unsigned']
    t.same(told, [...one, ...one])
  },
)

t.test('what catalogs may say of a file is asked for each time', async (t) => {
  const folder = t.testdir({ catalogs: {} })
  await using verifier = await make({ catalogs: join(folder, 'catalogs') })
  t.equal((await verifier.verify(fixture('unsigned.exe'))).status, 'unsigned')
  writeFileSync(join(folder, 'catalogs/v2.cat'), readFileSync(fixture('v2.cat')))
  await verifier.refresh()
  const { status, source } = await verifier.verify(fixture('unsigned.exe'))
  t.same({ status, source }, { status: 'trusted', source: 'catalog' })
  t.match(verifier.statistics, { hits: 0, misses: 2 })
})

t.test('roots in every form', async (t) => {
  const folder = t.testdir({ 'a.pem': readFileSync(fixture('root.pem')), 'readme.txt': 'roots', empty: {} })
  const pem = readFileSync(fixture('root.pem'))
  const der = readFileSync(fixture('root.der'))
  for (const roots of [fixture('root.der'), folder, pem, der, [fixture('root.pem'), der]])
    t.equal(await statusOf(fixture('signed.exe'), { roots }), 'trusted')
  await t.rejects(make({ roots: [] }), { code: 'NUTHATCH_ROOTS_MISSING', message: /Nuthatch ships none/ })
  const invalid = { code: 'NUTHATCH_ROOTS_INVALID' }
  await t.rejects(make({ roots: join(folder, 'none.pem') }), {
    ...invalid,
    message: /none\.pem: there is no such/,
  })
  await t.rejects(make({ roots: join(folder, 'readme.txt') }), invalid)
  await t.rejects(make({ roots: join(folder, 'empty') }), {
    ...invalid,
    message: /no certificate in this folder/,
  })
  await t.rejects(make({ roots: der.subarray(0, 200) }), invalid)
  const twice = [pem, pem.toString().replace('MII', 'AAA')].join('')
  await t.rejects(make({ roots: Buffer.from(twice) }), {
    ...invalid,
    message: 'the bytes given (number 2 in it): this is no certificate',
  })
})

t.test('a revocation list that is none is named, wherever it lies', async (t) => {
  const folder = t.testdir({
    'a.crl': readFileSync(fixture('root.crl')),
    'b.der': readFileSync(fixture('root.der')),
  })
  const code = 'NUTHATCH_CRL_INVALID'
  await t.rejects(make({ crls: fixture('root.pem') }), {
    code,
    message: /root\.pem: there is no revocation list/,
  })
  await t.rejects(make({ crls: [fixture('root.crl'), fixture('root.der')] }), {
    code,
    message: /root\.der: this revocation list cannot be used: it is no DER of a list/,
  })
  await t.rejects(make({ crls: folder }), { code, message: /b\.der: this revocation list cannot/ })
})

t.test('Windows as the backend', async (t) => {
  await t.rejects(createVerifier({ backend: 'wintrust', roots: 'a', pageHashes: false }), {
    code: 'NUTHATCH_INVALID_OPTION',
    message: /leave out roots, pageHashes, or add backend: 'portable'/,
  })
  await t.rejects(createVerifier({ backend: 'windows' as 'wintrust' }), {
    code: 'NUTHATCH_INVALID_OPTION',
    message: /backend must be 'wintrust' or 'portable', not 'windows'/,
  })
  if (process.platform === 'win32') return
  await t.rejects(createVerifier({ backend: 'wintrust' }), {
    code: 'NUTHATCH_WINTRUST_UNAVAILABLE',
    message: /wintrust\.dll cannot be loaded; choose the backend 'portable'/,
  })
  await t.rejects(createVerifier(), { code: 'NUTHATCH_ROOTS_MISSING' }, 'elsewhere it is not the default')
})

t.test('what is wrong with options is told', async (t) => {
  await t.rejects(make({ treads: 3 } as Partial<VerifierOptions>), {
    code: 'NUTHATCH_INVALID_OPTION',
    message: /did you mean `threads`/,
  })
  await t.rejects(make({ threads: 0, time: new Date('x') }), { code: 'NUTHATCH_INVALID_OPTION' })
  for (const time of [new Date('-000001-12-31'), new Date('+010000-01-01')])
    await t.rejects(make({ time }), { code: 'NUTHATCH_INVALID_OPTION' }, time.toISOString())
  await t.rejects(make({ catalogs: fixture('none') }), { code: 'NUTHATCH_CATALOGS_UNREADABLE' })
  await t.rejects(make({ libcrypto: fixture('note.inf') }), {
    code: 'NUTHATCH_CRYPTO_UNAVAILABLE',
    message: /cannot be loaded\. .*libcrypto/,
  })
  await using verifier = await make()
  t.equal((await verifier.verify('none')).size, null)
  await t.rejects(verifier.verify(''), { code: 'NUTHATCH_INVALID_ARGUMENT' })
  await t.rejects(verifier.verify('a\0b'), { code: 'NUTHATCH_INVALID_ARGUMENT' })
  await t.rejects(verifier.verify(Buffer.alloc(3)), { code: 'NUTHATCH_INVALID_ARGUMENT' })
  await t.rejects(verifier.verify(5 as never), { code: 'NUTHATCH_INVALID_ARGUMENT' })
})

t.test('a worker thread that ends in the midst of it', async (t) => {
  const folder = t.testdir({ 'worker.mjs': workerSource })
  const worker = new Worker(join(folder, 'worker.mjs'))
  t.equal(await new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject)), 0)
})

const workerSource = `
import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}
register()
const { createVerifier } = await import(${JSON.stringify(new URL('../../../lib/index.ts', import.meta.url).href)})
const verifier = await createVerifier({ roots: ${JSON.stringify(fixture('root.pem'))} })
for (let i = 0; i < 200; i++) verifier.verify(${JSON.stringify(fixture('signed.exe'))})
process.exit()
`
