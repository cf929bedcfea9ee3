import t from 'tap'
import { DiagnosticsError, NuthatchError } from '../../lib/errors.js'
import { checkRules } from '../../lib/language/check.js'

t.test('an error has a code that stays, a message, and its cause', async (t) => {
  const cause = new Error('no such file')
  const error = new NuthatchError('NUTHATCH_INPUT_MISSING', 'rules/ cannot be read', { cause })
  t.type(error, Error)
  t.match(error, { code: 'NUTHATCH_INPUT_MISSING', name: 'NuthatchError', cause })
  t.equal(String(error), 'NuthatchError: rules/ cannot be read')
})

t.test('rules with errors: one error that holds and shows all of them', async (t) => {
  const { diagnostics } = checkRules([
    { file: 'b.rb', source: 'list :unused, [1]\nwindos?\n' },
    { file: 'a.rb', source: 'linx?\n' },
  ])
  const error = new DiagnosticsError(diagnostics)
  t.type(error, NuthatchError)
  t.match(error, { code: 'NUTHATCH_RULES_INVALID', name: 'DiagnosticsError' })
  t.strictSame(error.diagnostics, diagnostics)
  t.equal(
    error.message,
    `the rules cannot be loaded

a.rb:1:1: error NUTHATCH_UNKNOWN_HELPER: there is no helper and no definition \`linx?\`
  linx?
  ^^^^^
help: did you mean \`linux?\`?

b.rb:1:6: warning NUTHATCH_UNUSED_LIST: nothing uses the list \`:unused\`
  list :unused, [1]
       ^^^^^^^
help: use it, or leave it out

b.rb:2:1: error NUTHATCH_UNKNOWN_HELPER: there is no helper and no definition \`windos?\`
  windos?
  ^^^^^^^
help: did you mean \`windows?\`?

2 errors, 1 warning
`,
  )
})
