import { grouped } from '../grouped.js'
import type {
  ClrHeader,
  Image,
  ImageExports,
  ImageHeaders,
  ImportedModule,
  VersionResource,
} from '../image/image.js'
import { visible } from '../language/display-text.js'
import { counted, formatBytes } from './summary.js'
import { table } from './table.js'

/** Of imports and exports no more are listed, unless all are wanted. */
const FEW = 8

const NAME_WIDTH = 11

type Fact = readonly [name: string, ...values: readonly string[]]

/** What is in an image, for people. */
export function formatImage(image: ImageHeaders | Image, all = false): string {
  const limit = all ? Number.POSITIVE_INFINITY : FEW
  const facts: Fact[] = [...headerFacts(image), ...('imports' in image ? directoryFacts(image, limit) : [])]
  facts.push(['odd', ...image.anomalies.map(({ code, message }) => `${code}: ${message}`)])
  const lines = [
    `${image.path}: ${kindOf(image)}, ${formatBytes(image.fileSize)}`,
    ...facts.flatMap(factLines).map((line) => `  ${line}`),
    ...table(sectionRows(image)).map((line) => `  ${line}`),
  ]
  return `${lines.map((line) => visible(line).trimEnd()).join('\n')}\n\n`
}

/** A line for each value; none without. */
const factLines = ([name, ...values]: Fact): string[] =>
  values.map((value, i) => `${(i === 0 ? name : '').padEnd(NAME_WIDTH)} ${value}`)

function kindOf({ isDll, machine, subsystem }: ImageHeaders): string {
  return `${machine} ${isDll ? 'DLL' : 'program'} for ${subsystem}`
}

function headerFacts(image: ImageHeaders): Fact[] {
  const { hashes, rich, certificates, certificateTable: table, overlay } = image
  const sha256 = hashes.sha256
  const padded = sha256?.padded ? `, ${sha256.padded} padded` : ''
  return [
    ['built', timeOf(image)],
    ['made by', `linker ${image.linkerVersion}, for Windows ${image.osVersion}`],
    ['sha256', ...(sha256 ? [`${sha256.file} of the file`, `${sha256.image} of the image${padded}`] : [])],
    ['checksum', checksumOf(image)],
    [
      'memory',
      `${formatBytes(image.imageSize)} at ${image.imageBase}, entry point at ${hex(image.entryPoint)}`,
    ],
    ['protected', protectionOf(image)],
    ['rich', ...(rich ? [`key ${rich.key}${rich.valid ? '' : ', which is wrong'}, ${toolsOf(rich)}`] : [])],
    [
      'signed',
      ...(table ? [`${counted(certificates.length, 'certificates')} in ${formatBytes(table.size)}`] : []),
    ],
    ['overlay', ...(overlay ? [`${formatBytes(overlay.size)} at ${hex(overlay.offset)}`] : [])],
  ]
}

const hex = (number: number): string => `0x${number.toString(16)}`

function timeOf({ timestamp, reproducible }: ImageHeaders): string {
  if (reproducible) return `reproducibly: ${hex(timestamp)} is a hash`
  return timestamp === 0 ? 'unknown' : `${new Date(timestamp * 1000).toISOString().slice(0, 19)}Z`
}

function checksumOf({ checksum, computedChecksum }: ImageHeaders): string {
  if (computedChecksum === null || checksum === computedChecksum) return hex(checksum)
  return `${checksum === 0 ? 'none' : hex(checksum)}, should be ${hex(computedChecksum)}`
}

const mitigationNames = {
  aslr: 'ASLR',
  highEntropyAslr: 'high-entropy ASLR',
  nx: 'NX',
  controlFlowGuard: 'CFG',
  extendedFlowGuard: 'XFG',
  cet: 'CET',
  safeSeh: 'SafeSEH',
  forceIntegrity: 'forced integrity',
  appContainer: 'AppContainer',
} as const

function protectionOf({ mitigations }: ImageHeaders): string {
  const names = Object.entries(mitigationNames) as [keyof typeof mitigationNames, string][]
  const present = names.filter(([key]) => mitigations[key]).map(([, name]) => name)
  return present.join(', ') || 'by nothing'
}

const toolsOf = ({ entries }: NonNullable<ImageHeaders['rich']>): string =>
  entries.map(({ product, build, count }) => `${product}.${build} × ${count}`).join(', ')

function directoryFacts(image: Image, limit: number): Fact[] {
  const { pdb, version, clr, exports, imphash, tlsCallbacks } = image
  return [
    ['version', ...(version ? versionLines(version) : [])],
    ['pdb', ...(pdb ? [`${pdb.path} {${pdb.guid ?? pdb.signature}}, age ${pdb.age}`] : [])],
    ['.net', ...(clr ? [clrLine(clr)] : [])],
    ['tls', ...tlsCallbacks.map((address) => `callback at ${hex(address)}`)],
    ['imphash', ...(imphash ? [imphash] : [])],
    ['imports', ...image.imports.map((module) => moduleLine(module, limit))],
    ['delayed', ...image.delayImports.map((module) => moduleLine(module, limit))],
    ['exports', ...(exports ? exportLines(exports, limit) : [])],
  ]
}

function versionLines({ fileVersion, productVersion, strings }: VersionResource): string[] {
  const versions = fileVersion === null ? [] : [`file ${fileVersion}, product ${productVersion}`]
  return [...versions, ...Object.entries(strings).map(([name, value]) => `${name}: ${value}`)]
}

function clrLine(clr: ClrHeader): string {
  const flags = [
    clr.ilOnly ? 'IL only' : 'with native code',
    clr.requires32Bit && '32 bits required',
    clr.prefers32Bit && '32 bits preferred',
    clr.strongNameSigned && 'strong name',
  ]
  return [clr.metadataVersion, ...flags.filter(Boolean)].join(', ')
}

/** At most `limit` of them, and how many more there are. */
function some(names: readonly string[], limit: number): string {
  const more = names.length - limit
  return names.slice(0, limit).join(', ') + (more > 0 ? ` and ${grouped(more)} more` : '')
}

const moduleLine = ({ name, functions }: ImportedModule, limit: number): string =>
  `${name}: ${some(
    functions.map((each) => each.name ?? `#${each.ordinal}`),
    limit,
  )}`

function exportLines({ name, functions }: ImageExports, limit: number): string[] {
  const names = functions.map((each) => {
    const own = each.name ?? `#${each.ordinal}`
    return each.forwarder === null ? own : `${own} (in ${each.forwarder})`
  })
  return [`${name}: ${some(names, limit)}`]
}

function sectionRows({ sections }: ImageHeaders): string[][] {
  const rows = sections.map(({ name, access, virtualAddress, virtualSize, rawOffset, rawSize, entropy }) => [
    name,
    access,
    hex(virtualAddress),
    grouped(virtualSize),
    hex(rawOffset),
    grouped(rawSize),
    entropy === null ? '' : entropy.toFixed(2),
  ])
  return [['section', '', 'address', 'size', 'in the file', 'size', 'entropy'], ...rows]
}
