import type { NativeLiveOptions, NativeLiveTrace } from './live/native-live.js'
import type { TrustStatus } from './trust/file-verdict.js'
import type { SignatureStatistics } from './trust/signature-statistics.js'
import type { CatalogStatistics, VerifierStatistics } from './trust/verifier.js'

/** What the C++ addon exports. TypeScript validates every argument before it gets here. */
export interface NativeBinding {
  readonly version: string
  /** What made the addon, and which vector instructions its search for strings uses here: AVX-512, AVX2, NEON or scalar. */
  build(): { readonly compiler: string; readonly instructions: string }

  /** For a process that is ours: native/platform/free_memory.h. */
  giveFreeMemoryBack(): void
  /** Frees the memory of bytes that nobody needs any more, at once. They are empty then. */
  release(bytes: Uint8Array): void

  /** tree-sitter's node kinds and field names, by the numbers used in SyntaxTable. */
  syntaxNames(): { kinds: string[]; fields: string[] }
  /** Parses rule text (UTF-8); see native/language. */
  parse(source: Uint8Array): SyntaxTable

  /** What is wrong with a regular expression, in RE2's words; null when it is right. */
  checkPattern(pattern: string): string | null

  /** Checks a Plan and prepares it for evaluation. Throws an Error with a `code` when it is corrupt. */
  Plan: new (
    bytes: Uint8Array,
  ) => NativePlan
  Pipeline: new (plan: NativePlan, options: PipelineOptions) => NativePipeline
  /** With a Plan events are evaluated, else (null) they come as lines of JSON. */
  LiveTrace: new (
    plan: NativePlan | null,
    options: NativeLiveOptions,
  ) => NativeLiveTrace

  /**
   * Reads all records of a trace file (.etl) on another thread. `done` rejects with a `code` when it is
   * none, or cannot be read; after `stop` it soon resolves with what was counted by then.
   */
  readTraceStatistics(path: string): { readonly done: Promise<NativeTraceStatistics>; stop(): void }

  /** The events of a trace file as NDJSON. An empty list of the filter lets all through. */
  TraceText: new (
    path: string,
    filter: NativeEventFilter,
    stacks: NativeStackOptions,
  ) => NativeTraceText
  /** The same events for a pipeline of that Plan. */
  TraceBlocks: new (
    path: string,
    filter: NativeEventFilter,
    plan: NativePlan,
    stacks: NativeStackOptions,
  ) => NativeTraceBlocks

  /**
   * Reads an image on another thread and gives it as JSON: native/pipeline/image_json.h. `done` rejects with a
   * `code`, also soon after `stop`.
   */
  readImage(
    path: Uint8Array,
    request: NativeImageRequest,
  ): { readonly done: Promise<Uint8Array>; stop(): void }

  /**
   * Gets ready to verify: catalogs are indexed on another thread. Throws, or rejects, with NUTHATCH_WINTRUST_UNAVAILABLE,
   * NUTHATCH_CRYPTO_UNAVAILABLE, NUTHATCH_ROOTS_INVALID, NUTHATCH_CRL_INVALID, NUTHATCH_CATALOGS_UNREADABLE,
   * NUTHATCH_OUT_OF_MEMORY. Stopped, it gives one whose catalogs have not been indexed.
   */
  openVerification(options: NativeVerifierOptions): {
    readonly done: Promise<NativeVerification>
    stop(): void
  }

  /** Verifies signatures of files on its own threads. */
  Verifier: new (
    verification: NativeVerification,
  ) => NativeVerifier

  /** What errors with a code are made of from now on: plain Errors before. */
  setErrorClass(errorClass: new (code: string, message: string) => Error): void
}

/** How signatures are verified; any number of verifiers and pipelines can share one. */
export interface NativeVerification {
  readonly [opaque]: 'verification'
}
declare const opaque: unique symbol

/** A root or a revocation list: see native/trust/trust_policy.h. */
export interface NativeTrustInput {
  readonly der: Uint8Array
  readonly source: string
}

