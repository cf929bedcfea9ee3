/**
 * A device and its live processes. What starts here has a parent that lives here, a pid that no other
 * live process has, and a unique id that no process of the device had before.
 */
import { type Account, account, localService, networkService, system } from './account.js'
import { habits, type Program, program, type Site } from './catalogue.js'
import type { Image, Images } from './images.js'
import { fill, type Scene } from './template.js'
import { timestamp } from './timestamp.js'
import type { Values } from './values.js'

export interface Process {
  readonly program: Program
  readonly image: Image
  readonly path: string
  readonly line: string
  /** No other process has this command line, but by chance. */
  readonly own: boolean
  readonly account: Account
  readonly elevated: boolean
  readonly session: number
  readonly pid: number
  readonly uniqueId: string
  readonly created: string
  /** None for what the kernel starts. */
  readonly parent: Process | null
}

/** A start that is still to come, of a boot or of a logon. */
interface Waiting {
  readonly program: Program
  readonly bySession: boolean
}

/** Gaps that are filled in anew, of which there are many values. */
const varied = /\{(?!pick|path|ver|build|[a-z]+:1?\d\})/

/** Beyond what boot and logon leave, so many processes live at once; the oldest of them end first. */
const shortLived = 24

export class Device {
  readonly id: string
  readonly scene: { -readonly [K in keyof Scene]: Scene[K] }
  readonly group: string
  readonly localAddress: string
  /** Columns, as JSON. */
  readonly columns: string
  readonly live: Process[] = []
  readonly #waiting: Waiting[] = []
  readonly #passing: Process[] = []
  readonly #pids = new Set<number>()
  readonly #domainSid: string
  #user: Account
  #session = 1
  #reports: number
  #boots: number
  #starts = 0

  constructor(
    readonly values: Values,
    readonly images: Images,
    readonly index: number,
    readonly site: Site,
    now: number,
  ) {
    this.id = values.hex(40)
    const computer = `${site === 'server' ? 'srv' : 'wks'}-${values.word().replace(/[^a-z]/g, '')}${index}`
    const domain = `${values.pick(['north', 'south', 'labs', 'east'])}.finch.example`
    const build = values.pick(['10.0.19041.5', '10.0.22621.4', '10.0.26100.3', '10.0.20348.2'])
    this.scene = {
      values,
      device: { name: `${computer}.${domain}`, computer, domain, build: `${build}${100 + (index % 9) * 37}` },
      user: { name: '', sid: '' },
    }
    this.columns = `"DeviceId":"${this.id}","DeviceName":"${computer}.${domain}","ReportId":`
    this.group = `site-${values.below(12)}`
    this.localAddress = `10.${values.below(200)}.${values.below(250)}.${1 + values.below(254)}`
    this.#domainSid = `S-1-5-21-${1e9 + values.below(3e9)}-${1e9 + values.below(3e9)}-${1e9 + values.below(3e9)}`
    this.#reports = values.below(60000)
    this.#boots = 1 + values.below(400)
    this.#user = this.#newUser()
    const booted = now - 3_600_000 * (2 + values.below(200))
    this.boot(booted)
    this.logOn()
    this.#settle(booted)
  }

  get user(): Account {
    return this.#user
  }
  nextReport(): number {
    return ++this.#reports
  }

