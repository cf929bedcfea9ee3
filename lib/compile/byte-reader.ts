const decoder = new TextDecoder()

/** Reads what ByteWriter writes, from bytes that have been checked. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  text(): string {
    const length = this.u32()
    const at = this.#take(length)
    return decoder.decode(this.#bytes.subarray(at, at + length))
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.u32() }, read)
  }

  #take(count: number): number {
    const at = this.#at
    this.#at += count
    return at
  }
}
