/** What `verify` says of a file: plain data, the same as `nuthatch verify --json` prints. */
import type { NativeCertificate, NativeFileVerdict, NativeSignature, NativeTimestamp } from '../binding.js'

/**
 * Of a signature, what is wrong with it first; of a file, that of the signature that counts. A file that could not be
 * verified has a status that says why: it is never called unsigned for that.
 */
export const trustStatuses = [
  'trusted',
  'unsigned',
  'unknownFormat',
  'badDigest',
  'badSignature',
  'malformed',
  'unsupported',
  'weak',
  'untrustedRoot',
  'incompleteChain',
  'invalidChain',
  'expired',
  'notYetValid',
  'wrongUsage',
  'revoked',
  'revocationUnknown',
  'distrusted',
  'fileGone',
  'permissionDenied',
  'locked',
  'notRegularFile',
  'unreadable',
  'unstable',
  'imageMismatch',
  'tooLarge',
  'timedOut',
  'dropped',
] as const
/** What is said of a file or a signature. */
export type TrustStatus = (typeof trustStatuses)[number]

/** A certificate of a chain. */
export interface Certificate {
  /** RFC 4514: `CN=A Signer,O=An Organisation,C=NL`. */
  readonly subject: string
  /** As `subject`. */
  readonly issuer: string
  /** What it is called in short: the common name, or what there is instead. */
  readonly subjectName: string
  /** As `subjectName`. */
  readonly issuerName: string
  /** Hexadecimal, as all that follow. */
  readonly serial: string
  /** SHA-1 of the certificate, by which Windows names it. */
  readonly thumbprint: string
  /** Of the certificate. */
  readonly sha256: string
  /** ISO 8601, in UTC, as all times. */
  readonly notBefore: string
  /** The end of its validity. */
  readonly notAfter: string
}

/** Who says when a signature was made. */
export interface Timestamp {
  /** `trusted`: the signature was made before `time`. Any other is ignored, as if there were none. */
  readonly status: TrustStatus
  /** What Windows would say of it: `0x00000000`. */
  readonly hresult: string
  /** What is wrong, for people; null when trusted. */
  readonly reason: string | null
  /** RFC 3161, or the countersignatures of before. */
  readonly kind: 'rfc3161' | 'countersignature'
  /** Signed over the digest alone, as some authorities did before 2010. */
  readonly bareDigest: boolean
  /** ISO 8601 in UTC; null when it says none that can be read. */
  readonly time: string | null
  /** The authority's, leaf first. */
  readonly chain: readonly Certificate[]
}

/** Who signed, and when; all null or empty where nobody did. */
export interface Signed {
  /** What the signer is called in short, `subjectName` of the chain's first certificate. */
  readonly signer: string | null
  /** What the issuer of the signer's certificate is called in short. */
  readonly issuer: string | null
  /** Of the signer's certificate, hexadecimal. */
  readonly serial: string | null
  /** SHA-1 of the signer's certificate, hexadecimal. */
  readonly thumbprint: string | null
  /** Leaf first, as far as it could be built. */
  readonly chain: readonly Certificate[]
  /** When it was signed, and who says so. */
  readonly timestamp: Timestamp | null
}

/** A signature, of a file or of a catalog. */
export interface Signature extends Signed {
  /** What is wrong with it first, or `trusted`. */
  readonly status: TrustStatus
  /** What Windows says: `0x800b0109`. */
  readonly hresult: string
  /** What is wrong, for people; null when trusted. */
  readonly reason: string | null
  /** Of the file's digest, of that too by which a catalog has the file: `sha256` and so on; null when it is not known. */
  readonly digestAlgorithm: string | null
  /** The digest of the file that was signed; null in a catalog. */
  readonly digest: string | null
  /** What the signer calls the program; nobody has checked it. */
  readonly programName: string | null
  /** Where the signer says there is more; nobody has checked it. */
  readonly programUrl: string | null
  /** What the lists given say of the chain. */
  readonly revocation: 'notChecked' | 'good' | 'unknown' | 'revoked' | 'revokedLater'
  /** The time that the chain was looked at for: the timestamp's, or that of the verification. */
  readonly verifiedAt: string | null
  /** The certificate asks that no timestamp extends it. */
  readonly lifetimeSigning: boolean
  /** SHA-1 or MD5 is in it. */
  readonly weak: boolean
  /** Null when there are none, or they were not looked at. */
  readonly pageHashes: 'match' | 'mismatch' | null
}