  #newUser(): Account {
    const user = account(
      this.values.person(),
      this.scene.device.domain.split('.')[0] as string,
      `${this.#domainSid}-${1000 + this.values.below(60000)}`,
      100000 + this.values.below(9e8),
    )
    this.scene.user = user
    return user
  }

  /** Everything that lived is gone, the kernel runs, and what starts at boot is to come. */
  boot(now: number): void {
    for (const process of [...this.live]) this.end(process)
    this.#waiting.length = 0
    this.#boots++
    this.#add(program('ntoskrnl.exe'), null, now, system, '')
    for (const one of habits[this.site].boot) {
      for (let i = 0; i < one.boot; i++) this.#waiting.push({ program: one, bySession: false })
    }
  }

  /** The processes of the session before end, and those of a new one are to come. */
  logOn(): Account {
    for (const process of this.live.filter((one) => one.account === this.#user)) this.end(process)
    for (let at = this.#waiting.length; at-- > 0; ) {
      if (this.#waiting[at]?.bySession) this.#waiting.splice(at, 1)
    }
    this.#session++
    const user = this.#newUser()
    this.#user = user
    for (const one of habits[this.site].logon) this.#waiting.push({ program: one, bySession: true })
    return user
  }

  /** What was started before the first record was: no record tells of it. */
  #settle(booted: number): void {
    let at = booted
    while (this.#waiting.length > 0) {
      at += this.values.next() * 4000
      this.startNext(at)
    }
    for (let i = 0; i < 14; i++) {
      at += this.values.next() * 200_000
      this.startNext(at)
    }
  }

  /** The next start of a boot or logon, or else something that is often started here. */
  startNext(now: number): Process {
    const kernel = this.live[0] as Process
    const waiting = this.#waiting.shift()
    if (waiting) return this.start(waiting.program, this.#parentFor(waiting.program) ?? kernel, now)
    for (let tries = 0; tries < 30; tries++) {
      const one = this.values.pick(habits[this.site].often)
      if (one.single && this.living(one.name)) continue
      const parent = this.#parentFor(one)
      if (parent) return this.start(one, parent, now)
    }
    return this.start(program('WmiPrvSE.exe'), this.living('svchost.exe') ?? kernel, now)
  }

  #parentFor(one: Program): Process | undefined {
    const name = this.values.pick(one.startedBy)
    return this.living(name) ?? this.living(one.startedBy[0] as string)
  }

  /** Some live process of the name: not always the first. */
  living(name: string): Process | undefined {
    const from = this.values.below(this.live.length)
    for (let i = 0; i < this.live.length; i++) {
      const process = this.live[(from + i) % this.live.length]
      if (process?.program.name === name) return process
    }
    return undefined
  }

  /** `line`: a command line other than the program's own. */
  start(one: Program, parent: Process, now: number, line?: string): Process {
    const process = this.#add(one, parent, now, this.#accountFor(one, parent), line)
    if (one.boot === 0 && !one.logon) {
      this.#passing.push(process)
      if (this.#passing.length > shortLived) this.end(this.#passing[0] as Process)
    }
    return process
  }

  #accountFor(one: Program, parent: Process): Account {
    if (one.owner === 'system') return system
    if (one.owner === 'local') return localService
    if (one.owner === 'network') return networkService
    // A service's script is the service's, whoever is at the screen.
    return parent.account === this.#user || parent.program.topic !== 'agent' ? this.#user : parent.account
  }

  #add(one: Program, parent: Process | null, now: number, account: Account, line?: string): Process {
    const image = this.images.of(one, this.index, this.scene)
    const scene = this.scene
    scene.version = image.version
    const path = image.path ?? `${fill(one.folder, scene)}\\${one.name}`
    scene.path = path
    const template = this.values.pick(one.lines)
    const process: Process = {
      program: one,
      image,
      path,
      line: line ?? fill(template, scene),
      own: line !== undefined || varied.test(one.folder + template),
      account,
      elevated: account !== this.#user || one.owner === 'admin',
      session: account === this.#user ? this.#session : 0,
      pid: parent ? this.#freePid() : 4,
      uniqueId: String(this.#boots * 2 ** 44 + ++this.#starts),
      created: timestamp(now),
      parent,
    }
    this.#pids.add(process.pid)
    this.live.push(process)
    return process
  }

  #freePid(): number {
    for (;;) {
      const pid = 8 + 4 * this.values.below(8000)
      if (!this.#pids.has(pid)) return pid
    }
  }

  end(process: Process): void {
    for (const list of [this.live, this.#passing]) {
      const at = list.indexOf(process)
      if (at >= 0) list.splice(at, 1)
    }
    this.#pids.delete(process.pid)
  }
}
