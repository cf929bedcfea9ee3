/** Something in a pattern that is refused. */
export interface Construct {
  readonly index: number
  readonly text: string
  readonly problem: string
  readonly help: string
}

interface ConstructRow {
  readonly pattern: RegExp
  readonly problem: string
  readonly help: string
}

const noBacktracking = 'RE2 never backtracks'

/** What other engines have and RE2 has not, mostly since it needs time that grows faster than the text. */
const notInRe2: readonly ConstructRow[] = [
  {
    pattern: /\(\?<?[=!]/g,
    problem: 'lookaround, which RE2 has not',
    help: 'use two tests: one that matches and a `does_not_match` one',
  },
  {
    pattern: /\\[1-9]|\\k[<'{]/g,
    problem: 'a backreference, which RE2 has not',
    help: 'write what is to be repeated once more',
  },
  {
    pattern: /\(\?>/g,
    problem: 'an atomic group, which RE2 has not',
    help: `write \`(?:\`: ${noBacktracking}`,
  },
  {
    pattern: /(?:[*+?]|\{\d+(?:,\d*)?\})\+/g,
    problem: 'a possessive quantifier, which RE2 has not',
    help: `leave out the \`+\`: ${noBacktracking}`,
  },
  {
    pattern: /\(\?#/g,
    problem: 'a comment, which RE2 has not',
    help: 'put a comment on a line of its own, before the entry',
  },
  { pattern: /\\[hH]/g, problem: 'a hexadecimal digit in Ruby, not in RE2', help: 'write `[0-9a-fA-F]`' },
  { pattern: /\\Z/g, problem: 'an end in Ruby, not in RE2', help: 'write `\\z`' },
  {
    pattern: /\\u/g,
    problem: 'a character by its number in Ruby, not in RE2',
    help: 'write the character itself',
  },
]

const asString = 'write the pattern as a string in single quotes'

/** What RE2 takes and Ruby does not: refused in literals, since every rule file is to be Ruby. */
const notInRuby: readonly ConstructRow[] = [
  { pattern: /\(\?P</g, problem: 'not Ruby', help: 'write `(?<name>…)`' },
  { pattern: /\(\?[imx-]*[sU][a-zA-Z-]*[:)]/g, problem: 'not Ruby', help: asString },
  { pattern: /\\x\{/g, problem: 'not Ruby', help: 'write the character itself' },
  { pattern: /\\C/g, problem: 'not Ruby', help: asString },
]

const CHARACTER_CLASS = /\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/gs

/** An escape that is none of those looked for, or a character class. */
const OPAQUE = new RegExp(String.raw`\\[^1-9kuxhHZC]|${CHARACTER_CLASS.source}`, 'gs')

/** What cannot be in a pattern, with its place; what RE2 itself refuses besides, it says best. */
export function refusedConstructs(pattern: string, literal: boolean): Construct[] {
  // Blanks for what holds no constructs, so that every place stays the same.
  const plain = pattern.replace(OPAQUE, (part) => ' '.repeat(part.length))
  const rows = literal ? [...notInRe2, ...notInRuby] : notInRe2
  const found = rows.flatMap((row) =>
    [...plain.matchAll(row.pattern)].map(({ index, 0: text }) => ({ ...row, index, text })),
  )
  return literal ? [...found, ...nestedBrackets(pattern)] : found
}

/** Ruby nests character classes, where RE2 takes `[` in one for the character. */
function nestedBrackets(pattern: string): Construct[] {
  const escapesBlanked = pattern.replace(/\\./gs, '  ')
  return [...escapesBlanked.matchAll(CHARACTER_CLASS)].flatMap(({ index, 0: text }) => {
    const at = text.slice(1).search(/\[(?!:)/)
    const help = 'write `\\[` for the character'
    return at === -1
      ? []
      : [{ index: index + 1 + at, text: '[', problem: 'a class in a class in Ruby', help }]
  })
}
