/** The event types and properties that random detectors ask about: few, so that terms meet. */
const text = ['process_name', 'command_line', 'parent_name', 'username'] as const
/** Computed from the others: asked about, never given. */
const derivedText = ['process_directory', 'deobfuscated_command_line'] as const
const derivedNumber = ['command_line_length', 'command_line_entropy'] as const
const number = ['process_pid', 'parent_pid'] as const

interface Properties {
  readonly text: readonly string[]
  readonly number: readonly string[]
  readonly ip: readonly string[]
  readonly boolean: readonly string[]
  readonly derivedText: readonly string[]
}
const common: Properties = { text: [...text, 'process_path'], number, ip: [], boolean: [], derivedText }

export const typed = {
  process_start: { ...common, number: [...number, 'file_size'] },
  image_load: {
    ...common,
    text: [...text, 'image_path', 'image_name'],
    boolean: ['image_signed'],
    derivedText: [...derivedText, 'image_directory'],
  },
  file_create: {
    ...common,
    text: [...text, 'file_path', 'file_name'],
    ip: ['remote_ip'],
    derivedText: [...derivedText, 'file_directory', 'file_extension'],
  },
  network_connection: {
    ...common,
    text: [...text, 'remote_host'],
    number: [...number, 'remote_port'],
    ip: ['remote_ip', 'local_ip'],
  },
  dns_query: { ...common, text: [...text, 'query_name', 'query_results', 'query_type'] },
} as const satisfies Record<string, Properties>

export type EventName = keyof typeof typed
export const eventNames = Object.keys(typed) as EventName[]
export const propertiesOf = (event: EventName): Properties => typed[event]
export const derivedNumbers: readonly string[] = derivedNumber
/** Those that may hold several values. */
export const many: readonly string[] = ['query_results', 'query_type']

export const addresses = [
  '10.0.0.1',
  '10.0.1.1',
  '192.168.3.4',
  '8.8.8.8',
  '::1',
  'fe80::1',
  '2001:db8::5',
  '2001:db8:1::',
  '0.0.0.0',
  '255.255.255.255',
  '::ffff:10.0.0.1',
  '::FFFF:808:808',
  '2001:DB8:0:0:0:0:0:5',
  'fe80::1%eth0',
] as const
/** What is no address. */
export const notAddresses = [
  '',
  '10.0.0',
  '10.0.0.256',
  '010.0.0.1',
  '10.0.0.1 ',
  '::g',
  '1::2::3',
  'a',
] as const

/** As they are written in JSON and in rules. */
export const numbers = [
  ...['0', '1', '2', '3', '4', '5', '-1', '-5', '0.5', '1.5', '-0.5', '255', '65535', '65536'],
  ...['4294967295', '4294967296', '9007199254740991', '9007199254740992', '9007199254740994'],
  ...['-9007199254740992', '1.0e300', '-1.0e300', '5.0e-324'],
] as const
