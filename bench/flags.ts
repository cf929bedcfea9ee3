import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Flags of a benchmark, all of which take a value. What is wrong with them is said in a line, and ends the process. */
export function readFlags<T extends NonNullable<ParseArgsConfig['options']>>(options: T) {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    return fail((error as Error).message)
  }
}

/** What a flag says, which must be a number above zero. */
export function positive(flag: string, text: string): number {
  const number = Number(text)
  return number > 0 && Number.isFinite(number)
    ? number
    : fail(`--${flag} takes a number above 0, not ${text}.`)
}

/** The same, of what is counted. */
export function whole(flag: string, text: string): number {
  const number = positive(flag, text)
  return Number.isInteger(number) ? number : fail(`--${flag} takes a whole number, not ${text}.`)
}

export function fail(message: string): never {
  console.error(message)
  process.exit(2)
}
