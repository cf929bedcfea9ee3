import { readFileSync } from 'node:fs'
import t from 'tap'
import { checkRules } from '../../../lib/language/check.js'
import { findHelper, namedHelpers } from '../../../lib/language/helpers.js'
import { matchForms, operandKeywords } from '../../../lib/language/matches.js'
import type { StandardEvent } from '../../../lib/language/ruleset.js'
import { eventTypeNames } from '../../../lib/schema/event-types.js'
import { propertyNames, propertyRow } from '../../../lib/schema/properties.js'
import { diagnosticsPage } from '../../../scripts/diagnostics-page.js'
import { helpersPage } from '../../../scripts/helpers-page.js'
import { evaluate } from '../../oracle/evaluate.js'

/** Whether an expression is true of an event; undefined when that hangs on a pending property. */
function truth(expression: string, event: StandardEvent): boolean | undefined {
  const { ruleSet, diagnostics } = checkRules([{ file: 'x.rb', source: expression }])
  const [detector] = ruleSet?.detectors ?? []
  if (!detector) throw new Error(JSON.stringify(diagnostics))
  return evaluate(detector.condition, event)
}

const start = (properties: object): StandardEvent => ({ event_type: 'process_start', ...properties })

t.test('every match: its name, its quantified forms, and the twin of each', async (t) => {
  t.strictSame(
    [...matchForms.keys()].filter((name) => /equal|exist|between/.test(name)),
    [
      'equals',
      'does_not_equal',
      'does_not_equals',
      'equals_any',
      'does_not_equal_any',
      'does_not_equals_any',
      'equals_all',
      'does_not_equal_all',
      'does_not_equals_all',
      'between',
      'is_not_between',
      'does_not_between',
      'exists',
      'does_not_exist',
      'does_not_exists',
    ],
  )
  for (const name of [
    'does_not_include_any',
    'does_not_start_with_all',
    'does_not_end_with',
    'does_not_match_any',
    'is_not_in_any_subnet',
    'is_not_greater_than',
    'is_not_less_than',
    'is_not_true',
    'is_true',
    'in_any_subnet',
    'matches_all',
  ]) {
    t.ok(matchForms.has(name), name)
  }
  for (const name of ['greater_than_any', 'exists_any', 'in_subnet', 'equals_none'])
    t.notOk(matchForms.has(name), name)
})

const literals: Readonly<Record<string, string>> = {
  string: "'a'",
  strings: "['a']",
  number: '4',
  numbers: '[4]',
  pattern: '/a/',
  patterns: '[/a/]',
  subnets: "['10.0.0.0/8']",
  min: '1',
  max: '2',
}

t.test('every match on every event type compiles, for each kind of property', async (t) => {
  const expressions = [...eventTypeNames, 'any'].flatMap((event) =>
    [...matchForms]
      .flatMap(([name, form]) =>
        form.row.on.map((kind) => {
          const on = (property: string) =>
            event === 'any' || propertyRow(property)?.on.some((type) => type === event)
          const property = propertyNames.find(
            (candidate) => propertyRow(candidate)?.kind === kind && on(candidate),
          )
          if (property === undefined) return []
          const keywords = operandKeywords(form).filter(
            (keyword) => form.row.operand !== 'text' || keyword.startsWith('number') === (kind === 'number'),
          )
          const operands = keywords.map((keyword) => `, ${keyword}: ${literals[keyword]}`).join('')
          return `${event}_property_${name}?(property: ${property}${operands})`
        }),
      )
      .flat(),
  )
  t.ok(expressions.length > 2500, `${expressions.length} helpers`)
  const { ruleSet, diagnostics } = checkRules([{ file: 'x.rb', source: expressions.join(' ||\n') }])
  t.strictSame(
    diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  )
  t.ok(ruleSet)
})

t.test('names that are no helpers', async (t) => {
  for (const name of [
    'windows',
    'process_start_property_equals',
    'any_property_?',
    '_property_equals?',
    'property_equals?',
    'constructor?',
    'process_start_property_constructor?',
    'toString_property_equals?',
    '__proto__',
    'process_start_property_equals_any_property_equals?',
  ]) {
    t.equal(findHelper(name), undefined, name)
  }
})

t.test('a typed helper is false on other event types, and so is its twin', async (t) => {
  const other: StandardEvent = { event_type: 'file_create', process_name: 'cmd.exe' }
  t.equal(truth("process_start_property_equals?(property: process_name, string: 'cmd.exe')", other), false)
  t.equal(truth("process_start_property_does_not_equal?(property: process_name, string: 'x')", other), false)
  t.equal(truth("!process_start_property_equals?(property: process_name, string: 'cmd.exe')", other), true)
  t.equal(truth("any_property_equals?(property: process_name, string: 'cmd.exe')", other), true)
})