/** See native/trust/trust_policy.h, verifier_pool.h and file_verifier.h. */
export interface NativeVerifierOptions {
  /** Windows verifies; of the others only threads, queue, deadline and largestFile are used then. */
  readonly wintrust: boolean
  readonly roots: readonly NativeTrustInput[]
  readonly crls: readonly NativeTrustInput[]
  readonly catalogs: readonly string[]
  /** Milliseconds since 1970, as all times; null is now. */
  readonly time: number | null
  readonly deadlineFromCall: boolean
  readonly rejectSha1: boolean
  readonly rejectPadding: boolean
  readonly requireRevocation: boolean
  readonly allowMd5: boolean
  readonly pageHashes: boolean
  readonly threads: number
  readonly queue: number
  /** Milliseconds. */
  readonly deadline: number
  readonly enrichmentTime: number
  readonly largestFile: number
  /** The path of a library; empty: what this process exports. */
  readonly libcrypto: string
}

export interface NativeVerifier {
  /** Null when the queue is full. The promise does not reject; after `cancel` or `close` it stays as it is. */
  verify(
    path: Uint8Array,
    followLinks: boolean,
  ): { readonly id: number; readonly done: Promise<NativeFileVerdict> } | null
  cancel(id: number): void
  /** Only with folders of catalogs. Rejects with NUTHATCH_CATALOGS_UNREADABLE, NUTHATCH_OUT_OF_MEMORY. */
  refresh(): Promise<CatalogStatistics>
  statistics(): VerifierStatistics
  /** Stops the threads; may be called once. */
  close(): void
}

interface NativeStatus {
  readonly status: TrustStatus
  readonly hresult: number
  readonly detail: string | null
}

/** See native/trust/signature.h. */
export interface NativeCertificate {
  readonly subject: string
  readonly issuer: string
  readonly subjectName: string
  readonly issuerName: string
  readonly serial: string
  readonly thumbprint: string
  readonly sha256: string
  readonly notBefore: number
  readonly notAfter: number
}

export interface NativeTimestamp extends NativeStatus {
  readonly kind: 'rfc3161' | 'countersignature'
  readonly bareDigest: boolean
  readonly time: number | null
  readonly chain: readonly NativeCertificate[]
}

export interface NativeSignature extends NativeStatus {
  readonly digestAlgorithm: string | null
  readonly digest: string | null
  readonly chain: readonly NativeCertificate[]
  readonly timestamp: NativeTimestamp | null
  readonly programName: string | null
  readonly programUrl: string | null
  readonly revocation: 'notChecked' | 'good' | 'unknown' | 'revoked' | 'revokedLater'
  readonly verifiedAt: number | null
  readonly lifetimeSigning: boolean
  readonly weak: boolean
  readonly pageHashesMatch: boolean | null
}

/** See native/trust/file_verifier.h. */
export interface NativeFileVerdict extends NativeStatus {
  readonly source: 'none' | 'embedded' | 'catalog'
  readonly isImage: boolean
  readonly size: number | null
  readonly signatures: readonly NativeSignature[]
  readonly catalogs: readonly { readonly path: string; readonly signature: NativeSignature }[]
  readonly certPadding: number
  readonly certEntries: number
  readonly sha1: string | null
  readonly sha256: string | null
}

/** See native/image/read_image.h. */
export interface NativeImageRequest {
  readonly directories: boolean
  readonly content: boolean
  /** Numbers of DigestAlgorithm, in native/base/hasher.h. */
  readonly hashes: readonly number[]
}

/** See native/pipeline/trace_events.h. */
export interface NativeEventFilter {
  readonly providers: readonly string[]
  readonly ids: readonly number[]
  readonly pids: readonly number[]
  /** Only what is to become a standard event: these events, and what happened in the kernel. */
  readonly standard?: readonly StandardEvents[]
}

