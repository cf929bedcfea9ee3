/** Libraries that scripts/check-binaries.mjs takes, or but for one thing: made on the spot by Clang and LLD 14. */
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const tools = ['clang-14', 'ld.lld-14', 'ld64.lld-14', 'lld-link-14', 'llvm-dlltool-14', 'llvm-readobj-14']
const absent = tools.filter((tool) => spawnSync(tool, ['--version']).error)

/** Why there can be none; else false. */
export const noSmallBinaries = absent.length > 0 ? `${absent.join(', ')}: not installed` : false

/** What there is beyond Node-API's entry points. */
export interface Extra {
  /** C. */
  readonly code?: string
  /** Of the linker; the last of several that say the same counts. */
  readonly link?: readonly string[]
}

const ENTRY_POINTS = `
EXPORT int napi_register_module_v1(void) { return 0; }
EXPORT int node_api_module_get_api_version_v1(void) { return 9; }
`

function compiled(folder: string, name: string, target: string, code: string): string {
  const [source, object] = ['c', 'o'].map((ending) => join(folder, `${name}.${ending}`)) as [string, string]
  writeFileSync(source, code)
  execFileSync('clang-14', ['-target', target, '-O1', '-ffreestanding', '-c', source, '-o', object])
  return object
}

/** Asks for one function of a C library, of that version of glibc. */
export function elf(
  folder: string,
  name: string,
  glibc: string,
  { code = '', link = [] }: Extra = {},
): string {
  const target = 'x86_64-unknown-linux-gnu'
  const libc = join(folder, `${name}-libc.so`)
  const script = join(folder, `${name}.map`)
  writeFileSync(script, `${glibc} { global: asked; };\n`)
  const asked = compiled(folder, `${name}-libc`, target, 'void asked(void) {}')
  const libcArgs = ['-shared', '-soname', 'libc.so.6', '--version-script', script, asked, '-o', libc]
  execFileSync('ld.lld-14', libcArgs)
  const uses = 'void asked(void);\n__attribute__((visibility("hidden"))) void use(void) { asked(); }\n'
  const object = compiled(folder, name, target, `#define EXPORT\n${ENTRY_POINTS}${uses}${code}`)
  return linked('ld.lld-14', folder, name, ['-shared', object, libc, ...link, '-o'])
}

/** Imports that function of that library. */
export function pe(
  folder: string,
  name: string,
  library: string,
  { code = '', link = [] }: Extra = {},
): string {
  const definitions = join(folder, `${name}.def`)
  const imports = join(folder, `${name}.lib`)
  writeFileSync(definitions, `LIBRARY ${library}\nEXPORTS\nasked\n`)
  execFileSync('llvm-dlltool-14', ['-m', 'i386:x86-64', '-d', definitions, '-l', imports])
  const uses = '__declspec(dllimport) void asked(void);\n'
  const start = 'int start(void) { asked(); return 1; }\n'
  const exported = `#define EXPORT __declspec(dllexport)\n${uses}${ENTRY_POINTS}${start}${code}`
  const object = compiled(folder, name, 'x86_64-pc-windows-msvc', exported)
  const options = ['/dll', '/entry:start', '/nodefaultlib', '/osversion:10.0', '/subsystem:windows,10.0']
  const file = join(folder, `${name}.node`)
  execFileSync('lld-link-14', [...options, object, imports, ...link, `/out:${file}`])
  return file
}

/** For that version of macOS, on Intel's processors. */
export function machO(
  folder: string,
  name: string,
  macos: string,
  { code = '', link = [] }: Extra = {},
): string {
  const object = compiled(folder, name, 'x86_64-apple-macos11', `#define EXPORT\n${ENTRY_POINTS}${code}`)
  const options = [
    '-arch',
    'x86_64',
    '-platform_version',
    'macos',
    macos,
    macos,
    '-dylib',
    '-install_name',
    'nuthatch.node',
    object,
  ]
  return linked('ld64.lld-14', folder, name, [...options, ...link, '-o'])
}

function linked(linker: string, folder: string, name: string, args: readonly string[]): string {
  const file = join(folder, `${name}.node`)
  execFileSync(linker, [...args, file])
  return file
}