t.test('process_is_likely? knows a program by any of its names, renamed or not', async (t) => {
  const likely = (properties: object, names = "'powershell'") =>
    truth(`process_is_likely?(${names})`, start(properties))
  t.equal(likely({ process_name: 'PowerShell.EXE' }), true)
  t.equal(likely({ process_name: 'powershell' }), true)
  t.equal(likely({ process_name: 'a.exe', original_file_name: 'PowerShell.EXE' }), true)
  t.equal(likely({ process_name: 'a.exe', internal_name: 'POWERSHELL' }), true)
  t.equal(likely({ process_path: 'C:\\Windows\\powershell.exe' }), true)
  t.equal(likely({ process_name: 'notpowershell.exe', process_path: 'C:\\notpowershell.exe' }), false)
  t.equal(likely({ process_name: 'powershell.exe' }, "'PowerShell.exe'"), true)
  t.equal(likely({ process_name: 'pwsh.exe' }, "'powershell', 'pwsh'"), true)
  t.equal(likely({}), false)
  t.equal(likely({ process_name: { pending: true } }), undefined)
  t.equal(truth("process_is_likely?('cmd')", { event_type: 'dns_query', process_name: 'cmd.exe' }), true)
})

t.test('the parent, and the process acted upon', async (t) => {
  t.equal(
    truth("parent_process_is_likely?('winword')", start({ parent_path: 'C:\\Office\\WINWORD.EXE' })),
    true,
  )
  t.equal(
    truth("parent_process_is_likely?('winword')", start({ parent_original_file_name: 'WinWord.exe' })),
    true,
  )
  t.equal(truth("parent_process_is_likely?('winword')", start({ process_name: 'winword.exe' })), false)
  t.equal(truth('parent_process_is_office_app?', start({ parent_name: 'excel.exe' })), true)
  const access: StandardEvent = {
    event_type: 'process_access',
    target_process_path: 'C:\\Windows\\System32\\lsass.exe',
  }
  t.equal(truth("target_process_is_likely?('lsass')", access), true)
})

t.test('the platform', async (t) => {
  for (const platform of ['windows', 'linux', 'macos']) {
    for (const other of ['windows', 'linux', 'macos']) {
      t.equal(truth(`${platform}?`, start({ platform: other })), platform === other)
    }
  }
})

t.test('signatures: unknown is neither signed nor unsigned', async (t) => {
  const image = (properties: object): StandardEvent => ({ event_type: 'image_load', ...properties })
  const both = (event: StandardEvent) => [
    truth('image_load_signed?', event),
    truth('image_load_unsigned?', event),
  ]
  t.strictSame(both(image({ image_signed: true })), [true, false])
  t.strictSame(both(image({ image_signed: false })), [false, true])
  t.strictSame(both(image({})), [false, false])
  t.strictSame(both(image({ image_signed: { pending: true } })), [undefined, undefined])
  t.strictSame(both({ event_type: 'driver_load', image_signed: false }), [false, false])
})

t.test('badly signed: what has a signature, and a status that is not valid', async (t) => {
  const bad = (properties: object) =>
    truth('image_load_badly_signed?', { event_type: 'image_load', ...properties })
  t.equal(bad({ image_signed: true, image_signature_status: 'expired' }), true)
  t.equal(bad({ image_signed: true, image_signature_status: 'Valid' }), false)
  t.equal(bad({ image_signed: false, image_signature_status: 'unsigned' }), false)
  t.equal(bad({ image_signed: true }), false)
  t.equal(bad({ image_signed: true, image_signature_status: { pending: true } }), undefined)
})

t.test('public and private addresses', async (t) => {
  const connection = (remote_ip: string): StandardEvent => ({ event_type: 'network_connection', remote_ip })
  const publicOnes = [
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '11.0.0.0',
    '192.169.0.1',
    '2606:4700::1111',
    '223.255.255.255',
  ]
  const privateOnes = [
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '2001:db8::1',
  ]
  for (const address of publicOnes) t.equal(truth('remote_ip_is_public?', connection(address)), true, address)
  for (const address of privateOnes)
    t.equal(truth('remote_ip_is_public?', connection(address)), false, address)
  for (const address of privateOnes)
    t.equal(truth('remote_ip_is_private?', connection(address)), true, address)
  const unknown: StandardEvent = { event_type: 'network_connection' }
  t.equal(truth('remote_ip_is_public?', unknown), false)
  t.equal(truth('remote_ip_is_private?', unknown), false)
})

t.test('every named helper is documented, and stands for a condition of its own', async (t) => {
  for (const [name, { doc, takes }] of Object.entries(namedHelpers)) {
    t.match(name, /^[a-z_]+\?$/)
    t.match(doc, /^[A-Z].*\.$/s)
    const call = `${name}${{ names: "('a')", signers: "(signers: ['a'])", nothing: '' }[takes ?? 'nothing']}`
    const { diagnostics } = checkRules([{ file: 'x.rb', source: call }])
    t.strictSame(
      diagnostics.filter(({ code }) => code !== 'NUTHATCH_NOT_CONFINED'),
      [],
      call,
    )
  }
})

t.test('the pages made of the tables are up to date: else run `npm run generate`', async (t) => {
  const committed = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
  t.equal(committed('docs/helpers.md'), helpersPage())
  t.equal(committed('docs/diagnostics.md'), diagnosticsPage())
})
