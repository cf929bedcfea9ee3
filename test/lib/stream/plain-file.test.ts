import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { expandInputs, type Input } from '../../../lib/stream/inputs.js'
import { openPlainFile } from '../../../lib/stream/plain-file.js'

const folder = t.testdir({ 'plain.ndjson': '{"a":1}\n', 'empty.ndjson': '', 'array.json': '[\n{}]' })
writeFileSync(join(folder, 'packed.gz'), gzipSync('{}\n'))

const inputOf = async (path: string): Promise<Input> => {
  const { inputs } = await expandInputs(path)
  return inputs[0] as Input
}

t.test('a file of plain NDJSON is opened at its beginning', async (t) => {
  const file = await openPlainFile(await inputOf(join(folder, 'plain.ndjson')))
  t.equal((await file?.readFile())?.toString(), '{"a":1}\n')
  await file?.close()
  const empty = await openPlainFile(await inputOf(join(folder, 'empty.ndjson')))
  t.equal((await empty?.readFile())?.toString(), '')
  await empty?.close()
})

t.test('anything else is left to decode', async (t) => {
  for (const name of ['packed.gz', 'array.json'])
    t.equal(await openPlainFile(await inputOf(join(folder, name))), null)
  t.equal(await openPlainFile(await inputOf('/dev/null')), null)
})

t.test('a file that has gone meanwhile', async (t) => {
  const input = { ...(await inputOf(join(folder, 'plain.ndjson'))), name: join(folder, 'gone.ndjson') }
  await t.rejects(openPlainFile(input), { code: 'NUTHATCH_INPUT_UNREADABLE' })
})
