// Two copies of the package, each in the main thread and in three workers, all at work at the same time.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

async function detect(copy) {
  const { compile, readTelemetry } = await import(copy)
  const detectors = await compile('bxor.rb')
  const lines = []
  for (let i = 0; i < 20; i++) {
    for await (const batch of detectors.evaluate(readTelemetry('telemetry.ndjson'), { threads: 2 }))
      for (const { line } of batch) lines.push(line)
  }
  return lines.join('')
}

function detectInWorker(copy) {
  const worker = new Worker(new URL(import.meta.url), { workerData: copy })
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
}

if (isMainThread) {
  const copies = process.argv.slice(2)
  const all = copies.flatMap((copy) => [detect(copy), ...[1, 2, 3].map(() => detectInWorker(copy))])
  console.log(JSON.stringify(await Promise.all(all)))
} else {
  parentPort.postMessage(await detect(workerData))
}
