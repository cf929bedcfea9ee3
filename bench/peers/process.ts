/** Engines that are a process of their own: ours, and `engine.rb`. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from '../../lib/index.js'
import type { Peer, Ready, Run, Task } from './peer.js'
import { standardEvents } from './standard.js'

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** A program that prints its seconds, wall and processor, and then a line for each detection. */
function runProgram(command: string, args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 30 })
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
  const [times = '', ...detections] = stdout.trimEnd().split('\n')
  const [seconds = Number.NaN, cpuSeconds = Number.NaN] = times.split(' ').map(Number)
  return { detections: new Set(detections), seconds, cpuSeconds }
}

/** Not in this process: what other engines leave on its heap is collected while ours runs. */
export async function nuthatch({ folder, text, records }: Task): Promise<Ready> {
  const file = join(folder, 'rules.plan')
  const { plan } = await compile({ files: { 'rules.rb': text } })
  writeFileSync(file, plan)
  const args = ['--import', import.meta.resolve('tsx'), beside('evaluate.ts'), file, records]
  return { run: async () => runProgram(process.execPath, args) }
}

/** A direct port of the original design to Ruby, under whatever runs Ruby. */
const ruby = (command: string, name: string, install: string): Peer => ({
  name,
  megabytes: 2,
  missing: () => (spawnSync(command, ['--version']).error ? install : null),
  async prepare(task) {
    const rules = join(task.folder, 'rules.rb')
    writeFileSync(rules, task.text)
    const args = [beside('engine.rb'), rules, await standardEvents(task)]
    return { run: async () => runProgram(command, args) }
  },
})

export const cruby = ruby('ruby', 'Ruby port, ruby', 'apt-get install ruby')
export const jruby = ruby('jruby', 'Ruby port, jruby', 'apt-get install jruby')
