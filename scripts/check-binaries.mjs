// Refuses a binary that would not load where the documentation says it does:
//   node scripts/check-binaries.mjs [--folder build/win32-x64] [--glibc 34] [--all]
// checks what is in the prebuilds/ of the folder, which with --all lacks none of scripts/targets.mjs. A line for each thing
// that is wrong, and then it ends with 1. Wants Debian's llvm-14.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { signatureProblem } from './mach-o-signature.mjs'
import { targets } from './targets.mjs'

const MAX_BYTES = 6e6
const EXPORTS = ['napi_register_module_v1', 'node_api_module_get_api_version_v1']

// Zig's linker for macOS cannot hide new and delete, which are malloc and free whosever they are.
const EXPORTED_TOO = { darwin: /^(_Z(n[wa]|d[la])\w+|__dso_handle|_mh_dylib_header)$/ }

const MACHINES = { x64: 'x86_64', arm64: 'aarch64' }
const FORMATS = { linux: 'elf64-', win32: 'COFF-', darwin: 'Mach-O ' }

/** What every system has on which Node runs. */
const LIBRARIES = {
  glibc: /^(lib(c|dl|gcc_s|m|pthread|rt)\.so\.\d|ld-linux-(x86-64|aarch64)\.so\.[12])$/,
  musl: /^libc(\.musl-(x86_64|aarch64)\.so\.1|\.so)$/,
  win32: /^(advapi32|bcrypt|dbghelp|kernel32|msvcrt|ntdll|api-ms-win-crt-[a-z]+-l1-1-0)\.dll$/i,
  darwin: /^(\/usr\/lib\/libSystem\.B\.dylib|nuthatch\.node)$/, // itself, too
}

/** The oldest systems that a binary may ask for: those of docs/building.md. */
const MACOS = [11, 0]
const WINDOWS = [10, 0]

/** Of glibc 2.x, the newest x whose symbols the file asks for. */
export function newestGlibc(file) {
  const asked = readFileSync(file, 'latin1').match(/GLIBC_2\.\d+/g) ?? []
  return Math.max(...asked.map((version) => Number(version.slice('GLIBC_2.'.length))))
}

/** What Debian 12's compiler asks for; Ubuntu 22.04 and RHEL 9 have it. */
const USUAL_GLIBC_MINOR = 34

/** Of a binary that is not published: newer headers alone make it ask for more, as strtol of glibc 2.38. */
export function glibcWarning(file) {
  const newest = newestGlibc(file)
  return newest > USUAL_GLIBC_MINOR
    ? `warning: ${file} loads from glibc 2.${newest} on; what is published, is made with \`npm run prebuild -- --all\``
    : undefined
}

const older = ([major, minor], [otherMajor, otherMinor]) =>
  major < otherMajor || (major === otherMajor && minor < otherMinor)

/** The numbers that the expression's groups match. */
function version(text, expression) {
  const [, ...numbers] = expression.exec(text) ?? []
  return numbers.length > 0 ? numbers.map(Number) : [Number.POSITIVE_INFINITY, 0]
}

const readobj = (...args) => execFileSync('llvm-readobj-14', args, { encoding: 'utf8' })

function exported(platform, file) {
  if (platform === 'win32')
    return [...readobj('--coff-exports', file).matchAll(/^ {2}Name: (\S+)/gm)].map(([, name]) => name)
  const args = ['--defined-only', '--format=just-symbols', platform === 'linux' ? '-D' : '-g', file]
  const names = execFileSync('llvm-nm-14', args, { encoding: 'utf8' }).match(/\S+/g) ?? []
  return names.map((name) => (platform === 'darwin' ? name.replace(/^_/, '') : name))
}

