import { auoms } from './auoms.js'
import { dnsClient } from './dns-client.js'
import { etw } from './etw.js'
import type { Mapping } from './mapping.js'
import { mde } from './mde.js'
import { powershell } from './powershell.js'
import { security } from './security.js'
import { standard } from './standard.js'
import { sysmon } from './sysmon.js'
import { system } from './system.js'
import { taskScheduler } from './task-scheduler.js'
import { otherEventLogs } from './windows-event-log.js'
import { wmiActivity } from './wmi-activity.js'

/**
 * Tried in this order; the first that recognises a record has it. Our own form comes first, since its
 * event_id and log_name would also pass for an event log's.
 */
export const allMappings: readonly Mapping[] = [
  standard,
  mde,
  auoms,
  sysmon,
  security,
  powershell,
  system,
  taskScheduler,
  wmiActivity,
  dnsClient,
  etw,
  otherEventLogs,
]
