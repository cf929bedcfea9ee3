import { type EventTypeName, eventTypes } from '../schema/event-types.js'
import { and, or, type TestBuilder, twin } from './conditions.js'
import { type MatchForm, matchForms } from './matches.js'
import type { Condition } from './ruleset.js'

/** `<event type>_property_<match>?`: one implementation (lower-property.ts) serves them all. */
export interface PropertyHelper {
  readonly kind: 'property'
  /** Null for `any_property_…?`. */
  readonly event: EventTypeName | null
  readonly form: MatchForm
}

/** A helper with a name of its own: it stands for a condition made of other tests. */
export interface NamedHelper {
  readonly kind: 'named'
  /** File names of programs, as `process_is_likely?('cmd', 'powershell')`, or `signers: ['A Signer']`. */
  readonly takes?: 'names' | 'signers'
  readonly doc: string
  readonly expand: (test: TestBuilder, names: readonly string[]) => Condition
}

export type Helper = PropertyHelper | NamedHelper

const helper = (doc: string, expand: (test: TestBuilder) => Condition): NamedHelper => ({
  kind: 'named',
  doc,
  expand,
})

const nameHelper = (doc: string, expand: NamedHelper['expand']): NamedHelper => ({
  kind: 'named',
  takes: 'names',
  doc,
  expand,
})

/** With and without `.exe`, whichever was written. */
const withAndWithoutExe = (names: readonly string[]): string[] =>
  names.flatMap((name) => {
    const base = name.replace(/\.exe$/i, '')
    return [base, `${base}.exe`]
  })

const asPathEndings = (names: readonly string[]): string[] =>
  names.map((name) => `\\${name.replace(/\.exe$/i, '')}.exe`)

const processIsLikely: NamedHelper['expand'] = (test, names) => {
  const files = withAndWithoutExe(names)
  return or(
    test.any('process_name', 'equals', files),
    test.any('original_file_name', 'equals', files),
    test.any('internal_name', 'equals', files),
    test.any('process_path', 'ends_with', asPathEndings(names)),
  )
}

const parentIsLikely: NamedHelper['expand'] = (test, names) => {
  const files = withAndWithoutExe(names)
  return or(
    test.any('parent_name', 'equals', files),
    test.any('parent_original_file_name', 'equals', files),
    test.any('parent_path', 'ends_with', asPathEndings(names)),
  )
}

const platform = (name: string) => (test: TestBuilder) => test.any('platform', 'equals', [name])

type SignedEvent = 'image_load' | 'driver_load' | 'process_start'

/** Of the file that an event loads or starts. */
const signatureIn = (event: SignedEvent) =>
  event === 'process_start'
    ? ({ signed: 'process_signed', signer: 'process_signer', status: 'process_signature_status' } as const)
    : ({ signed: 'image_signed', signer: 'image_signer', status: 'image_signature_status' } as const)

const signed = (event: SignedEvent) => (test: TestBuilder) =>
  test.on(event, signatureIn(event).signed, 'is_true')

const unsigned = (event: SignedEvent) => (test: TestBuilder) => {
  const { signed } = signatureIn(event)
  return and(test.on(event, signed, 'exists'), twin(test.on(event, signed, 'is_true')))
}

/** A signature that is there and bad: what says nothing of a status is neither. */
const badlySigned = (event: SignedEvent) => (test: TestBuilder) => {
  const { signed, status } = signatureIn(event)
  return and(
    test.on(event, signed, 'is_true'),
    test.on(event, status, 'exists'),
    twin(test.on(event, status, 'equals', ['valid'])),
  )
}

const signedBy = (doc: string, event: SignedEvent): NamedHelper => ({
  kind: 'named',
  takes: 'signers',
  doc,
  expand: (test, signers) => {
    const { signer, status } = signatureIn(event)
    return and(test.on(event, status, 'equals', ['valid']), test.on(event, signer, 'equals', signers))
  },
})