/** Events of one provider, a GUID in small letters, that a mapping makes standard events of. */
export interface StandardEvents {
  readonly provider: string
  readonly ids: readonly number[]
}

export interface NativeStackOptions {
  /** Events have their call stacks: of blocks, also when the Plan does not ask for them. */
  readonly stacks: boolean
  /** Where the files are whose exports name functions. */
  readonly imageRoot?: string
}

/** Of events that call stacks were waited for. */
export interface NativeStackCounts {
  /** They have one: `early` where it, or its first part, came before the event or in it, else `late`. */
  readonly matched: number
  /** Of these, the stack or its first part came before the event or in it. */
  readonly early: number
  /** Of these, it came after the event. */
  readonly late: number
  /** They waited in vain. */
  readonly neverCame: number
  /** There was no room to wait on. */
  readonly dropped: number
}

interface NativeTraceReading {
  /**
   * Reads on, and says how much there is then: of TraceText bytes of lines, of TraceBlocks records with or without
   * an event; 0 when there is nothing yet, null after the last. Works on another thread, for some milliseconds; one
   * call at a time. Rejects as readTraceStatistics does.
   */
  next(): Promise<number | null>
  /** A call of `next` that is under way ends soon, whatever the file is; what it gives then is not for use. */
  stop(): void
  /** Closes the file before its end, at which that is done: no more is read. Not while a call of `next` is under way. */
  close(): void
  /** To be asked for when no call of `next` is under way. */
  summary(): NativeTraceEventsSummary
}

export interface NativeTraceText extends NativeTraceReading {
  /** Copies the lines that `next` has made; `into` has their size. Not while a call of `next` is under way. */
  take(into: Uint8Array): void
}

/**
 * What `next` has read is for NativePipeline.submitTrace. Bytes of the trace are as of the last call of `next` that has
 * ended: at the end all of them.
 */
export interface NativeTraceBlocks extends NativeTraceReading {
  /** That are done with, as if both passes over it were one. */
  bytesDone(): number
  /** Whose records have been given. */
  bytesGiven(): number
}

export interface NativeTraceEventsSummary {
  /** Events asked for that had no schema, and those that did not fit theirs. */
  readonly raw: number
  readonly incomplete: number
  /** The first 16,384 different ones of them. */
  readonly undecoded: readonly NativeLabelCount[]
  /** When stacks were followed. */
  readonly stacks?: NativeStackCounts
  /** What follows is missing when the trace could not be opened. */
  readonly header?: NativeTraceHeader
  readonly faults?: NativeTraceFaults
  /** Records left out by the filter `standard`. */
  readonly leftOut?: readonly NativeEventCount[]
  /** Of events beyond the first 16,384 different ones. */
  readonly otherLeftOut?: number
  readonly lossMarks?: number
  readonly outOfOrder?: number
}

export interface NativeTraceFaults {
  readonly total: number
  readonly counts: readonly { readonly code: string; readonly reason: string; readonly count: number }[]
  /** The first few, with their place in the file, and a FILETIME of about then. */
  readonly samples: readonly { readonly code: string; readonly position: number; readonly time: bigint }[]
}

/** See native/etw/timeline.h. */
export interface NativeTimeline {
  /** FILETIME. */
  readonly begin: bigint
  /** How long each part is, in units of 100 ns. */
  readonly part: bigint
  /** Without a provider: all further ones together. */
  readonly lanes: readonly {
    readonly provider?: string
    readonly group?: number
    readonly records: readonly number[]
  }[]
  /** FILETIMEs of the first buffers marked as the first after a loss. */
  readonly losses: readonly bigint[]
}

