/**
 * Writes sbom.cdx.json, the package's bill of materials (CycloneDX 1.6): what npm installs with it, in the versions it is
 * tested with, and what is compiled into nuthatch.node. It has neither a date nor a serial number: the same sources give
 * the same bytes.
 */
import { readFileSync } from 'node:fs'
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library'
import { components } from './components.js'
import { writeGenerated } from './write-generated.js'

interface Locked {
  readonly version: string
  readonly license?: string
  readonly integrity?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const locked = lock.packages as Readonly<Record<string, Locked>>
const manifest = JSON.parse(readFileSync('package.json', 'utf8'))

function component(name: string, version: string, license: string, purl: string): Models.Component {
  const licenses = new Models.LicenseRepository([
    / (WITH|AND|OR) /.test(license)
      ? new Models.LicenseExpression(license)
      : new Models.SpdxLicense(license as never),
  ])
  return new Models.Component(Enums.ComponentType.Library, name, {
    version,
    bomRef: purl,
    purl: purl as never,
    licenses,
  })
}

/** Where npm finds `name` for the package at `from`: in its own node_modules, or one further up. */
function resolve(from: string, name: string): string {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = `${at ? `${at}/` : ''}node_modules/${name}`
    if (path in locked) return path
    if (at === '') throw new Error(`package-lock.json has no ${name} for ${from || 'the package'}`)
  }
}

/** The package at `path` of the lock file, and all that it needs, each once. */
function installed(path: string, known: Map<string, Models.Component>): Models.Component {
  const { version, license = '', integrity, dependencies = {} } = locked[path] as Locked
  const found = known.get(path)
  if (found) return found
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const made = component(name, version, license, `pkg:npm/${name.replace('@', '%40')}@${version}`)
  const [, digest] = /^sha512-(.+)$/.exec(integrity ?? '') ?? []
  if (digest) made.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex'))
  known.set(path, made)
  for (const needed of Object.keys(dependencies))
    made.dependencies.add(installed(resolve(path, needed), known).bomRef)
  return made
}

function sbom(): string {
  const { name, version, license, description } = manifest
  const main = component(name, version, license, `pkg:npm/${name}@${version}`)
  main.description = description
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: main }) })
  const known = new Map<string, Models.Component>()
  for (const needed of Object.keys(manifest.dependencies))
    main.dependencies.add(installed(resolve('', needed), known).bomRef)
  const compiled = components()
    .filter(({ purl }) => !purl.startsWith('pkg:npm/node-addon-api@')) // npm installs it, too
    .map((part) => component(part.name, part.version, part.license, part.purl))
  for (const part of compiled) main.dependencies.add(part.bomRef)
  for (const part of [...known.values(), ...compiled]) bom.components.add(part)
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`
}

writeGenerated({ 'sbom.cdx.json': sbom })
