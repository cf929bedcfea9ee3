/**
 * Nuthatch: detectors over endpoint telemetry.
 *
 * ```ts
 * import { compile, readTelemetry } from 'nuthatch'
 *
 * const detectors = await compile('rules/')
 * for await (const batch of detectors.evaluate(readTelemetry('telemetry.ndjson.zst'))) {
 *   for (const detection of batch) console.log(detection.detector, detection.event)
 * }
 * ```
 * @module
 */
import { Trace, type TraceOptions } from './etw/trace.js'
import { LiveTrace, type LiveTraceOptions } from './live/live-trace.js'
import type { TelemetryInput } from './stream/inputs.js'
import type { ReadOptions } from './stream/options.js'
import { Telemetry } from './stream/telemetry.js'

/**
 * Telemetry in files, folders (all files in them), glob patterns, `-` for standard input, or any
 * stream of bytes: NDJSON and ETW traces (.etl), plain or compressed with gzip or zstd, which is told by the
 * content.
 * Nothing is read before it is evaluated or iterated over.
 */
export const readTelemetry = (input: TelemetryInput, options: ReadOptions = {}): Telemetry =>
  new Telemetry(input, options)

/**
 * An ETW trace: iterate over its events, or evaluate detectors on it. Nothing is read, or started, before.
 *
 * ```ts
 * await using trace = openTrace({ file: 'boot.etl', providers: ['Process'] })
 * for await (const batch of trace) for (const { time, event, fields } of batch) console.log(time, event, fields)
 * ```
 *
 * `live` has the events of this machine (Windows), or of a recorded one that is replayed:
 *
 * ```ts
 * await using live = openTrace({ live: { replay: { file: 'boot.etl', speed: 1 } } })
 * for await (const batch of detectors.evaluate(live)) console.log(batch.items, batch.live.dropped)
 * ```
 * @throws NuthatchError NUTHATCH_INVALID_OPTION, NUTHATCH_INVALID_ARGUMENT
 */
export function openTrace(options: TraceOptions): Trace
export function openTrace(options: LiveTraceOptions): LiveTrace
export function openTrace(options: TraceOptions | LiveTraceOptions): Trace | LiveTrace {
  return typeof options === 'object' && options !== null && 'live' in options
    ? new LiveTrace(options)
    : new Trace(options)
}

export type { BatchCounts, MalformedRecord, NativeStackCounts as TraceStacks } from './binding.js'
export type { CompileStatistics, TreeStatistics } from './compile/compile.js'
export { type CompileOptions, compile, Detectors } from './detectors.js'
export { DiagnosticsError, NuthatchError } from './errors.js'
export { Trace, type TraceBatch, type TraceEvent, type TraceOptions, type TraceValue } from './etw/trace.js'
export type { TraceFaults, TraceLosses, TraceSummary } from './etw/trace-summary.js'
export type {
  CertificateEntry,
  ClrHeader,
  DebugEntry,
  ExportedFunction,
  FileRange,
  HashAlgorithm,
  Image,
  ImageAnomaly,
  ImageExports,
  ImageHashes,
  ImageHeaders,
  ImageSection,
  ImportedFunction,
  ImportedModule,
  Mitigations,
  PdbReference,
  RichHeader,
  VersionResource,
} from './image/image.js'
export { type ReadImageOptions, readImage } from './image/read-image.js'
export type { DiagnosticCode, DiagnosticSeverity } from './language/diagnostic-codes.js'
export type { Diagnostic } from './language/diagnostics.js'
export {
  type DetectorInfo,
  type EventOf,
  type Pending,
  type PropertyValue,
  type Severity,
  type Span,
  type StandardEvent,
  severities,
} from './language/ruleset.js'
export type { Excerpt } from './language/source-text.js'
export { type LiveBatch, LiveEvaluation } from './live/live-evaluation.js'
export type { LiveEventBatch } from './live/live-events.js'
export type { LiveOptions, Overflow, Replay } from './live/live-options.js'
export type { LiveAccounts, LiveStacks, LiveStatistics } from './live/live-statistics.js'
export { LiveTrace, type LiveTraceOptions } from './live/live-trace.js'
export type {
  DetectorPlace,
  DetectorProfile,
  EstimatedTime,
  EventTypeProfile,
  Place,
  Profile,
  PropertyProfile,
  Shared,
  TermProfile,
} from './profile/profile.js'
export type { Rules } from './rule-files.js'
export { type EventTypeName, type EventTypeRow, eventTypeNames, eventTypes } from './schema/event-types.js'
export {
  type EventTypesOf,
  type PropertyKind,
  type PropertyName,
  type PropertyRow,
  properties,
  propertyNames,
} from './schema/properties.js'
export type { Batch, NdjsonBatch } from './stream/batch.js'
export type { Detection, DetectionBatch, EventBatch, Match } from './stream/detection.js'
export type { Evaluation, Progress } from './stream/evaluation.js'
export { InputError, type InputErrorCode, InputsError } from './stream/input-error.js'
export type { TelemetryInput } from './stream/inputs.js'
export type { EvaluateOptions, ReadOptions, StandardizeOptions } from './stream/options.js'
export { type Malformed, MalformedRecordError, type Summary } from './stream/summary.js'
export { Telemetry } from './stream/telemetry.js'
export type { CertificateInput } from './trust/certificate-files.js'
export {
  type Certificate,
  type FileVerdict,
  type Signature,
  type Timestamp,
  type TrustStatus,
  trustStatuses,
} from './trust/file-verdict.js'
export type { CacheStatistics, SignatureStatistics } from './trust/signature-statistics.js'
export {
  type CatalogStatistics,
  createVerifier,
  Verifier,
  type VerifierBackend,
  type VerifierOptions,
  type VerifierStatistics,
  type VerifyFileOptions,
} from './trust/verifier.js'