/** See native/etw/trace_header.h. Times are FILETIME; 0 is none. */
export interface NativeTraceHeader {
  readonly session: string
  readonly file: string
  readonly bufferSize: number
  readonly mode: number
  readonly buffersWritten: number
  readonly eventsLost: number
  readonly buffersLost: number
  readonly osMajor: number
  readonly osMinor: number
  readonly osBuild: number
  readonly processors: number
  readonly cpuMegahertz: number
  readonly pointerSize: number
  /** 1: performance counter, 2: system time, 3: CPU cycles. */
  readonly clockType: number
  readonly perfFrequency: bigint
  readonly bootTime: bigint
  readonly startTime: bigint
  readonly endTime: bigint
  /** Minutes; UTC is local time and this. */
  readonly bias: number
}

export interface NativeTraceStatistics {
  readonly header: NativeTraceHeader
  readonly faults: NativeTraceFaults
  /** Of the file, as it is stored. */
  readonly bytes: number
  readonly buffers: number
  /** Buffers marked as the first after a loss. */
  readonly lossMarks: number
  /** Records that came after one with a later time. */
  readonly outOfOrder: number
  readonly records: number
  readonly payloadBytes: number
  readonly firstTime: bigint
  readonly lastTime: bigint
  readonly events: readonly NativeEventCount[]
  /** Of events beyond the first 16,384 different ones. */
  readonly otherRecords: number
  readonly timeline: NativeTimeline
}

export interface NativeLabelCount {
  readonly provider: string
  /** Empty where it is not known. */
  readonly name: string
  readonly number: number
  readonly records: number
}

export interface NativeEventCount {
  /** A GUID; zero for a group of the kernel's that has no known class. */
  readonly provider: string
  /** The provider's or class's, where it is known; else empty. */
  readonly name: string
  /** The kernel's group, of its events only. */
  readonly group?: number
  /** What `number` is: of kernel and classic events the type, else the event's id or message's number. */
  readonly form: 'type' | 'id' | 'message'
  readonly number: number
  readonly version: number
  readonly records: number
  readonly payloadBytes: number
}

/** See native/language/syntax_table.h. */
export interface SyntaxTable {
  /** Preorder, SYNTAX_ROW_LENGTH numbers a node; empty when the text could not be parsed. */
  readonly nodes: Uint32Array
  /** Why not, and the byte offset where parsing stopped. */
  readonly failure: { readonly code: string; readonly message: string; readonly at: number } | null
}

/** Immutable; any number of pipelines, on any thread of this process, can share one. */
export interface NativePlan {
  readonly detectors: number
  readonly terms: number
  readonly loadMicroseconds: number
}

export interface PipelineOptions {
  readonly threads: number
  /** What `output` holds: a line for each detection, or a line for each standardized event. */
  readonly output: 'detections' | 'events' | 'derived-events'
  /** A block ends at its first malformed record: nothing after it in the block is evaluated. */
  readonly stopAtMalformed: boolean
  /** Longer lines are skipped and counted. */
  readonly maxRecordBytes: number
  /** Processes remembered for joining; the oldest go first. 0: nothing is joined. */
  readonly processTableCapacity: number
  /** How signatures are verified that no record tells, and where Windows' files are. Null or left out: none is. */
  readonly signatures?: NativeSignatureOptions | null
}

export interface NativeSignatureOptions {
  readonly verification: NativeVerification
  /** null: files are where their paths say. */
  readonly imageRoot: string | null
  /** The number of Windows' disk; 0: the first of which an image is asked for. */
  readonly imageVolume: number
  /** The input can wait: what there is no room for is not evaluated before there is, and `deadline` is a file's own. */
  readonly recorded: boolean
}

/**
 * Evaluates blocks of NDJSON on its own threads. Blocks are taken in the order submitted: line
 * numbers, process joins and results do not depend on the number of threads.
 */
