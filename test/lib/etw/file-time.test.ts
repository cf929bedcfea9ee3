import t from 'tap'
import { fileTimeToIso, secondsBetween } from '../../../lib/etw/file-time.js'

/** By the calendar's own arithmetic. */
const fileTimeOf = (iso: string): bigint =>
  (BigInt(Date.parse(iso)) - BigInt(Date.parse('1601-01-01T00:00:00Z'))) * 10_000n

t.test('all of its 100 ns are shown', async (t) => {
  t.equal(fileTimeToIso(fileTimeOf('2020-07-29T00:07:00Z') + 6_236_167n), '2020-07-29T00:07:00.6236167Z')
  t.equal(fileTimeToIso(fileTimeOf('1970-01-01T00:00:00Z')), '1970-01-01T00:00:00.0000000Z')
  t.equal(fileTimeToIso(1n), '1601-01-01T00:00:00.0000001Z')
  t.equal(fileTimeToIso(fileTimeOf('1969-12-31T23:59:59Z') + 9_999_999n), '1969-12-31T23:59:59.9999999Z')
})

t.test('no time, and the last there is', async (t) => {
  t.equal(fileTimeToIso(0n), null)
  t.equal(fileTimeToIso(2n ** 64n - 1n), '+060056-05-28T05:36:10.9551615Z')
})

t.test('seconds between two', async (t) => {
  t.equal(secondsBetween(fileTimeOf('2020-01-01T00:00:00Z'), fileTimeOf('2020-01-01T00:01:00.5Z')), 60.5)
})