const direction = (name: string) => (test: TestBuilder) =>
  test.on('network_connection', 'direction', 'equals', [name])

/** Addresses that the public internet does not route: IANA's special-purpose registries (RFC 6890), and multicast. */
const nonPublicSubnets = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/127',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]

const officeApps = ['winword', 'excel', 'powerpnt', 'outlook', 'onenote', 'msaccess', 'mspub', 'visio']
const browsers = ['chrome', 'msedge', 'firefox', 'iexplore', 'opera', 'brave', 'vivaldi']
const scriptHosts = ['powershell', 'pwsh', 'cmd', 'wscript', 'cscript', 'mshta']

/** Folders that a user without special rights can write to, as they stand inside paths. */
const userWritableFolders = [
  '\\users\\public\\',
  '\\appdata\\',
  '\\downloads\\',
  '\\desktop\\',
  '\\windows\\temp\\',
  '\\programdata\\',
  '\\$recycle.bin\\',
  '\\perflogs\\',
  '/tmp/',
  '/var/tmp/',
  '/dev/shm/',
]

/**
 * Helpers with names of their own. A new one that is made of matches there are is one row here;
 * docs/helpers.md is generated from it.
 */
export const namedHelpers: Readonly<Record<string, NamedHelper>> = {
  'windows?': helper('The device runs Windows.', platform('windows')),
  'linux?': helper('The device runs Linux.', platform('linux')),
  'macos?': helper('The device runs macOS.', platform('macos')),

  'process_is_likely?': nameHelper(
    'The process is one of these programs, even when its file was renamed. Names with or without `.exe`.',
    processIsLikely,
  ),
  'parent_process_is_likely?': nameHelper(
    'The parent process is one of these programs, even when its file was renamed.',
    parentIsLikely,
  ),
  'target_process_is_likely?': nameHelper(
    'The process acted upon (process_access, remote_thread) is one of these programs.',
    (test, names) =>
      or(
        test.any('target_process_name', 'equals', withAndWithoutExe(names)),
        test.any('target_process_path', 'ends_with', asPathEndings(names)),
      ),
  ),
  'process_is_office_app?': helper('The process is an Office program.', (test) =>
    processIsLikely(test, officeApps),
  ),
  'parent_process_is_office_app?': helper('The parent is an Office program.', (test) =>
    parentIsLikely(test, officeApps),
  ),
  'process_is_browser?': helper('The process is a web browser.', (test) => processIsLikely(test, browsers)),
  'parent_process_is_browser?': helper('The parent is a web browser.', (test) =>
    parentIsLikely(test, browsers),
  ),
  'process_is_script_host?': helper('The process is a shell or script interpreter of Windows.', (test) =>
    processIsLikely(test, scriptHosts),
  ),
  'parent_process_is_script_host?': helper(
    'The parent is a shell or script interpreter of Windows.',
    (test) => parentIsLikely(test, scriptHosts),
  ),
  'process_is_elevated?': helper(
    'The process runs with high or system integrity, or with a full token.',
    (test) =>
      or(
        test.any('integrity_level', 'equals', ['high', 'system']),
        test.any('token_elevation', 'equals', ['full']),
      ),
  ),
  'process_runs_as_system?': helper('The process runs as the local system account.', (test) =>
    or(test.any('user_sid', 'equals', ['S-1-5-18']), test.any('username', 'equals', ['SYSTEM'])),
  ),
  'process_in_user_writable_folder?': helper('The process image lies where users can write.', (test) =>
    test.any('process_path', 'includes', userWritableFolders),
  ),

  'image_load_signed?': helper(
    'The loaded image has a signature, even a bad one; image_signature_status tells whether it is valid.',
    signed('image_load'),
  ),
  'image_load_unsigned?': helper(
    'The loaded image is known to have no signature; false when the source does not tell.',
    unsigned('image_load'),
  ),
  'image_load_badly_signed?': helper(
    'The loaded image has a signature that is known to be bad: image_signature_status tells why.',
    badlySigned('image_load'),
  ),
  'image_load_signed_by_any?': signedBy(
    'The loaded image has a valid signature of one of these signers.',
    'image_load',
  ),
  'image_in_user_writable_folder?': helper('The loaded image or driver lies where users can write.', (test) =>
    test.any('image_path', 'includes', userWritableFolders),
  ),
  'driver_load_signed?': helper(
    'The driver has a signature, even a bad one; image_signature_status tells whether it is valid.',
    signed('driver_load'),
  ),
  'driver_load_unsigned?': helper('The driver is known to have no signature.', unsigned('driver_load')),
  'driver_load_badly_signed?': helper(
    'The driver has a signature that is known to be bad: image_signature_status tells why.',
    badlySigned('driver_load'),
  ),
  'driver_load_signed_by_any?': signedBy(
    'The driver has a valid signature of one of these signers.',
    'driver_load',
  ),
  'process_start_signed?': helper(
    'The image of the process that starts has a signature, even a bad one; process_signature_status tells whether it is valid.',
    signed('process_start'),
  ),
  'process_start_unsigned?': helper(
    'The image of the process that starts is known to have no signature; false when that is not known.',
    unsigned('process_start'),
  ),
  'process_start_badly_signed?': helper(
    'The image of the process that starts has a signature that is known to be bad: process_signature_status tells why.',
    badlySigned('process_start'),
  ),
  'process_start_signed_by_any?': signedBy(
    'The image of the process that starts has a valid signature of one of these signers.',
    'process_start',
  ),
  'file_in_user_writable_folder?': helper('The file lies where users can write.', (test) =>
    test.any('file_path', 'includes', userWritableFolders),
  ),

  'outbound?': helper('The connection was made from this device.', direction('outbound')),
  'inbound?': helper('The connection was made to this device.', direction('inbound')),
  'remote_ip_is_public?': helper('The other side has an address on the public internet.', (test) =>
    and(test.any('remote_ip', 'exists'), twin(test.any('remote_ip', 'in_subnet', nonPublicSubnets))),
  ),
  'remote_ip_is_private?': helper(
    'The other side has an address that the public internet does not route: private, loopback, link-local and the like.',
    (test) => test.any('remote_ip', 'in_subnet', nonPublicSubnets),
  ),

  'logon_succeeded?': helper('A logon was granted.', (test) =>
    test.on('logon', 'outcome', 'equals', ['success']),
  ),
  'logon_failed?': helper('A logon was refused.', (test) =>
    test.on('logon', 'outcome', 'equals', ['failure']),
  ),
  'remote_logon?': helper('A logon over the network or by remote desktop.', (test) =>
    test.on('logon', 'logon_type', 'equals', ['network', 'network_cleartext', 'remote_interactive']),
  ),
}

/** The helper of this name, with its question mark; undefined when there is none. */
export function findHelper(name: string): Helper | undefined {
  if (Object.hasOwn(namedHelpers, name)) return namedHelpers[name]
  const [owner, match] = splitHelperName(name)
  const form = match === undefined ? undefined : matchForms.get(match)
  if (form === undefined || !name.endsWith('?')) return undefined
  if (owner === 'any') return { kind: 'property', event: null, form }
  return Object.hasOwn(eventTypes, owner)
    ? { kind: 'property', event: owner as EventTypeName, form }
    : undefined
}

/** The parts before and after `_property_`; the second is undefined when the name has no such middle. */
export function splitHelperName(name: string): [owner: string, match: string | undefined] {
  const stem = name.replace(/\?$/, '')
  const at = stem.indexOf(MIDDLE)
  return at === -1 ? [stem, undefined] : [stem.slice(0, at), stem.slice(at + MIDDLE.length)]
}

const MIDDLE = '_property_'
