import type { Random } from './random.js'
import { pieces, type Words } from './random-words.js'

/**
 * Regular expressions that mean the same to JavaScript and RE2 on every value there is here, and that
 * JavaScript, which backtracks, decides in about linear time: what repeats without bound is one
 * character or class, and `.*` stands after `^` alone.
 */
export function randomPattern(random: Random, words: Words): string {
  const flags = random.pick(['', '', '(?i)', '(?i)', '(?s)', '(?is)', '(?m)'])
  const alternatives = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () =>
    alternative(random, words, flags.includes('i')),
  )
  return flags + alternatives.join('|')
}

function alternative(random: Random, words: Words, ignoreCase: boolean): string {
  const start = random.pick(['', '', '', '^', '^.*', ignoreCase ? '' : '\\b'])
  const parts = Array.from({ length: 1 + random.below(3) }, () => part(random, words, ignoreCase))
  return start + parts.join('') + random.pick(['', '', '', '$'])
}

function part(random: Random, words: Words, ignoreCase: boolean): string {
  switch (random.below(7)) {
    case 0:
      return character(random) + random.pick(['*', '+', '?', '{2}', '{0,3}', '+?'])
    case 1:
      return characterClass(random) + random.pick(['', '', '+', '{1,2}'])
    case 2:
      return `.${random.pick(['', '?', '{0,9}', '{1,4}?'])}`
    case 3:
      return `(${literal(random, words)}|${literal(random, words)})${random.pick(['', '?'])}`
    case 4:
      // \w and \b know K and ſ in JavaScript when case does not count.
      return random.pick(ignoreCase ? ['\\d', '(?:)'] : ['\\d', '\\w', '\\W', '(?:)'])
    default:
      return literal(random, words)
  }
}

const literal = (random: Random, words: Words): string =>
  (random.chance(0.5) ? random.pick(words.literals) : random.some(pieces, 1, 4).join('')).replace(
    /[\\^$.*+?()[\]{}|]/g,
    '\\$&',
  )

const single = pieces.filter((piece) => [...piece].length === 1)
const character = (random: Random): string => random.pick(single).replace(/[\\.]/, '\\$&')

function characterClass(random: Random): string {
  const members = random.some(single, 1, 3).map((piece) => piece.replace(/[\\-]/, '\\$&'))
  return `[${random.pick(['', '', '^'])}${random.pick(['', 'a-c', '0-9'])}${members.join('')}]`
}
