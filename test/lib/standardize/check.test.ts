import t from 'tap'
import { allMappings } from '../../../lib/standardize/all-mappings.js'
import { assignmentsOf, checkMapping } from '../../../lib/standardize/check.js'
import type { Assignments, Mapping, Source } from '../../../lib/standardize/mapping.js'
import * as s from '../../../lib/standardize/sources.js'

const x = s.field('x')

const mapping = (set: object, more: Partial<Mapping> = {}): Mapping => ({
  name: 'acme',
  recognise: [[['x']]],
  absent: [],
  common: {},
  routes: [{ event: 'process_start', when: [], set: set as Assignments }],
  label: s.constant('acme'),
  ...more,
})

const operation = (name: string, ...args: (Source | string)[]) =>
  ({ operation: name, arguments: args }) as Source

t.test('every mapping that ships is right', async (t) => {
  for (const one of allMappings) t.doesNotThrow(() => checkMapping(one), one.name)
})

t.test('what is refused, and what is said', async (t) => {
  const refused: readonly (readonly [Mapping, string])[] = [
    [mapping({ proces_name: x }), 'route to process_start, property proces_name: there is no such property'],
    [mapping({ image_path: x }), 'property image_path: process_start does not have it'],
    [mapping({ process_directory: x }), 'property process_directory: it is derived from process_path'],
    [
      mapping({ process_pid: x }),
      'property process_pid: its kind is number, but the source gives text; use number(…)',
    ],
    [mapping({ process_name: s.number(x) }), 'its kind is string, but the source gives number; use text(…)'],
    [mapping({ process_pid: s.number(s.number(x)) }), 'number: works on text, but an argument gives number'],
    [
      mapping({ process_pid: s.first(s.number(x), x) }),
      'first: its choices give different kinds: number, text',
    ],
    [
      mapping({ process_name: s.select(s.number(x), { a: x }) }),
      'select: works on text, but an argument gives number',
    ],
    [mapping({ process_name: operation('upper', x) }), 'there is no operation upper'],
    [mapping({ process_name: operation('toString', x) }), 'there is no operation toString'],
    [mapping({ process_name: operation('lower', x, x) }), 'lower: 2 arguments do not fit'],
    [mapping({ process_name: operation('lower') }), 'lower: 0 arguments do not fit'],
    [mapping({ process_name: operation('first') }), 'first: 0 arguments do not fit'],
    [mapping({ process_name: operation('lookup', x, 'key') }), 'lookup: 2 arguments do not fit'],
    [mapping({ process_name: operation('after_first', x, x) }), 'after_first: argument 2 must be a literal'],
    [mapping({ process_name: operation('join', x, x) }), 'join: argument 1 must be a literal'],
    [mapping({ process_name: operation('select', x, 'key', 'text') }), 'select: argument 3 must be a source'],
    [mapping({ process_name: s.field('a.b.c.d.e') }), 'path a.b.c.d.e has 5 keys; 1 to 4 are possible'],
    [mapping({ process_name: s.field() }), 'a field needs a path'],
    [mapping({}, { recognise: [[[]]] }), 'acme, recognise: path  has 0 keys'],
    [
      mapping({}, { when: [s.isPresent(s.number(x))] }),
      'acme, when, condition: needs text, but the source gives number',
    ],
    [mapping({}, { escaped: [s.isPresent(s.number(x))] }), 'acme, escaped, condition: needs text'],
    [mapping({}, { label: s.boolean(x) }), 'acme, label: needs text'],
    [
      mapping({}, { routes: [{ event: 'explosion' as 'pipe', when: [], set: {} }] }),
      'there is no such event type',
    ],
    [
      mapping({}, { common: { proces_name: x } as Assignments }),
      'property proces_name: there is no such property',
    ],
  ]
  for (const [wrong, message] of refused) {
    const error = t.throws(() => checkMapping(wrong)) as Error
    t.ok(error.message.startsWith('mapping acme') && error.message.includes(message), error.message)
  }
})

t.test('what a route sets: its own, and what the mapping sets on every event that can have it', async (t) => {
  const common = { process_name: x, image_path: x, command_line: x }
  const own = { command_line: s.constant('own') }
  const one = mapping(own, { common })
  t.strictSame(assignmentsOf(one, one.routes[0] as Mapping['routes'][0]), {
    source: s.constant('acme'),
    process_name: x,
    command_line: s.constant('own'),
  })
})
