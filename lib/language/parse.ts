import type { SyntaxTable } from '../binding.js'
import { native } from '../native.js'
import type { Place } from './edits.js'
import { type SyntaxNames, SyntaxTree } from './syntax.js'

/** Larger rule files are refused: lists of indicators do not belong into rules. */
export const MAX_RULE_FILE_BYTES = 4 * 2 ** 20

let names: SyntaxNames | undefined

/**
 * Parses a rule file. Never throws for what the text holds: errors are in the tree (`errors()`), and
 * a file that cannot be parsed at all gives an empty tree with its `failure`:
 * NUTHATCH_RULE_FILE_TOO_LARGE, …_NOT_UTF8, …_TOO_DEEP or …_TOO_COMPLEX.
 *
 * @param source UTF-8 when bytes, which must not change while the tree is in use.
 * @param file a name for messages.
 * @param place where a byte of `source` is in the file, when it is an edited part of it.
 */
export function parse(source: string | Uint8Array, file: string, place?: Place): SyntaxTree {
  names ??= native.syntaxNames()
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  const table = bytes.length > MAX_RULE_FILE_BYTES ? tooLarge() : native.parse(bytes)
  return new SyntaxTree(file, bytes, table, names, place)
}

function tooLarge(): SyntaxTable {
  const message = `the file has more than ${MAX_RULE_FILE_BYTES} bytes (4 MiB); split it into several`
  return {
    nodes: new Uint32Array(),
    failure: { code: 'NUTHATCH_RULE_FILE_TOO_LARGE', message, at: 0 },
  }
}
