/** JSON as the mappings see it: JSON.parse, but numbers keep the digits they were written with. */
export type Json = null | boolean | string | NumberText | readonly Json[] | { readonly [key: string]: Json }

export class NumberText {
  constructor(readonly digits: string) {}
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs
const ESCAPE_OR_BACKSLASH = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\/g
const LONE_SURROGATE = /\p{Cs}/gu
const MARK = '\u0000number'

/**
 * Throws when `text` is not JSON. Of duplicate keys the last counts. A backslash that begins no escape is one:
 * some shippers write paths so. Half a surrogate pair becomes U+FFFD.
 */
export function parseJson(text: string): Json {
  const escaped = text.replace(STRING_OR_NUMBER, (token) => token.replace(ESCAPE_OR_BACKSLASH, validEscape))
  JSON.parse(escaped)
  const marked = escaped.replace(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') ? token : `{${JSON.stringify(MARK)}:"${token}"}`,
  )
  return JSON.parse(marked, (_, value) => {
    if (typeof value === 'string') return value.replace(LONE_SURROGATE, '\uFFFD')
    return typeof value === 'object' && value !== null && MARK in value ? new NumberText(value[MARK]) : value
  })
}

const validEscape = (token: string): string => (token === '\\' ? '\\\\' : token)

/** Throws when `line` is not a JSON object. */
export function parseRecord(line: string): Json {
  const record = parseJson(line)
  if (!isObject(record)) throw new Error('a record is a JSON object')
  return record
}

export const isObject = (json: Json | undefined): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof NumberText)

export const isContainer = (json: Json | undefined): boolean => Array.isArray(json) || isObject(json)

export const isPending = (json: Json | undefined): boolean => isObject(json) && own(json, 'pending') === true

/** The value at the end of `path`, through objects only. */
export function valueAt(json: Json, path: readonly string[]): Json | undefined {
  let value: Json | undefined = json
  for (const key of path) value = isObject(value) ? own(value, key) : undefined
  return value
}

const own = (object: { readonly [key: string]: Json }, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined

/** The values that a path leads to when an array on it stands for each of its elements. */
export function valuesThroughArrays(json: Json, path: readonly string[]): Json[] {
  if (Array.isArray(json)) return json.flatMap((element: Json) => valuesThroughArrays(element, path))
  const [key, ...rest] = path
  if (key === undefined) return [json]
  const next = isObject(json) ? own(json, key) : undefined
  return next === undefined ? [] : valuesThroughArrays(next, rest)
}

/** The texts of a scalar, or of an array's scalars. */
export function textsOf(json: Json | undefined): string[] {
  if (Array.isArray(json))
    return json.flatMap((element: Json) => (Array.isArray(element) ? [] : textsOf(element)))
  if (typeof json === 'string') return [json]
  if (typeof json === 'boolean') return [String(json)]
  return json instanceof NumberText ? [json.digits] : []
}
