/** NOTICE, held against the sources of what it is about: it names whoever they say they are from. */
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { components } from '../../scripts/components.js'
import { binariesWithSymbols, compiledFiles, filesIn, noSymbols, placeOf, root } from './compiled-sources.js'

const notice = readFileSync(`${root}NOTICE`, 'utf8')
const words = (text: string) => text.replace(/[\s/*]+/g, ' ').toLowerCase()

/** What NOTICE says of each component, by its name. */
const sectionsOf = (text: string) =>
  new Map(
    [...text.matchAll(/^-{80}\n(.+) \S+\n([\s\S]*?)(?=^-{80}$|$(?![\s\S]))/gm)].map(
      ([, name = '', said = '']) => [name, words(said)],
    ),
  )

/** Whose a file says that it is, or a part of it. */
function holdersIn(text: string): string[] {
  const found = [
    /(?:copyright|\(c\)|©)\s*(?:\(c\)|©)?\s*(?:19|20)\d\d[-–, \d]*(?:and later:)?\s*(?:by\s+)?(?:the\s+)?(.+)/gi,
    /copyright (?:\(c\)|©) (?!\d)(.+)/gi,
    /authors? of this software (?:is|are) (.+)/gi,
    /ported from (\w+), which/gi,
  ].flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name))
  return [
    ...new Set(found.map((name) => name.split(/\s{2,}|\(|,|\.?\s*all rights|\.$|\. /i, 1)[0]?.trim() ?? '')),
  ].filter(Boolean)
}

const all = components()
const isOwn = (path: string) => /^(native|grammar)\//.test(path)
const ownerOf = (path: string, among = all) => {
  const length = ({ folders }: { readonly folders: readonly string[] }) =>
    Math.max(0, ...folders.filter((folder) => path.startsWith(folder)).map((folder) => folder.length))
  return among.filter((component) => length(component) > 0).sort((a, b) => length(b) - length(a))[0]
}

/** What NOTICE lacks of these files: each holder with one file. */
function lacking(files: readonly string[], text = notice, among = all): string[] {
  const sections = sectionsOf(text)
  const lines = new Map<string, string>()
  for (const path of files.filter((path) => !isOwn(path))) {
    const owner = ownerOf(path, among)
    const said = sections.get(owner?.name ?? '') ?? ''
    if (!owner) lines.set(path, 'of no component')
    else
      for (const holder of holdersIn(readFileSync(placeOf(path), 'utf8')))
        if (!said.includes(words(holder))) lines.set(`${owner.name}: ${holder}`, path)
  }
  return [...lines].map((line) => line.join(', '))
}

t.test('whose a file is', async (t) => {
  t.same(
    holdersIn(`
      // Copyright 2017-2020 by Martin Moene
      /* Copyright (C) 1996-2020 Free Software Foundation, Inc.
      Copyright (c) 2011-2014 Idiap Research Institute (Ronan Collobert)
      // © 2016 and later: Unicode, Inc. and others.
      // Copyright (c) Microsoft Corporation. All rights reserved.
       * (C) 2010 Lockless Inc.
       * The authors of this software are Rob Pike and Ken Thompson.
      //! Ported from musl, which is MIT licensed.
      2. Redistributions in binary form must reproduce the above copyright notice,
      THE COPYRIGHT HOLDERS AND CONTRIBUTORS; f(c) + 3; copyright (c) is a call
    `).sort(),
    [
      'Free Software Foundation',
      'Idiap Research Institute',
      'Lockless Inc',
      'Martin Moene',
      'Microsoft Corporation',
      'Rob Pike and Ken Thompson',
      'Unicode',
      'is a call',
      'musl',
    ],
  )
})

t.test('of all that is compiled', async (t) => {
  const files = compiledFiles()
  for (const path of [
    'node-addon-api/napi.h',
    're2/vendor/re2/util/rune.cc',
    're2/vendor/abseil-cpp/absl/strings/cord.h',
  ])
    t.ok(files.includes(`node_modules/${path}`), path)
  t.same(lacking(files), [])

  t.test('what NOTICE lacked would be told', async (t) => {
    const without = (text: RegExp) => lacking(files, notice.replace(text, ''))
    t.match(without(/lucent/gi), [/^RE2: Lucent Technologies, .*\/util\//])
    t.match(without(/deepmind/gi), [/^simdjson: Deepmind Technologies, /])
    t.match(without(/International Business Machines/g), [/^ICU headers: International Business Machines, /])
    const others = all.filter(({ name }) => name !== 'node-addon-api')
    t.ok(lacking(files, notice, others).includes('node_modules/node-addon-api/napi.h, of no component'))
  })
})

t.test('of all that a binary with symbols is from', { skip: noSymbols }, async (t) => {
  for (const path of binariesWithSymbols) {
    const files = filesIn(path)
    t.ok(
      files.includes('native/addon/addon.cc') && files.some((file) => file.startsWith('zig:libcxx/')),
      path,
    )
    t.same(lacking(files), [], path)
    t.match(
      lacking(files, notice.replace('Ulf Adams', '')),
      [/^LLVM run-time libraries: Ulf Adams, /],
      'it would be told',
    )
  }
})

t.test('what is told of Zig is what Zig says', { skip: noSymbols }, async (t) => {
  const [gdtoa] = /Permission to use[\s\S]*THIS SOFTWARE\./.exec(
    readFileSync(placeOf('zig:libc/mingw/gdtoa/gmisc.c'), 'utf8'),
  ) ?? ['none']
  t.ok(sectionsOf(notice).get('mingw-w64')?.includes(words(gdtoa)), 'gdtoa')
  const musl = readFileSync(placeOf('zig:libc/musl/COPYRIGHT'), 'utf8')
  const [, mathematics = ''] = /Much of the math library code([\s\S]*?)and labelled/.exec(musl) ?? []
  for (const holder of [...holdersIn(musl.slice(0, 500)), ...holdersIn(mathematics)])
    t.ok(
      sectionsOf(notice)
        .get('Zig')
        ?.includes(words(holder.replace(/ or$/, ''))),
      holder,
    )
  t.ok(existsSync(placeOf('zig:libc/glibc/io/fstat-2.32.c')))
  t.match(notice, /^glibc 2\.32$/m)
})
