// What may happen to a live trace: a recorded one plays Windows, and things go wrong as a script says. Run against lib/
// (live-trace.test.ts), and by node.exe under Wine against what is built (test/wine/addon.mjs).
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Of an invented workstation, on which a document starts PowerShell: test/native/trace/example_trace_test.cc. */
export const exampleTrace = readFileSync(new URL('../../../examples/traces/workstation.etl', import.meta.url))

/** The same, with what happens in it that many times over. */
export const longTrace = (times) =>
  Buffer.concat([exampleTrace, ...Array.from({ length: times - 1 }, () => exampleTrace.subarray(-4096))])

const rule = "dns_query_property_includes_any?(property: query_name, strings: ['files'])"
const ROUNDS = 2000 // a detection each
const DNS_CLIENT = '1c95126e-7eea-49a9-a3fe-a378b03ddb4d'
/** A session that has everything: what the detectors do not ask for, too. */
const recorded = { attach: 'recorded' }

/**
 * @param nuthatch what index.ts exports
 * @param folder for traces
 */
export async function playsIn(nuthatch, folder) {
  const { LiveTrace, openTrace } = nuthatch
  const file = join(folder, 'played.etl')
  const long = join(folder, 'played-long.etl')
  writeFileSync(file, exampleTrace)
  writeFileSync(long, longTrace(ROUNDS))
  const detectors = await nuthatch.compile({ files: { 'rule.rb': rule } })

  const played = (path, live, play) => new LiveTrace({ live: { replay: { file: path }, ...live } }, play)

  /** Evaluates, and says what came. */
  async function evaluate(path, live, play, whenFirst = async () => {}) {
    const problems = []
    const evaluation = detectors.evaluate(played(path, live, play), {
      onProblem: ({ code }) => problems.push(code),
    })
    let detections = 0
    let records = 0
    let told = null
    for await (const batch of evaluation) {
      detections += batch.length
      if (records === 0) await whenFirst()
      records += batch.counts.records
      told = batch.live
      assert.ok(told.records >= records, 'what a batch tells of is not behind it')
    }
    return { detections, records, problems, told, live: evaluation.live }
  }

  /** Iterates, and says what came. */
  async function iterate(path, live, play) {
    const problems = []
    let events = 0
    let told = null
    for await (const batch of played(path, live, play)) {
      events += batch.length
      assert.ok(batch.live.records >= events, 'what a batch tells of is not behind it')
      problems.push(...batch.problems.map(({ code }) => code))
      told = batch.live
    }
    return { events, problems, told }
  }

  const plays = {
    'a burst of ten times as many records': async () => {
      const { detections, records, live } = await evaluate(long, {}, { repeat: 10 })
      assert.equal(detections, 10 * ROUNDS)
      assert.equal(records, live.queued)
      assert.equal(live.dropped, 0)
    },

    'a burst that there is no room for: each record is evaluated once, or counted': async () => {
      let all = 0
      for await (const { counts } of detectors.evaluate(openTrace({ file: long }))) all += counts.records
      for (const overflow of ['drop-oldest', 'drop-newest', 'spill']) {
        const options = { ...recorded, overflow, spillFolder: folder, queueBytes: 1 << 20 }
        const { detections, records, live } = await evaluate(long, options, { repeat: 5 }, () => sleep(300))
        assert.ok(live.queued > all, 'what came')
        assert.equal(records, live.queued - live.dropped, `${overflow}: is evaluated or counted`)
        assert.ok(detections <= 5 * ROUNDS && detections >= 5 * ROUNDS - live.dropped, overflow)
        assert.equal(live.spilled > 0, overflow === 'spill', overflow)
      }
    },

    'a stall: nothing is lost for that': async () => {
      const { detections, live } = await evaluate(long, {}, { stalls: [{ at: 1000, milliseconds: 300 }] })
      assert.equal(detections, ROUNDS)
      assert.equal(live.dropped, 0)
      assert.equal(live.outOfOrder, 0)
    },

    'what comes before a silence is told in it, though nothing was detected': async () => {
      const none = "dns_query_property_includes_any?(property: query_name, strings: ['no such name'])"
      const rules = await nuthatch.compile({ files: { 'rule.rb': none } })
      const stalls = [9, 500].map((at) => ({ at, milliseconds: 3000 }))
      const evaluation = rules.evaluate(played(long, recorded, { stalls }))
      let records = 0
      const all = []
      for await (const { counts } of evaluation) {
        records += counts.records
        if (records === evaluation.live.queued) all.push(records)
      }
      assert.ok(all.filter((count) => count < evaluation.live.queued).length >= 2, `all of ${all}`)
    },

    'names of accounts: each start has that of its process, or is counted; nobody else asks for them':
      async () => {
        const byName = "process_start_property_equals_any?(property: username, strings: ['maria'])"
        const named = await nuthatch.compile({ files: { 'rule.rb': byName } })
        const accounts = [{ sid: 'S-1-5-21-11-22-33-1001', name: 'maria', domain: 'CORP' }]
        let detections = 0
        // The machine may take longer for its answer than the play takes.
        while (detections === 0) {
          const evaluation = named.evaluate(played(long, {}, { accounts }))
          for await (const batch of evaluation) detections += batch.length
          const { unnamedStarts, failed } = evaluation.live.accounts
          assert.ok(detections <= ROUNDS && detections + unnamedStarts >= ROUNDS)
          assert.equal(failed, 0)
        }
        assert.equal((await evaluate(long, {}, { accounts })).live.accounts, undefined)
        assert.equal((await iterate(file, {}, { accounts })).told.accounts.failed, 0)
      },

    'losses of Windows are told with every batch': async () => {
      const play = { losses: [{ at: 2, events: 7, buffers: 3 }] }
      for (const { told } of [await evaluate(file, recorded, play), await iterate(file, recorded, play)]) {
        assert.equal(told.eventsLost, 7)
        assert.equal(told.buffersLost, 3)
        for (const none of ['dropped', 'tooLarge', 'raw', 'incomplete']) assert.equal(told[none], 0, none)
      }
    },

    'a provider is refused: the others come, and it is told': async () => {
      const play = { failures: [{ of: DNS_CLIENT, error: 5 }] }
      const evaluated = await evaluate(file, {}, play)
      assert.deepEqual(evaluated.problems, ['NUTHATCH_LIVE_PROVIDER'])
      assert.equal(evaluated.detections, 0)
      assert.ok(evaluated.records > 0)
      const iterated = await iterate(file, {}, play)
      assert.deepEqual(iterated.problems, ['NUTHATCH_LIVE_PROVIDER'])
      assert.ok(iterated.events > 0)
    },

    'no session may be had: that is an error': async () => {
      const play = { failures: [{ of: 'EnablePrivilege', error: 1300 }] }
      const error = { code: 'NUTHATCH_LIVE_PRIVILEGE', message: /run it as administrator/ }
      await assert.rejects(evaluate(file, {}, play), error)
      await assert.rejects(iterate(file, {}, play), error)
    },

    'a session is stopped by somebody: what came before is evaluated, then that is an error': async () => {
      const evaluation = detectors.evaluate(played(long, recorded, { killedAt: 5000 }))
      let records = 0
      const reading = async () => {
        for await (const { counts } of evaluation) records += counts.records
      }
      await assert.rejects(reading(), ({ code, problems }) => {
        assert.equal(code, 'NUTHATCH_INPUTS_FAILED')
        assert.deepEqual(
          problems.map((problem) => [problem.code, problem.source]),
          [['NUTHATCH_LIVE_ENDED', long]],
        )
        return true
      })
      assert.ok(records >= 5000)
      assert.equal(records, evaluation.live.queued)
      await assert.rejects(iterate(long, recorded, { killedAt: 5000 }), { code: 'NUTHATCH_LIVE_ENDED' })
    },

    'and with `restart` is started anew, which is told: nothing is missing, nothing is thrown': async () => {
      const play = { killedAt: 1000 }
      const { detections, problems, live } = await evaluate(long, { restart: true }, play)
      assert.equal(detections, ROUNDS)
      assert.equal(live.restarts, 2, 'the session of the kernel and that of providers')
      assert.deepEqual(problems, Array(2).fill('NUTHATCH_LIVE_ENDED'))
      const silent = detectors.evaluate(played(long, { restart: true }, play))
      for await (const _ of silent);
      assert.equal(silent.problems.length, 2)
      const iterated = await iterate(long, { restart: true }, play)
      assert.equal(iterated.told.restarts, 2)
      assert.deepEqual(iterated.problems, Array(2).fill('NUTHATCH_LIVE_ENDED'))
    },

    'the clock is set back: records wait for older ones as long as is asked, and later ones are counted':
      async () => {
        const play = { stalls: [{ at: 9, milliseconds: 200 }], clockBackAt: 10, clockBack: 1e9 }
        const outOfOrder = async (inOrderWithin) =>
          (await evaluate(file, { ...recorded, inOrderWithin }, play)).live.outOfOrder
        assert.equal(await outOfOrder(0), 1, 'the first after that')
        assert.equal(await outOfOrder(2000), 0)
      },
  }
  return Object.entries(plays)
}
