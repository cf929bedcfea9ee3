import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import t from 'tap'
import { pagePaths, proseOf, readPage, root } from './pages.js'

interface Link {
  readonly path: string
  readonly target: string
  readonly anchor: string
}

const here = 'file:///'

/** Links of a page to files of the project, by their paths from its root. */
const linksOf = (page: string): Link[] =>
  [...proseOf(page).matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].flatMap(([, url = '']) => {
    const { href, hash, protocol, pathname } = new URL(url, `${here}${page}`)
    if (protocol !== 'file:') return []
    return [{ path: url || href, target: decodeURIComponent(pathname.slice(1)), anchor: hash.slice(1) }]
  })

/** As GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>()
  const titles = [...proseOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => title)
  const anchors = titles.map((title) => {
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
  return new Set(anchors)
}

t.test('links lead to files, and to headings in them', (t) => {
  for (const page of pagePaths) {
    for (const { path, target, anchor } of linksOf(page)) {
      const exists = existsSync(new URL(target, root))
      t.ok(exists, `${page}: ${path}`)
      if (exists && anchor !== '') t.ok(anchorsOf(target).has(anchor), `${page}: ${path} has that heading`)
    }
  }
  t.end()
})

function packedPaths(): string[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const [{ files }] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' }))
  return files.map(({ path }: { path: string }) => path)
}

t.test('in the package links lead to what is in it', (t) => {
  const packed = packedPaths()
  const pages = pagePaths.filter((page) => packed.includes(page))
  t.ok(pages.length > 20)
  for (const page of pages)
    for (const { path, target } of linksOf(page))
      t.ok(
        packed.some((file) => file === target || file.startsWith(target.replace(/\/?$/, '/'))),
        `${page}: ${path}`,
      )
  t.strictSame(
    pagePaths.filter((page) => !packed.includes(page)),
    [],
    'every page is in it',
  )
  t.end()
})

t.test('docs/README.md leads to every page, and README.md to it', (t) => {
  const targets = (page: string): Set<string> => new Set(linksOf(page).map(({ target }) => target))
  const index = targets('docs/README.md')
  const others = pagePaths.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
  t.strictSame(
    others.filter((page) => !index.has(page)),
    [],
  )
  t.ok(targets('README.md').has('docs/README.md'))
  t.end()
})

t.test('every page begins with a title', (t) => {
  for (const page of pagePaths) t.match(readPage(page), /^# \S/, page)
  t.end()
})
