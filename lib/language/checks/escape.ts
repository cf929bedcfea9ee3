import type { LiteralContext } from '../literals.js'
import type { SyntaxNode } from '../syntax.js'

export interface EscapePlace {
  /** Whether the string begins with the escape. */
  readonly first: boolean
  /** The character before it, unless that is an escape too. */
  readonly before: string
}

/**
 * Warns of `"\powershell.exe"` and `"C:\temp"`: in double quotes a backslash is no backslash. An
 * escape that means nothing, and one of a control character that follows what a path would have.
 */
export function checkEscape(
  { source, diagnostics }: LiteralContext,
  node: SyntaxNode,
  place: EscapePlace,
): void {
  const letter = node.text[1] as string
  const next = source.slice(node.endByte, node.endByte + 1)
  const meaningless = /[A-Za-z89]/.test(letter) && !/[abefnrstvxu]/.test(letter)
  const control = /[abefv]/.test(letter)
  const inPath = /[nrts]/.test(letter) && /\w/.test(next) && (place.first || /[:.%$)*]/.test(place.before))
  if (!meaningless && !control && !inPath) return
  const meaning = meaningless
    ? `just \`${letter}\``
    : letter === 's'
      ? 'a space'
      : `the control character \`${node.text}\``
  diagnostics.report(
    'NUTHATCH_SUSPICIOUS_ESCAPE',
    source.span(node.startByte, node.endByte),
    `in double quotes \`${node.text}\` is ${meaning}, not a backslash and \`${letter}\``,
    'for a backslash use single quotes, or write `\\\\`',
  )
}

/** A string whose escapes give bytes that are no characters, such as `"\xff"`. */
export function reportNoText({ source, diagnostics }: LiteralContext, node: SyntaxNode): void {
  diagnostics.report(
    'NUTHATCH_INVALID_ESCAPE',
    source.span(node.startByte, node.endByte),
    'the escapes in this string do not make text in UTF-8',
    'write a character by its number as `\\u00e9` or `\\u{1f600}`; `\\xe9` is one byte, not a character',
  )
}
