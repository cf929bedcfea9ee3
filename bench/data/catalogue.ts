/**
 * The programs of the fleet. A program is a line `name | folder | company | description | version`, a line of what it is
 * like, and its command lines as templates:
 *
 *     as system|local|network|user|admin   whose token it has
 *     by A B                               which programs start it
 *     boot N, logon, often N               started N times at boot, at every logon, or now and then with that weight
 *     single                               at most one on a device
 *     on desktop|developer|server          on these devices only
 *     does N F R I                         how much it does: network, files, registry, image loads
 *     topic T                              which hosts, files and keys are its own; see topics.ts
 *
 * The same name twice is one image that is started in two ways, as browsers and their renderers are.
 */
import { applications } from './programs/applications.js'
import { windowsPrograms } from './programs/windows.js'
import { workPrograms } from './programs/work.js'
import type { Topic } from './topics.js'

export type Owner = 'system' | 'local' | 'network' | 'user' | 'admin'
export type Doing = 'network' | 'file' | 'registry' | 'image'
export type Site = 'desktop' | 'developer' | 'server'

export interface Program {
  readonly index: number
  readonly name: string
  readonly folder: string
  readonly company: string
  readonly description: string
  readonly version: string
  readonly owner: Owner
  readonly startedBy: readonly string[]
  readonly boot: number
  readonly logon: boolean
  readonly often: number
  readonly single: boolean
  readonly on: Site | null
  readonly does: Readonly<Record<Doing, number>>
  readonly topic: Topic
  readonly lines: readonly string[]
}

function parse(entry: string, index: number): Program {
  const [head = '', traits = '', ...lines] = entry.split('\n')
  const [name = '', folder = '', company = '', description = '', version = ''] = head.split(' | ')
  const trait = new Map<string, string>()
  for (const text of traits.trim().split(/;\s*/)) {
    const [key = '', ...rest] = text.split(' ')
    trait.set(key, rest.join(' '))
  }
  const [network = 0, file = 0, registry = 0, image = 0] = (trait.get('does') ?? '').split(' ').map(Number)
  return {
    index,
    name,
    folder,
    company: company === 'Microsoft' ? 'Microsoft Corporation' : company,
    description,
    version,
    owner: trait.get('as') as Owner,
    startedBy: trait.get('by')?.split(' ') ?? [],
    boot: Number(trait.get('boot') ?? 0),
    logon: trait.has('logon'),
    often: Number(trait.get('often') ?? 0),
    single: trait.has('single'),
    on: (trait.get('on') as Site | undefined) ?? null,
    does: { network, file, registry, image },
    topic: trait.get('topic') as Topic,
    lines: lines.map((line) => line.replace(/^ {2}> ?/, '')),
  }
}

export const programs: readonly Program[] = [windowsPrograms, applications, workPrograms]
  .flatMap((text) => text.trim().split(/\n(?! )/))
  .map(parse)

export function program(name: string): Program {
  const found = programs.find((one) => one.name === name)
  if (!found) throw new Error(`no program is called ${name}`)
  return found
}

/** Developers' machines are desktops too. */
const fits = (one: Program, site: Site): boolean =>
  one.on === null || one.on === site || (one.on === 'desktop' && site === 'developer')

const on = (site: Site, keep: (one: Program) => boolean): Program[] =>
  programs.filter((one) => fits(one, site) && keep(one))

export interface Habits {
  readonly boot: readonly Program[]
  readonly logon: readonly Program[]
  /** Each as often as its weight says, so that one draw is enough. */
  readonly often: readonly Program[]
}

const habitsOf = (site: Site): Habits => ({
  boot: on(site, (one) => one.boot > 0),
  logon: on(site, (one) => one.logon),
  often: on(site, (one) => one.often > 0).flatMap((one) => Array<Program>(one.often).fill(one)),
})

export const habits: Readonly<Record<Site, Habits>> = {
  desktop: habitsOf('desktop'),
  developer: habitsOf('developer'),
  server: habitsOf('server'),
}
