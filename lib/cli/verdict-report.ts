import { visible } from '../language/display-text.js'
import type { Certificate, FileVerdict, Signature, Timestamp } from '../trust/file-verdict.js'
import { counted, formatBytes } from './summary.js'

/** A line of a list of files. */
export function formatVerdictLine({ path, status, reason, signer, source }: FileVerdict): string {
  const by = signer === null ? '' : ` ${visible(signer)}${source === 'catalog' ? ' (catalog)' : ''}`
  const why = reason === null ? '' : `: ${visible(reason)}`
  return `${status.padEnd(16)} ${visible(path)}${by && ` —${by}`}${why}\n`
}

/** All that is known of a file's signatures, for people. */
export function formatVerdict(verdict: FileVerdict): string {
  const { path, status, reason, hresult, size, signatures, catalogs } = verdict
  const looked = verdict.isImage || verdict.sha256 !== null
  const kind = looked ? `${verdict.isImage ? 'image' : 'no image'}, ` : ''
  const lines = [
    `${visible(path)}: ${status}${reason === null ? '' : `, ${visible(reason)}`} (${hresult})`,
    ...facts([
      ['file', size !== null && `${kind}${formatBytes(size)}`],
      ['sha256', verdict.sha256],
      ['sha1', verdict.sha1],
      [
        'padding',
        verdict.certPadding > 0 && `${counted(verdict.certPadding, 'bytes')} that nobody has signed`,
      ],
      [
        'entries',
        verdict.certEntries > 1 && `${verdict.certEntries} in the certificate table; the first counts`,
      ],
    ]),
    ...signatures.flatMap((signature, i) => [
      i === 0 ? 'signature' : `nested signature ${i}`,
      ...ofSignature(signature),
    ]),
    ...catalogs.flatMap(({ path, signature }) => [`catalog ${visible(path)}`, ...ofSignature(signature)]),
  ]
  return `${lines.join('\n')}\n`
}

type Fact = readonly [name: string, value: string | false | null]

const facts = (all: readonly Fact[]): string[] =>
  all.flatMap(([name, value]) => (value ? [`  ${name.padEnd(10)} ${visible(value)}`] : []))

const ofSignature = (signature: Signature): string[] => [
  ...facts([
    ['status', withReason(signature)],
    // A catalog has many; by which it has the file is told.
    ['digest', [signature.digestAlgorithm, signature.digest].filter(Boolean).join(' ')],
    ['weak', signature.weak && 'SHA-1 or MD5 is in it'],
    ['program', signature.programName],
    ['page', signature.programUrl],
    ['pages', signature.pageHashes],
    ['revocation', signature.revocation !== 'notChecked' && signature.revocation],
    ['lifetime', signature.lifetimeSigning && 'a timestamp does not extend it'],
    ['as of', signature.verifiedAt],
  ]),
  ...ofChain('signer', signature.chain),
  ...(signature.timestamp ? ofTimestamp(signature.timestamp) : []),
]

const ofTimestamp = (timestamp: Timestamp): string[] => [
  ...facts([
    [
      'timestamp',
      `${timestamp.time ?? 'without a time'} (${timestamp.kind}${timestamp.bareDigest ? ', of the bare digest' : ''})`,
    ],
    ['', withReason(timestamp)],
  ]),
  ...ofChain('authority', timestamp.chain),
]

const ofChain = (name: string, chain: readonly Certificate[]): string[] =>
  chain.flatMap((certificate, i) =>
    facts([
      [i === 0 ? name : 'issued by', certificate.subject],
      ['', `serial ${certificate.serial}, thumbprint ${certificate.thumbprint}`],
      ['', `${certificate.notBefore} to ${certificate.notAfter}`],
    ]),
  )

const withReason = ({ status, reason }: Signature | Timestamp): string =>
  reason === null ? status : `${status}: ${reason}`
