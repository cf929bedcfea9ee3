/** Writes NOTICE: whose code is in nuthatch.node, with all licences that must be passed on with it. */
import { readFileSync } from 'node:fs'
import licenses from 'spdx-license-list/full.js'
import { type Component, components } from './components.js'
import { writeGenerated } from './write-generated.js'

const HEAD = `Nuthatch
Licensed under the Apache License, Version 2.0; see LICENSE.

nuthatch.node, as it is published, is made of Nuthatch's own sources and of these. (One that is compiled where it is installed has
what that compiler links in, under that compiler's terms, in place of Zig's.)
`

/** Without the line for a copyright holder, which the component's note is instead. */
function spdxText(id: string): string {
  const text = licenses[id]?.licenseText
  if (!text) throw new Error(`SPDX has no text of ${id}`)
  return text.replace(/^Copyright .*<.*\n+/gm, '').trim()
}

const withoutComments = (text: string) =>
  text
    .replace(/^(\/\/| \*) ?/gm, '')
    .replaceAll('\r', '')
    .trim()

function wordsOf(text: NonNullable<Component['texts']>[number]): string {
  if ('spdx' in text) return spdxText(text.spdx)
  if ('words' in text) return text.words
  const { file, from = '', until } = text
  const whole = readFileSync(file, 'utf8')
  if (/^\s*Apache License\s+Version 2\.0/.test(whole))
    return 'The Apache License, Version 2.0, as in LICENSE.'
  const begin = whole.indexOf(from)
  const end = until ? whole.indexOf(until, begin) : whole.length
  if (begin < 0 || end < 0) throw new Error(`${file} has no "${from}", or no "${until}" behind it`)
  return withoutComments(whole.slice(begin, end))
}

function notice(): string {
  const all = components()
  const width = Math.max(...all.map(({ name }) => name.length))
  const lines = all.map(({ name, license, about }) => `  ${name.padEnd(width)}  ${license}: ${about}`)
  const sections = all.map((component) => {
    const { name, version, note = '', texts = [] } = component
    const title = `${'-'.repeat(80)}\n${name} ${version}`
    return [title, note, ...texts.map(wordsOf)].filter(Boolean).join('\n\n')
  })
  return `${HEAD}\n${lines.join('\n')}\n\n${sections.join('\n\n')}\n`.replace(/[ \t]+$/gm, '')
}

writeGenerated({ NOTICE: notice })
