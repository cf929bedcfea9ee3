/**
 * A corpus as a file, a batch at a time: one is made while the file takes the one before and no earlier, so that memory
 * does not grow with the size. Beside it, which lines are attacks: `line number, tab, technique`.
 */
import { type FileHandle, mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Corpus, type Kind, type Repeat } from './corpus.js'

export interface Request {
  readonly folder: string
  readonly repeat: Repeat
  readonly seed: number
  readonly bytes: number
}

export interface Written {
  readonly file: string
  readonly bytes: number
  readonly records: number
  readonly attacks: number
  readonly kinds: Readonly<Record<Kind, number>>
  readonly seconds: number
  /** Of the processor: what remains where others keep it busy. */
  readonly cpuSeconds: number
}

const batchBytes = 1 << 20
/** No record comes near it. */
const longest = 1 << 16

/** At least `bytes`, and less than a record more. */
export async function writeCorpus({ folder, repeat, seed, bytes }: Request): Promise<Written> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, `mde-${repeat}.ndjson`)
  const began = performance.now()
  const beganCpu = process.cpuUsage()
  const output = await open(file, 'w')
  const writer = new Writer(new Corpus(seed, repeat), bytes)
  try {
    await writer.writeTo(output)
  } finally {
    await output.close()
  }
  const { records, kinds, attacks, bytes: written } = writer
  await writeFile(join(folder, `mde-${repeat}.attacks.tsv`), attacks.join(''))
  const seconds = (performance.now() - began) / 1000
  const cpu = process.cpuUsage(beganCpu)
  const cpuSeconds = (cpu.user + cpu.system) / 1e6
  return { file, bytes: written, records, attacks: attacks.length, kinds, seconds, cpuSeconds }
}

class Writer {
  bytes = 0
  records = 0
  readonly kinds: Record<Kind, number> = { network: 0, file: 0, registry: 0, process: 0, image: 0, other: 0 }
  readonly attacks: string[] = []

  constructor(
    readonly corpus: Corpus,
    readonly wanted: number,
  ) {}

  async writeTo(output: FileHandle): Promise<void> {
    // Two, as one is being filled while the other is being written.
    let [filling, other] = [Buffer.allocUnsafe(batchBytes), Buffer.allocUnsafe(batchBytes)]
    let taken: Promise<void> = Promise.resolve()
    while (this.bytes < this.wanted) {
      const batch = filling.subarray(0, this.#fill(filling))
      await taken
      taken = output.writeFile(batch)
      ;[filling, other] = [other, filling]
    }
    await taken
  }

  /** How many bytes of `batch` are records now. */
  #fill(batch: Buffer): number {
    let used = 0
    while (this.bytes < this.wanted && used + longest < batch.length) {
      const { text, kind, attack } = this.corpus.next()
      const size = batch.write(text, used) + 1
      used += size
      batch[used - 1] = 0x0a
      this.bytes += size
      this.records++
      this.kinds[kind]++
      if (attack) this.attacks.push(`${this.records}\t${attack}\n`)
    }
    return used
  }
}
