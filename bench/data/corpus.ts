/** The records of a fleet, one after the other, and which of them are attacks. */
import { attack } from './attacks.js'
import type { Doing } from './catalogue.js'
import { Device, type Process } from './device.js'
import { Images } from './images.js'
import { type Happening, started } from './records/envelope.js'
import * as others from './records/others.js'
import { connection, fileChange, imageLoad, registryChange } from './records/subjects.js'
import { Values } from './values.js'

export type Repeat = 'low' | 'high'
export type Kind = Doing | 'process' | 'other'

export interface Made {
  /** JSON, without a line end. */
  readonly text: string
  readonly kind: Kind
  /** The ATT&CK technique whose command line this is. */
  readonly attack?: string
}

/** Shares of the tables, in thousandths. */
export const mix: Readonly<Record<Kind, number>> = {
  network: 270,
  file: 200,
  registry: 150,
  process: 140,
  image: 120,
  other: 120,
}

interface Setting {
  readonly devices: number
  /** Versions of each program that are about. */
  readonly versions: number
  /** How likely something done is one of the last few that were done there. */
  readonly reuse: number
  /** How often a process acts whose command line others have too, beside one that has its own. */
  readonly common: number
  /** How likely a record is of the same process as the one before. */
  readonly burst: number
}

const settings: Readonly<Record<Repeat, Setting>> = {
  low: { devices: 800, versions: 24, reuse: 0, common: 0.15, burst: 0.1 },
  high: { devices: 12, versions: 1, reuse: 0.9, common: 1, burst: 0.7 },
}

/** One start in so many is an attack: below 0.2 %. */
const startsForAnAttack = 600
const startsForABoot = 3000
const monday = Date.UTC(2026, 0, 5, 8)

type Writer = (happening: Happening) => string
const writers: Readonly<Record<Doing, Writer>> = {
  network: connection,
  file: fileChange,
  registry: registryChange,
  image: imageLoad,
}

const times = (count: number, write: Writer): Writer[] => Array<Writer>(count).fill(write)
const otherWriters: readonly Writer[] = [
  ...times(24, others.logon),
  ...times(30, others.nameQuery),
  ...times(20, others.scriptRun),
  ...times(12, others.pipe),
  ...times(16, others.openedProcess),
  ...times(4, others.task),
  ...times(1, others.service),
  ...times(1, others.driver),
  ...times(4, others.sensitiveFile),
]

const kinds = Object.entries(mix).flatMap(([kind, share]) => Array<Kind>(share).fill(kind as Kind))
const most = 30

export class Corpus {
  readonly #values: Values
  readonly #setting: Setting
  readonly #devices: readonly Device[]
  #now = monday
  #starts = 0
  #device: Device
  #process: Process

  constructor(seed: number, repeat: Repeat) {
    this.#setting = settings[repeat]
    this.#values = new Values(seed, this.#setting.reuse)
    const images = new Images(this.#values, this.#setting.versions)
    this.#devices = Array.from({ length: this.#setting.devices }, (_, index) => {
      const site = (['desktop', 'developer', 'desktop', 'server', 'desktop'] as const)[index % 5] ?? 'desktop'
      return new Device(this.#values, images, index, site, monday)
    })
    this.#device = this.#devices[0] as Device
    this.#process = this.#device.live[0] as Process
  }

  next(): Made {
    this.#now += this.#values.next() * 3
    const kind = this.#values.pick(kinds)
    const same = this.#values.chance(this.#setting.burst)
    if (!same) this.#device = this.#values.pick(this.#devices)
    if (kind === 'process') return this.#start()
    this.#process = this.#actor(kind, same)
    const write = kind === 'other' ? this.#values.pick(otherWriters) : writers[kind]
    return { text: write(this.#happening(this.#process)), kind }
  }

  #happening(process: Process): Happening {
    return { values: this.#values, device: this.#device, process, now: this.#now }
  }

  #start(): Made {
    const starts = ++this.#starts
    const device = this.#device
    if (starts % startsForAnAttack === 0) {
      const { process, technique } = attack(device, this.#now)
      return { text: this.#started(process), kind: 'process', attack: technique }
    }
    if (starts % startsForABoot === startsForABoot / 2) {
      device.boot(this.#now)
      device.logOn()
    }
    return { text: this.#started(device.startNext(this.#now)), kind: 'process' }
  }

  #started(process: Process): string {
    this.#process = process
    return started(this.#happening(process.parent as Process), process)
  }

  /** A live process of the device, the likelier the more of this kind it does. */
  #actor(kind: Doing | 'other', same: boolean): Process {
    const { live } = this.#device
    const last = this.#process
    if (same && this.#weight(last, kind) > 0 && live.includes(last)) return last
    for (let tries = 0; tries < 60; tries++) {
      const process = this.#values.pick(live)
      if (this.#weight(process, kind) > this.#values.next()) return process
    }
    // The kernel: it does a little of everything, where a rundll32 that connects would be an attack.
    return live[0] as Process
  }

  /** 0 to 1. */
  #weight({ program, own }: Process, kind: Doing | 'other'): number {
    return (kind === 'other' ? 1 : program.does[kind] / most) * (own ? 1 : this.#setting.common)
  }
}
