import { type EventTypeName, eventTypeId } from '../schema/event-types.js'
import { type PropertyName, propertyRow } from '../schema/properties.js'
import type { Assignments, Condition, Mapping, Path, Route, Source } from './mapping.js'
import { type OperationRow, operations } from './operations.js'

type Result = 'text' | 'number' | 'boolean' | 'ip'

export const MAX_PATH_DEPTH = 4

/**
 * Refuses a mapping that native/telemetry could not run: unknown names, properties that the event type
 * does not have, wrong kinds and arguments. Throws an Error that says which mapping, route and property.
 */
export function checkMapping(mapping: Mapping): void {
  const about = `mapping ${mapping.name}`
  for (const path of mapping.recognise.flat()) checkPath(path, `${about}, recognise`)
  checkConditions(mapping.when ?? [], `${about}, when`)
  checkConditions(mapping.escaped ?? [], `${about}, escaped`)
  checkText(mapping.label, `${about}, label`)
  for (const route of mapping.routes) {
    const where = `${about}, route to ${route.event}`
    if (eventTypeId(route.event) < 0) throw new Error(`${where}: there is no such event type`)
    checkConditions(route.when, where)
    for (const [property, source] of Object.entries(assignmentsOf(mapping, route))) {
      checkAssignment(property, source, route.event, where)
    }
  }
}

/** What a route sets: what the mapping sets on every event, as far as this event type has it, and its own. */
export function assignmentsOf(mapping: Mapping, route: Route): Assignments {
  const common = Object.entries({
    source: { operation: 'constant', arguments: [mapping.name] },
    ...mapping.common,
  })
  const fitting = common.filter(([property]) => propertyRow(property)?.on.includes(route.event) ?? true)
  return { ...Object.fromEntries(fitting), ...route.set }
}

function checkAssignment(property: string, source: Source, event: EventTypeName, where: string): void {
  const about = `${where}, property ${property}`
  const row = propertyRow(property as PropertyName)
  if (row === undefined) throw new Error(`${about}: there is no such property`)
  if (!row.on.includes(event))
    throw new Error(`${about}: ${event} does not have it; add it to \`on\` in lib/schema`)
  if (row.derivedFrom !== undefined)
    throw new Error(`${about}: it is derived from ${row.derivedFrom}, not mapped`)
  const result = resultOf(source, about)
  const wanted = row.kind === 'string' ? 'text' : row.kind
  if (result !== wanted && !(wanted === 'text' && result === 'ip')) {
    throw new Error(`${about}: its kind is ${row.kind}, but the source gives ${result}; use ${wanted}(…)`)
  }
}

function checkConditions(conditions: readonly Condition[], about: string): void {
  for (const { source } of conditions) checkText(source, `${about}, condition`)
}

function checkText(source: Source, about: string): void {
  const result = resultOf(source, about)
  if (result !== 'text') throw new Error(`${about}: needs text, but the source gives ${result}`)
}

function checkPath(path: Path, about: string): void {
  if (path.length < 1 || path.length > MAX_PATH_DEPTH) {
    throw new Error(
      `${about}: path ${path.join('.')} has ${path.length} keys; 1 to ${MAX_PATH_DEPTH} are possible`,
    )
  }
}

/** Routes share most of their sources: each is looked at once. */
const knownResults = new WeakMap<Source, Result>()

/** What a source gives, once its arguments are found to be right. */
function resultOf(source: Source, about: string): Result {
  const result = knownResults.get(source) ?? checkedResult(source, about)
  knownResults.set(source, result)
  return result
}

function checkedResult(source: Source, about: string): Result {
  if ('paths' in source) {
    if (source.paths.length === 0) throw new Error(`${about}: a field needs a path`)
    for (const path of source.paths) checkPath(path, about)
    return 'text'
  }
  const name = source.operation
  const row: OperationRow | undefined = Object.hasOwn(operations, name) ? operations[name] : undefined
  if (row === undefined || name === 'field') throw new Error(`${about}: there is no operation ${name}`)
  checkCount(source.arguments.length, row, `${about}, ${name}`)
  const results = source.arguments.flatMap((argument, i) => {
    const wanted = argumentKind(row, i)
    if ((typeof argument === 'string') !== (wanted === 'literal')) {
      throw new Error(`${about}, ${name}: argument ${i + 1} must be a ${wanted}`)
    }
    return typeof argument === 'string' ? [] : [resultOf(argument, about)]
  })
  return row.result === 'arguments' ? agreed(results, name, about) : ofText(results, row.result, name, about)
}

const argumentKind = (row: OperationRow, i: number) =>
  row.takes[i] ?? row.repeats?.[(i - row.takes.length) % row.repeats.length]

function checkCount(count: number, row: OperationRow, about: string): void {
  const extra = count - row.takes.length
  const fits = row.repeats === undefined ? extra === 0 : extra > 0 && extra % row.repeats.length === 0
  if (!fits) throw new Error(`${about}: ${count} arguments do not fit: ${row.doc}`)
}

/** select's first argument is text, whatever it chooses among; every argument of first is chosen among. */
function agreed(results: readonly Result[], name: string, about: string): Result {
  const choices = name === 'select' ? results.slice(1) : results
  if (name === 'select') ofText(results.slice(0, 1), 'text', name, about)
  const [result] = choices
  if (result === undefined || choices.some((one) => one !== result)) {
    throw new Error(`${about}, ${name}: its choices give different kinds: ${choices.join(', ')}`)
  }
  return result
}

function ofText(results: readonly Result[], result: Result, name: string, about: string): Result {
  const wrong = results.find((one) => one !== 'text' && one !== 'ip')
  if (wrong !== undefined) throw new Error(`${about}, ${name}: works on text, but an argument gives ${wrong}`)
  return result
}
