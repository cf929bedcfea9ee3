import { createHash } from 'node:crypto'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as the content of an element, or of an attribute in quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')

export interface Page {
  readonly title: string
  /** Rules beyond those that all pages have. */
  readonly style: string
  readonly script: string
  readonly body: string
}

/** A page that needs nothing else, not even a network, and runs no script but its own. */
export function htmlPage({ title, style, script, body }: Page): string {
  const hash = createHash('sha256').update(script).digest('base64')
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${baseStyle}${style}</style>
${body}
<script>${script}</script>
</html>
`
}

const baseStyle = `
:root { color-scheme: light dark; --ink: #1d2327; --dim: #5c6770; --paper: #fbfaf8; --line: #dcd8d0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e6e0; --dim: #a0a7ad; --paper: #171a1d; --line: #363c42; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1500px; padding: 1.5rem 2rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 0; }
.facts { margin: .25rem 0 1rem; }
.note { color: var(--dim); margin: 0 0 .5rem; font-size: .87rem; }
#details { white-space: pre-wrap; overflow-wrap: anywhere; min-height: 4.5em; margin: .6rem 0 0; padding: .5rem .8rem;
  border: 1px solid var(--line); border-radius: 4px; font-variant-numeric: tabular-nums; }
`
