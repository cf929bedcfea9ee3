import { nearestName } from './nearest-name.js'

/** What belongs after an entry's first word. */
export interface EntryRow {
  readonly missing: string
  readonly example: string
}

/** Every entry of a detector that the language knows. */
const entries = {
  title: { missing: 'the text', example: "'…'" },
  description: { missing: 'the text', example: "'…'" },
  severity: { missing: 'the level', example: ':high' },
  attack: { missing: 'the technique', example: "'T1059.001'" },
  references: { missing: 'the address', example: "'https://…'" },
  match: { missing: 'the condition', example: "process_is_likely?('powershell')" },
  fires_on: { missing: 'the label', example: "'a label', process_start(command_line: '…')" },
  ignores: { missing: 'the label', example: "'a label', process_start(command_line: '…')" },
} as const satisfies Record<string, EntryRow>

export type EntryName = keyof typeof entries

export const entryNames = Object.keys(entries) as EntryName[]

export const isEntry = (word: string): word is EntryName => Object.hasOwn(entries, word)

/** Undefined for an entry that only the author knows. */
export const entryRow = (word: string): EntryRow | undefined => (isEntry(word) ? entries[word] : undefined)

export const isExample = (word: string): word is 'fires_on' | 'ignores' => /^(fires_on|ignores)$/.test(word)

/** Sigma's. */
const SYNONYMS: Readonly<Record<string, EntryName>> = {
  level: 'severity',
  detection: 'match',
  condition: 'match',
}

/** What a word that is no entry was most likely meant to be. */
export const nearestEntry = (word: string): EntryName | undefined => {
  if (isEntry(word)) return undefined
  return Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word] : nearestName(word, entryNames)
}
