/** The package as users have it: packed, and installed in a folder of its own where PATH has no compiler. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'nuthatch-package-')))
t.teardown(() => rmSync(temporary, { recursive: true }))
t.setTimeout(1_200_000)

const { NODE_OPTIONS: _, ...inherited } = process.env
/** Without what tap has child processes do. */
export const environment: NodeJS.ProcessEnv = inherited
export const bare: NodeJS.ProcessEnv = { ...environment, PATH: barePath() }

/** A PATH of node, npm, the shell, and what pnpm's scripts call: no compiler, make, Python or CMake. */
function barePath(): string {
  const bin = join(temporary, 'bin')
  mkdirSync(bin)
  symlinkSync(process.execPath, join(bin, 'node'))
  for (const name of ['npm', 'sh', 'dirname', 'sed', 'uname']) {
    const found = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()
    symlinkSync(realpathSync(found), join(bin, name))
  }
  return bin
}

export function run(cwd: string, command: string, args: readonly string[], env = bare) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** The tarball of this checkout; what goes into it is made first if that was not done since the last build. */
export function pack(): string {
  packed ??= makeTarball()
  return packed
}
let packed: string | undefined

function makeTarball(): string {
  const built = join(root, 'build/Release/nuthatch.node')
  const folder = join(root, 'prebuilds', `${process.platform}-${process.arch}`)
  const prebuilt = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
  const fresh =
    existsSync(built) && prebuilt.some((path) => statSync(path).mtimeMs >= statSync(built).mtimeMs)
  if (!fresh) execFileSync('npm', ['run', '--silent', 'prebuild'], { cwd: root, stdio: 'ignore' })
  execFileSync('npm', ['pack', '--silent', '--pack-destination', temporary], { cwd: root })
  const tarball = readdirSync(temporary).find((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error('npm pack made no tarball')
  return join(temporary, tarball)
}

const rule = `process_is_likely?('powershell') &&
process_start_property_includes_any?(property: deobfuscated_command_line, strings: ['-bxor'])
`
const telemetry = [
  { event_type: 'process_start', process_name: 'powershell.exe', command_line: 'powershell -v' },
  { event_type: 'process_start', process_name: 'powershell.exe', command_line: 'powershell -c 1 -bX^OR 2' },
]
const program = `
import { compile, readTelemetry } from 'nuthatch'
const detectors = await compile('bxor.rb')
for await (const batch of detectors.evaluate(readTelemetry('telemetry.ndjson'))) {
  for (const { detector, line } of batch) console.log(JSON.stringify({ detector, line }))
}
`

/** A folder with rules, telemetry, program.mjs, and an empty package.json. */
export function project(name: string): string {
  const folder = join(temporary, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{}')
  writeFileSync(join(folder, 'bxor.rb'), rule)
  writeFileSync(
    join(folder, 'telemetry.ndjson'),
    telemetry.map((event) => `${JSON.stringify(event)}\n`).join(''),
  )
  writeFileSync(join(folder, 'program.mjs'), program)
  return folder
}

export const npmInstall = ['install', '--prefer-offline', '--no-audit', '--no-fund']

/** A project with the package installed in it. */
export function install(name: string, flags: readonly string[]) {
  const folder = project(name)
  return { folder, ...run(folder, 'npm', [...npmInstall, ...flags, pack()]) }
}

/** The same, for tests that only use it: files of `test/package/<from>` are copied into it. */
export function installFor(t: Test, name: string, from?: string): string {
  const { folder, status, stderr } = install(name, ['--ignore-scripts'])
  t.equal(status, 0, stderr)
  if (from) cpSync(join(root, 'test/package', from), folder, { recursive: true })
  return folder
}

/** The detector fires on the second line, and only there, through the API and the command line. */
export function detects(t: Test, folder: string, env = bare): void {
  const api = run(folder, 'node', ['program.mjs'], env)
  t.equal(api.stderr, '')
  t.strictSame(JSON.parse(api.stdout), { detector: 'bxor', line: 2 })

  const cli = run(folder, 'node_modules/.bin/nuthatch', ['run', '-r', 'bxor.rb', 'telemetry.ndjson'], env)
  t.equal(cli.status, 0, cli.stderr)
  t.match(JSON.parse(cli.stdout), { detector: 'bxor', source: 'telemetry.ndjson', line: 2 })

  const version = run(folder, 'node_modules/.bin/nuthatch', ['--version'], env)
  t.match(version.stdout, `\nbinary        ${realpathSync(join(folder, 'node_modules/nuthatch'))}`)
}

/** Pinned package managers, test runners and hosts: `npm run test:package`, which runs what takes longer, says where. */
const tools = process.env.NUTHATCH_PACKAGE_TOOLS
export const tool = (path: string): string => join(root, tools ?? '', 'node_modules', path)
export const unlessAsked = tools ? false : 'npm run test:package'
