/** What is inside nuthatch.node besides our own sources: for NOTICE and the bill of materials. */
import { readFileSync } from 'node:fs'

export interface Component {
  readonly name: string
  readonly version: string
  /** An SPDX expression. */
  readonly license: string
  readonly purl: string
  readonly about: string
  /** Where its sources are: paths from the root of the repository, or from Zig's lib/ behind `zig:`. */
  readonly folders: readonly string[]
  readonly texts?: readonly Text[]
  /** Besides the texts: whose it is, or why there is none to pass on. */
  readonly note?: string
}

/** A licence: a file, from the root of the repository, or of it what is between two strings; one of SPDX's; or its words. */
type Text =
  | { readonly file: string; readonly from?: string; readonly until?: string }
  | { readonly spdx: string }
  | { readonly words: string }

const vendored: Readonly<
  Record<string, { readonly package: string; readonly root: string; readonly license: string }>
> = JSON.parse(readFileSync('native/sources.json', 'utf8')).third_party
const textOf = (name: string) => ({
  file: `node_modules/${vendored[name]?.package}/${vendored[name]?.license}`,
})
const folderOf = (name: string) => `node_modules/${vendored[name]?.package}/${vendored[name]?.root}/`
const icuFolder = 'tree-sitter/vendor/tree-sitter/lib/src/unicode'

/** The first group of `pattern` in a file. */
function findIn(path: string, pattern: RegExp): string {
  const [, found] = pattern.exec(readFileSync(path, 'utf8')) ?? []
  if (found === undefined) throw new Error(`${path} has no ${pattern}`)
  return found
}

const find = (path: string, pattern: RegExp): string => findIn(`node_modules/${path}`, pattern)

const zigVersion = () => findIn('scripts/zig.txt', /^ziglang==(\S+)/m)

/** Of what it links into published binaries. */
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
    folders: [folderOf('abseil')],
    note: 'Copyright The Abseil Authors; of cctz, which is a part of it: Copyright Google Inc.',
    texts: [textOf('abseil')],
  }
}

function re2(): Component {
  const version = find('re2/vendor/re2/MODULE.bazel', /version = "([^"]+)"/)
  return {
    name: 'RE2',
    version,
    license: 'BSD-3-Clause AND dtoa',
    purl: `pkg:github/google/re2@${version}`,
    about: 'regular expressions, and UTF-8 (of Plan 9)',
    folders: [folderOf('re2')],
    texts: [
      textOf('re2'),
      { file: `${folderOf('re2')}util/rune.cc`, from: 'The authors of this software', until: '*/' },
    ],
  }
}

/** Its one source is made of many files, some of them from elsewhere. */
function simdjson(): Component {
  const file = `${folderOf('simdjson')}simdjson.cpp`
  const version = find('@nozbe/simdjson/src/simdjson.h', /define SIMDJSON_VERSION "([^"]+)"/)
  return {
    name: 'simdjson',
    version,
    license: 'Apache-2.0 AND BSD-3-Clause AND BSL-1.0 AND MIT',
    purl: `pkg:github/simdjson/simdjson@v${version}`,
    about: 'the tokens of JSON; with instruction sets (of PyTorch), Grisu2 and string-view-lite',
    folders: [folderOf('simdjson')],
    texts: [
      textOf('simdjson'),
      { file, from: 'From\nhttps://github.com/endorno/pytorch', until: '*/' },
      { file, from: 'implements the Grisu2 algorithm', until: 'For a detailed' },
      { spdx: 'MIT' },
      { file, from: 'Copyright 2017-2020 by Martin Moene', until: '#pragma once' },
      { spdx: 'BSL-1.0' },
    ],
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
    folders: [folderOf('tree-sitter')],
    texts: [textOf('tree-sitter')],
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
    folders: [`node_modules/${icuFolder}/`],
    note: 'Copyright (C) 1999-2015, International Business Machines Corporation and others.',
    texts: [{ file: `node_modules/${icuFolder}/LICENSE`, until: 'Third-Party Software Licenses' }],
  }
}

function headersOfNode(name: string, license: string): Component {
  const version = packageVersion(name)
  return {
    name,
    version,
    license: 'MIT',
    purl: `pkg:npm/${name}@${version}`,
    about: 'headers',
    folders: [`node_modules/${name}/`],
    texts: [{ file: `node_modules/${name}/${license}` }],
  }
}

const unicode = (): Component => ({
  name: 'Unicode Character Database',
  version: '17.0.0',
  license: 'Unicode-3.0',
  purl: 'pkg:generic/unicode-character-database@17.0.0',
  about: 'tables of case folding, made of it',
  folders: [],
  texts: [{ spdx: 'Unicode-3.0' }],
})

