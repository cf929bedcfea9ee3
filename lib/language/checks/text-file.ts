import type { RuleFile } from '../ast.js'
import type { DiagnosticCode } from '../diagnostic-codes.js'
import { diagnosticCodes } from '../diagnostic-codes.js'
import type { Diagnostics } from '../diagnostics.js'
import type { SourceText } from '../source-text.js'
import type { SyntaxFailure } from '../syntax.js'

/** A NUL byte: no text has one, but binary files and UTF-16 do. */
export function checkNoNul(diagnostics: Diagnostics, source: SourceText): boolean {
  const at = source.bytes.indexOf(0)
  if (at === -1) return true
  const { bytes } = source
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  diagnostics.report(
    'NUTHATCH_RULE_FILE_NUL',
    source.span(at, at + 1),
    utf16 ? 'the file is UTF-16' : 'the file holds a NUL byte, so it is no text',
    utf16 ? 'save it as UTF-8' : 'take it out of the rules',
  )
  return false
}

/** A file that the parser refused as a whole. */
export function reportFailure(
  diagnostics: Diagnostics,
  source: SourceText,
  { code, message, at }: SyntaxFailure,
): void {
  if (!Object.hasOwn(diagnosticCodes, code)) throw new Error(`no such diagnostic: ${code}`)
  const [problem = '', help = ''] = message.split('; ')
  diagnostics.report(code as DiagnosticCode, source.span(at, at), problem, help)
}

export function checkNotEmpty(
  diagnostics: Diagnostics,
  source: SourceText,
  { declarations, broken }: RuleFile,
): void {
  if (declarations.length > 0 || broken) return
  const message = 'the file holds no detector, list or definition'
  diagnostics.report(
    'NUTHATCH_RULE_FILE_EMPTY',
    source.span(0, 0),
    message,
    'write a rule into it, or delete it',
  )
}
