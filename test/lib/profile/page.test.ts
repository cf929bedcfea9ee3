import t from 'tap'
import { renderPage } from '../../../lib/profile/page.js'
import { type Branch, layOut } from '../../../lib/profile/treemap.js'
import { and, on, rules } from '../compile/rules.js'
import { planOf, profileOf, repeat } from './costs.js'

const hostile = '</button><script>alert(1)</script>"\' onfocus=x &amp; <img src=//evil>'
const conditions = {
  [hostile]: on('process_start', 'process_name', [hostile]),
  plain: and(on('process_start', 'command_line', ['b']), on('process_start', 'username', [hostile])),
  elsewhere: on('logon', 'username', ['c']),
}
const profile = profileOf(planOf(rules(conditions)), {
  events: 100,
  node: () => ({ visits: 100, passed: 50, times: repeat(10) }),
  term: () => ({ asked: 100, true: 50, lazy: [] }),
  pass: () => ({ runs: 100, resolve: repeat(30), match: repeat(20) }),
})
const page = renderPage(profile)
/** As a browser reads text and attributes. */
const unescaped = (html: string) =>
  html
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')

const attributesOutsideQuotes = [...page.matchAll(/<\w+((?:"[^"]*"|[^">])*)>/g)]
  .map(([, attributes = '']) => attributes.replace(/"[^"]*"/g, ''))
  .join('\n')

t.test('everything is on the page', (t) => {
  const cells = [...page.matchAll(/data-text="([^"]*)"/g)].map(([, text = '']) => unescaped(text))
  for (const { eventType } of profile.eventTypes)
    t.ok(cells.some((text) => text.startsWith(`event type ${eventType}\n`)))
  for (const { property } of profile.properties)
    t.ok(cells.some((text) => text.startsWith(`property ${property}\n`)))
  for (const { term } of profile.terms)
    t.ok(
      cells.some((text) => text.startsWith(`term ${term}\n`)),
      term,
    )
  for (const { name } of profile.detectors)
    t.ok(
      cells.some((text) => text.startsWith(`detector ${name}\n`)),
      name,
    )
  t.equal(
    [...page.matchAll(/<tr>/g)].length,
    3 + profile.detectors.length + profile.terms.length + profile.properties.length,
  )
  t.end()
})

t.test('what rules say is text, and stays text', (t) => {
  t.equal(page.match(/<script/g)?.length, 1)
  t.equal(page.match(/<\/script/g)?.length, 1)
  t.notMatch(page, /<img/)
  t.notMatch(attributesOutsideQuotes, /onfocus/)
  t.match(unescaped(page), hostile)
  t.end()
})

t.test('nothing else is loaded', (t) => {
  t.notMatch(attributesOutsideQuotes, /\b(src|href|srcset|action)\b/)
  t.notMatch(page.slice(page.indexOf('<style>'), page.indexOf('</style>')), /url\(|@import/)
  t.match(page, `Content-Security-Policy" content="default-src 'none'`)
  t.end()
})

t.test('every cell with parts has room for names; the small ones are one, which names them', (t) => {
  const part = (label: string, ns: number, children: readonly Branch[] = []): Branch => ({
    label,
    kind: 'term',
    ns,
    details: '',
    children,
  })
  const terms = Array.from({ length: 300 }, (_, i) => part(`term ${i}`, i === 7 ? 5000 : 1))
  const dear = part('dear', 5299, terms)
  const cells = layOut([dear, part('cheap', 200, terms.slice(20, 220))])
  const inDear = cells.filter(({ depth, family }) => depth === 1 && family === 0)
  t.same(
    inDear.map(({ branch }) => branch.label),
    ['term 7', '299 more'],
  )
  t.match(inDear[1]?.branch, { ns: 299, short: /^299 more: term 0 · term 1 · / })
  t.same(
    cells.filter(({ family, depth }) => family === 1 && depth === 1).map(({ branch }) => branch.label),
    ['200 more'],
  )
  t.end()
})
