/**
 * Text with gaps: `{guid}`, `{n:100}`, `{pick:a|b}`. A template is taken apart once, when it is first
 * seen, and filled in for a scene: a device, its user, and the process that acts.
 */
import type { Values } from './values.js'

export interface Scene {
  readonly values: Values
  readonly device: {
    readonly name: string
    readonly domain: string
    readonly computer: string
    readonly build: string
  }
  readonly user: { readonly name: string; readonly sid: string }
  readonly path?: string
  readonly version?: string
}

type Gap = (scene: Scene, argument: string) => string

const documents = ['docx', 'xlsx', 'pptx', 'pdf', 'csv', 'txt', 'msg', 'png', 'jpg', 'zip']
const number = (argument: string): number => Number(argument || '10')
const home = (scene: Scene): string => `C:\\Users\\${scene.user.name}`

const gaps: Record<string, Gap> = {
  guid: ({ values }) => values.guid(),
  GUID: ({ values }) => values.guid().toUpperCase(),
  hex: ({ values }, digits) => values.hex(number(digits)),
  HEX: ({ values }, digits) => values.hex(number(digits)).toUpperCase(),
  n: ({ values }, below) => String(values.below(number(below))),
  b64: ({ values }, digits) => values.base64(number(digits)),
  pick: ({ values }, options) => values.pick(options.split('|')),
  word: ({ values }) => values.word(),
  label: ({ values }) => values.label(),
  version: ({ values }) => values.version(),
  document: ({ values }) => `${values.label()}.${values.pick(documents)}`,
  host: ({ values }) => values.host(),
  address: ({ values }) => values.publicAddress(),
  person: ({ values }) => values.person(),
  user: (scene) => scene.user.name,
  sid: (scene) => scene.user.sid,
  home,
  temp: (scene) => `${home(scene)}\\AppData\\Local\\Temp`,
  local: (scene) => `${home(scene)}\\AppData\\Local`,
  roaming: (scene) => `${home(scene)}\\AppData\\Roaming`,
  folder: (scene) => `${home(scene)}\\${scene.values.pick(['Documents', 'Downloads', 'Desktop'])}`,
  repo: (scene) => `C:\\src\\${scene.values.word()}-${scene.values.word()}`,
  date: ({ values }) => `2026010${1 + values.below(9)}`,
  ticks: ({ values }) =>
    `13${values.below(9)}${String(values.below(1e9)).padStart(9, '0')}${values.below(1e6)}`,
  path: (scene) => scene.path ?? '',
  ver: (scene) => scene.version ?? '',
  device: (scene) => scene.device.computer,
  domain: (scene) => scene.device.domain,
  build: (scene) => scene.device.build,
  server: (scene) =>
    `${scene.values.pick(['fs', 'app', 'db', 'dc'])}${1 + scene.values.below(40)}.${scene.device.domain}`,
}

/** Gaps that belong to the scene, so that what was filled in for one user does not serve another. */
const ofScene = /\{(user|sid|home|temp|local|roaming|folder|path|ver|device|domain|server|build)\b/

export class Template {
  readonly #parts: (string | [gap: Gap, argument: string])[] = []
  readonly #ofScene: boolean

  constructor(readonly text: string) {
    this.#ofScene = ofScene.test(text)
    for (const [at, part] of text.split(/(\{\w+(?::[^{}]*)?\})/).entries()) {
      const [, name = '', argument = ''] = at % 2 === 1 ? (/^\{(\w+):?(.*)\}$/.exec(part) ?? []) : []
      if (!name) this.#parts.push(part)
      else {
        const gap = gaps[name]
        if (!gap) throw new Error(`no gap is called ${name}: ${text}`)
        this.#parts.push([gap, argument])
      }
    }
  }

  fill(scene: Scene): string {
    if (this.#parts.length === 1) return this.text
    if (scene.values.reuse === 0) return this.#filled(scene)
    const key = this.#ofScene
      ? `${this.text}\n${scene.device.name}\n${scene.user.name}\n${scene.path}`
      : this.text
    return scene.values.again(key, () => this.#filled(scene))
  }

  #filled(scene: Scene): string {
    let text = ''
    for (const part of this.#parts) text += typeof part === 'string' ? part : part[0](scene, part[1])
    return text
  }
}

const seen = new Map<string, Template>()

export function fill(text: string, scene: Scene): string {
  let template = seen.get(text)
  if (!template) {
    template = new Template(text)
    seen.set(text, template)
  }
  return template.fill(scene)
}