const GDTOA = `The author of gdtoa is David M. Gay.

Copyright (C) 1998-2001 by Lucent Technologies
All Rights Reserved

Permission to use, copy, modify, and distribute this software and
its documentation for any purpose and without fee is hereby
granted, provided that the above copyright notice appear in all
copies and that both that the copyright notice and this
permission notice and warranty disclaimer appear in supporting
documentation, and that the name of Lucent or any of its entities
not be used in advertising or publicity pertaining to
distribution of the software without specific, written prior
permission.

LUCENT DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE,
INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS.
IN NO EVENT SHALL LUCENT OR ANY OF ITS ENTITIES BE LIABLE FOR ANY
SPECIAL, INDIRECT OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER
IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION,
ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.`

/** What Zig, which makes the published binaries, links in. Zig is installed to make them only: its texts are told here. */
const runtimes = (): Component[] => [
  {
    name: 'glibc',
    version: '2.32',
    license: 'LGPL-2.1-or-later WITH GCC-exception-2.0-note',
    purl: 'pkg:generic/glibc@2.32',
    about: 'stat and its like, which older ones have in no library, in binaries for glibc',
    folders: [
      'zig:libc/glibc/',
      'zig:libc/include/generic-glibc/',
      'zig:libc/include/x86-linux-gnu/',
      'zig:libc/include/aarch64-linux-gnu/',
    ],
    note: `Copyright (C) 1996-2020 Free Software Foundation, Inc.

In addition to the permissions in the GNU Lesser General Public License, the Free Software Foundation gives you unlimited
permission to link the compiled version of these files with other programs, and to distribute those programs without any
restriction coming from the use of these files.`,
  },
  {
    name: 'LLVM run-time libraries',
    version: pinned('LLVM_VERSION'),
    license: 'Apache-2.0 WITH LLVM-exception',
    purl: `pkg:github/llvm/llvm-project@llvmorg-${pinned('LLVM_VERSION')}`,
    about: 'libc++, libc++abi and libunwind; and compiler-rt, of which parts of compiler_rt are ports',
    folders: ['zig:libcxx/', 'zig:libcxxabi/', 'zig:libunwind/', 'zig:include/'],
    note: `The LLVM exception lets what is compiled with them be passed on without sections 4(a), 4(b) and 4(d) of the licence.
Of libc++ Ryu: Copyright 2018 Ulf Adams, Copyright (c) Microsoft Corporation (Apache-2.0 WITH LLVM-exception).
Of libunwind constants of DWARF: Copyright (c) 2005 Free Standards Group, Copyright (c) 1992, 1993 UNIX International, Inc.`,
  },
  {
    name: 'mingw-w64',
    version: pinned('MINGW_VERSION'),
    license: 'ZPL-2.1 AND SMLNJ AND MIT AND BSD-3-Clause',
    purl: `pkg:generic/mingw-w64@${pinned('MINGW_VERSION')}`,
    about:
      'the start of a library, threads (winpthreads), numbers as text (gdtoa), mathematics and stdio, in binaries for Windows',
    folders: ['zig:libc/mingw/', 'zig:libc/include/any-windows-any/'],
    note: `Copyright (c) 2009-2016 the mingw-w64 project (ZPL)
Of winpthreads: Copyright (c) 2011-2016 mingw-w64 project, Copyright (c) 2015 Intel Corporation (MIT); Copyright (c) 2010 Lockless Inc. (BSD)`,
    texts: [{ spdx: 'ZPL-2.1' }, { words: GDTOA }, { spdx: 'MIT' }, { spdx: 'BSD-3-Clause' }],
  },
  {
    name: 'Zig',
    version: zigVersion(),
    license: 'MIT',
    purl: `pkg:generic/zig@${zigVersion()}`,
    about: 'compiler_rt, whose mathematics are ports of those of musl',
    folders: [
      'zig:c.zig',
      'zig:c/',
      'zig:compiler_rt.zig',
      'zig:compiler_rt/',
      'zig:std/',
      'zig:libc/include/generic-musl/',
      'zig:libc/include/x86_64-linux-musl/',
      'zig:libc/include/aarch64-linux-musl/',
    ],
    note: `Copyright (c) Zig contributors
Of musl: Copyright (c) 2005-2020 Rich Felker, et al.; of its mathematics: Copyright (c) 1993, 2004 Sun Microsystems, 2003-2011 David Schultz,
2003-2009 Steven G. Kargl, 2003-2009 Bruce D. Evans, 2008 Stephen L. Moshier, 2017-2018 Arm Limited`,
    texts: [{ spdx: 'MIT' }],
  },
]

export const components = (): Component[] => [
  abseil(),
  icu(),
  headersOfNode('node-addon-api', 'LICENSE.md'),
  headersOfNode('node-api-headers', 'LICENSE'),
  re2(),
  simdjson(),
  treeSitter(),
  unicode(),
  ...runtimes(),
]
