/** What Windows writes as numbers, under the names that the schema uses; for lookup. */

/** Logon types of Security events; Defender for Endpoint gives names, in lower case here. */
export const logonTypes = {
  '0': 'system',
  '2': 'interactive',
  '3': 'network',
  '4': 'batch',
  '5': 'service',
  '7': 'unlock',
  '8': 'network_cleartext',
  '9': 'new_credentials',
  '10': 'remote_interactive',
  '11': 'cached_interactive',
  '12': 'cached_remote_interactive',
  '13': 'cached_unlock',
  networkcleartext: 'network_cleartext',
  newcredentials: 'new_credentials',
  remoteinteractive: 'remote_interactive',
  'remote interactive (rdp) logons': 'remote_interactive',
  cachedinteractive: 'cached_interactive',
  cachedremoteinteractive: 'cached_remote_interactive',
  cachedunlock: 'cached_unlock',
}

/** SERVICE_BOOT_START and so on; event 7045 writes "auto start". */
export const serviceStartTypes = {
  '0': 'boot',
  '1': 'system',
  '2': 'auto',
  '3': 'demand',
  '4': 'disabled',
  'boot start': 'boot',
  'system start': 'system',
  'auto start': 'auto',
  'demand start': 'demand',
}

/** SERVICE_KERNEL_DRIVER and so on, in the words of event 7045. */
export const serviceTypes = {
  '0x1': 'kernel mode driver',
  '0x2': 'file system driver',
  '0x10': 'user mode service',
  '0x20': 'user mode service',
  '0x110': 'user mode service',
  '0x120': 'user mode service',
}

/** Types of DNS records, from IANA's registry. */
export const dnsRecordTypes = {
  '1': 'A',
  '2': 'NS',
  '5': 'CNAME',
  '6': 'SOA',
  '12': 'PTR',
  '15': 'MX',
  '16': 'TXT',
  '28': 'AAAA',
  '33': 'SRV',
  '65': 'HTTPS',
  '255': 'ANY',
}
