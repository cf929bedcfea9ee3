import t from 'tap'
import { compileRules } from '../../../lib/compile/compile.js'
import { readPlanDetectors } from '../../../lib/compile/plan.js'
import { native } from '../../../lib/native.js'
import { encodeMappings } from '../../../lib/standardize/encode.js'
import { and, detector, on, or, rules, test } from './rules.js'

const shell = test('process_name', ['powershell.exe', 'pwsh.exe'])
const ruleSet = rules({
  'b-encoded': and(
    shell,
    on('process_start', 'command_line', ['-enc', '-e'], { match: 'includes', all: true }),
  ),
  'a-lolbin': on('process_start', 'process_name', ['certutil.exe']),
  'c-anywhere': or(shell, on('network_connection', 'remote_port', [4444])),
})
const { plan, statistics } = compileRules(ruleSet, encodeMappings())

t.test('the engine loads what the compiler writes', (t) => {
  const loaded = new native.Plan(plan)
  t.equal(loaded.detectors, 3)
  t.equal(loaded.terms, 4)
  t.ok(loaded.loadMicroseconds > 0)
  t.end()
})

t.test('the engine refuses what is damaged, with a code', (t) => {
  const refused = (bytes: Uint8Array, code: string) => t.throws(() => new native.Plan(bytes), { code })
  const changed = (at: number) => plan.map((byte, i) => (i === at ? byte ^ 1 : byte))
  refused(changed(0), 'NUTHATCH_PLAN_CORRUPT')
  refused(changed(8), 'NUTHATCH_PLAN_VERSION')
  refused(changed(12), 'NUTHATCH_PLAN_SCHEMA')
  refused(changed(plan.length - 1), 'NUTHATCH_PLAN_CORRUPT')
  refused(plan.subarray(0, plan.length - 1), 'NUTHATCH_PLAN_CORRUPT')
  refused(new Uint8Array(), 'NUTHATCH_PLAN_CORRUPT')
  t.end()
})

t.test('the same rules are the same bytes, in whatever order the files were read', (t) => {
  const { plan: again } = compileRules({ detectors: [...ruleSet.detectors].reverse() }, encodeMappings())
  t.same(Buffer.from(again), Buffer.from(plan))
  t.end()
})

t.test('a Plan tells of its detectors, by name', (t) => {
  const { description, severity, attack, references, metadata } = detector('x', shell)
  const rest = { description, severity, attack, references, metadata }
  t.same(
    readPlanDetectors(plan),
    ['a-lolbin', 'b-encoded', 'c-anywhere'].map((name) => ({ name, title: `Title of ${name}`, ...rest })),
  )
  t.throws(() => readPlanDetectors(new Uint8Array(40)), { code: 'NUTHATCH_PLAN_CORRUPT' })
  t.end()
})

t.test('statistics', (t) => {
  t.match(statistics, {
    detectors: 3,
    terms: 5,
    distinctTerms: 4,
    eventTypes: {
      process_start: { detectors: 3, terms: 3, expressions: 0, treeNodes: 4, alwaysVisited: 0 },
      network_connection: { detectors: 1, terms: 2, expressions: 1 },
      dns_query: { detectors: 1, terms: 1, expressions: 0, treeNodes: 2 },
    },
  })
  t.end()
})

t.test('no rules are a Plan too', (t) => {
  t.equal(new native.Plan(compileRules({ detectors: [] }, encodeMappings()).plan).detectors, 0)
  t.end()
})
