// `node run-plan.mjs PLAN RECORDS THREADS`: evaluates with the built package, and prints as JSON the seconds,
// wall and processor, the milliseconds that loading took, and the most memory that was resident.
import { readFileSync } from 'node:fs'
import { Detectors } from '../dist/index.js'

const [plan, records, threads] = process.argv.slice(2)
const bytes = readFileSync(plan)
const loading = performance.now()
const detectors = Detectors.fromPlan(bytes)
const loadMilliseconds = performance.now() - loading
const began = process.cpuUsage()
const evaluation = detectors.evaluate(records, { threads: Number(threads) })
for await (const _ of evaluation);
const { user, system } = process.cpuUsage(began)
const { seconds, detections } = evaluation.summary
const cpuSeconds = (user + system) / 1e6
const residentBytes = mostResident()
console.log(JSON.stringify({ seconds, cpuSeconds, detections, loadMilliseconds, residentBytes }))

// Of this process alone: on Linux what getrusage tells began with the parent's.
function mostResident() {
  try {
    return Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
