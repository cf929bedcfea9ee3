import type { MatchKind } from '../schema/match-kinds.js'
import type { PropertyName } from '../schema/properties.js'
import type { Call, Expression } from './ast.js'
import { checkNoKeywords, reportMissingArgument } from './checks/arguments.js'
import { checkDoubledBackslash } from './checks/doubled-backslash.js'
import { checkDuplicateValues } from './checks/duplicate-value.js'
import { checkEmptyString } from './checks/empty-string.js'
import { checkFileName } from './checks/file-name.js'
import { checkImpossibleValue } from './checks/impossible-value.js'
import { listElements } from './checks/list.js'
import { checkNumber } from './checks/number.js'
import { checkRegex } from './checks/regex.js'
import { checkSubnet } from './checks/subnet.js'
import { checkText } from './checks/value-kind.js'
import { checkWildcard } from './checks/wildcard.js'
import type { Scope } from './scope.js'

/** Reads and checks the values that a property is compared with. Null stands for reported errors. */
export class OperandReader {
  readonly #scope: Scope
  readonly #property: PropertyName
  readonly #match: MatchKind
  readonly #caseSensitive: boolean

  constructor(scope: Scope, property: PropertyName, match: MatchKind, caseSensitive: boolean) {
    this.#scope = scope
    this.#property = property
    this.#match = match
    this.#caseSensitive = caseSensitive
  }

  text(value: Expression): readonly string[] | null {
    const text = this.#text(value)
    return text === null ? null : [text]
  }

  texts(value: Expression): readonly string[] | null {
    return this.#list(value, (element) => this.#text(element))
  }

  number(value: Expression): readonly number[] | null {
    const number = checkNumber(this.#scope, value)
    return number === null ? null : [number]
  }

  numbers(value: Expression): readonly number[] | null {
    return this.#list(value, (element) => checkNumber(this.#scope, element))
  }

  #text(value: Expression): string | null {
    if (this.#match === 'matches') return checkRegex(this.#scope, value)
    if (this.#match === 'in_subnet') return checkSubnet(this.#scope, value)
    const text = checkText(this.#scope, value)
    if (text === null || !checkEmptyString(this.#scope, value, text, this.#match)) return null
    const use = { property: this.#property, match: this.#match, text, span: value.span }
    checkWildcard(this.#scope, use)
    checkDoubledBackslash(this.#scope, use)
    checkImpossibleValue(this.#scope, use)
    return text
  }

  #list<T extends string | number>(
    value: Expression,
    read: (element: Expression) => T | null,
  ): readonly T[] | null {
    const list = listElements(this.#scope, value)
    if (list === null) return null
    if (list.declaration === null) return this.#elements(list.elements, read)
    // Many calls share a list, which is checked once for each kind of use.
    const known = this.#scope.listValues
    const key = `${list.declaration.name.text} ${this.#match} ${this.#property} ${this.#caseSensitive}`
    if (!known.has(key)) known.set(key, this.#elements(list.elements, read))
    return known.get(key) as readonly T[] | null
  }

  #elements<T extends string | number>(
    elements: readonly Expression[],
    read: (element: Expression) => T | null,
  ): readonly T[] | null {
    const values = elements.map(read)
    if (values.includes(null)) return null
    checkDuplicateValues(
      this.#scope,
      elements,
      values as T[],
      this.#match === 'matches' || this.#caseSensitive,
    )
    return values as T[]
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
  const { positional } = call.arguments
  if (fits && positional.length === 0) reportMissingArgument(scope, call, [])
  const names: (string | null)[] = positional.flatMap((argument) => {
    const list = argument.kind === 'symbol' ? listElements(scope, argument) : { elements: [argument] }
    return list === null ? [null] : list.elements.map((element) => checkFileName(scope, element))
  })
  return !fits || names.length === 0 || names.includes(null) ? null : (names as string[])
}
