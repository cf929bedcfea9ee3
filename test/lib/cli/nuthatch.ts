/** Runs the command line as a user would: another process, in a folder, with pipes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../../../', import.meta.url)

/** The compiled program when that is up to date (`npm test` compiles it first), else the sources. */
export const isCompiled = compiledIsFresh()
const program = isCompiled
  ? [fileURLToPath(new URL('dist/cli/main.js', root))]
  : ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL('lib/cli/main.ts', root))]

/** Of the library likewise: what another process or a worker imports, after it has called `register` of the loader. */
export const library: { readonly library: string; readonly loader?: string } = isCompiled
  ? { library: new URL('dist/index.js', root).href }
  : { library: new URL('lib/index.ts', root).href, loader: import.meta.resolve('tsx/esm/api') }

function compiledIsFresh(): boolean {
  const compiled = statSync(new URL('dist/.tsbuildinfo', root), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = readdirSync(new URL('lib', root), { recursive: true, encoding: 'utf8' })
  return sources.every((name) => statSync(new URL(`lib/${name}`, root)).mtimeMs < compiled)
}

/** Of a process that is the command line, without arguments. */
export const commandLine: readonly string[] = [process.execPath, ...program]

export interface RunOptions {
  readonly cwd: string
  readonly stdin?: string | Uint8Array
  readonly env?: NodeJS.ProcessEnv
}

export interface Finished {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

export function start(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [...program, ...args], { cwd, env: { ...process.env, ...env } })
}

export async function finish(child: ChildProcess): Promise<Finished> {
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (data) => {
      text[name] += data
    })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { ...text, code }
}

export async function nuthatch(
  args: readonly string[],
  { cwd, stdin = '', env }: RunOptions,
): Promise<Finished> {
  const child = start(args, cwd, env)
  child.stdin?.on('error', () => {}) // it may end before it has read everything
  child.stdin?.end(stdin)
  return finish(child)
}

/** The same where permissions of files count, though root runs the tests. */
export function unprivileged(args: readonly string[], cwd: string): Promise<Finished> {
  const capabilities = '-dac_override,-dac_read_search'
  const drop = ['--bounding-set', capabilities, '--inh-caps', capabilities]
  const [program = '', ...rest] = [
    ...(process.getuid?.() === 0 ? ['setpriv', ...drop, '--'] : []),
    ...commandLine,
    ...args,
  ]
  return finish(spawn(program, rest, { cwd }))
}

/** Like a shell's `nuthatch … REDIRECTIONS`. */
export function shell(script: string, cwd: string): Promise<Finished> {
  const words = commandLine.map((word) => `'${word}'`).join(' ')
  const command = `nuthatch() { ${words} "$@"; }\n${script}`
  return finish(spawn('bash', ['-c', command], { cwd }))
}

export const rule = `detector 'bxor' do
  title    'Binary XOR on a command line'
  severity :high
  attack   'T1027'
  match process_start_property_includes_any?(property: command_line, strings: ['-bxor'])
  fires_on 'xor', process_start(command_line: 'powershell 1 -bXOR 2')
  ignores  'none', process_start(command_line: 'powershell')
end
`

/** A record in standard form; `hit` makes the rule fire. */
export const record = (n: number, hit = false): string =>
  `${JSON.stringify({ event_type: 'process_start', process_pid: n, command_line: hit ? 'p 1 -BXOR 2' : 'p' })}\n`

/** What a detection says, in short: detector, source, line. */
export const short = (ndjson: string): string[] =>
  ndjson
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .map(({ detector, source, line }) => `${detector} ${source}:${line}`)
