import type { Random } from './random.js'
import { addresses, eventNames, many, notAddresses, numbers, propertiesOf } from './random-properties.js'
import { denseString, plantedText, randomString, type Words } from './random-words.js'

/**
 * A record in standard form; each property is missing, pending, of another kind, or has one or
 * several values.
 */
export function randomRecord(random: Random, words: Words): Record<string, unknown> {
  const type = random.pick(eventNames)
  const properties = propertiesOf(type)
  const record: Record<string, unknown> = { event_type: type }
  const set = (name: string, value: () => unknown) => {
    if (random.chance(0.2)) return
    const odd = random.chance(0.02) ? random.pick([null, 5, true, 'true', '0x10', [], {}]) : undefined
    record[name] = random.chance(0.08) ? { pending: true } : odd === undefined ? value() : odd
  }
  for (const name of properties.text) set(name, () => randomValue(random, words, name))
  for (const name of properties.number) set(name, () => Number(random.pick(numbers)))
  for (const name of properties.ip)
    set(name, () => random.pick(random.chance(0.1) ? notAddresses : addresses))
  for (const name of properties.boolean) set(name, () => random.chance(0.5))
  set('platform', () => random.pick(['windows', 'linux', 'Windows']))
  set('original_file_name', () => random.pick(['a.exe', 'K.EXE', randomString(random)]))
  return record
}

function randomValue(random: Random, words: Words, name: string): string | string[] {
  const value = () => randomText(random, words)
  return many.includes(name) && random.chance(0.6) ? Array.from({ length: random.below(5) }, value) : value()
}

function randomText(random: Random, words: Words): string {
  const kind = random.below(100)
  if (kind < 5) return ''
  if (kind < 15) return random.pick(['a.exe', 'ab.exe', 'C:\\x\\k.exe', 'C:\\a', '/b/ab.k', 'a\\.b'])
  if (kind < 17) return random.pick([...addresses, ...notAddresses])
  if (kind < 20) return denseString(random, random.pick([9, 255, 600]))
  if (kind < 50) return plantedText(random, words)
  return randomString(random)
}
