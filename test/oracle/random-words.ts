import type { Random } from './random.js'

/** K is U+212A KELVIN SIGN, which folds to k; ẞ folds to ß; İ and ı fold to nothing else; ﬀ is no "ff". */
export const pieces = [
  'a',
  'A',
  'b',
  'B',
  'k',
  '\u212a',
  'ß',
  '\u1e9e',
  'é',
  'É',
  'e\u0301',
  'İ',
  'ı',
  'i',
  'Σ',
  'σ',
  'ς',
  'ﬀ',
  '😀',
  '.',
  '\\',
  '-',
  ' ',
] as const

export const randomString = (random: Random): string =>
  random.some(pieces, 1, random.pick([1, 2, 3, 5, 12])).join('')

/** What the detectors and the events of a round have in common, so that long values match too. */
export interface Words {
  /** Of 1 to some 200 bytes; many go on as another one does, before it or after it. */
  readonly literals: readonly string[]
  /** A long text of ASCII, and one that has others besides, but none outside the BMP, which a cut could halve. */
  readonly fillers: readonly string[]
}

const LONGEST_FILLER = 100 << 10

export function randomWords(random: Random): Words {
  const literals: string[] = []
  while (literals.length < 80) literals.push(randomLiteral(random, literals))
  const narrow = pieces.filter((piece) => piece !== '😀')
  const ascii = [...narrow.filter((piece) => piece < '\x7f'), ...'xyz0123456789/:"\n\t']
  return { literals, fillers: [longText(random, ascii), longText(random, [...narrow, '\n'])] }
}

function randomLiteral(random: Random, known: readonly string[]): string {
  if (known.length === 0) return random.some(pieces, 9, 12).join('')
  const fresh = randomString(random)
  if (known.length < 8 || random.chance(0.4)) {
    const stem = pickFirst(random, known)
    return (random.chance(0.5) ? stem + fresh : fresh + stem).slice(0, 100).replace(/[\ud800-\udbff]$/, '')
  }
  return random.chance(0.2) ? random.some(pieces, 9, 60).join('') : fresh
}

/** One of the first much rather than one of the last, so that detectors and events meet. */
export const pickFirst = (random: Random, from: readonly string[]): string =>
  from[Math.floor(from.length * random.next() ** 3)] as string

/** Some thousand random pieces, and these again in an order that keeps long repetitions away. */
function longText(random: Random, from: readonly string[]): string {
  const chunks = Array.from({ length: 64 }, () => random.some(from, 40, 60).join(''))
  let text = ''
  while (text.length < LONGEST_FILLER) text += random.pick(chunks)
  return text
}

/** Over two letters: hundreds of these share their grams, and a text of them has these everywhere. */
export const denseString = (random: Random, length: number): string =>
  Array.from({ length }, () => random.pick(['a', 'a', 'b', 'b', 'A', 'B'])).join('')

/** Sizes of values, in bytes: about every step of the engine's loops, and far beyond. */
export function randomSize(random: Random): number {
  if (random.chance(0.0007)) return 100 << 10
  return random.chance(0.02) ? 4096 : random.pick([0, 1, 7, 8, 9, 63, 64, 65, 255])
}

/** A literal at the start, in the middle or at the end of a text of some size, or nearly so. */
export function plantedText(random: Random, words: Words): string {
  const literal = disguised(random, pickFirst(random, words.literals))
  const filler = random.pick(words.fillers)
  const size = Math.max(0, randomSize(random) - Buffer.byteLength(literal))
  const begin = random.below(filler.length - Math.min(size, filler.length) + 1)
  const around = filler.slice(begin, begin + size)
  const at = random.pick([0, random.below(around.length + 1), around.length])
  return around.slice(0, at) + literal + around.slice(at)
}

/** In another case, or without its last character. */
function disguised(random: Random, literal: string): string {
  if (random.chance(0.3)) return literal.replace(/[a-z]/gi, (c) => (random.chance(0.5) ? c : swapCase(c)))
  return random.chance(0.15) ? [...literal].slice(0, -1).join('') : literal
}

const swapCase = (c: string): string => (c < 'a' ? c.toLowerCase() : c.toUpperCase())
