import t from 'tap'
import { fnv1a64, schemaHash, schemaText } from '../../../lib/schema/hash.js'

t.test('FNV-1a: the published test vectors', async (t) => {
  t.equal(fnv1a64(''), 0xcbf29ce484222325n)
  t.equal(fnv1a64('a'), 0xaf63dc4c8601ec8cn)
  t.equal(fnv1a64('foobar'), 0x85944171f73967e8n)
})

t.test('the hash is that of the names, kinds and flags, not of the docs', async (t) => {
  t.equal(schemaHash(), fnv1a64(schemaText()))
  const lines = schemaText().split('\n')
  t.ok(lines.includes('process_start') && lines.includes('basename'))
  t.ok(lines.some((line) => line.startsWith('granted_access number') && line.endsWith(' process_access')))
  t.notMatch(schemaText(), /Access rights/)
})
