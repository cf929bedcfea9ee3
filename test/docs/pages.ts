/** README.md, docs/ and what else is written for readers, taken apart into what the tests of this folder look at. */
import { readdirSync, readFileSync } from 'node:fs'

/** Of the checkout. */
export const root = new URL('../../', import.meta.url)

/** By their paths from the root. */
export const pagePaths: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'bench/README.md',
  'examples/fastify/README.md',
  'grammar/README.md',
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

export const readPage = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** A fenced block. */
export interface Block {
  /** Its page and line, for messages. */
  readonly place: string
  /** The first word after the fence; empty without one. */
  readonly language: string
  /** Why it is not run, of a fence such as "```sh not run: wants Windows". */
  readonly notRun: string | null
  readonly text: string
}

const fence = /^```(\S*)(.*)\n([\s\S]*?)^```$/gm

export function blocksOf(path: string): Block[] {
  const page = readPage(path)
  return [...page.matchAll(fence)].map(({ 1: language = '', 2: info = '', 3: text = '', index }) => ({
    place: `${path}:${page.slice(0, index).split('\n').length}`,
    language,
    notRun: /^ not run: (.+)$/.exec(info)?.[1] ?? null,
    text,
  }))
}

/** What stands outside of blocks. */
export const proseOf = (path: string): string => readPage(path).replaceAll(fence, '')

/** Code between backticks in the prose, each once. */
export const inlineCodeOf = (path: string): string[] => [
  ...new Set([...proseOf(path).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'))),
]
