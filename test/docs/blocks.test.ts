/** Every block of code in README.md and docs/ is run, unless its fence says why not: "```sh not run: wants Windows". */
import t, { type Test } from 'tap'
import { compile } from '../../lib/index.js'
import { matchesShown, sessionOf } from './console.js'
import { type Block, blocksOf, pagePaths, readPage } from './pages.js'
import { Scratch } from './scratch.js'

/** Pages that begin with an empty folder. */
const fromNothing = new Set(['docs/first-rule.md'])

type Run = (t: Test, block: Block, scratch: Scratch) => unknown

const runners: Readonly<Record<string, Run>> = {
  sh: runCommands,
  console: runSession,
  ruby: (t, { place, text }) => t.resolves(compile({ files: { 'block.rb': text } }), place),
  ts: runProgram,
  js: runProgram,
  json: (t, block) => parseJson(t, block, [block.text]),
  ndjson: (t, block) => parseJson(t, block, block.text.trimEnd().split('\n')),
  /** Drawings, and lists of commands, which commands.test.ts looks at. */
  text() {},
}

/** They succeed. */
async function runCommands(t: Test, { place, text }: Block, scratch: Scratch) {
  const { code, output } = await scratch.run(text)
  t.equal(code, 0, `${place}: ${output}`)
}

/** They print what is shown, and nothing else. */
async function runSession(t: Test, { place, text }: Block, scratch: Scratch) {
  for (const { command, shown } of sessionOf(text)) {
    const { output } = await scratch.run(command)
    t.equal(matchesShown(output, shown) ? shown : output, shown, `${place}: $ ${command}`)
  }
}

/** It ends without an error. */
async function runProgram(t: Test, block: Block, scratch: Scratch) {
  scratch.write(fileOf(block), block.text)
  const { code, output } = await scratch.run(`node --import tsx ${fileOf(block)}`)
  t.equal(code, 0, `${block.place}: ${output}`)
}

function parseJson(t: Test, { place }: Block, texts: readonly string[]): void {
  for (const text of texts) t.doesNotThrow(() => JSON.parse(text), place)
}

/** A file of Nuthatch's own sources says at its beginning which it is. */
const fileOf = ({ place, language, text }: Block): string =>
  /^\/\/ (lib\/\S+\.ts)/.exec(text)?.[1] ?? `${place.replaceAll(/\W/g, '-')}.${language}`

for (const path of pagePaths) {
  t.test(path, async (t) => {
    const scratch = Scratch.create(fromNothing.has(path))
    t.teardown(() => scratch.remove())
    for (const block of blocksOf(path)) {
      const run = runners[block.language]
      if (!run) t.fail(`${block.place}: no test knows how to run "${block.language}"`)
      else if (block.notRun === null) await run(t, block, scratch)
    }
  })
}

t.test('no block is fenced in a way that the tests do not see', (t) => {
  for (const path of pagePaths) {
    const fences = readPage(path).match(/^\s*(```|~~~)/gm) ?? []
    t.equal(fences.length, 2 * blocksOf(path).length, path)
  }
  t.end()
})

t.test('programs type-check', async (t) => {
  const scratch = Scratch.create(false)
  t.teardown(() => scratch.remove())
  const programs = pagePaths.flatMap(blocksOf).filter(({ language }) => /^[jt]s$/.test(language))
  for (const block of programs) scratch.write(fileOf(block), block.text)
  const options =
    '--noEmit --strict --allowJs --checkJs --module nodenext --target es2023 --types node --lib es2023,esnext.disposable'
  const files = programs.map(fileOf).join(' ')
  const { output } = await scratch.run(`node node_modules/typescript/bin/tsc ${options} ${files}`)
  t.equal(output, '')
})
