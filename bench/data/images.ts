/**
 * The executable files of programs: a few versions of each are about in a fleet, every one with its
 * hashes, its size and its version resource, already as the JSON that records repeat.
 */
import type { Program } from './catalogue.js'
import { fill, type Scene } from './template.js'
import type { Values } from './values.js'

export interface Image {
  readonly version: string
  /** Where it is, unless each user has a copy. */
  readonly path: string | null
  /** The same in lower case, as JSON. */
  readonly lowerPath: string | null
  readonly sha1: string
  readonly sha256: string
  readonly md5: string
  readonly size: number
  /** Columns, as JSON, of the new process. */
  readonly versionInfo: string
  /** Columns of the process that acts: its file, up to where its parent's name goes. */
  readonly file: string
  /** And what follows its parent, up to where its session goes. */
  readonly resource: string
}

export class Images {
  readonly #images = new Map<string, Image>()
  /** By device and program, as long as the device has that Windows. */
  readonly #found = new Map<number, Image>()

  /** `versions`: of how many versions of each program there are devices. */
  constructor(
    readonly values: Values,
    readonly versions: number,
  ) {}

  /** Windows has one version on a device, and every other program one of its own. */
  of(program: Program, deviceIndex: number, scene: Scene): Image {
    const place = deviceIndex * 1000 + program.index
    let image = program.index < 0 ? undefined : this.#found.get(place)
    if (!image) {
      image = this.#ofVersion(program, deviceIndex, scene)
      this.#found.set(place, image)
    }
    return image
  }

  #ofVersion(program: Program, deviceIndex: number, scene: Scene): Image {
    const windows = program.version === '{build}'
    const version = windows ? scene.device.build : String((deviceIndex * 7 + program.index) % this.versions)
    const key = `${program.folder}\\${program.name}\n${version}`
    let image = this.#images.get(key)
    if (!image) {
      const known = windows ? version : fill(program.version, scene)
      const path = program.folder.replace('{ver}', known).replace('{build}', known)
      image = make(this.values, program, known, path.includes('{') ? null : `${path}\\${program.name}`)
      this.#images.set(key, image)
    }
    return image
  }
}

/** As Defender has the path of the process that acts. */
export const lowerJson = (path: string): string => JSON.stringify(path.toLowerCase())

function make(values: Values, program: Program, version: string, path: string | null): Image {
  const ofWindows = program.version === '{build}'
  const info: [string, string][] = [
    ['CompanyName', program.company],
    ['ProductName', ofWindows ? 'Microsoft® Windows® Operating System' : program.description],
    ['ProductVersion', version],
    ['InternalFileName', program.name.replace(/\.exe$/i, '')],
    ['OriginalFileName', program.name],
    ['FileDescription', program.description],
  ]
  const json = (prefix: string): string =>
    info.map(([key, value]) => `"${prefix}VersionInfo${key}":${JSON.stringify(value)}`).join(',')
  const [sha1, sha256, md5] = [values.hex(40), values.hex(64), values.hex(32)]
  const size = 20000 + values.below(4e6)
  return {
    version,
    path,
    lowerPath: path && lowerJson(path),
    sha1,
    sha256,
    md5,
    size,
    versionInfo: json('Process'),
    file: [
      `","InitiatingProcessSHA1":"${sha1}","InitiatingProcessFileSize":${size},"InitiatingProcessMD5":"${md5}",`,
      `"InitiatingProcessFileName":"${program.name}","InitiatingProcessParentFileName":`,
    ].join(''),
    resource: [
      `,"InitiatingProcessSHA256":"${sha256}",`,
      json('InitiatingProcess'),
      ',"InitiatingProcessSessionId":',
    ].join(''),
  }
}
