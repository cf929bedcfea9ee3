/** The workflows have never run: what can be held against this checkout is. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = `${root}.github/workflows/`
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  scripts: Readonly<Record<string, string>>
}

/** What is made of the addon, and what makes it. */
const loads = /\b(tsx|tap)\b|dist\/cli\/main\.js|smoke\.sh/
const builds = /build-native\.mjs|prebuild\.mjs|\.ci\/run|npm install .*nuthatch-\*\.tgz/

/** The commands of scripts in place of `npm run`, `npm test`, of theirs too. */
const expanded = (text: string): string =>
  text.replace(/\bnpm (?:run (?:--silent )?)?([\w:-]+)/g, (command, name) =>
    Object.hasOwn(scripts, name) && name !== 'install' ? expanded(scripts[name] as string) : command,
  )

const loadsTooEarly = (job: string): boolean => {
  const text = expanded(job)
  const [load, build] = [text.search(loads), text.search(builds)]
  return load >= 0 && (build < 0 || load < build)
}

/** Without comments. */
function jobsOf(name: string): Readonly<Record<string, string>> {
  const text = readFileSync(folder + name, 'utf8').replace(/ # .*/g, '')
  const [, ...parts] = (text.split(/^jobs:\n/m)[1] ?? '').split(/^ {2}([\w-]+):\n/m)
  return Object.fromEntries(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1] ?? '']] : [])))
}

for (const name of readdirSync(folder)) {
  const text = readFileSync(folder + name, 'utf8')
  t.test(name, (t) => {
    t.match(text, /^# Never run: /)
    for (const [, action] of text.matchAll(/uses: (.+)/g))
      t.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, 'pinned')
    for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) t.ok(script in scripts, script)
    for (const [, path = ''] of text.matchAll(/\b(?:sh|bash) (?:\.\.\/)?([\w./-]+)/g))
      t.ok(existsSync(root + path), path)
    for (const [job, steps] of Object.entries(jobsOf(name))) t.notOk(loadsTooEarly(steps), job)
    t.end()
  })
}

t.test('only publishing may write, and only an identity', (t) => {
  const text = readdirSync(folder).map((name) => readFileSync(folder + name, 'utf8'))
  t.same(text.join('').match(/[\w-]+: write/g), ['id-token: write'])
  t.end()
})

t.test('what loads the addon before it is built would be seen', (t) => {
  for (const steps of [
    'npm run generate:check',
    'npx tap x',
    'sh scripts/smoke.sh',
    'npm run lint\nnpm run generate',
  ])
    t.ok(loadsTooEarly(`npm ci\n${steps}\nnpm run prebuild -- --all`), steps)
  for (const steps of ['npm test', 'npm run demo', 'npm run build\nnpm run generate:check', 'npm run lint'])
    t.notOk(loadsTooEarly(`npm ci\n${steps}`), steps)
  t.end()
})

const commandsOf = (job: string | undefined) =>
  [...(job ?? '').matchAll(/run: (npm run .*?) *$/gm)].map(([, command]) => command)

t.test('what is published is built and checked each night, and before a release', (t) => {
  const built = ['npm run prebuild -- --all', 'npm run prebuild:check -- --all']
  const { published } = jobsOf('ci.yml')
  t.match(readFileSync(`${folder}ci.yml`, 'utf8'), /^ {2}schedule:\n {4}- cron: /m)
  t.match(published, /^ {4}if: github\.event_name == 'schedule'/m)
  t.same(commandsOf(published), [...built, 'npm run matrix'])
  t.match(published, /for target in .*\n +bash scripts\/test-reproducible\.sh "\$target"/)
  const { build = '' } = jobsOf('release.yml')
  t.same(commandsOf(build), [
    'npm run release:check -- "$GITHUB_REF_NAME"',
    ...built,
    'npm run generate:check',
  ])
  t.match(build, /name: symbols\n +path: build\/symbols\/\n +if-no-files-found: error/)
  t.end()
})

t.test('what is published has been tried by every job, and tells where it comes from', (t) => {
  const { build, publish, ...tests } = jobsOf('release.yml')
  t.same(Object.keys(tests), ['test', 'test-musl'])
  for (const steps of Object.values(tests)) t.match(steps, /^ {4}needs: build$/m)
  t.match(publish, /^ {4}needs: \[test, test-musl\]$/m)
  t.match(publish, /^ {6}id-token: write$/m)
  t.match(publish, /run: npm publish --provenance --access public \.\/nuthatch-\*\.tgz$/m)
  t.match(build, /run: npm pack\n[\s\S]*path: nuthatch-\*\.tgz$/m, 'the tarball that was tried')
  t.end()
})
