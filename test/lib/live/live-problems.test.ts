import t from 'tap'
import { isGrave } from '../../../lib/live/live-problems.js'
import type { InputErrorCode } from '../../../lib/stream/input-error.js'

const grave = (restart: boolean, ...codes: InputErrorCode[]) =>
  codes.map((code) => isGrave({ code }, restart))

t.test('though these happen events come, and nothing is thrown', (t) => {
  t.same(
    grave(
      false,
      'NUTHATCH_LIVE_PROVIDER',
      'NUTHATCH_LIVE_STACKS',
      'NUTHATCH_LIVE_RUNDOWN',
      'NUTHATCH_LIVE_LOSSES',
    ),
    [false, false, false, false],
  )
  t.end()
})

t.test('the end of a session is grave, unless it is started anew', (t) => {
  t.same(grave(false, 'NUTHATCH_LIVE_ENDED', 'NUTHATCH_LIVE_SESSION'), [true, true])
  t.same(grave(true, 'NUTHATCH_LIVE_ENDED', 'NUTHATCH_LIVE_SESSION'), [false, false])
  t.end()
})

t.test('that there is no memory is grave in any case', (t) => {
  t.same([...grave(false, 'NUTHATCH_OUT_OF_MEMORY'), ...grave(true, 'NUTHATCH_OUT_OF_MEMORY')], [true, true])
  t.end()
})
