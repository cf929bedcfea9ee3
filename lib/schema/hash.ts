import { operationNames } from '../standardize/operations.js'
import { eventTypeNames } from './event-types.js'
import { matchKinds } from './match-kinds.js'
import { type PropertyRow, properties } from './properties.js'

/**
 * A Plan holds event types, properties, operations and match kinds by number, so it is only good for an engine
 * built from the same tables. This text says everything that such a number depends on.
 */
export function schemaText(): string {
  const rows = Object.entries<PropertyRow>(properties).map(([name, row]) =>
    [
      name,
      row.kind,
      row.derivedFrom ?? '',
      row.many ? 'many' : '',
      row.joined ? 'joined' : '',
      row.signatureOf ?? '',
      ...row.on,
    ].join(' '),
  )
  return [...eventTypeNames, ...rows, ...operationNames, ...matchKinds].join('\n')
}

/** The schema hash of Plans and of native/model/schema.h. */
export const schemaHash = (): bigint => fnv1a64(schemaText())

/** FNV-1a, 64 bits, over UTF-8 (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return hash
}
