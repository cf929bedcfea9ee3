// Builds for any target on Linux:
//   node scripts/cross-build.mjs [linux-x64-musl …]     all of scripts/targets.mjs if none is named
// makes prebuilds/, stripped, and build/symbols/<target>/, the same with symbols and with the hash of the sources. The
// compiler is Zig, of a PyPI package that is installed in build/zig. Wants Python 3 with venv, cmake 3.22, ninja, and
// llvm-14.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourcesHash } from './binary-sources.mjs'
import { checkBinary } from './check-binaries.mjs'
import { identify } from './codeview-identity.mjs'
import { targetsNamed } from './targets.mjs'

/** Of what the Zig of scripts/zig.txt links in; NOTICE and the bill of materials name it. */
const LLVM_VERSION = '22.1.8'
const MINGW_VERSION = '15.0.0'
const root = fileURLToPath(new URL('..', import.meta.url))

/** @throws {Error} if one cannot be built, or is not as it should be. */
export function crossBuild(names = []) {
  const wanted = targetsNamed(names)
  const zig = installZig()
  checkLinkedIn(dirname(zig))
  for (const target of wanted) build(target, zig)
}

function run(command, ...args) {
  const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: join(root, 'build/zig/cache') }
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env })
}

/** The path of the program. */
export function installZig() {
  const folder = join(root, 'build/zig')
  const python = join(folder, 'bin/python')
  if (!existsSync(python)) run('python3', '-m', 'venv', folder)
  const quietly = ['--quiet', '--disable-pip-version-check']
  const pinned = ['--require-hashes', '--only-binary', ':all:', '-r', 'scripts/zig.txt']
  run(python, '-m', 'pip', 'install', ...quietly, ...pinned)
  const code = 'import os, ziglang; print(os.path.dirname(ziglang.__file__))'
  return join(execFileSync(python, ['-c', code], { encoding: 'utf8' }).trim(), 'zig')
}

/** @throws {Error} if a Zig links in other versions than are said above */
export function checkLinkedIn(folder) {
  const header = (path) => readFileSync(join(folder, 'lib', path), 'utf8')
  const [, libcxx] = /define _LIBCPP_VERSION (\d+)/.exec(header('libcxx/include/__config'))
  const mingw = header('libc/include/any-windows-any/_mingw_mac.h')
  const number = (name) => new RegExp(`define __MINGW64_VERSION_${name}\\s+(\\d+)`).exec(mingw)[1]
  const found = {
    LLVM_VERSION: [libcxx / 10_000, (libcxx / 100) % 100, libcxx % 100].map(Math.trunc).join('.'),
    MINGW_VERSION: ['MAJOR', 'MINOR', 'BUGFIX'].map(number).join('.'),
  }
  for (const [name, version] of Object.entries({ LLVM_VERSION, MINGW_VERSION }))
    if (found[name] !== version)
      throw new Error(`${name} of scripts/cross-build.mjs is ${version}, but this Zig has ${found[name]}`)
}

function build(target, zig) {
  console.error(`${target.name}: building …`)
  const sources = sourcesHash(root)
  const folder = `build/cross/${target.name}`
  const system = { linux: 'Linux', win32: 'Windows', darwin: 'Darwin' }[target.platform]
  const headers = ['node-api-headers/include', 'node-addon-api'].map((name) =>
    join(root, 'node_modules', name),
  )
  const variables = {
    CMAKE_BUILD_TYPE: 'Release',
    CMAKE_TOOLCHAIN_FILE: join(root, 'cmake/zig/toolchain.cmake'),
    CMAKE_JS_INC: headers.join(';'),
    ZIG: zig,
    ZIG_TARGET: target.zig,
    ZIG_SYSTEM: system,
  }
  const defines = Object.entries(variables).map(([name, value]) => `-D${name}=${value}`)
  run('cmake', '--log-level=WARNING', '-G', 'Ninja', '-S', root, '-B', folder, ...defines)
  run('cmake', '--build', folder, '--target', 'nuthatch')
  strip(target, folder)
  checkBinary(target, join(root, target.file))
  writeFileSync(join(root, 'build/symbols', target.name, 'sources.txt'), `${sources}\n`)
}

/** Zig writes the symbols of Windows to a file of their own. */
function strip({ name, platform, file }, folder) {
  const symbols = join(root, 'build/symbols', name)
  mkdirSync(symbols, { recursive: true })
  mkdirSync(join(root, dirname(file)), { recursive: true })
  const built = join(root, folder, 'nuthatch.node')
  cpSync(built, join(symbols, 'nuthatch.node'))
  rmSync(join(root, file), { force: true })
  if (platform === 'win32') {
    cpSync(join(root, folder, 'nuthatch.pdb'), join(symbols, 'nuthatch.pdb'))
    identify(join(symbols, 'nuthatch.node'), join(symbols, 'nuthatch.pdb'))
    cpSync(join(symbols, 'nuthatch.node'), join(root, file))
  } else {
    run('llvm-strip-14', platform === 'darwin' ? '-x' : '--strip-all', '-o', file, built)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) crossBuild(process.argv.slice(2))
