import { type EventTypeName, eventTypeNames } from './event-types.js'

/**
 * Properties: what is known of an event. A name means the same thing on every event type.
 * `process_*` is the process that an event is about on process_start and process_end, and the
 * process that acted on every other type; `parent_*` is always that process's parent.
 * The order is the id shared with C++ and Plans, so new rows go to the end of the table.
 */
export type PropertyKind = 'string' | 'number' | 'boolean' | 'ip'

/** What the schema says of a property. */
export interface PropertyRow {
  /** What its values are. */
  readonly kind: PropertyKind
  /** Event types that can have it. */
  readonly on: readonly EventTypeName[]
  /** What it tells, for docs/schema.md. */
  readonly doc: string
  /** Computed by the engine from another property when a live term asks. */
  readonly derivedFrom?: string
  /** May hold several values; a term is true when it is for any of them. */
  readonly many?: boolean
  /**
   * A lasting fact of the process: kept in the process table from its process_start and joined
   * onto its later events when their source does not repeat it.
   */
  readonly joined?: boolean
  /**
   * What the signature of the file with this path says. Where the record tells nothing of that signature, the engine
   * verifies it when a live term asks, if it was given somewhere to look for files; until that is done it is pending.
   */
  readonly signatureOf?: string
}

const everywhere = eventTypeNames
const startOnly = ['process_start'] as const
const lifecycle = ['process_start', 'process_end'] as const
const crossProcess = ['process_access', 'remote_thread'] as const
const images = ['image_load', 'driver_load'] as const
const files = ['file_create', 'file_modify', 'file_delete', 'file_rename'] as const
const registry = ['registry_create', 'registry_set', 'registry_delete', 'registry_rename'] as const
const withOperation = [
  'scheduled_task',
  'service_change',
  'wmi',
  'pipe',
  'account_change',
  'kerberos_ticket',
  'object_access',
  'directory_access',
  'privilege_use',
] as const
const withTargetUser = ['logon', 'account_change', 'kerberos_ticket', ...crossProcess] as const
const withRemote = [
  'network_connection',
  'logon',
  'share_access',
  'kerberos_ticket',
  'file_create',
  'file_modify',
  'file_delete',
  'file_rename',
] as const

/** What ETW can give a call stack with. */
const withStack = [
  ...lifecycle,
  ...crossProcess,
  ...images,
  ...files,
  ...registry,
  'network_connection',
  'dns_query',
  'script',
  'wmi',
] as const

/** Kind, event types and `many` stay in the row's type: the types of events are made of them. */
const row =
  <const Kind extends PropertyKind>(kind: Kind) =>
  <const On extends readonly EventTypeName[], const More extends Partial<PropertyRow> = object>(
    on: On,
    doc: string,
    more?: More,
  ) => ({
    kind,
    on,
    doc,
    ...(more as More),
  })
const text = row('string')
const number = row('number')
const boolean = row('boolean')
const ip = row('ip')

const joined = { joined: true } as const
const ofMany = { ...joined, many: true } as const
const ofImage = { signatureOf: 'image_path' } as const
const ofProcess = { ...joined, signatureOf: 'process_path' } as const

