import t from 'tap'
import { eventTypeId, eventTypeNames, eventTypes } from '../../../lib/schema/event-types.js'
import {
  type PropertyRow,
  properties,
  propertyId,
  propertyNames,
  propertyRow,
} from '../../../lib/schema/properties.js'

t.test('names are lower case with underscores, and ids are row numbers', async (t) => {
  for (const name of [...eventTypeNames, ...propertyNames]) t.match(name, /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
  t.strictSame(eventTypeNames.map(eventTypeId), [...eventTypeNames.keys()])
  t.strictSame(propertyNames.map(propertyId), [...propertyNames.keys()])
})

t.test('a set of event types fits in the 64 bits that C++ keeps it in', async (t) => {
  t.ok(eventTypeNames.length <= 64)
})

t.test('every row says what it is, and is on some event type, once', async (t) => {
  for (const { doc } of Object.values(eventTypes)) t.match(doc, /^[A-Z].*\.$/)
  for (const [name, row] of Object.entries<PropertyRow>(properties)) {
    t.match(row.doc, /^\S.*[.…]$/, name)
    t.ok(row.on.length > 0 && new Set(row.on).size === row.on.length, name)
    if (row.many) t.equal(row.kind, 'string', `${name}: only texts can be many`)
  }
})

t.test(
  'a derived property comes from one that is on the same event types, and is not derived itself',
  async (t) => {
    for (const [name, row] of Object.entries<PropertyRow>(properties)) {
      if (row.derivedFrom === undefined) continue
      const origin = propertyRow(row.derivedFrom)
      t.strictSame(origin?.on, row.on, name)
      t.equal(origin?.derivedFrom, undefined, name)
    }
  },
)

t.test('what is joined from the process table is on every event type', async (t) => {
  for (const [name, row] of Object.entries<PropertyRow>(properties)) {
    if (row.joined) t.strictSame(row.on, eventTypeNames, name)
  }
})

t.test('a name that is no property has no row, whatever objects inherit', async (t) => {
  for (const name of ['toString', '__proto__', 'constructor', 'proces_name', ''])
    t.equal(propertyRow(name), undefined)
})
