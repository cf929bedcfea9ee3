/** Writes NOTICE: whose code is in nuthatch.node, with all licences that must be passed on with it. */
import { readFileSync } from 'node:fs'
import licenses from 'spdx-license-list/full.js'
import { type Component, components } from './components.js'
import { writeGenerated } from './write-generated.js'

const HEAD = `Nuthatch
Licensed under the Apache License, Version 2.0; see LICENSE.

nuthatch.node is made of Nuthatch's own sources and of these:
`

/** Without the line for a copyright holder, which the component's note is instead. */
function spdxText(id: string): string {
  const text = licenses[id]?.licenseText
  if (!text) throw new Error(`SPDX has no text of ${id}`)
  return text.replace(/^Copyright .*<.*\n+/gm, '').trim()
}

const withoutComments = (text: string) =>
  text
    .replace(/^\/\/ ?/gm, '')
    .replaceAll('\r', '')
    .trim()

function textOf({ name, text }: Component): string {
  if (!text) return ''
  if ('spdx' in text) return text.spdx.map(spdxText).join('\n\n')
  const whole = readFileSync(text.file, 'utf8')
  if (/Apache License\s+Version 2\.0/.test(whole.slice(0, 500)))
    return 'The Apache License, Version 2.0, as in LICENSE.'
  const end = text.until ? whole.indexOf(text.until) : whole.length
  if (end < 0) throw new Error(`${text.file}, of ${name}, has no "${text.until}"`)
  return withoutComments(whole.slice(0, end))
}

function notice(): string {
  const all = components()
  const width = Math.max(...all.map(({ name }) => name.length))
  const lines = all.map(({ name, license, about }) => `  ${name.padEnd(width)}  ${license}: ${about}`)
  const sections = all.map((component) => {
    const { name, version, note = '' } = component
    const title = `${name} ${version}`.trim()
    return [`${'-'.repeat(80)}\n${title}`, note, textOf(component)].filter(Boolean).join('\n\n')
  })
  return `${HEAD}\n${lines.join('\n')}\n\n${sections.join('\n\n')}\n`.replace(/[ \t]+$/gm, '')
}

writeGenerated({ NOTICE: notice })
