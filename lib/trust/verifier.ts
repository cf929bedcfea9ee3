import { availableParallelism } from 'node:os'
import { isUint8Array } from 'node:util/types'
import type {
  NativeFileVerdict,
  NativeVerification,
  NativeVerifier,
  NativeVerifierOptions,
} from '../binding.js'
import {
  checkOptions,
  flag,
  type OptionCheck,
  oneOf,
  optionOf,
  signalOption,
  wholeNumber,
} from '../check-arguments.js'
import { NuthatchError } from '../errors.js'
import { native } from '../native.js'
import { absolutePath, pathBytes } from '../path-bytes.js'
import { type CertificateInput, readCertificates } from './certificate-files.js'
import { type FileVerdict, toFileVerdict } from './file-verdict.js'
import type { CacheStatistics } from './signature-statistics.js'

/** Who verifies: `wintrust` is Windows, `portable` Nuthatch itself, on any operating system. */
export type VerifierBackend = 'wintrust' | 'portable'

export const MOST_THREADS = 256

/** Whom to trust, and how much a verification may take. */
export interface VerifierOptions {
  /**
   * Default: `wintrust` on Windows, which has roots, catalogs and a policy of its own, so that only `threads`, `queue`,
   * `deadline` and `largestFile` can be given with it; `portable` elsewhere.
   */
  readonly backend?: VerifierBackend
  /**
   * Certificates to trust: PEM or DER, as paths of files or folders or as bytes. `portable` wants some; none come with
   * Nuthatch: on Windows export those of the machine's store; elsewhere bring those of Microsoft's root programme.
   */
  readonly roots?: CertificateInput | readonly CertificateInput[]
  /** Revocation lists, as `roots` are given. None is fetched; without any, revocation is not checked. */
  readonly crls?: CertificateInput | readonly CertificateInput[]
  /** Folders of catalogs (.cat), such as Windows' `System32\CatRoot`. */
  readonly catalogs?: string | readonly string[]
  /** Verify as of this time, instead of now. */
  readonly time?: Date
  /** Refuse SHA-1, in digests, of members of catalogs too, and in certificates. Default false: `weak` says where it is. */
  readonly rejectSha1?: boolean
  /**
   * Refuse certificate tables with bytes that nobody has signed, as EnableCertPaddingCheck does within the first entry;
   * those of further entries too, and bytes behind a catalog. Default false.
   */
  readonly rejectCertPadding?: boolean
  /** Refuse a chain for some issuer of which there is no revocation list. Default false. */
  readonly requireRevocation?: boolean
  /** Let MD5 pass. Default false. */
  readonly allowMd5?: boolean
  /** Check page hashes too, where there are any; such a file is read twice. Default false. */
  readonly pageHashes?: boolean
  /** Default: as many as the machine has processors for this process. */
  readonly threads?: number
  /** Files that may wait; more are dropped. Default 1,024. */
  readonly queue?: number
  /** Milliseconds that a file may take. Default 30,000. */
  readonly deadline?: number
  /**
   * Whether `deadline` counts from when somebody asks, so that it holds for the file's wait too, or from when a thread
   * begins with the file, so that how long others take condemns none. Default `call`.
   */
  readonly deadlineFrom?: 'call' | 'start'
  /**
   * Milliseconds that an event spends being enriched otherwise; metrics say how many verifications are done within it.
   * Default 50.
   */
  readonly enrichmentTime?: number
  /** Bytes; larger files are not read. Default 4 GiB. */
  readonly largestFile?: number
  /** The path of a shared library of OpenSSL 3, for hosts that do not export theirs. */
  readonly libcrypto?: string
}

/** How one file is verified. */
export interface VerifyFileOptions {
  /** Rejects with its reason. */
  readonly signal?: AbortSignal
  /** Whether a path may be a link to a file. Default true. */
  readonly followLinks?: boolean
}

export interface VerifierStatistics extends CacheStatistics {
  /** Files that were to be looked at, and those that have been. */
  readonly submitted: number
  /** Files that have been looked at. */
  readonly verified: number
  /** Of the index of catalogs; null without any. */
  readonly catalogs: CatalogStatistics | null
}

/** What the index of catalogs holds. */
export interface CatalogStatistics {
  /** Grows when a catalog comes, changes or goes. */
  readonly generation: number
  /** Catalogs that were read. */
  readonly catalogs: number
  /** Digests and tags in them. */
  readonly members: number
  /** Files of the folders that are no catalogs. */
  readonly skipped: number
  /** Files and folders that cannot be read: what no other catalog vouches for is `unreadable` then, and not `unsigned`. */
  readonly unreadable: number
}

const isInput = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || isUint8Array(value)
const certificates: OptionCheck = {
  wanted: 'paths or bytes of certificates',
  fits: (value) => isInput(value) || (Array.isArray(value) && value.every(isInput)),
}

