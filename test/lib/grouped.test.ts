import t from 'tap'
import { grouped } from '../../lib/grouped.js'

t.test('thousands stand apart, as the locale "en" has them', async (t) => {
  for (const number of [
    0,
    7,
    999,
    1000,
    12345,
    123456,
    1234567,
    -1,
    -999,
    -1000,
    2 ** 53,
    0.5,
    1234.25,
    -1234567.5,
  ])
    t.equal(grouped(number), number.toLocaleString('en'))
})
