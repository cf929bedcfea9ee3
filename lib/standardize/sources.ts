/** Builders for a mapping's sources: one for each row of operations.ts, named as there. */

import type { Condition, FieldSource, OperationSource, Source } from './mapping.js'
import type { OperationName } from './operations.js'

/** The first present of these keys; a dot goes one object deeper: `field('winlog.event_id', 'EventID')`. */
export const field = (...paths: readonly string[]): FieldSource => ({
  paths: paths.map((path) => path.split('.')),
})

const operation = (name: OperationName, ...args: readonly (Source | string)[]): OperationSource => ({
  operation: name,
  arguments: args,
})

export const constant = (text: string): Source => operation('constant', text)
export const first = (...sources: readonly Source[]): Source => operation('first', ...sources)
export const lower = (x: Source): Source => operation('lower', x)
export const basename = (path: Source): Source => operation('basename', path)
export const beforeLast = (x: Source, separator: string): Source => operation('before_last', x, separator)
export const afterLast = (x: Source, separator: string): Source => operation('after_last', x, separator)
export const beforeFirst = (x: Source, separator: string): Source => operation('before_first', x, separator)
export const afterFirst = (x: Source, separator: string): Source => operation('after_first', x, separator)
export const listItem = (x: Source, key: string): Source => operation('list_item', x, key)
export const number = (x: Source): Source => operation('number', x)
export const hex = (x: Source): Source => operation('hex', x)
export const boolean = (x: Source): Source => operation('boolean', x)
export const guid = (x: Source): Source => operation('guid', x)
export const time = (x: Source): Source => operation('time', x)
export const zonedTime = (x: Source): Source => operation('zoned_time', x)
export const lookup = (x: Source, table: Readonly<Record<string, string>>): Source =>
  operation('lookup', x, ...Object.entries(table).flat())
export const lookupOnly = (x: Source, table: Readonly<Record<string, string>>): Source =>
  operation('lookup_only', x, ...Object.entries(table).flat())
export const select = (x: Source, choices: Readonly<Record<string, Source>>): Source =>
  operation('select', x, ...Object.entries(choices).flat())
export const json = (x: Source, ...keys: readonly string[]): Source => operation('json', x, ...keys)
export const split = (x: Source, separator: string): Source => operation('split', x, separator)
export const join = (separator: string, ...sources: readonly Source[]): Source =>
  operation('join', separator, ...sources)
export const joinAll = (separator: string, ...sources: readonly Source[]): Source =>
  operation('join_all', separator, ...sources)
export const ip = (x: Source): Source => operation('ip', x)
export const ntPath = (x: Source): Source => operation('nt_path', x)
export const registry = (x: Source): Source => operation('registry', x)
export const registryData = (x: Source): Source => operation('registry_data', x)
export const platformOf = (path: Source): Source => operation('platform_of', path)
export const xmlText = (x: Source, tag: string): Source => operation('xml_text', x, tag)
export const collapse = (x: Source): Source => operation('collapse', x)
export const trim = (x: Source): Source => operation('trim', x)
export const utf16 = (x: Source): Source => operation('utf16', x)
export const dnsAnswers = (x: Source): Source => operation('dns_answers', x)

/** A condition: the text of `source` is one of `values`, ASCII case aside. */
export const isOneOf = (source: Source, ...values: readonly string[]): Condition => ({ source, values })

/** A condition: `source` is not missing. */
export const isPresent = (source: Source): Condition => ({ source, values: [] })