const backends: readonly VerifierBackend[] = ['wintrust', 'portable']
export const defaultBackend: VerifierBackend = process.platform === 'win32' ? 'wintrust' : 'portable'

const optionChecks: Readonly<Record<keyof VerifierOptions, OptionCheck>> = {
  backend: {
    wanted: "'wintrust' or 'portable'",
    fits: (value) => backends.includes(value as VerifierBackend),
  },
  roots: certificates,
  crls: { ...certificates, wanted: 'paths or bytes of revocation lists' },
  catalogs: {
    wanted: 'paths of folders',
    fits: (value) => asArray(value).every((path) => typeof path === 'string' && path !== ''),
  },
  // Certificates know no other years.
  time: {
    wanted: 'a Date of the years 0 to 9999',
    fits: (value) => value instanceof Date && value.getUTCFullYear() >= 0 && value.getUTCFullYear() <= 9999,
  },
  rejectSha1: flag,
  rejectCertPadding: flag,
  requireRevocation: flag,
  allowMd5: flag,
  pageHashes: flag,
  threads: wholeNumber(1, MOST_THREADS),
  queue: wholeNumber(1, 1_000_000),
  deadline: wholeNumber(1, 86_400_000),
  deadlineFrom: oneOf('call', 'start'),
  enrichmentTime: wholeNumber(1, 86_400_000),
  largestFile: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  libcrypto: optionOf('string', 'the path of a shared library'),
}

const verifyChecks: Readonly<Record<keyof VerifyFileOptions, OptionCheck>> = {
  signal: signalOption,
  followLinks: flag,
}

/** What Windows decides by itself. */
const portableOptions = [
  'roots',
  'crls',
  'catalogs',
  'time',
  'rejectSha1',
  'rejectCertPadding',
  'requireRevocation',
  'allowMd5',
  'pageHashes',
  'libcrypto',
] as const satisfies readonly (keyof VerifierOptions)[]

const asArray = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]

/**
 * Makes a verifier of signatures: of images (.exe, .dll, .sys), catalogs, and files that catalogs vouch for. Roots and
 * catalogs are read first. Close it when done: `await using` does.
 * @throws NuthatchError NUTHATCH_WINTRUST_UNAVAILABLE, NUTHATCH_ROOTS_MISSING, NUTHATCH_ROOTS_INVALID, NUTHATCH_CRL_INVALID,
 *   NUTHATCH_CATALOGS_UNREADABLE, NUTHATCH_CRYPTO_UNAVAILABLE, NUTHATCH_INVALID_OPTION
 */
export async function createVerifier(options: VerifierOptions = {}): Promise<Verifier> {
  return new Verifier(await openVerification(options))
}

/** @throws NuthatchError NUTHATCH_INVALID_OPTION */
export const checkVerifierOptions = (options: VerifierOptions): void => checkOptions(options, optionChecks)

/**
 * Reads what the options name, and indexes catalogs: not to the end once `stop` says so, when nothing is to be verified
 * any more. Throws as `createVerifier` does.
 */
export async function openVerification(
  options: VerifierOptions,
  stop?: AbortSignal,
): Promise<NativeVerification> {
  const opening = native.openVerification(await resolveVerifierOptions(options))
  if (stop?.aborted) opening.stop()
  stop?.addEventListener('abort', opening.stop, { once: true })
  return opening.done.finally(() => stop?.removeEventListener('abort', opening.stop))
}

async function resolveVerifierOptions(options: VerifierOptions): Promise<NativeVerifierOptions> {
  checkVerifierOptions(options)
  const { backend = defaultBackend } = options
  if (backend === 'wintrust') refusePortableOptions(options)
  const {
    time,
    threads = Math.min(availableParallelism(), MOST_THREADS),
    queue = 1024,
    deadline = 30_000,
    deadlineFrom = 'call',
  } = options
  const { largestFile = 4 * 2 ** 30, libcrypto = '', enrichmentTime = 50 } = options
  const catalogs = asArray(options.catalogs)
  if (backend === 'portable' && asArray(options.roots).length === 0)
    throw new NuthatchError('NUTHATCH_ROOTS_MISSING', noRoots)
  return {
    wintrust: backend === 'wintrust',
    roots: await readCertificates(asArray(options.roots), 'CERTIFICATE'),
    crls: await readCertificates(asArray(options.crls), 'X509 CRL'),
    catalogs,
    time: time?.getTime() ?? null,
    rejectSha1: options.rejectSha1 ?? false,
    rejectPadding: options.rejectCertPadding ?? false,
    requireRevocation: options.requireRevocation ?? false,
    allowMd5: options.allowMd5 ?? false,
    pageHashes: options.pageHashes ?? false,
    threads,
    queue,
    deadline,
    deadlineFromCall: deadlineFrom === 'call',
    enrichmentTime,
    largestFile,
    libcrypto,
  }
}

