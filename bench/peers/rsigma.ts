/**
 * RSigma, the fastest free engine for Sigma that we know: its command line, on records as they are. What it takes to
 * start and to read the rules is measured with no records, and taken off.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { found, type Peer } from './peer.js'
import { type AskEvent, hidden, plainly, toSigma } from './sigma.js'

const command = process.env.RSIGMA ?? 'rsigma'

const peer = (name: string, ask: AskEvent, size: Pick<Peer, 'megabytes'>): Peer => ({
  name,
  ...size,
  missing: () =>
    spawnSync(command, ['--version']).error
      ? 'cargo install rsigma --locked --version 0.23.0, or RSIGMA=/path/of/rsigma'
      : null,
  async prepare({ folder, source, ruleSet, records }) {
    const rules = join(folder, 'sigma.yml')
    const none = join(folder, 'none.ndjson')
    const output = join(folder, 'rsigma.ndjson')
    writeFileSync(rules, toSigma(source, ruleSet.detectors, ask))
    writeFileSync(none, '')
    const evaluate = (events: string): Times => {
      const times = spend(['engine', 'eval', '-r', rules, '-e', `@${events}`, ...options], output)
      if (times.rules !== ruleSet.detectors.length)
        throw new Error(`RSigma took only ${times.rules} of the rules`)
      return times
    }
    return {
      async run() {
        const starting = evaluate(none)
        const all = evaluate(records)
        return {
          detections: detectionsIn(output),
          seconds: all.seconds - starting.seconds,
          cpuSeconds: all.cpuSeconds - starting.cpuSeconds,
        }
      },
    }
  },
})

export const rsigma = peer('RSigma', hidden, {})
export const rsigmaAsUsual = peer('RSigma, rules as usual', plainly, { megabytes: 20 })

/** The event is in every detection, as it is in ours: it tells the record. */
const options = ['--input-format', 'json', '--output-format', 'ndjson', '--include-event']

interface Times {
  readonly rules: number
  readonly seconds: number
  readonly cpuSeconds: number
}

/** Runs RSigma and times it as a whole. */
function spend(args: readonly string[], output: string): Times {
  const out = openSync(output, 'w')
  try {
    // Node tells nothing of a child's processor time; bash does.
    const script = 'TIMEFORMAT="%R %U %S"; time "$@"'
    const { status, stderr } = spawnSync('bash', ['-c', script, 'bash', command, ...args], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', out, 'pipe'],
    })
    if (status !== 0) throw new Error(`RSigma: ${stderr}`)
    const [real = 0, user = 0, system = 0] = (stderr.trimEnd().split('\n').at(-1) ?? '')
      .split(' ')
      .map(Number)
    return { rules: Number(/Loaded (\d+) rules/.exec(stderr)?.[1]), seconds: real, cpuSeconds: user + system }
  } finally {
    closeSync(out)
  }
}

function detectionsIn(output: string): Set<string> {
  const lines = readFileSync(output, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  return new Set(
    lines.map((line) => {
      const { rule_title, event } = JSON.parse(line)
      return found(event.record, rule_title)
    }),
  )
}
