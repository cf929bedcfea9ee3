import { place, quote } from '../describe.js'
import type { SourceText } from '../source-text.js'
import type { SyntaxNode } from '../syntax.js'

/** A syntax error in its surroundings. */
export interface SlipPlace {
  readonly source: SourceText
  /** An ERROR node (text that was skipped), a missing node, missing_space or misplaced_newline. */
  readonly node: SyntaxNode
  readonly children: readonly SyntaxNode[]
  readonly parent: SyntaxNode
}

export interface Slip {
  readonly start: number
  readonly end: number
  readonly message: string
  readonly help: string
  /** What to read in its place, where that is sure. */
  readonly mended?: string
  /** For a literal that is not closed: what is missing after it on its line may be in it. */
  readonly isOpen?: boolean
}

/** What to say of a token that should be there. */
export function missingToken({ node, parent, source }: SlipPlace): Slip {
  const at = endOfText(source, node.startByte)
  switch (node.kind) {
    case "'":
    case '"':
      return unclosedString(parent.startByte, source)
    case '/':
      return unclosedRegex(parent.startByte, source)
    case ')':
    case ']': {
      const opening = parent.children.find((child) => child.endByte > child.startByte) ?? parent
      const from = place(source.span(opening.startByte, opening.startByte))
      const message = `${quote(node.kind)} is missing: ${quote(opening.text)} at ${from} is not closed`
      return { ...at, message, help: `write ${quote(node.kind)} here` }
    }
    case 'end': {
      const opened = place(source.span(parent.startByte, parent.startByte))
      const message = `\`end\` is missing: the detector at ${opened} is not closed`
      return { ...at, message, help: 'write `end` on a line of its own' }
    }
    case 'identifier':
      return {
        ...at,
        message: 'a condition is missing here',
        help: 'an operator stands between two conditions',
      }
    case '\n':
      return { ...at, ...missingNewline(source.slice(node.startByte, node.startByte + 20)) }
    default:
      return { ...at, message: `${quote(node.kind)} is missing here`, help: `write ${quote(node.kind)}` }
  }
}

const missingNewline = (following: string): Pick<Slip, 'message' | 'help'> =>
  following.trimStart().startsWith('(')
    ? { message: 'a space stands before `(`', help: 'write `(` right after the name' }
    : { message: 'an operator or a new line is missing here', help: 'join conditions with `&&` or `||`' }

export function unclosedString(start: number, source: SourceText): Slip {
  const quote = source.slice(start, start + 1)
  const help = `end it with ${quote}; longer texts are written as heredocs: \`<<~TEXT\``
  return unclosedLiteral(start, source, 'the string is not closed on its line', help)
}

export function unclosedRegex(start: number, source: SourceText): Slip {
  const help = 'end it with `/`; a `/` in it is written `\\/`'
  return unclosedLiteral(start, source, 'the regular expression is not closed on its line', help)
}

function unclosedLiteral(start: number, source: SourceText, message: string, help: string): Slip {
  const line = source.slice(start, start + 500).split(/\r?\n/)[0] ?? ''
  return { start, end: start + Math.max(1, Buffer.byteLength(line.trimEnd())), message, help, isOpen: true }
}

/** The place after the last character before `offset` that is not white space: where something is missing. */
export function endOfText({ bytes }: SourceText, offset: number): { start: number; end: number } {
  let at = offset
  while (at > 0 && ' \t\r\n'.includes(String.fromCharCode(bytes[at - 1] as number))) at--
  return { start: at, end: at }
}
