/** Writes the pages that are generated from the language's tables. */
import { diagnosticsPage } from './diagnostics-page.js'
import { helpersPage } from './helpers-page.js'
import { syntaxPage } from './syntax-page.js'
import { writeGenerated } from './write-generated.js'

writeGenerated({
  'docs/diagnostics.md': diagnosticsPage,
  'docs/helpers.md': helpersPage,
  'docs/syntax.md': syntaxPage,
})
