/** Windows writes GUIDs in braces, the filter of traces does not. */
export const withoutBraces = (name: string): string => name.replace(/^\{(.*)\}$/, '$1')
