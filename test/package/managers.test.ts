import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { bare, detects, pack, project, run, temporary, tool, unlessAsked } from './installed.js'

const managers = {
  pnpm: { program: 'pnpm/bin/pnpm.cjs', args: ['add'] },
  'pnpm, each package a copy': {
    program: 'pnpm/bin/pnpm.cjs',
    args: ['add', '--node-linker=hoisted', '--package-import-method=copy', '--ignore-scripts'],
  },
  'yarn 1': { program: 'yarn/bin/yarn.js', args: ['add', '--no-progress'] },
  'yarn 1 without scripts': { program: 'yarn/bin/yarn.js', args: ['add', '--ignore-scripts'] },
  'yarn 4': { program: '@yarnpkg/cli-dist/bin/yarn.js', args: ['add'] },
}

/** Of yarn 4: only with this linker there is a node_modules. */
const yarnSettings = 'nodeLinker: node-modules\nenableTelemetry: false\nenableGlobalCache: false\n'

for (const [name, { program, args }] of Object.entries(managers)) {
  t.test(`installed with ${name} it detects`, { skip: unlessAsked }, (t) => {
    const folder = project(name)
    writeFileSync(join(folder, '.yarnrc.yml'), yarnSettings)
    writeFileSync(join(folder, 'yarn.lock'), '') // else yarn 4 takes the folder for a part of one above
    const env = { ...bare, HOME: temporary, XDG_DATA_HOME: temporary }
    const { status, stdout, stderr } = run(
      folder,
      'node',
      [tool(program), ...args, `nuthatch@file:${pack()}`],
      env,
    )
    t.equal(status, 0, `${stdout}${stderr}`)
    detects(t, folder)
    t.end()
  })
}

t.test("installed with yarn 4 for Plug'n'Play it detects", { skip: unlessAsked }, (t) => {
  const folder = project('plug-n-play')
  writeFileSync(join(folder, '.yarnrc.yml'), yarnSettings.replace('node-modules', 'pnp'))
  writeFileSync(join(folder, 'yarn.lock'), '')
  const env = { ...bare, HOME: temporary, XDG_DATA_HOME: temporary }
  const yarn = (...args: string[]) =>
    run(folder, 'node', [tool('@yarnpkg/cli-dist/bin/yarn.js'), ...args], env)
  const { status, stdout, stderr } = yarn('add', `nuthatch@file:${pack()}`)
  t.equal(status, 0, `${stdout}${stderr}`)
  t.notOk(existsSync(join(folder, 'node_modules')), 'there is no folder of modules')

  const api = yarn('node', 'program.mjs')
  t.equal(api.status, 0, api.stderr)
  t.strictSame(JSON.parse(api.stdout), { detector: 'bxor', line: 2 })
  const cli = yarn('nuthatch', 'run', '-r', 'bxor.rb', 'telemetry.ndjson')
  t.equal(cli.status, 0, cli.stderr)
  t.match(JSON.parse(cli.stdout), { detector: 'bxor', source: 'telemetry.ndjson', line: 2 })
  t.end()
})
