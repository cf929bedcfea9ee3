import { InputError, type InputErrorCode } from '../stream/input-error.js'
import type { NativeLiveTrace } from './native-live.js'

/** What went wrong since it was asked last, though events come. */
export const problemsOf = (trace: NativeLiveTrace, source: string): InputError[] =>
  trace.problems().map(({ code, message }) => new InputError(code as InputErrorCode, source, message))

/** Though they happen, events come. */
const harmless: ReadonlySet<string> = new Set([
  'NUTHATCH_LIVE_PROVIDER',
  'NUTHATCH_LIVE_STACKS',
  'NUTHATCH_LIVE_RUNDOWN',
  'NUTHATCH_LIVE_LOSSES',
])

/**
 * Whether events do not come as they should after a problem: then it is thrown at the end. Of a session that is started
 * anew, again and again until that succeeds, it is enough to be told.
 */
export const isGrave = ({ code }: Pick<InputError, 'code'>, restart: boolean): boolean =>
  code === 'NUTHATCH_OUT_OF_MEMORY' || (!harmless.has(code) && !restart)
