import { type EventTypeName, eventTypeNames } from '../schema/event-types.js'
import { nearestName } from './nearest-name.js'

/** What Sigma's categories, Sysmon and Defender's tables call our event types: lower case, letters only. */
const synonyms: Readonly<Record<string, EventTypeName>> = {
  processcreation: 'process_start',
  processcreate: 'process_start',
  deviceprocessevents: 'process_start',
  processtermination: 'process_end',
  processterminate: 'process_end',
  processtampering: 'process_tamper',
  createremotethread: 'remote_thread',
  imageloaded: 'image_load',
  deviceimageloadevents: 'image_load',
  driverloaded: 'driver_load',
  fileevent: 'file_create',
  filecreated: 'file_create',
  devicefileevents: 'file_create',
  filechange: 'file_modify',
  filecreationtime: 'file_modify',
  registryevent: 'registry_set',
  registryadd: 'registry_create',
  deviceregistryevents: 'registry_set',
  networkconnect: 'network_connection',
  devicenetworkevents: 'network_connection',
  dns: 'dns_query',
  psscript: 'script',
  psclassicscript: 'script',
  psmodule: 'script',
  devicelogonevents: 'logon',
  pipecreated: 'pipe',
  wmievent: 'wmi',
  rawaccessthread: 'raw_disk_read',
  rawaccessread: 'raw_disk_read',
}

/** The event type that `name` most likely means; undefined when it is none and near none. */
export function nearestEventType<T extends string = never>(
  name: string,
  others: readonly T[] = [],
): EventTypeName | T | undefined {
  const key = name.toLowerCase().replace(/[^a-z]/g, '')
  return Object.hasOwn(synonyms, key) ? synonyms[key] : nearestName(name, [...eventTypeNames, ...others])
}
