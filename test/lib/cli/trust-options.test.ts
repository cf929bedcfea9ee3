import { Command, CommanderError } from 'commander'
import t from 'tap'
import { addTrustOptions, type TrustOptions } from '../../../lib/cli/trust-options.js'

function timeOf(text: string): string | undefined {
  const command = addTrustOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  return command.parse(['--time', text], { from: 'user' }).opts<TrustOptions>().time?.toISOString()
}

t.test('--time takes ISO 8601', (t) => {
  t.equal(timeOf('2028-02-29'), '2028-02-29T00:00:00.000Z')
  t.equal(timeOf('2028-02-29T12:00Z'), '2028-02-29T12:00:00.000Z')
  t.equal(timeOf('2028-02-29T12:00:01.5-05:00'), '2028-02-29T17:00:01.500Z')
  t.equal(timeOf('2028-02-29T12:00'), new Date(2028, 1, 29, 12).toISOString(), 'without a zone, here')
  t.end()
})

t.test('--time takes nothing else, and no day or hour that there is not', (t) => {
  for (const text of [
    '2026-02-30',
    '2026-02-30T12:00Z',
    '2023-02-29T12:00:00Z',
    '2026-04-31T12:00+02:00',
    '2026-13-01',
    '2026-00-01',
    '2026-01-01T25:00Z',
    '2026-01-01T12:60Z',
    '2026-01-01T12:00+25:00',
    '2026-01-01 12:00',
    '2026-01-01T12',
    '2026-01-01 nonsense',
    '1 May 2026',
    '2026',
    'today',
    '',
  ])
    t.throws(() => timeOf(text), CommanderError, text)
  t.end()
})
