import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import type { BlockResult, PipelineOptions } from '../../../lib/binding.js'
import { compile } from '../../../lib/index.js'
import { native } from '../../../lib/native.js'

const rule = `process_start_property_includes_any?(property: command_line, strings: ['evil'])`
const { plan: bytes } = await compile({ files: { 'rule.rb': rule } })
const plan = new native.Plan(bytes)
const options: PipelineOptions = {
  threads: 2,
  output: 'detections',
  stopAtMalformed: false,
  maxRecordBytes: 1 << 20,
  processTableCapacity: 100,
}
const start = (commandLine: string) =>
  `${JSON.stringify({ event_type: 'process_start', command_line: commandLine })}\n`
const block = Buffer.from((start('good').repeat(99) + start('evil')).repeat(100))

t.test('results have every count of BlockResult', async (t) => {
  const pipeline = new native.Pipeline(plan, options)
  const source = pipeline.addSource('a.ndjson')
  const lines = Buffer.from(`${start('evil')}{\n{"x":1}\n\n`)
  const result = await pipeline.submit(source, lines)
  t.match(JSON.parse(Buffer.from(result.output).toString()), {
    detector: 'rule',
    source: 'a.ndjson',
    line: 1,
  })
  t.match(result, {
    bytes: lines.length,
    lines: 4,
    records: 2,
    events: 1,
    detections: 1,
    undecided: 0,
    termsEvaluated: 1,
    termsPossible: 1,
    malformed: 1,
    malformedSamples: [{ source: 0, line: 2, code: 'NUTHATCH_JSON_INVALID', reason: /\w/ }],
    unmapped: { unrecognised: 1 },
  })
  t.match(await pipeline.skipLine(source, 5), {
    bytes: 5,
    lines: 1,
    malformed: 1,
    malformedSamples: [{ line: 5, code: 'NUTHATCH_RECORD_TOO_LONG' }],
  })
  pipeline.close()
})

t.test('what is wrong with a malformed record is said in words of our own', async (t) => {
  const pipeline = new native.Pipeline(plan, options)
  const source = pipeline.addSource('x')
  const reasonOf = async (line: Buffer) =>
    (await pipeline.submit(source, line)).malformedSamples.map(({ reason }) => reason)
  t.same(await reasonOf(Buffer.from('{"a":"\t"}')), ['a text holds a control character that is not escaped'])
  t.same(await reasonOf(Buffer.from('{"a":"x}')), ['a text is not closed'])
  t.same(await reasonOf(Buffer.from([0x7b, 0xff, 0x7d])), ['the record is not UTF-8'])
  pipeline.close()
})

t.test('promises settle in the order of submission', async (t) => {
  const pipeline = new native.Pipeline(plan, options)
  const source = pipeline.addSource('x')
  const order: number[] = []
  const results = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const result = await pipeline.submit(source, n % 3 === 0 ? Buffer.from(start('evil')) : block)
      order.push(n)
      return result.detections
    }),
  )
  t.same(
    order,
    Array.from({ length: 20 }, (_, n) => n),
  )
  t.same(
    results,
    Array.from({ length: 20 }, (_, n) => (n % 3 === 0 ? 1 : 100)),
  )
  pipeline.close()
})

t.test('a view into a larger buffer is read from where it begins', async (t) => {
  const pipeline = new native.Pipeline(plan, options)
  const padded = Buffer.concat([Buffer.from('xxx'), Buffer.from(start('evil')), Buffer.from('yyy')])
  const result = await pipeline.submit(pipeline.addSource('x'), padded.subarray(3, -3))
  t.match(result, { detections: 1, malformed: 0 })
  pipeline.close()
})

t.test('close: what was submitted is finished, and nothing can be added', async (t) => {
  const pipeline = new native.Pipeline(plan, options)
  const source = pipeline.addSource('x')
  const results: Promise<BlockResult>[] = Array.from({ length: 10 }, () => pipeline.submit(source, block))
  pipeline.close()
  pipeline.close()
  for (const result of await Promise.all(results)) t.equal(result.detections, 100)
  const closed = { code: 'NUTHATCH_PIPELINE_CLOSED' }
  t.throws(() => pipeline.submit(source, block), closed)
  t.throws(() => pipeline.skipLine(source, 1), closed)
  t.throws(() => pipeline.addSource('y'), closed)
})

