import t from 'tap'
import { buildProgram } from '../../../lib/compile/program.js'
import { renderTrees, treesAsJson } from '../../../lib/compile/render-tree.js'
import { and, negate, on, or, rules, test } from './rules.js'

const program = buildProgram(
  rules({
    'hidden-shell': and(
      on('process_start', 'process_name', ['powershell.exe', 'pwsh.exe']),
      on('process_start', 'command_line', ['-w hidden'], { match: 'includes' }),
      negate(or(test('parent_name', ['sccm.exe']), test('username', ['SYSTEM']))),
    ),
    'any-shell': on('process_start', 'process_name', ['powershell.exe', 'pwsh.exe']),
    quiet: on('process_start', 'parent_pid', [5], { match: 'greater_than', negated: true }),
    long: on('script', 'script_content', ['a', 'b', 'c', 'd', 'e', 'f'], {
      match: 'includes',
      all: true,
      caseSensitive: true,
    }),
  }),
)

t.test('a tree as text', (t) => {
  t.equal(
    renderTrees(program),
    `process_start: 3 detectors, 5 terms
├─ process_name equals any of "powershell.exe", "pwsh.exe" => any-shell
│  └─ command_line includes "-w hidden" && !parent_name equals "sccm.exe" && !username equals "SYSTEM" => hidden-shell
└─ !parent_pid greater_than 5 (always looked at) => quiet

script: 1 detector, 1 term
└─ script_content includes all of "a", "b", "c", "d", … 2 more => long
`,
  )
  t.end()
})

t.test('a tree as JSON', (t) => {
  const shell = { property: 'process_name', match: 'equals', strings: ['powershell.exe', 'pwsh.exe'] }
  t.match(treesAsJson(program), {
    detectors: 4,
    terms: 7,
    distinctTerms: 6,
    trees: [
      {
        event: 'process_start',
        detectors: 3,
        children: [
          {
            guard: shell,
            detectors: ['any-shell'],
            triggers: [shell],
            children: [
              {
                detectors: ['hidden-shell'],
                triggers: null,
                guard: { and: [{ property: 'command_line' }, { not: {} }, { not: {} }] },
              },
            ],
          },
          { guard: { not: { property: 'parent_pid', match: 'greater_than', numbers: [5] } }, triggers: null },
        ],
      },
      { event: 'script', children: [{ guard: { all: true, case_sensitive: true } }] },
    ],
  })
  t.end()
})

t.test('a detector that is always true stands at the root', (t) => {
  const always = buildProgram(rules({ all: negate(on('dns_query', 'query_name', ['a'])) }))
  t.match(renderTrees(always), /^process_start: 1 detector, 0 terms\n {3}always => all\n/)
  t.end()
})