const rows = {
  event_time: text(everywhere, 'When it happened, ISO 8601 in UTC.'),
  event_id: text(everywhere, "The source's own number for this record."),
  source: text(
    everywhere,
    'Which mapping read the record: sysmon, security, powershell, system, mde, standard …',
  ),
  source_event: text(
    everywhere,
    "The source's name or number for this kind of event, such as 4688 or ProcessCreated.",
  ),
  platform: text(everywhere, 'windows, linux or macos.'),
  device_name: text(everywhere, 'Host name as the source gives it.'),
  device_id: text(everywhere, "The source's id of the device."),
  tenant_id: text(everywhere, "The source's id of the tenant."),

  process_name: text(everywhere, 'File name of the process image, such as powershell.exe.', joined),
  process_path: text(
    everywhere,
    'Full path of the process image: with a drive letter, or an NT device path where its source gives that.',
    joined,
  ),
  process_directory: text(everywhere, 'Folder of process_path, without a trailing backslash.', {
    derivedFrom: 'process_path',
  }),
  process_pid: number(everywhere, 'Process id.', joined),
  process_guid: text(everywhere, "The source's unique id of the process, lower case, without braces."),
  command_line: text(everywhere, 'Command line of the process.', joined),
  deobfuscated_command_line: text(everywhere, 'command_line, and each layer found under its obfuscation.', {
    derivedFrom: 'command_line',
    many: true,
  }),
  command_line_length: number(everywhere, 'Length of command_line in bytes of UTF-8.', {
    derivedFrom: 'command_line',
  }),
  command_line_entropy: number(everywhere, 'Shannon entropy of command_line, bits a byte.', {
    derivedFrom: 'command_line',
  }),
  working_directory: text(everywhere, 'Current directory of the process when it started.', joined),
  process_md5: text(everywhere, 'MD5 of the process image, lower-case hex.', joined),
  process_sha1: text(everywhere, 'SHA-1 of the process image, lower-case hex.', joined),
  process_sha256: text(everywhere, 'SHA-256 of the process image, lower-case hex.', joined),
  process_imphash: text(everywhere, 'Import hash of the process image, lower-case hex.', joined),
  original_file_name: text(everywhere, "OriginalFilename of the process image's version resource.", joined),
  internal_name: text(everywhere, "InternalName of the process image's version resource.", joined),
  company: text(everywhere, "CompanyName of the process image's version resource.", joined),
  product: text(everywhere, "ProductName of the process image's version resource.", joined),
  description: text(everywhere, "FileDescription of the process image's version resource.", joined),
  file_version: text(
    everywhere,
    "FileVersion or ProductVersion of the process image's version resource.",
    joined,
  ),
  integrity_level: text(everywhere, 'Low, Medium, High, System …', joined),
  token_elevation: text(everywhere, 'default, full or limited.'),
  session_id: number(everywhere, 'Terminal session id.', joined),
  logon_id: text(everywhere, 'Logon session id, hexadecimal with 0x.', joined),
  username: text(
    everywhere,
    'Account the process runs as, without its domain. Of a recorded trace only accounts of Windows itself have names; live the machine is asked for others.',
    joined,
  ),
  user_domain: text(everywhere, 'Domain or computer of that account.', joined),
  user_sid: text(everywhere, 'SID of that account.', joined),
  parent_name: text(everywhere, "File name of the parent process's image.", joined),
  parent_path: text(everywhere, "Full path of the parent process's image.", joined),
  parent_pid: number(everywhere, 'Process id of the parent.', joined),
  parent_guid: text(everywhere, "The source's unique id of the parent, lower case, without braces.", joined),
  parent_command_line: text(everywhere, 'Command line of the parent.', joined),
  parent_original_file_name: text(
    everywhere,
    "OriginalFilename of the parent image's version resource.",
    joined,
  ),
  grandparent_name: text(everywhere, "File name of the parent's parent.", joined),

  target_process_name: text([...crossProcess], 'File name of the process acted upon.'),
  target_process_path: text([...crossProcess], 'Full path of the process acted upon.'),
  target_process_pid: number([...crossProcess], 'Process id of the process acted upon.'),
  target_process_guid: text([...crossProcess], 'Unique id of the process acted upon.'),
  granted_access: number(['process_access'], 'Access rights granted to the handle, a bit mask.'),
  call_trace: text(['process_access'], 'Call stack of the access: module+offset, separated by |.'),
  start_address: text(['remote_thread'], 'Start address of the new thread, hexadecimal with 0x.'),
  start_module: text(['remote_thread'], 'Module that holds the start address.'),
  start_function: text(['remote_thread'], 'Exported function at the start address.'),
  tamper_type: text(['process_tamper'], 'How the image was tampered with.'),

  image_path: text([...images], 'Full path of the loaded image.'),
  image_name: text([...images], 'File name of the loaded image.'),
  image_directory: text([...images], 'Folder of image_path, without a trailing backslash.', {
    derivedFrom: 'image_path',
  }),
  image_md5: text([...images], 'MD5 of the loaded image, lower-case hex.'),
  image_sha1: text([...images], 'SHA-1 of the loaded image, lower-case hex.'),
  image_sha256: text([...images], 'SHA-256 of the loaded image, lower-case hex.'),
  image_imphash: text([...images], 'Import hash of the loaded image, lower-case hex.'),
  image_original_file_name: text([...images], 'OriginalFilename of the loaded image.'),
  image_company: text([...images], 'CompanyName of the loaded image.'),
  image_product: text([...images], 'ProductName of the loaded image.'),
  image_description: text([...images], 'FileDescription of the loaded image.'),
  image_signed: boolean(
    [...images],
    'Whether there is a signature; its status says whether it is good.',
    ofImage,
  ),
  image_signer: text([...images], "The signer's name as the source gives it.", ofImage),
  image_signature_status: text(
    [...images],
    'Verdict on the signature, such as valid, expired or unsigned.',
    ofImage,
  ),

  file_path: text([...files], 'Full path of the file.'),
  file_name: text(
    [...files, ...startOnly],
    'Name of the file; on process_start the file name of process_path.',
  ),
  file_directory: text([...files], 'Folder of file_path, without a trailing backslash.', {
    derivedFrom: 'file_path',
  }),
  file_extension: text([...files], 'Extension of file_path, without the dot.', { derivedFrom: 'file_path' }),
  file_previous_path: text([...files], 'Full path before a rename.'),
  file_md5: text([...files], 'MD5 of the file, lower-case hex.'),
  file_sha1: text([...files], 'SHA-1 of the file, lower-case hex.'),
  file_sha256: text([...files], 'SHA-256 of the file, lower-case hex.'),
  file_imphash: text([...files], 'Import hash of the file, lower-case hex.'),
  file_size: number([...files, ...lifecycle, ...images], 'Size of the file in bytes.'),
  file_origin_url: text([...files], 'Where the file was downloaded from.'),
  file_referrer_url: text([...files], 'The page that led to the download.'),
  file_content: text([...files], 'Text of the stream written, such as Zone.Identifier.'),
  is_executable: boolean([...files], 'Whether the source says the file is executable.'),

  registry_path: text([...registry], 'Key and value name, canonical: HKLM\\…, HKU\\…, CurrentControlSet.'),
  registry_raw_path: text([...registry], 'Key and value name as the source gives them.'),
  registry_key: text([...registry], 'Canonical key, without the value name.'),
  registry_value_name: text([...registry], 'Name of the value.'),
  registry_data: text([...registry], 'Data written, as text; DWORD and QWORD in decimal.'),
  registry_data_type: text([...registry], 'string, dword, qword, binary …'),
  registry_previous_data: text([...registry], 'Data before the change.'),
  registry_new_name: text(['registry_rename'], 'Name after a rename.'),

  remote_ip: ip([...withRemote], 'Address of the other side.'),
  remote_port: number([...withRemote], 'Port of the other side.'),
  remote_host: text([...withRemote], 'Name of the other side: host, or workstation of a logon.'),
  remote_url: text(['network_connection'], 'URL as the source gives it; some give only a host name.'),
  local_ip: ip(['network_connection', 'logon'], 'Address of this side.'),
  local_port: number(['network_connection', 'logon'], 'Port of this side.'),
  protocol: text(
    ['network_connection', 'logon', 'file_create', 'file_modify', 'file_delete', 'file_rename'],
    'tcp, udp, icmp …; SMB or Local for files; the package of a logon.',
  ),
  direction: text(['network_connection'], 'outbound, inbound, listen or bind.'),
  outcome: text(
    [
      'network_connection',
      'logon',
      'kerberos_ticket',
      'process_access',
      'object_access',
      'privilege_use',
      ...files,
    ],
    'success, failure or attempt; failure also when the sensor blocked it.',
  ),

  query_name: text(['dns_query'], 'Name asked for.'),
  query_type: text(
    ['dns_query'],
    'Record type asked for, such as A or AAAA; of each answer, if that is all there is.',
    { many: true },
  ),
  query_results: text(['dns_query'], 'Answers.', { many: true }),
  query_status: text(['dns_query'], 'Result code.'),

  script_content: text(['script'], 'Text of the script or command.'),
  script_path: text(['script'], 'File the script came from.'),
  script_id: text(['script'], 'Id that the parts of one script share.'),
  script_context: text(['script'], 'Host application, engine and user as the source reports them.'),

  target_username: text(
    [...withTargetUser],
    'Account logged on, changed or asked for; the one that the process acted upon runs as.',
  ),
  target_domain: text([...withTargetUser], 'Domain of that account.'),
  target_sid: text([...withTargetUser], 'SID of that account.'),
  logon_type: text(['logon'], 'interactive, network, batch, service, unlock, remote_interactive …'),
  failure_reason: text(['logon', 'kerberos_ticket'], 'Why it failed, as the source gives it.'),
  is_admin: boolean(['logon'], 'Whether the session is elevated.'),
  group_name: text(['account_change'], 'Group whose members changed.'),

  operation: text(
    [...withOperation],
    'What was done: create, update, delete, rename, enable, start, connect, query, enumerate …',
  ),
  task_name: text(['scheduled_task'], 'Path of the task.'),
  task_content: text(['scheduled_task'], "The task's definition, XML."),
  task_command: text(['scheduled_task'], 'Command and arguments of the task.'),
  service_name: text(
    ['service_install', 'service_change', 'kerberos_ticket', 'privilege_use'],
    'Name of the service, or its display name when the source gives no other.',
  ),
  service_path: text(['service_install'], "The service's command line."),
  service_type: text(['service_install'], 'Own process, shared process, kernel driver …'),
  service_start_type: text(['service_install', 'service_change'], 'auto, demand, disabled …'),
  service_account: text(['service_install'], 'Account the service runs as.'),
  wmi_namespace: text(['wmi'], 'Namespace.'),
  wmi_name: text(['wmi'], 'Name of the filter or consumer.'),
  wmi_query: text(['wmi'], 'Query of the filter, or the operation asked for.'),
  wmi_consumer: text(['wmi'], 'Consumer.'),
  wmi_destination: text(['wmi'], 'What the consumer runs or writes.'),
  pipe_name: text(['pipe'], 'Name of the pipe, with its leading backslash.'),
  object_type: text(
    ['object_access', 'directory_access', 'privilege_use'],
    'Key, File, Process, SAM_DOMAIN …',
  ),
  object_name: text(['object_access', 'directory_access', 'privilege_use'], 'Name of the object.'),
  object_server: text(
    ['object_access', 'directory_access', 'privilege_use'],
    'Subsystem that owns the object, such as Security or DS.',
  ),
  access_mask: number(
    ['object_access', 'directory_access', 'share_access', 'privilege_use'],
    'Access rights asked for, a bit mask.',
  ),
  access_properties: text(
    ['object_access', 'directory_access'],
    'Access codes and GUIDs of the properties touched, each a value.',
    { many: true },
  ),
  share_name: text(['share_access', 'file_create', 'file_modify', 'file_delete', 'file_rename'], 'Share.'),
  share_path: text(['share_access'], 'Local path of the share.'),
  share_file: text(['share_access'], 'File on the share, relative to it.'),
  privileges: text(
    ['privilege_use', 'object_access', 'directory_access'],
    'Privileges asked for, assigned or used, each a value.',
    { many: true },
  ),
  ticket_options: text(['kerberos_ticket'], 'Ticket options, hexadecimal with 0x.'),
  ticket_encryption: text(['kerberos_ticket'], 'Encryption type, hexadecimal with 0x.'),
  raw_device: text(['raw_disk_read'], 'Device read.'),
  log_name: text(['log_clear'], 'Log that was cleared.'),
  exit_code: number(['process_end'], 'Exit code of the process.'),
  target_logon_id: text(['logon'], 'Id of the session that the logon began, hexadecimal with 0x.'),
  logon_process_name: text(['logon'], 'Trusted logon process, such as User32, Kerberos or seclogo.'),
  target_previous_username: text(['account_change'], 'Name of the account before a rename.'),
  ticket_pre_auth_type: text(['kerberos_ticket'], 'Pre-authentication type; 0 is none.'),
  attribute_name: text(['directory_access'], 'LDAP name of the attribute changed.'),
  attribute_value: text(['directory_access'], 'Value added or removed.'),
  script_part: number(['script'], 'Which part of the script script_content is, from 1.'),
  script_parts: number(['script'], 'How many parts the script was logged in.'),

  image_timestamp: number([...images], 'TimeDateStamp of the image header.'),
  image_checksum: number([...images], 'CheckSum of the image header.'),
  image_mapped_size: number([...images], 'Bytes of the image in memory.'),
  image_signature_issuer: text([...images], "Name of the issuer of the signer's certificate.", ofImage),
  image_signature_serial: text(
    [...images],
    "Serial number of the signer's certificate, hexadecimal.",
    ofImage,
  ),
  image_signature_thumbprint: text(
    [...images],
    "SHA-1 of the signer's certificate, lower-case hex.",
    ofImage,
  ),
  image_signature_timestamp: text(
    [...images],
    'When the image was signed, as a trusted timestamp says; ISO 8601 in UTC.',
    ofImage,
  ),
  image_signature_source: text([...images], 'Where the signature is: embedded or catalog.', ofImage),
  process_signed: boolean(
    everywhere,
    'Whether there is a signature on the process image; its status says whether it is good.',
    ofProcess,
  ),
  process_signer: text(everywhere, "The signer's name of the process image.", ofProcess),
  process_signature_status: text(
    everywhere,
    "Verdict on the process image's signature, such as valid, expired or unsigned.",
    ofProcess,
  ),
  process_signature_issuer: text(everywhere, "Name of the issuer of that signer's certificate.", ofProcess),
  process_signature_serial: text(
    everywhere,
    "Serial number of that signer's certificate, hexadecimal.",
    ofProcess,
  ),
  process_signature_thumbprint: text(
    everywhere,
    "SHA-1 of that signer's certificate, lower-case hex.",
    ofProcess,
  ),
  process_signature_timestamp: text(
    everywhere,
    'When the process image was signed, as a trusted timestamp says; ISO 8601 in UTC.',
    ofProcess,
  ),
  process_signature_source: text(everywhere, 'Where that signature is: embedded or catalog.', ofProcess),
  process_image_timestamp: number(everywhere, "TimeDateStamp of the process image's header.", joined),
  process_image_checksum: number(everywhere, "CheckSum of the process image's header.", joined),

  parent_directory: text(everywhere, 'Folder of parent_path, without a trailing backslash.', {
    derivedFrom: 'parent_path',
  }),
  parent_username: text(everywhere, 'Account the parent runs as, without its domain.', joined),
  parent_user_domain: text(everywhere, 'Domain or computer of that account.', joined),
  parent_user_sid: text(everywhere, 'SID of that account.', joined),
  parent_integrity_level: text(everywhere, 'integrity_level of the parent.', joined),
  parent_session_id: number(everywhere, 'Terminal session id of the parent.', joined),
  ancestor_names: text(
    everywhere,
    'File names of the images of the parent, its parent and so on, at most 16.',
    ofMany,
  ),
  ancestor_paths: text(
    everywhere,
    'Full paths of the images of the parent, its parent and so on, at most 16.',
    ofMany,
  ),
  process_creator_name: text(
    everywhere,
    'File name of the image of who created the process, where that is not its parent.',
    joined,
  ),
  process_creator_path: text(everywhere, 'Full path of that image.', joined),
  process_creator_pid: number(
    everywhere,
    'Process id of who created the process, where that is not its parent.',
    joined,
  ),
  process_creator_guid: text(
    everywhere,
    "The source's unique id of that process, lower case, without braces.",
    joined,
  ),
  process_creator_command_line: text(everywhere, 'Command line of that process.', joined),
  process_creator_user_sid: text(everywhere, 'SID of the account which that process runs as.', joined),
  process_broker: text(
    everywhere,
    'Through which service of Windows it was started for somebody else, told by its creator or else its parent: dcom, error_reporting, runtime_broker, secondary_logon, service_control, task_scheduler, uac, winrm or wmi.',
    { derivedFrom: 'parent_path' },
  ),
  evasion_parent_spoofed: boolean(
    everywhere,
    'Whether the creator of the process gave it another parent than itself; false for services of Windows that do so for their clients, missing where the creator is its parent or not known well enough.',
    { derivedFrom: 'process_creator_path' },
  ),
  command_line_at_end: text(
    ['process_end'],
    'Command line as it stood in the memory of the process when it ended.',
  ),
  evasion_command_line_rewritten: boolean(
    ['process_end'],
    'Whether command_line_at_end is another one than command_line.',
    { derivedFrom: 'command_line_at_end' },
  ),

  callstack_summary: text(
    [...withStack],
    'File names of the modules in the call stack, from the innermost, with | between them; a module that repeats stands once. unbacked is code in no image, unknown what may be in one.',
  ),
  callstack_symbols: text(
    [...withStack],
    'Each frame of the call stack, from the innermost: ntdll.dll!NtOpenProcess, or ntdll.dll+0x9d4c4 where no name is known; unbacked, unknown.',
    { many: true },
  ),
  callstack_frames: text(
    [...withStack],
    'The same with full paths and offsets, and the frames of the kernel before those of the process: C:\\Windows\\System32\\ntdll.dll!NtOpenProcess+0x14, unbacked+0x1f2a0b30f4c.',
    { many: true },
  ),
  callstack_modules: text([...withStack], 'Full path of each module in the call stack, once.', {
    many: true,
  }),
  callstack_kernel_modules: text(
    [...withStack],
    "Full path of each module in the kernel's part of the call stack, once.",
    { many: true },
  ),
  callstack_final_user_module: text(
    [...withStack],
    'Full path of the innermost module that called Windows: none of ntdll.dll, kernelbase.dll, kernel32.dll and their like. unbacked, unknown.',
  ),
  callstack_contains_unbacked: boolean(
    [...withStack],
    'Whether some code in the call stack is in no image. Not known where not all images of the process are.',
  ),
  evasion_unbacked_code: boolean(
    [...withStack],
    'The same, where the process has no just-in-time compiler whose code it would be.',
  ),
  evasion_direct_syscall: boolean(
    [...withStack],
    "Whether the system call was made by other code than Windows' own: not in ntdll.dll, win32u.dll or the like, which are known by path and header, or in a second mapping of one of these.",
  ),
  evasion_indirect_syscall: boolean(
    ['process_start', 'process_access', 'remote_thread'],
    "Whether it was made in ntdll.dll's function for another system call.",
  ),
  evasion_image_mismatch: boolean(
    [...images],
    'Whether the file at image_path has another header than the image that was loaded: it was put in its place. Known where the load tells of its header, and that of the file can be read.',
    ofImage,
  ),
  evasion_process_image_mismatch: boolean(
    everywhere,
    "The same of the process's own image, at process_path.",
    ofProcess,
  ),
} as const satisfies Record<string, PropertyRow>

/** The name of a property: `command_line` and so on. */
export type PropertyName = keyof typeof rows

/** The event types that can have a property. */
export type EventTypesOf<P extends PropertyName> = (typeof rows)[P]['on'][number]

/** Of any row it can be asked whether it is on any event type. */
export const properties: {
  readonly [P in PropertyName]: Omit<(typeof rows)[P], 'on'> & Pick<PropertyRow, 'on'>
} = rows

/** All properties, in the order of their ids. */
export const propertyNames = Object.keys(properties) as PropertyName[]

/** The row of a property, or undefined for a name that is none. */
export const propertyRow = (name: string): PropertyRow | undefined =>
  Object.hasOwn(properties, name) ? properties[name as PropertyName] : undefined

/** The id that C++ and Plans use for a property: its row number. */
export const propertyId = (name: PropertyName): number => propertyIds.get(name) as number

const propertyIds: ReadonlyMap<PropertyName, number> = new Map(propertyNames.map((name, id) => [name, id]))