t.test('pipelines that nobody holds are collected, and their threads end', async (t) => {
  if (process.platform !== 'linux') return t.pass('threads are counted on Linux')
  const threads = () => readdirSync('/proc/self/task').length
  const before = threads()
  let most = 0
  for (let i = 0; i < 300; i++) {
    new native.Pipeline(plan, options)
    await new Promise(setImmediate) // in which objects collected are ended
    most = Math.max(most, threads() - before)
  }
  t.ok(most < 300, `${most} of 600 threads at a time`)
})

t.test('only a Plan is taken for one', async (t) => {
  t.throws(() => new native.Pipeline({} as never, options), TypeError)
})

/** Runs `code` in a process of its own, with a pipeline that has blocks under way. */
function run(code: string, ...flags: string[]) {
  const program = `
    import { compile } from './lib/index.ts'
    import { native } from './lib/native.ts'
    const { plan: bytes } = await compile({ files: { 'rule.rb': ${JSON.stringify(rule)} } })
    const plan = new native.Plan(bytes)
    const options = ${JSON.stringify(options)}
    const block = Buffer.from(${JSON.stringify(start('good'))}.repeat(20_000))
    const begin = () => {
      const pipeline = new native.Pipeline(plan, options)
      const source = pipeline.addSource('x')
      const results = Array.from({ length: 20 }, () => pipeline.submit(source, block))
      return { pipeline, results }
    }
    ${code}`
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const args = [...flags, '--import=tsx', '--input-type=module', '-e', program]
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  })
  return { status, signal, output: stdout.trim(), errors: stderr }
}

t.test('the process stays until all blocks are done, and then ends without close', async (t) => {
  const { status, output, errors } = run(`
    const { results } = begin()
    Promise.all(results).then((all) => console.log(all.length))`)
  t.match({ status, output }, { status: 0, output: '20' }, errors)
})

t.test('process.exit ends a process whose pipelines are at work', async (t) => {
  const { status, errors } = run('begin(); begin(); setTimeout(() => process.exit(7), 5)')
  t.equal(status, 7, errors)
})

t.test('an uncaught error does too', async (t) => {
  const { status, errors } = run(`begin(); setTimeout(() => { throw new Error('on purpose') }, 5)`)
  t.equal(status, 1, errors)
})

t.test('pipelines that nobody holds are collected', async (t) => {
  const code = `
    for (let i = 0; i < 200; i++) {
      new native.Pipeline(plan, options)
      if (i % 20 === 0) { await new Promise(setImmediate); gc() }
    }
    await Promise.all(begin().results)
    gc()
    console.log('ok')`
  const { status, output, errors } = run(code, '--expose-gc')
  t.match({ status, output }, { status: 0, output: 'ok' }, errors)
})

t.test('a worker can be terminated while its pipelines are at work', async (t) => {
  const code = `
    import('tsx/esm/api').then(async ({ register }) => {
      register()
      const { native } = await import(${JSON.stringify(new URL('../../../lib/native.ts', import.meta.url).href)})
      const { workerData, parentPort } = require('node:worker_threads')
      const plan = new native.Plan(workerData.bytes)
      const block = Buffer.from(workerData.line.repeat(20_000))
      for (let i = 0; i < 2; i++) {
        const pipeline = new native.Pipeline(plan, workerData.options)
        const source = pipeline.addSource('x')
        for (let n = 0; n < 20; n++) pipeline.submit(source, block).then(() => {})
      }
      parentPort.postMessage('working')
    })`
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(code, { eval: true, workerData: { bytes, options, line: start('good') } })
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await worker.terminate()
  }
  t.pass('no crash')
})

t.test('what evaluating has cost is known once the pipeline is closed, whatever the threads', async (t) => {
  const pipeline = new native.Pipeline(plan, options)
  const source = pipeline.addSource('x')
  await Promise.all([pipeline.submit(source, block), pipeline.submit(source, block)])
  t.throws(() => pipeline.costs(), { code: 'NUTHATCH_PIPELINE_OPEN' })
  pipeline.close()
  const [tree] = pipeline.costs()
  t.equal(tree?.events, 20_000)
  const [rootVisits, rootDecided, rootUndecided] = tree?.nodes ?? []
  t.same([rootVisits, rootDecided, rootUndecided], [20_000, 20_000, 0])
  const [term, askedAndFalse, askedAndTrue] = tree?.terms ?? []
  t.same([term, askedAndFalse, askedAndTrue], [0, 0, 200], 'it is asked only where a hit leads')
  const [, missing, pending, present] = tree?.passes ?? []
  t.same([missing, pending, present], [0, 0, 20_000])
})
