/** Whose processes run. */
export interface Account {
  readonly name: string
  readonly domain: string
  readonly sid: string
  readonly logonId: number
  /** As JSON. */
  readonly upn: string
  /** Columns of the process that acts, from its creation time's end to where its integrity goes. */
  readonly columns: string
}

export function account(name: string, domain: string, sid: string, logonId: number): Account {
  const upn = domain === 'nt authority' ? 'null' : JSON.stringify(`${name}@finch.example`)
  const columns = [
    `","InitiatingProcessAccountName":${JSON.stringify(name)},"InitiatingProcessAccountDomain":"${domain}",`,
    `"InitiatingProcessAccountSid":"${sid}","InitiatingProcessAccountUpn":${upn},`,
    `"InitiatingProcessAccountObjectId":null,"InitiatingProcessLogonId":${logonId},"InitiatingProcessIntegrityLevel":"`,
  ]
  return { name, domain, sid, logonId, upn, columns: columns.join('') }
}

export const system = account('system', 'nt authority', 'S-1-5-18', 999)
export const localService = account('local service', 'nt authority', 'S-1-5-19', 997)
export const networkService = account('network service', 'nt authority', 'S-1-5-20', 996)
