/** What is inside nuthatch.node besides our own sources: for NOTICE and the bill of materials. */
import { readFileSync } from 'node:fs'

export interface Component {
  readonly name: string
  readonly version: string
  /** An SPDX expression. */
  readonly license: string
  readonly purl: string
  readonly about: string
  /** Where its licence is, from the root of the repository; or which of SPDX's texts it is. */
  readonly text?: { readonly file: string; readonly until?: string } | { readonly spdx: readonly string[] }
  /** Besides the text: whose it is, or why there is none to pass on. */
  readonly note?: string
}

const vendored: Readonly<Record<string, { readonly package: string; readonly license: string }>> = JSON.parse(
  readFileSync('native/sources.json', 'utf8'),
).third_party
const textOf = (name: string) => ({
  file: `node_modules/${vendored[name]?.package}/${vendored[name]?.license}`,
})
const icuFolder = 'tree-sitter/vendor/tree-sitter/lib/src/unicode'

/** The first group of `pattern` in a file. */
function findIn(path: string, pattern: RegExp): string {
  const [, found] = pattern.exec(readFileSync(path, 'utf8')) ?? []
  if (found === undefined) throw new Error(`${path} has no ${pattern}`)
  return found
}

const find = (path: string, pattern: RegExp): string => findIn(`node_modules/${path}`, pattern)

/** Of the compiler that published binaries are made with, or what it links in. */
const pinned = (name: string): string =>
  findIn('scripts/cross-build.mjs', new RegExp(`^const ${name} = '([^']+)'`, 'm'))

const packageVersion = (name: string) => find(`${name}/package.json`, /"version": "([^"]+)"/)

function abseil(): Component {
  const config = 're2/vendor/abseil-cpp/absl/base/config.h'
  const release = find(config, /define ABSL_LTS_RELEASE_VERSION (\d+)/)
  const version = `${release}.${find(config, /define ABSL_LTS_RELEASE_PATCH_LEVEL (\d+)/)}`
  return {
    name: 'Abseil',
    version,
    license: 'Apache-2.0',
    purl: `pkg:github/abseil/abseil-cpp@${version}`,
    about: 'what RE2 needs of it',
    text: textOf('abseil'),
  }
}

function re2(): Component {
  const version = find('re2/vendor/re2/MODULE.bazel', /version = "([^"]+)"/)
  return {
    name: 'RE2',
    version,
    license: 'BSD-3-Clause',
    purl: `pkg:github/google/re2@${version}`,
    about: 'regular expressions',
    text: textOf('re2'),
  }
}

function simdjson(): Component {
  const version = find('@nozbe/simdjson/src/simdjson.h', /define SIMDJSON_VERSION "([^"]+)"/)
  return {
    name: 'simdjson',
    version,
    license: 'Apache-2.0',
    purl: `pkg:github/simdjson/simdjson@v${version}`,
    about: 'the tokens of JSON',
    text: textOf('simdjson'),
  }
}

/** The package does not say which commit of tree-sitter it carries. */
function treeSitter(): Component {
  const version = packageVersion('tree-sitter')
  return {
    name: 'tree-sitter',
    version,
    license: 'MIT',
    purl: `pkg:npm/tree-sitter@${version}`,
    about: 'the runtime of the parser of rules',
    text: textOf('tree-sitter'),
  }
}

function icu(): Component {
  const version = find(`${icuFolder}/ICU_SHA`, /^([0-9a-f]{40})/)
  return {
    name: 'ICU headers',
    version,
    license: 'Unicode-3.0',
    purl: `pkg:github/unicode-org/icu@${version}`,
    about: 'UTF-8 and UTF-16, a part of tree-sitter',
    text: { file: `node_modules/${icuFolder}/LICENSE`, until: 'Third-Party Software Licenses' },
  }
}

function nodeAddonApi(): Component {
  const version = packageVersion('node-addon-api')
  return {
    name: 'node-addon-api',
    version,
    license: 'MIT',
    purl: `pkg:npm/node-addon-api@${version}`,
    about: 'headers',
    text: { file: 'node_modules/node-addon-api/LICENSE.md' },
  }
}

const unicode = (): Component => ({
  name: 'Unicode Character Database',
  version: '17.0.0',
  license: 'Unicode-3.0',
  purl: 'pkg:generic/unicode-character-database@17.0.0',
  about: 'tables of case folding, made of it',
  text: { spdx: ['Unicode-3.0'] },
})

/**
 * They come with the compiler that a binary is made with, which `nuthatch --version` names. Versions are those in what is
 * published; what only other compilers link in has none.
 */
const runtimes = (): Component[] => [
  {
    name: 'Zig',
    version: pinned('ZIG_VERSION'),
    license: 'MIT',
    purl: `pkg:generic/zig@${pinned('ZIG_VERSION')}`,
    about: 'compiler_rt, in published binaries, which Zig makes',
    note: 'Copyright (c) Zig contributors',
    text: { spdx: ['MIT'] },
  },
  {
    name: 'libstdc++',
    version: '',
    license: 'GPL-3.0-or-later WITH GCC-exception-3.1',
    purl: 'pkg:generic/libstdc%2B%2B',
    about: 'in binaries that GCC makes',
    note: 'The GCC Runtime Library Exception lets a program that GCC has compiled with it be passed on under any terms.',
  },
  {
    name: 'LLVM run-time libraries',
    version: pinned('LLVM_VERSION'),
    license: 'Apache-2.0 WITH LLVM-exception',
    purl: `pkg:github/llvm/llvm-project@llvmorg-${pinned('LLVM_VERSION')}`,
    about: 'libc++ and libunwind, in published binaries; and compiler-rt, in those that Clang makes',
    note: 'The LLVM exception lets what is compiled with them be passed on without sections 4(a), 4(b) and 4(d) of the licence.',
  },
  {
    name: 'mingw-w64',
    version: pinned('MINGW_VERSION'),
    license: 'ZPL-2.1',
    purl: `pkg:generic/mingw-w64@${pinned('MINGW_VERSION')}`,
    about: 'the start of a library, in binaries for Windows',
    note: 'Copyright (c) 2009-2016 the mingw-w64 project',
    text: { spdx: ['ZPL-2.1'] },
  },
  {
    name: 'winpthreads',
    version: '',
    license: 'MIT AND BSD-3-Clause',
    purl: 'pkg:generic/mingw-w64#mingw-w64-libraries/winpthreads',
    about: 'threads, in binaries for Windows that GCC makes',
    note: 'Copyright (c) 2011-2016 mingw-w64 project (MIT); Copyright (c) 2010 Lockless Inc. (headers, BSD)',
    text: { spdx: ['MIT', 'BSD-3-Clause'] },
  },
]

export const components = (): Component[] => [
  abseil(),
  icu(),
  nodeAddonApi(),
  re2(),
  simdjson(),
  treeSitter(),
  unicode(),
  ...runtimes(),
]