/** What `verify` says of a file. */
export interface FileVerdict extends Signed {
  /** As it was given; bytes that are not UTF-8 as U+FFFD. */
  readonly path: string
  /** Of the signature that counts, or why the file could not be verified. */
  readonly status: TrustStatus
  /** What WinVerifyTrust would return, or returned: `0x800b0109`. */
  readonly hresult: string
  /** What is wrong, for people; null when trusted. */
  readonly reason: string | null
  /** Of which signature `status`, `signer` and so on are: the file's own, or a catalog's. */
  readonly source: 'embedded' | 'catalog' | null
  /** The file's own: the primary one, then those nested in it. */
  readonly signatures: readonly Signature[]
  /** Catalogs that vouch for the file; a trusted one first. */
  readonly catalogs: readonly {
    /** Of the catalog. */
    readonly path: string
    /** The catalog's. */
    readonly signature: Signature
  }[]
  /** A portable executable. */
  readonly isImage: boolean
  /** Bytes; null of a file that could not be opened. */
  readonly size: number | null
  /**
   * Bytes of the certificate table that nobody has signed (CVE-2013-3900), further entries with them, without zeros that
   * align it; also those behind a catalog.
   */
  readonly certPadding: number
  /** Entries of the certificate table; the first is verified. */
  readonly certEntries: number
  /** Of the image as Authenticode hashes it, else of the file; null where they were not needed. */
  readonly sha1: string | null
  /** As `sha1`. */
  readonly sha256: string | null
}

export function toFileVerdict(path: string, native: NativeFileVerdict): FileVerdict {
  const { status, source, isImage, size, certPadding, certEntries, sha1, sha256 } = native
  const signatures = native.signatures.map(toSignature)
  const catalogs = native.catalogs.map(({ path, signature }) => ({ path, signature: toSignature(signature) }))
  const counting = source === 'catalog' ? catalogs[0]?.signature : signatures[0]
  const { signer = null, issuer = null, serial = null, thumbprint = null } = counting ?? {}
  return {
    path,
    status,
    hresult: hresult(native),
    reason: native.detail,
    source: source === 'none' ? null : source,
    signer,
    issuer,
    serial,
    thumbprint,
    chain: counting?.chain ?? [],
    timestamp: counting?.timestamp ?? null,
    signatures,
    catalogs,
    isImage,
    size,
    certPadding,
    certEntries,
    sha1,
    sha256,
  }
}

const hresult = ({ hresult }: { hresult: number }): string => `0x${hresult.toString(16).padStart(8, '0')}`

/** A time beyond what a Date can hold, which a certificate can have, does not occur: years have four digits. */
const isoTime = (time: number): string => new Date(time).toISOString()

const toCertificate = ({ notBefore, notAfter, ...rest }: NativeCertificate): Certificate => ({
  ...rest,
  notBefore: isoTime(notBefore),
  notAfter: isoTime(notAfter),
})

const toTimestamp = (native: NativeTimestamp): Timestamp => ({
  status: native.status,
  hresult: hresult(native),
  reason: native.detail,
  kind: native.kind,
  bareDigest: native.bareDigest,
  time: native.time === null ? null : isoTime(native.time),
  chain: native.chain.map(toCertificate),
})

function toSignature(native: NativeSignature): Signature {
  const chain = native.chain.map(toCertificate)
  const leaf = chain[0]
  const pages = native.pageHashesMatch
  return {
    status: native.status,
    hresult: hresult(native),
    reason: native.detail,
    signer: leaf?.subjectName ?? null,
    issuer: leaf?.issuerName ?? null,
    serial: leaf?.serial ?? null,
    thumbprint: leaf?.thumbprint ?? null,
    chain,
    timestamp: native.timestamp && toTimestamp(native.timestamp),
    digestAlgorithm: native.digestAlgorithm,
    digest: native.digest,
    programName: native.programName,
    programUrl: native.programUrl,
    revocation: native.revocation,
    verifiedAt: native.verifiedAt === null ? null : isoTime(native.verifiedAt),
    lifetimeSigning: native.lifetimeSigning,
    weak: native.weak,
    pageHashes: pages === null ? null : pages ? 'match' : 'mismatch',
  }
}
