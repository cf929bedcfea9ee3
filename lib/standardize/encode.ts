import { ByteWriter } from '../compile/byte-writer.js'
import { eventTypeId } from '../schema/event-types.js'
import { type PropertyName, propertyId } from '../schema/properties.js'
import { allMappings } from './all-mappings.js'
import { assignmentsOf, checkMapping } from './check.js'
import type { Assignments, Condition, Mapping, Path, Source } from './mapping.js'
import { operationId } from './operations.js'

const FORMAT = 1
const FIELD = operationId('field')
const ARGUMENT_SOURCE = 0
const ARGUMENT_TEXT = 1

/**
 * A Plan's MAPS section, as native/telemetry reads it. Texts are a u32 length and UTF-8; a list is a
 * u32 count and its items; a slot is the number of a distinct path.
 *
 *     u32 format = 1
 *     slots:    list of { u8 depth; keys: text × depth }
 *     mappings: list of { text name; recognise: list of list of u32 slot; conditions when;
 *                         absent: list of text; conditions escaped; routes: list of { u8 event type; conditions when;
 *                         set: list of { u16 property; expression } }; expression label }
 *     conditions: list of { expression; values: list of text }
 *     expression: u8 operation; of field: list of u32 slot; of all others: list of { u8 0, expression
 *                 or u8 1, text }
 *
 * Throws an Error when a mapping is wrong; see check.ts.
 */
export function encodeMappings(mappings: readonly Mapping[] = allMappings): Uint8Array {
  for (const mapping of mappings) checkMapping(mapping)
  const body = new ByteWriter()
  const slots = new SlotTable()
  const writer = new MappingWriter(body, slots)
  body.list(mappings, (mapping) => writer.mapping(mapping))

  const out = new ByteWriter()
  out.u32(FORMAT)
  out.list(slots.paths, (path) => {
    out.u8(path.length)
    for (const key of path) out.text(key)
  })
  out.bytes(body.finish())
  return out.finish()
}

/** Numbers paths in the order in which they are first asked for. */
class SlotTable {
  readonly paths: Path[] = []
  readonly #numbers = new Map<Path | string, number>()

  of(path: Path): number {
    const known = this.#numbers.get(path)
    if (known !== undefined) return known
    const number = this.#numberOf(JSON.stringify(path), path)
    this.#numbers.set(path, number)
    return number
  }

  #numberOf(key: string, path: Path): number {
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.paths.length)
    return this.paths.push(path) - 1
  }
}

class MappingWriter {
  readonly #out: ByteWriter
  readonly #slots: SlotTable

  constructor(out: ByteWriter, slots: SlotTable) {
    this.#out = out
    this.#slots = slots
  }

  mapping(mapping: Mapping): void {
    const out = this.#out
    out.text(mapping.name)
    out.list(mapping.recognise, (paths) => this.#slotList(paths))
    this.#conditions(mapping.when ?? [])
    out.list(mapping.absent, (text) => out.text(text))
    this.#conditions(mapping.escaped ?? [])
    out.list(mapping.routes, (route) => {
      out.u8(eventTypeId(route.event))
      this.#conditions(route.when)
      this.#assignments(assignmentsOf(mapping, route))
    })
    this.#expression(mapping.label)
  }

  #slotList(paths: readonly Path[]): void {
    this.#out.list(paths, (path) => this.#out.u32(this.#slots.of(path)))
  }

  #conditions(conditions: readonly Condition[]): void {
    this.#out.list(conditions, ({ source, values }) => {
      this.#expression(source)
      this.#out.list(values, (value) => this.#out.text(value))
    })
  }

  #assignments(set: Assignments): void {
    this.#out.list(Object.entries(set), ([property, source]) => {
      this.#out.u16(propertyId(property as PropertyName))
      this.#expression(source)
    })
  }

  #expression(source: Source): void {
    if ('paths' in source) {
      this.#out.u8(FIELD)
      this.#slotList(source.paths)
      return
    }
    this.#out.u8(operationId(source.operation))
    this.#out.list(source.arguments, (argument) => {
      const isText = typeof argument === 'string'
      this.#out.u8(isText ? ARGUMENT_TEXT : ARGUMENT_SOURCE)
      if (isText) this.#out.text(argument)
      else this.#expression(argument)
    })
  }
}
