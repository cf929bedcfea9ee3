/**
 * What a mapping can do to a value on its way to a property. The order is the opcode shared with
 * C++ (native/telemetry/operations.cc), so new rows go to the end. An operation whose input is
 * missing gives a missing value unless its row says otherwise.
 */
export const operations = {
  field: 'Text or number of the first present path.',
  constant: 'constant(text): the text itself.',
  first: 'first(a, b, …): the first argument that is not missing.',
  lower: 'lower(x): ASCII and simple Unicode lower case.',
  basename: 'basename(path): what follows the last \\ or /.',
  dirname: 'dirname(path): what precedes the last \\ or /.',
  before_last: 'before_last(x, sep): text before the last sep; missing when sep is not there.',
  after_last: 'after_last(x, sep): text after the last sep; all of x when sep is not there.',
  before_first: 'before_first(x, sep): text before the first sep; all of x when sep is not there.',
  after_first: 'after_first(x, sep): text after the first sep; missing when sep is not there.',
  list_item: 'list_item(x, key): in "SHA1=AB,MD5=CD" the value of key, lower case; all-zero hashes are missing.',
  number: 'number(x): decimal, or hexadecimal after 0x; missing when x is not one.',
  hex: 'hex(x): the number as lower-case hexadecimal with 0x.',
  boolean: 'boolean(x): true for true/1/yes, false for false/0/no, ASCII case aside; else missing.',
  guid: 'guid(x): lower case, without braces; the all-zero GUID is missing.',
  time: 'time(x): ISO 8601 in UTC with the fraction digits given; accepts "2020-10-22 06:57:55.600".',
  lookup: 'lookup(x, key1, value1, key2, value2, …): the value whose key equals x, ASCII case aside; else x.',
  lookup_only: 'lookup_only(x, key1, value1, …): as lookup, else missing.',
  select: 'select(x, key1, source1, key2, source2, …): the source whose key equals x; else missing.',
  json: 'json(x, key1, key2 …): x is JSON text; the value at that path, arrays giving many values.',
  split: 'split(x, sep): many values, empty ones left out, each trimmed.',
  join: 'join(sep, a, b, …): the present arguments joined by sep; missing when all are.',
  ip: 'ip(x): an IP address; ::ffff:a.b.c.d becomes a.b.c.d, zone ids are cut; missing when x is none.',
  nt_path: 'nt_path(x): \\??\\C:\\a and \\\\?\\C:\\a become C:\\a; \\Device\\HarddiskVolumeN\\ stays as it is.',
  registry: 'registry(x): canonical registry path: HKLM, HKU, HKCR, HKCU roots; ControlSet00N folded to CurrentControlSet.',
  registry_data: 'registry_data(x): "DWORD (0x00000001)" and "QWORD (0x…-0x…)" become decimal; other text stays.',
  platform_of: 'platform_of(path): windows for drive letters and backslashes, macos or linux for /…; missing else.',
  xml_text: 'xml_text(x, tag): text of the first element of that name, entities decoded.',
  collapse: 'collapse(x): runs of white space become one space, trimmed.'
} as const

export type OperationName = keyof typeof operations

export const operationNames = Object.keys(operations) as OperationName[]