function refusePortableOptions(options: VerifierOptions): void {
  const given = portableOptions.filter((name) => options[name] !== undefined)
  if (given.length === 0) return
  throw new NuthatchError(
    'NUTHATCH_INVALID_OPTION',
    `Windows verifies by its own roots, catalogs and policy: leave out ${given.join(', ')}, or add backend: 'portable'`,
  )
}

const noRoots = `there are no roots to trust: Nuthatch ships none. Give certificates as PEM or DER, in files or folders: \
on Windows those of the machine's store (PowerShell: Get-ChildItem Cert:\\LocalMachine\\Root, and Export-Certificate); \
elsewhere those of Microsoft's root programme, which the CCADB publishes, or the few roots you expect`

/** Verifies signatures on threads of its own. */
export class Verifier {
  readonly #native: NativeVerifier
  /** Of the promises that have not been settled. */
  readonly #pending = new Set<(reason: unknown) => void>()
  readonly #aborts = new AbortListeners()
  #closed = false

  /** @internal */
  constructor(verification: NativeVerification) {
    this.#native = new native.Verifier(verification)
  }

  /**
   * The verdict on a file, as it is when it is read. What is wrong with the file is a status of the verdict, and no
   * rejection.
   * @param path where names need not be UTF-8, as on Linux, also as the bytes that the system has it by.
   * @throws the signal's reason; NuthatchError NUTHATCH_VERIFIER_CLOSED, NUTHATCH_INVALID_ARGUMENT,
   *   NUTHATCH_INVALID_OPTION
   */
  async verify(path: string | Uint8Array, options: VerifyFileOptions = {}): Promise<FileVerdict> {
    checkOptions(options, verifyChecks)
    const bytes = pathBytes(path)
    const name = bytes.toString()
    const { signal, followLinks = true } = options
    signal?.throwIfAborted()
    this.#requireOpen()
    const job = this.#native.verify(absolutePath(bytes), followLinks)
    if (job === null) return toFileVerdict(name, dropped)
    return toFileVerdict(name, await this.#unlessEnded(job, signal))
  }

  /** Looks for catalogs that have come, changed or gone. It is also done every half minute, when one is asked for. */
  async refresh(): Promise<CatalogStatistics | null> {
    this.#requireOpen()
    return this.statistics.catalogs ? this.#native.refresh() : null
  }

  /** What the verifier has done so far. */
  get statistics(): VerifierStatistics {
    return this.#native.statistics()
  }

  /** What has not been verified is rejected with NUTHATCH_VERIFIER_CLOSED. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#native.close()
    await null // verdicts that were there are taken
    for (const reject of [...this.#pending]) reject(closed())
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #unlessEnded(job: { id: number; done: Promise<NativeFileVerdict> }, signal: AbortSignal | undefined) {
    return new Promise<NativeFileVerdict>((resolve, reject) => {
      const end = () => {
        this.#pending.delete(fail)
        if (signal) this.#aborts.remove(signal, abort)
      }
      const fail = (reason: unknown) => {
        end()
        reject(reason)
      }
      const abort = () => {
        this.#native.cancel(job.id)
        fail(signal?.reason)
      }
      this.#pending.add(fail)
      if (signal) this.#aborts.add(signal, abort)
      job.done.then((verdict) => {
        end()
        resolve(verdict)
      }, fail)
    })
  }

  #requireOpen(): void {
    if (this.#closed) throw closed()
  }
}

/** Listens to a signal once for any number of files: Node warns of more listeners than ten. */
class AbortListeners {
  readonly #listening = new Map<AbortSignal, { all: Set<() => void>; listener: () => void }>()

  add(signal: AbortSignal, abort: () => void): void {
    const known = this.#listening.get(signal)
    if (known) {
      known.all.add(abort)
      return
    }
    const all = new Set([abort])
    const listener = () => {
      for (const each of [...all]) each()
    }
    this.#listening.set(signal, { all, listener })
    signal.addEventListener('abort', listener)
  }

  remove(signal: AbortSignal, abort: () => void): void {
    const known = this.#listening.get(signal)
    known?.all.delete(abort)
    if (known?.all.size !== 0) return
    signal.removeEventListener('abort', known.listener)
    this.#listening.delete(signal)
  }
}

const closed = () => new NuthatchError('NUTHATCH_VERIFIER_CLOSED', 'the verifier is closed: make a new one')

const dropped: NativeFileVerdict = {
  status: 'dropped',
  hresult: 0x800705aa,
  detail: 'too many files wait to be verified: raise `queue`, or wait for some',
  source: 'none',
  isImage: false,
  size: null,
  signatures: [],
  catalogs: [],
  certPadding: 0,
  certEntries: 0,
  sha1: null,
  sha256: null,
}
