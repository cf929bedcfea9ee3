import type { DetectorDeclaration, Expression, ExpressionDeclaration, MetadataEntry, Name } from './ast.js'
import { checkAttack } from './checks/attack.js'
import { checkExample } from './checks/example.js'
import { entriesByKey, freeTexts, reportDuplicateEntry, singleText, texts } from './checks/metadata.js'
import { reportMissingMatch } from './checks/missing-match.js'
import { isPredicate, readMisspelt } from './checks/misspelt-entry.js'
import { checkDetectorName, checkUnique } from './checks/names.js'
import { checkCanBeTrue } from './checks/never-true.js'
import { checkConfined } from './checks/not-confined.js'
import { checkSeverity } from './checks/severity.js'
import { EventMasks } from './event-masks.js'
import { Lowering } from './lower.js'
import type { Condition, Detector, Example, Span } from './ruleset.js'
import type { Scope } from './scope.js'

type EntryReader = (scope: Scope, entry: MetadataEntry) => unknown

/** How entries with a meaning of their own are read; all others are the author's. */
const ownEntries: ReadonlyMap<string, EntryReader> = new Map<string, EntryReader>([
  ['title', singleText],
  ['description', singleText],
  ['severity', checkSeverity],
  ['attack', checkAttack],
  ['references', texts],
])

/** Makes detectors of declarations, and checks their conditions, metadata and examples. */
export class DetectorBuilder {
  readonly #scope: Scope
  readonly #lowering: Lowering
  readonly #masks = new EventMasks()
  readonly #names = new Map<string, Name>()

  constructor(scope: Scope) {
    this.#scope = scope
    this.#lowering = new Lowering(scope)
  }

  /** Checks definitions that no detector calls, too. */
  checkDefines(): void {
    for (const { name, value } of this.#scope.defines.values()) {
      this.#lowering.define(name.text, name.span)
      checkCanBeTrue(this.#scope, this.#masks, this.#lowering.conditions, value)
    }
  }

  /** Null when there are errors in it. In a broken file it may be only what could be read of it. */
  detector(written: DetectorDeclaration): Detector | null {
    const declaration = readMisspelt(this.#scope, written)
    const { name, matches, broken, span } = declaration
    const named = (name.text !== '' || !broken) && this.#claim(name)
    const metadata = this.#metadata(declaration)
    const examples = declaration.examples.map((example) => checkExample(this.#scope, example))
    const [match, ...more] = matches
    if (!broken)
      for (const clause of more) if (match) reportDuplicateEntry(this.#scope, clause, 'match', match)
    if (match === undefined && !broken) reportMissingMatch(this.#scope, name)
    const [condition = null] = matches.map((clause) => this.condition(clause.condition))
    if (condition && match && !broken) this.#judge(name, match.condition, condition)
    if (condition === null || !named || examples.includes(null)) return null
    return { ...metadata, name: name.text, condition, examples: examples as Example[], span }
  }

  /** A file that is only an expression: a detector named after it. */
  expression({ value, broken, span }: ExpressionDeclaration): Detector | null {
    const name = { text: baseName(span.file), span }
    const named = this.#claim(name)
    const condition = this.condition(value)
    if (condition === null || !named) return null
    if (!broken) this.#judge(name, value, condition)
    return bareDetector(name.text, condition, span)
  }

  #claim(name: Name): boolean {
    if (!checkDetectorName(this.#scope, name)) return false
    const unique = checkUnique(this.#scope, 'detector', name, this.#names.get(name.text))
    if (unique) this.#names.set(name.text, name)
    return unique
  }

  /** Checks a condition; null when there are errors in it. */
  condition(expression: Expression): Condition | null {
    return this.#lowering.lower(expression)?.condition ?? null
  }

  /** Whether the detector can fire, and not on everything. */
  #judge(name: Name, expression: Expression, condition: Condition): void {
    checkCanBeTrue(this.#scope, this.#masks, this.#lowering.conditions, expression)
    checkConfined(this.#scope, this.#masks, name, condition)
  }

  #metadata(declaration: DetectorDeclaration) {
    const scope = this.#scope
    const entries = entriesByKey(scope, declaration)
    // A second entry of a name does not count, but what is wrong with it is said.
    for (const entry of declaration.metadata) {
      const { text } = entry.key
      if (entries.get(text) !== entry) (ownEntries.get(text) ?? freeTexts)(scope, entry)
      for (const value of entry.values) if (isPredicate(value)) this.condition(value)
    }
    const own = [...entries].filter(([key]) => !ownEntries.has(key))
    return {
      title: singleText(scope, entries.get('title')) ?? declaration.name.text,
      description: singleText(scope, entries.get('description')) ?? '',
      severity: checkSeverity(scope, entries.get('severity')),
      attack: checkAttack(scope, entries.get('attack')),
      references: texts(scope, entries.get('references')),
      metadata: Object.fromEntries(own.map(([key, entry]) => [key, freeTexts(scope, entry)])),
    }
  }
}

function bareDetector(name: string, condition: Condition, span: Span): Detector {
  return {
    name,
    title: name,
    description: '',
    severity: 'medium',
    attack: [],
    references: [],
    metadata: {},
    condition,
    examples: [],
    span,
  }
}

/** `a/powershell-bxor.nut.rb` gives `powershell-bxor`. */
export function baseName(file: string): string {
  const base = file.split(/[\\/]/).at(-1) ?? file
  return base.replace(/(?<=.)(\.nut)?\.rb$|(?<=.)\.[^.]*$/, '') || base
}
