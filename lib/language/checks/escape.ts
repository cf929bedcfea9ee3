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
  const inPath = /[nrts]/.test(letter) && /\w/.test(next) && (place.first || /[\w:.%$)*-]/.test(place.before))
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
