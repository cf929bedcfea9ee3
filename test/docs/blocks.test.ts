/** Every block of code that readers meet is run, unless its fence says why not, "```sh not run: wants Windows", and it is listed here. */
import t, { type Test } from 'tap'
import { compile } from '../../lib/index.js'
import { matchesShown, sessionOf } from './console.js'
import { type Block, blocksOf, pagePaths, readPage } from './pages.js'
import { Scratch } from './scratch.js'

/** Pages that begin with an empty folder. */
const fromNothing = new Set(['README.md', 'docs/first-rule.md'])

/** Blocks that are not run, by what they begin with. A new one is run, or comes in here. */
const notRun = [
  'README.md: npm install nuthatch',
  'README.md: npm ci && npm run demo',
  'CONTRIBUTING.md: npm ci',
  'CONTRIBUTING.md: npm run format:check && npm run lint && npm run generate:check',
  'bench/README.md: npm run bench',
  'bench/README.md: npm run bench:data',
  'examples/fastify/README.md: npm install',
  "examples/fastify/README.md: curl -sN -H 'content-type: application/x-ndjson' --data-binary @telemetry.ndjson http://127.0.0.1:8080/detections",
  'docs/building.md: npm ci',
  'docs/building.md: npm run prebuild -- --all',
  'docs/embedding.md: npm install nuthatch',
  'docs/embedding.md: esbuild app.mjs --bundle --platform=node --format=esm --external:nuthatch --outfile=dist/app.mjs',
  'docs/embedding.md: esbuild app.mjs --bundle --platform=node --format=esm --outfile=out/dist/app.mjs',
  'docs/first-rule.md: npm init -y',
  'docs/windows.md: nuthatch watch -r rules/ > detections.ndjson',
]

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

t.test('no other block is exempted than those that are known', (t) => {
  const exempted = pagePaths.flatMap((page) =>
    blocksOf(page)
      .filter(({ notRun }) => notRun !== null)
      .map(({ text }) => `${page}: ${text.split(/ {3,}| *\\?\n/)[0]}`),
  )
  t.strictSame(exempted.toSorted(), notRun.toSorted())
  t.end()
})

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