/** What of the oldest system on which the file loads is not as promised. */
function systemProblems({ platform, arch, libc, maxGlibc }, file, headers) {
  if (libc === 'glibc') {
    const newest = newestGlibc(file)
    return newest <= maxGlibc ? [] : [`asks for glibc 2.${newest}, not 2.${maxGlibc}`]
  }
  if (platform === 'darwin') {
    const macos = version(headers, /Platform: macos\n\s*Version: (\d+)\.(\d+)/)
    const problem = arch === 'arm64' && signatureProblem(readFileSync(file))
    return [
      ...(older(MACOS, macos) ? [`is for macOS ${macos.join('.')}`] : []),
      ...(problem ? [problem] : []),
    ]
  }
  if (platform !== 'win32') return []
  const asked = ['OperatingSystem', 'Subsystem'].map((what) =>
    version(headers, new RegExp(`Major${what}Version: (\\d+)\n\\s*Minor${what}Version: (\\d+)`)),
  )
  const protections = ['DYNAMIC_BASE', 'HIGH_ENTROPY_VA', 'NX_COMPAT'].filter(
    (name) => !headers.includes(name),
  )
  return [
    ...asked
      .filter((windows) => older(WINDOWS, windows))
      .map((windows) => `is for Windows ${windows.join('.')}`),
    ...protections.map((name) => `lacks ${name}`),
  ]
}

/** All that is wrong. */
function problems(target, file) {
  const args = ['--file-headers', '--needed-libs', '--macho-version-min', file]
  const { status, error, stdout: headers, stderr } = spawnSync('llvm-readobj-14', args, { encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) return [`cannot be read: ${stderr.trim().split('\n')[0]}`]
  if (!headers.includes(`\nFormat: ${FORMATS[target.platform]}`)) return [`is not of ${target.platform}`]
  const [, needed] = /^NeededLibraries \[\n([^\]]*)\]/m.exec(headers) ?? ['', '']
  const allowed = LIBRARIES[target.libc ?? target.platform]
  const foreign = needed
    .split('\n')
    .map((line) => line.trim())
    .filter((name) => name && !allowed.test(name))
  const exports = exported(target.platform, file)
  const others = exports.filter(
    (name) => !EXPORTS.includes(name) && !EXPORTED_TOO[target.platform]?.test(name),
  )
  const size = statSync(file).size
  return [
    ...(headers.includes(`\nArch: ${MACHINES[target.arch]}\n`) ? [] : [`is not for ${target.arch}`]),
    ...foreign.map((name) => `needs ${name}`),
    ...EXPORTS.filter((name) => !exports.includes(name)).map((name) => `does not export ${name}`),
    ...(others.length > 0 ? [`exports ${others.length} others, as ${others[0]}`] : []),
    ...(size > MAX_BYTES ? [`has ${size} bytes`] : []),
    ...systemProblems(target, file, headers),
  ]
}

/**
 * @param {{platform: string, arch: string, libc?: string, maxGlibc?: number}} target
 * @throws {Error} with all that is wrong
 */
export function checkBinary(target, file) {
  const found = problems(target, file)
  if (found.length > 0) throw new Error(`${file}:\n${found.map((problem) => `  ${problem}`).join('\n')}`)
}

function main() {
  const options = {
    folder: { type: 'string', default: '.' },
    glibc: { type: 'string' },
    all: { type: 'boolean', default: false },
  }
  const { folder, glibc, all } = parseArgs({ options }).values
  const found = targets.filter(({ file }) => existsSync(join(folder, file)))
  const missing = targets.filter((target) => !found.includes(target))
  const lines = [
    ...(all ? missing : []).map(({ file }) => `${join(folder, file)}: is missing`),
    ...(found.length === 0 && !all ? [`${folder}: has no prebuilds`] : []),
    ...found.flatMap((target) => {
      const file = join(folder, target.file)
      const wanted = { ...target, ...(glibc && { maxGlibc: Number(glibc) }) }
      return problems(wanted, file).map((problem) => `${file}: ${problem}`)
    }),
  ]
  for (const line of lines) console.error(line)
  if (lines.length > 0) process.exitCode = 1
  else console.log(`as they should be: ${found.map(({ name }) => name).join(', ')}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
