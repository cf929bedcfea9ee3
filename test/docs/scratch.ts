/** Folders in which the commands and programs of a page run as they stand there. */
import { spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { storedAsZstd } from '../lib/etw/traces.js'
import { root } from './pages.js'

function inRoot(path: string): string {
  return fileURLToPath(new URL(path, root))
}

/** What pages take for granted: a checkout's examples, and of the reader's own files these, by what stands for them. */
const files: Readonly<Record<string, string>> = {
  lib: 'lib',
  examples: 'examples',
  rules: 'examples/rules',
  logs: 'examples/telemetry',
  'telemetry.ndjson': 'examples/telemetry/workstation.ndjson',
  'boot.etl': 'examples/traces/workstation.etl',
  'trace.etl': 'examples/traces/workstation.etl',
  'setup.exe': 'examples/images/signed.exe',
  'roots.pem': 'examples/images/root.pem',
  'roots/root.pem': 'examples/images/root.pem',
  'disk/Windows/System32/CatRoot/v2.cat': 'examples/images/v2.cat',
  'disk/Windows/System32/setup.exe': 'examples/images/signed.exe',
  'CatRoot/v2.cat': 'examples/images/v2.cat',
}

/** Compressed ones, by what is in them: a block of zstd holds 128 KiB. */
const compressed = {
  'telemetry.ndjson.zst': linesOf(128 << 10, readFileSync(inRoot('examples/telemetry/workstation.ndjson'))),
  'boot.etl.zst': readFileSync(inRoot('examples/traces/workstation.etl')),
}

function linesOf(bytes: number, text: Buffer): Buffer {
  return text.subarray(0, text.lastIndexOf('\n', bytes) + 1)
}

export interface Finished {
  readonly code: number | null
  /** Standard output and standard error, as a terminal shows them. */
  readonly output: string
}

export class Scratch {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'nuthatch-docs-')))

  /** `empty`: with the package installed, and nothing else. */
  static create(empty: boolean): Scratch {
    const scratch = new Scratch()
    scratch.#install()
    if (empty) return scratch
    for (const [path, source] of Object.entries(files)) {
      mkdirSync(join(scratch.folder, path, '..'), { recursive: true })
      cpSync(inRoot(source), join(scratch.folder, path), { recursive: true })
    }
    for (const [path, content] of Object.entries(compressed)) scratch.write(path, storedAsZstd(content))
    return scratch
  }

  /** As `npm install nuthatch` would, but for copying it. */
  #install(): void {
    const modules = join(this.folder, 'node_modules')
    mkdirSync(join(modules, '.bin'), { recursive: true })
    for (const name of ['@types', 'undici-types', 'typescript', 'tsx'])
      symlinkSync(inRoot(`node_modules/${name}`), join(modules, name))
    symlinkSync(inRoot('.'), join(modules, 'nuthatch'))
    const program = `#!/bin/sh\nexec node '${inRoot('dist/cli/main.js')}' "$@"\n`
    writeFileSync(join(modules, '.bin/nuthatch'), program, { mode: 0o755 })
    this.write('package.json', '{ "type": "module" }')
  }

  write(path: string, content: string | Uint8Array): void {
    writeFileSync(join(this.folder, path), content)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }

  /** As a shell of the reader's would, where the first command that fails ends it. */
  run(script: string): Promise<Finished> {
    const { NODE_OPTIONS: _, ...inherited } = process.env
    const path = [join(this.folder, 'node_modules/.bin'), inherited.PATH].join(delimiter)
    const env = { ...inherited, PATH: path, HOME: this.folder, npm_config_offline: 'true', NO_COLOR: '1' }
    const child = spawn('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${script}`], {
      cwd: this.folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk
    })
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
  }
}
