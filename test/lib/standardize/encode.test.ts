import t from 'tap'
import { eventTypeNames } from '../../../lib/schema/event-types.js'
import { propertyNames } from '../../../lib/schema/properties.js'
import { allMappings } from '../../../lib/standardize/all-mappings.js'
import { assignmentsOf } from '../../../lib/standardize/check.js'
import { encodeMappings } from '../../../lib/standardize/encode.js'
import type { Mapping, Source } from '../../../lib/standardize/mapping.js'
import { operationNames } from '../../../lib/standardize/operations.js'
import * as s from '../../../lib/standardize/sources.js'

/** Reads MAPS bytes back into mappings, by the description in encode.ts alone. */
class MapsReader {
  readonly #view: DataView
  #at = 0
  readonly #slots: string[][]

  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (this.#u32() !== 1) throw new Error('format')
    this.#slots = this.#list(() => Array.from({ length: this.#u8() }, () => this.#text()))
  }

  mappings() {
    const mappings = this.#list(() => ({
      name: this.#text(),
      recognise: this.#list(() => this.#paths()),
      when: this.#conditions(),
      absent: this.#list(() => this.#text()),
      escaped: this.#conditions(),
      routes: this.#list(() => ({
        event: eventTypeNames[this.#u8()],
        when: this.#conditions(),
        set: Object.fromEntries(this.#list(() => [propertyNames[this.#u16()], this.#expression()])),
      })),
      label: this.#expression(),
    }))
    if (this.#at !== this.bytes.length) throw new Error(`${this.bytes.length - this.#at} bytes are left`)
    return mappings
  }

  #conditions() {
    return this.#list(() => ({ source: this.#expression(), values: this.#list(() => this.#text()) }))
  }

  #expression(): Source {
    const operation = operationNames[this.#u8()]
    if (operation === undefined) throw new Error('operation')
    if (operation === 'field') return { paths: this.#paths() }
    return { operation, arguments: this.#list(() => (this.#u8() === 0 ? this.#expression() : this.#text())) }
  }

  #paths(): string[][] {
    return this.#list(() => this.#slots[this.#u32()] ?? [])
  }

  #list<T>(read: () => T): T[] {
    return Array.from({ length: this.#u32() }, read)
  }

  #text(): string {
    const length = this.#u32()
    this.#at += length
    return new TextDecoder().decode(this.bytes.subarray(this.#at - length, this.#at))
  }

  #u8(): number {
    return this.#view.getUint8(this.#at++)
  }

  #u16(): number {
    this.#at += 2
    return this.#view.getUint16(this.#at - 2, true)
  }

  #u32(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }
}

t.test('all mappings are read back as they were', async (t) => {
  const expected = allMappings.map((mapping) => ({
    name: mapping.name,
    recognise: mapping.recognise,
    when: mapping.when ?? [],
    absent: mapping.absent,
    escaped: mapping.escaped ?? [],
    routes: mapping.routes.map((route) => ({ ...route, set: assignmentsOf(mapping, route) })),
    label: mapping.label,
  }))
  t.strictSame(new MapsReader(encodeMappings()).mappings(), expected)
})

t.test('the bytes of a small mapping, one by one', async (t) => {
  const mapping: Mapping = {
    name: 'é',
    recognise: [[['a'], ['b', 'c']]],
    absent: ['-'],
    escaped: [s.isPresent(s.field('a'))],
    common: {},
    routes: [
      {
        event: 'process_end',
        when: [s.isOneOf(s.field('a'), '5'), s.isPresent(s.field('b.c', 'a'))],
        set: { command_line: s.beforeFirst(s.field('b.c'), 'x') },
      },
    ],
    label: s.constant('l'),
  }
  const text = (value: string) => [...u32(Buffer.byteLength(value)), ...Buffer.from(value)]
  const u32 = (value: number) => [value, 0, 0, 0]
  const field = (...slots: number[]) => [0, ...u32(slots.length), ...slots.flatMap(u32)]
  const opcode = (name: (typeof operationNames)[number]) => operationNames.indexOf(name)
  const property = (name: (typeof propertyNames)[number]) => [propertyNames.indexOf(name), 0]
  const expected = [
    ...u32(1),
    ...[...u32(2), 1, ...text('a'), 2, ...text('b'), ...text('c')],
    ...u32(1),
    ...text('é'),
    ...[...u32(1), ...u32(2), ...u32(0), ...u32(1)],
    ...u32(0),
    ...[...u32(1), ...text('-')],
    ...[...u32(1), ...field(0), ...u32(0)],
    ...[...u32(1), eventTypeNames.indexOf('process_end')],
    ...[...u32(2), ...field(0), ...u32(1), ...text('5'), ...field(1, 0), ...u32(0)],
    ...[...u32(2), ...property('source'), opcode('constant'), ...u32(1), 1, ...text('é')],
    ...[...property('command_line'), opcode('before_first'), ...u32(2), 0, ...field(1), 1, ...text('x')],
    ...[opcode('constant'), ...u32(1), 1, ...text('l')],
  ]
  t.strictSame([...encodeMappings([mapping])], expected)
})

t.test('no mapping reads the rendered message', async (t) => {
  const text = Buffer.from(encodeMappings()).toString('latin1')
  t.notMatch(text, /[^a-z]message(?!Number|Total)/i)
})

t.test('a wrong mapping is not encoded', async (t) => {
  const wrong = { ...(allMappings[0] as Mapping), label: s.number(s.field('x')) }
  t.throws(() => encodeMappings([wrong]), { message: /mapping standard, label: needs text/ })
})
