import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { expandInputs, type Input } from '../../../lib/stream/inputs.js'
import { plainFileSize } from '../../../lib/stream/plain-file.js'

const folder = t.testdir({ 'plain.ndjson': '{"a":1}\n', 'empty.ndjson': '', 'array.json': '[\n{}]' })
writeFileSync(join(folder, 'packed.gz'), gzipSync('{}\n'))

const inputOf = async (path: string): Promise<Input> => {
  const { inputs } = await expandInputs(path)
  return inputs[0] as Input
}

t.test('of a file of plain NDJSON the size is told', async (t) => {
  t.equal(plainFileSize(await inputOf(join(folder, 'plain.ndjson'))), 8)
})

t.test('anything else is left to decode', async (t) => {
  for (const name of ['packed.gz', 'array.json', 'empty.ndjson'])
    t.equal(plainFileSize(await inputOf(join(folder, name))), null)
  t.equal(plainFileSize(await inputOf('/dev/null')), null)
  t.equal(plainFileSize(await inputOf('/proc/self/status')), null, 'made up by the system')
})

t.test('a file that has gone meanwhile', async (t) => {
  const input = { ...(await inputOf(join(folder, 'plain.ndjson'))), name: join(folder, 'gone.ndjson') }
  t.throws(() => plainFileSize(input), { code: 'NUTHATCH_INPUT_UNREADABLE' })
})
