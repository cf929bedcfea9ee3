import type { MatchKind } from '../schema/match-kinds.js'
import { type PropertyName, properties } from '../schema/properties.js'
import type { Call, Expression, KeywordArgument } from './ast.js'
import { bindArguments, checkNoKeywords, reportMissingArgument } from './checks/arguments.js'
import { checkDoubledBackslash } from './checks/doubled-backslash.js'
import { checkDuplicateValues } from './checks/duplicate-value.js'
import { checkEmptyString } from './checks/empty-string.js'
import { checkFileName } from './checks/file-name.js'
import { checkImpossibleValue } from './checks/impossible-value.js'
import { listElements } from './checks/list.js'
import { checkNumber } from './checks/number.js'
import { checkRegex } from './checks/regex.js'
import { checkSubnet } from './checks/subnet.js'
import { checkBoolean, checkText } from './checks/value-kind.js'
import { checkWildcard } from './checks/wildcard.js'
import { nearestName } from './nearest-name.js'
import type { Scope } from './scope.js'

/** A value that a keyword gives. */
export type Value = string | number | boolean

/** What is known of the call that values belong to; null for what an error in it left unknown. */
export interface ValueUse {
  readonly property: PropertyName | null
  readonly match: MatchKind | null
  readonly caseSensitive: boolean
}

type Kind = 'text' | 'number' | 'pattern' | 'subnet' | 'boolean'

/** What each keyword of an operand holds; an `s` at its end makes it many. */
const kinds: Readonly<Record<string, Kind>> = {
  string: 'text',
  number: 'number',
  pattern: 'pattern',
  subnet: 'subnet',
  signer: 'text',
  min: 'number',
  max: 'number',
  case_sensitive: 'boolean',
}

/**
 * Reads and checks the values that a call compares with, each for itself: whatever else is wrong with
 * the call must not hide what is wrong with them. Null stands for reported errors.
 */
export class OperandReader {
  readonly #scope: Scope
  readonly #use: ValueUse

  constructor(scope: Scope, use: ValueUse) {
    this.#scope = scope
    this.#use = use
  }

  /** The values by keyword, of one that is given twice the first. */
  read(keywords: readonly KeywordArgument[]): Map<string, readonly Value[] | null> {
    const values = new Map<string, readonly Value[] | null>()
    for (const argument of keywords) {
      if (argument.key.text === 'property') continue
      const read = this.#argument(argument)
      if (!values.has(argument.key.text)) values.set(argument.key.text, read)
    }
    return values
  }

  #argument({ key, value }: KeywordArgument): readonly Value[] | null {
    const keyword = key.text.replace(/s$/, '')
    const meant = Object.hasOwn(kinds, keyword) ? keyword : nearestName(keyword, Object.keys(kinds))
    const kind = meant === undefined ? undefined : this.#wanted(kinds[meant] as Kind)
    if (kind === undefined) return []
    if (key.text.endsWith('s')) return this.#list(value, kind)
    const one = this.#one(value, kind)
    if (value.kind === 'array') this.#elements(value.values, kind)
    return one === null ? null : [one]
  }

  /** Where a match is for text and for numbers, the property says which. */
  #wanted(kind: Kind): Kind {
    const { property, match } = this.#use
    const either = match === 'equals' && (kind === 'text' || kind === 'number')
    if (property === null || !either) return kind
    return properties[property].kind === 'number' ? 'number' : 'text'
  }

  #one(value: Expression, kind: Kind): Value | null {
    switch (kind) {
      case 'text':
        return this.#text(value)
      case 'number':
        return checkNumber(this.#scope, value)
      case 'pattern':
        return checkRegex(this.#scope, value)
      case 'subnet':
        return checkSubnet(this.#scope, value)
      case 'boolean':
        return checkBoolean(this.#scope, value)
    }
  }

  #text(value: Expression): string | null {
    const text = checkText(this.#scope, value)
    const { property, match } = this.#use
    if (text === null || !checkEmptyString(this.#scope, value, text, match)) return null
    if (property !== null && match !== null) {
      const use = { property, match, text, span: value.span }
      checkWildcard(this.#scope, use)
      checkDoubledBackslash(this.#scope, use)
      checkImpossibleValue(this.#scope, use)
    }
    return text
  }

  #list(value: Expression, kind: Kind): readonly Value[] | null {
    const list = listElements(this.#scope, value)
    if (list === null && /string|number|regex/.test(value.kind)) this.#one(value, kind)
    if (list === null) return null
    if (list.declaration === null) return this.#elements(list.elements, kind)
    // Many calls share a list, which is checked once for each kind of use.
    const known = this.#scope.listValues
    const { property, match, caseSensitive } = this.#use
    const key = `${list.declaration.name.text} ${kind} ${match} ${property} ${caseSensitive}`
    if (!known.has(key)) known.set(key, this.#elements(list.elements, kind))
    return known.get(key) as readonly Value[] | null
  }

  #elements(elements: readonly Expression[], kind: Kind): readonly Value[] | null {
    const values = elements.map((element) => this.#one(element, kind))
    checkDuplicateValues(this.#scope, elements, values, kind === 'pattern' || this.#use.caseSensitive)
    return values.includes(null) ? null : (values as Value[])
  }
}

/** One value and what it is compared with, for the checks that know what people get wrong. */
export interface TextUse {
  readonly property: PropertyName
  readonly match: MatchKind
  readonly text: string
  readonly span: Expression['span']
}

/** The file names that a helper such as `process_is_likely?` is given; a symbol names a list of them. */
export function readFileNames(scope: Scope, call: Call): readonly string[] | null {
  const fits = checkNoKeywords(scope, call)
  const given = [...call.arguments.positional, ...call.arguments.keywords.map(({ value }) => value)]
  if (given.length === 0) reportMissingArgument(scope, call, [])
  const names: (string | null)[] = given.flatMap((argument) => {
    const list = argument.kind === 'symbol' ? listElements(scope, argument) : { elements: [argument] }
    return list === null ? [null] : list.elements.map((element) => checkFileName(scope, element))
  })
  return !fits || names.length === 0 || names.includes(null) ? null : (names as string[])
}

/** The names that a helper such as `image_load_signed_by_any?` is given with `signers:`. */
export function readSigners(scope: Scope, call: Call): readonly string[] | null {
  const { given, fits } = bindArguments(scope, call, ['signers'])
  const use = { property: null, match: 'equals', caseSensitive: false } as const
  const signers = new OperandReader(scope, use).read(given).get('signers')
  if (fits && signers === undefined) reportMissingArgument(scope, call, ['signers'])
  return fits && signers ? (signers as readonly string[]) : null
}
