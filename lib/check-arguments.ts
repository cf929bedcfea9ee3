import { inspect } from 'node:util'
import { NuthatchError } from './errors.js'
import { alternatives } from './language/describe.js'
import { nearestName } from './language/nearest-name.js'

/** What an option must be, in words, and whether a value is that. */
export interface OptionCheck {
  readonly wanted: string
  fits(value: unknown): boolean
}

export const optionOf = (type: 'boolean' | 'string' | 'function', wanted: string): OptionCheck => ({
  wanted,
  fits: (value) => typeof value === type,
})

export const flag = optionOf('boolean', 'true or false')

/** Not empty: of paths and names. */
export const text = (wanted: string): OptionCheck => ({
  wanted,
  fits: (value) => typeof value === 'string' && value !== '',
})

export const signalOption: OptionCheck = {
  wanted: 'an AbortSignal',
  fits: (value) => value instanceof AbortSignal,
}

export const oneOf = (...values: readonly string[]): OptionCheck => ({
  wanted: values.map((value) => `'${value}'`).join(' or '),
  fits: (value) => values.includes(value as string),
})

export const wholeNumber = (least: number, most: number): OptionCheck => ({
  wanted: `a whole number from ${least} to ${most}`,
  fits: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
})

/**
 * Refuses options that there are not, and values that they cannot have: all of them in one error, a line
 * each. undefined stands for the default.
 * @throws NuthatchError NUTHATCH_INVALID_OPTION
 */
export function checkOptions(options: unknown, checks: Readonly<Record<string, OptionCheck>>): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new NuthatchError('NUTHATCH_INVALID_OPTION', `options must be an object, not ${shown(options)}`)
  const problems = Object.entries(options).flatMap(([name, value]) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (check === undefined) return unknownOption(name, Object.keys(checks))
    return value === undefined || check.fits(value) ? [] : mustBe(name, check.wanted, value)
  })
  if (problems.length > 0) throw new NuthatchError('NUTHATCH_INVALID_OPTION', problems.join('\n'))
}

function unknownOption(name: string, names: readonly string[]): string {
  const near = nearestName(name, names)
  const help = near ? `did you mean \`${near}\`?` : `there are ${alternatives(names, 'and')}`
  return `there is no option \`${name}\`; ${help}`
}

export const mustBe = (name: string, wanted: string, value: unknown): string =>
  `${name} must be ${wanted}, not ${shown(value)}`

/** @throws NuthatchError NUTHATCH_INVALID_ARGUMENT */
export function invalidArgument(name: string, wanted: string, value: unknown): never {
  throw new NuthatchError('NUTHATCH_INVALID_ARGUMENT', mustBe(name, wanted, value))
}

/** A value as messages show it: on one line, and not all of a large one. */
export const shown = (value: unknown): string => {
  const text = inspect(value, {
    depth: 1,
    maxArrayLength: 3,
    maxStringLength: 60,
    breakLength: Number.POSITIVE_INFINITY,
  })
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
