import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { expandInputs, type Input } from '../../../lib/stream/inputs.js'
import { plainFile } from '../../../lib/stream/plain-file.js'
import { plainTrace } from '../etw/traces.js'

const folder = t.testdir({ 'plain.ndjson': '{"a":1}\n', 'empty.ndjson': '', 'array.json': '[\n{}]' })
writeFileSync(join(folder, 'packed.gz'), gzipSync('{}\n'))
writeFileSync(join(folder, 'a.log'), plainTrace)

const inputOf = async (path: string): Promise<Input> => {
  const { inputs } = await expandInputs(path)
  return inputs[0] as Input
}

t.test('of files that the engine reads itself the format and size are told', async (t) => {
  t.same(plainFile(await inputOf(join(folder, 'plain.ndjson'))), { format: 'ndjson', size: 8 })
  t.same(plainFile(await inputOf(join(folder, 'a.log'))), { format: 'etl', size: plainTrace.length })
})

t.test('anything else is left to decode', async (t) => {
  for (const name of ['packed.gz', 'array.json', 'empty.ndjson'])
    t.equal(plainFile(await inputOf(join(folder, name))), null)
  t.equal(plainFile(await inputOf('/dev/null')), null)
  t.equal(plainFile(await inputOf('/proc/self/status')), null, 'made up by the system')
})

t.test('a file that has gone meanwhile', async (t) => {
  const input = { ...(await inputOf(join(folder, 'plain.ndjson'))), name: join(folder, 'gone.ndjson') }
  t.throws(() => plainFile(input), { code: 'NUTHATCH_INPUT_UNREADABLE' })
})