export interface NativePipeline {
  /** Registers a source (a file, or standard input); lines are counted from 1 in each. */
  addSource(name: string): number
  /**
   * Evaluates whole lines. `bytes` must not change until the promise settles. At most a few blocks
   * a thread should be in flight; the promises of one pipeline settle in the order submitted. One
   * that rejects (NUTHATCH_OUT_OF_MEMORY) ends the pipeline's use: it can only be closed.
   */
  submit(source: number, bytes: Uint8Array): Promise<BlockResult>
  /**
   * Opens a file, whose parts are then submitted, and gives its size; the one opened before can no
   * longer be. Throws an Error with the code NUTHATCH_INPUT_UNREADABLE.
   */
  openFile(path: string): number
  /**
   * Evaluates the lines that begin in [begin, end), which is not empty, of the file opened last. The
   * pipeline's threads read them. As `submit` otherwise.
   */
  submitPart(source: number, begin: number, end: number): Promise<BlockResult>
  /**
   * Evaluates the records that `trace` has read last: once, and not while a call of its `next` is under way. They
   * count as lines, with that many bytes. As `submit` otherwise.
   */
  submitTrace(source: number, trace: NativeTraceBlocks, bytes: number): Promise<BlockResult>
  /** A line too long for a block was skipped by the caller: count it. */
  skipLine(source: number, bytes: number): Promise<BlockResult>
  /** Called when events wait for a signature no more. */
  onNews?: () => void
  /** As a block of no lines: what has become of events that waited for a signature. It comes with other blocks too. */
  flush(): Promise<BlockResult>
  /** As a block of no lines: what becomes of all events that wait for a signature, once they do not any more. */
  settle(): Promise<BlockResult>
  /** No event waits for a signature any more: those that do are undecided. */
  stopWaiting(): void
  /** Null when none is verified. */
  signatures(): SignatureStatistics | null
  /** Stops the threads; blocks in flight are finished first. */
  close(): void
  /** What evaluating has cost, after `close`: for each event type that has a detector. */
  costs(): TreeCosts[]
}

/**
 * Tables, row after row: see native/evaluate/cost_meter.h. A timing is three numbers: events that were timed and had
 * it, nanoseconds, and the sum of their squares.
 */
export interface TreeCosts {
  readonly eventType: number
  readonly events: number
  readonly timed: number
  readonly interrupted: number
  /** By node of the Plan's tree: visits, decided, undecided, timing. */
  readonly nodes: Float64Array
  /** Term, asked and false, true, unknown, hits, strings found, lazily asked, timing of its patterns. */
  readonly terms: Float64Array
  /** Property, runs when it was missing, pending, present, timed runs, timings of resolving and matching. */
  readonly passes: Float64Array
}

export interface BlockResult extends BatchCounts {
  /** NDJSON, UTF-8. */
  readonly output: Uint8Array
}

/** What was counted while one block of records was read and evaluated. */
export interface BatchCounts {
  /** The system failed to read a part of the file: its lines are missing. */
  readonly unreadable: boolean
  /** Bytes of the part that the file no longer had, or that could not be read. */
  readonly missing: number
  /** Read for it. */
  readonly bytes: number
  /** Of the block. */
  readonly lines: number
  /** Lines that held a record, whether it became an event or not. */
  readonly records: number
  /** Records that became standard events. */
  readonly events: number
  /** Made of it. */
  readonly detections: number
  /** Detectors whose outcome hung on a pending property. */
  readonly undecided: number
  /** Terms the tree asked for, and the terms that evaluating every one would have taken. */
  readonly termsEvaluated: number
  /** Terms that it would have been without trees. */
  readonly termsPossible: number
  /** Lines that are no record. */
  readonly malformed: number
  /** The first few malformed lines, with where and why. */
  readonly malformedSamples: readonly MalformedRecord[]
  /** Records no mapping knows, by a label such as "security 4658"; sums to records - events. */
  readonly unmapped: Readonly<Record<string, number>>
}

/** A malformed line of a block. */
export interface MalformedRecord {
  /** The number of its input, from 0. */
  readonly source: number
  /** From 1. */
  readonly line: number
  /** Stable: NUTHATCH_JSON_…, NUTHATCH_RECORD_TOO_LONG. */
  readonly code: string
  /** What is wrong, for people. */
  readonly reason: string
}
