/**
 * Event types: what happened. One row each; the order is the id shared with C++ and Plans,
 * so new rows go to the end.
 */

/** What the schema says of an event type. */
export interface EventTypeRow {
  /** What happened, for docs/schema.md. */
  readonly doc: string
}

const rows = {
  process_start: { doc: 'A process was created.' },
  process_end: { doc: 'A process exited.' },
  process_access: { doc: 'A process opened a handle to another process, or reached into its memory.' },
  process_tamper: { doc: "A process's image in memory was replaced (hollowing, herpaderping)." },
  remote_thread: { doc: 'A process created a thread in another process.' },
  image_load: { doc: 'A process mapped an executable image (DLL or EXE).' },
  driver_load: { doc: 'The kernel loaded a driver.' },
  file_create: { doc: 'A file was created or overwritten.' },
  file_modify: { doc: "A file's content or creation time was changed." },
  file_delete: { doc: 'A file was deleted.' },
  file_rename: { doc: 'A file was renamed or moved.' },
  registry_create: { doc: 'A registry key was created.' },
  registry_set: { doc: 'A registry value was written.' },
  registry_delete: { doc: 'A registry key or value was deleted.' },
  registry_rename: { doc: 'A registry key or value was renamed.' },
  network_connection: { doc: 'A connection was made, refused, accepted or listened for.' },
  dns_query: { doc: 'A name was resolved.' },
  script: { doc: 'Script text was run or compiled (PowerShell, AMSI).' },
  logon: { doc: 'A logon was granted or refused.' },
  scheduled_task: { doc: 'A scheduled task was created, changed, deleted or started.' },
  service_install: { doc: 'A service was installed.' },
  service_change: { doc: "A service's state or start type changed." },
  wmi: { doc: 'A WMI filter, consumer, binding, provider or query was registered or run.' },
  pipe: { doc: 'A named pipe was created or connected to.' },
  object_access: {
    doc: 'A handle to a securable object was asked for or used; an account or credential store was read.',
  },
  share_access: { doc: 'A network share, or a file on it, was accessed.' },
  directory_access: { doc: 'An operation was performed on an Active Directory object.' },
  privilege_use: { doc: 'A privilege was assigned, adjusted or used.' },
  account_change: { doc: 'A user or group was created, changed or deleted.' },
  kerberos_ticket: { doc: 'A Kerberos or NTLM credential was asked for.' },
  raw_disk_read: { doc: 'A process read a volume past the file system.' },
  log_clear: { doc: 'An event log was cleared.' },
} as const satisfies Record<string, EventTypeRow>

/** The name of an event type: `process_start` and so on. */
export type EventTypeName = keyof typeof rows

/** What each event type is. */
export const eventTypes: { readonly [E in EventTypeName]: EventTypeRow } = rows

/** All event types, in the order of their ids. */
export const eventTypeNames = Object.keys(eventTypes) as EventTypeName[]

/** The id that C++ and Plans use for an event type: its row number. */
export const eventTypeId = (name: EventTypeName): number => eventTypeNames.indexOf(name)
