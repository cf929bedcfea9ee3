/**
 * The random values that corpora are made of. All of them come from one seeded source and are made up:
 * hosts end in .example (RFC 2606) but for those of common products.
 */
import { Random } from '../../test/oracle/random.js'
import { firstNames, lastNames, topLevels, words } from './words.js'

/** Every two bytes in hexadecimal, as hashes are half of what a record is made of. */
const hexPairs = Array.from({ length: 65536 }, (_, n) => n.toString(16).padStart(4, '0'))
const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Outside the private, loopback, link-local and multicast ranges. */
const networks = [5, 13, 20, 23, 34, 40, 52, 64, 81, 93, 104, 142, 151, 185, 199, 203]

export class Values extends Random {
  readonly #kept = new Map<string, unknown[]>()

  /** `reuse`: how likely a thing done is one that was done before. */
  constructor(
    seed: number,
    readonly reuse: number,
  ) {
    super(seed)
  }

  /** Something made now, or with the chance `reuse` one of the last few that were made under this key. */
  again<T>(key: string, make: () => T, keep = 6): T {
    if (this.reuse === 0) return make()
    let kept = this.#kept.get(key) as T[] | undefined
    if (!kept) {
      kept = []
      this.#kept.set(key, kept)
    }
    if (kept.length > 0 && this.chance(this.reuse)) return this.pick(kept)
    const made = make()
    if (kept.length < keep) kept.push(made)
    else kept[this.below(keep)] = made
    return made
  }

  hex(digits: number): string {
    let text = ''
    while (text.length < digits) {
      const bits = this.below(0x1_0000_0000)
      text += `${hexPairs[bits >>> 16]}${hexPairs[bits & 0xffff]}`
    }
    return text.length === digits ? text : text.slice(0, digits)
  }

  guid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${this.pick(['8', '9', 'a', 'b'])}${this.hex(3)}-${this.hex(12)}`
  }

  base64(digits: number): string {
    let text = ''
    for (let i = 0; i < digits; i++) text += base64Digits[this.below(64)]
    return text
  }

  word(): string {
    return this.pick(words)
  }

  /** A name as people and programs give them: one to three words, sometimes with a number. */
  label(): string {
    const joint = this.pick(['', '-', '_', ' '])
    const name = Array.from({ length: 1 + this.below(3) }, () => this.word()).join(joint)
    return this.chance(0.3) ? `${name}${joint}${this.below(2030)}` : name
  }

  version(): string {
    return `${1 + this.below(24)}.${this.below(30)}.${this.below(9000)}.${this.below(100)}`
  }

  host(): string {
    return `${this.word()}${this.chance(0.5) ? this.below(100) : `-${this.word()}`}.${this.word()}${this.word()}.${this.pick(topLevels)}`
  }

  publicAddress(): string {
    return `${this.pick(networks)}.${this.below(256)}.${this.below(256)}.${1 + this.below(254)}`
  }

  /** One of the few addresses that a host has, always the same. */
  addressOf(host: string, inside: boolean): string {
    let hash = 0x811c9dc5
    for (let i = 0; i < host.length; i++) hash = Math.imul(hash ^ host.charCodeAt(i), 0x01000193)
    const at = (hash ^ (hash >>> 15)) >>> 0
    const last = 1 + ((at + this.below(4)) % 254)
    const first = inside ? 10 : (networks[at % networks.length] as number)
    return `${first}.${(at >>> 8) % 256}.${(at >>> 16) % 256}.${last}`
  }

  person(): string {
    return `${this.pick(firstNames)}.${this.pick(lastNames)}`
  }
}
