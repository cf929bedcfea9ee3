import t from 'tap'
import { formatComparison } from '../../../lib/cli/format-comparison.js'

const nothing = {
  drift: 1,
  dearerDetectors: [],
  dearerTerms: [],
  dearerProperties: [],
  newDetectors: [],
  goneDetectors: [],
}

t.test('nothing to tell', (t) => {
  t.equal(
    formatComparison(nothing),
    'No detectors have become dearer.\nNo terms have become dearer.\nNo properties have become dearer.\n',
  )
  t.end()
})

t.test('what is dearer, new and gone, and how the machine was', (t) => {
  const text = formatComparison({
    drift: 1.5,
    dearerDetectors: [{ name: 'slow\u001b[2J', before: 10, now: 45.5, error: 2, isNew: false }],
    dearerTerms: [
      { name: 'x equals "y"', before: 0, now: 1, error: 0.1, isNew: true },
      { name: 'z equals "y"', before: 0, now: 2, error: 0.1, isNew: false },
    ],
    dearerProperties: [],
    newDetectors: ['a', 'b'],
    goneDetectors: ['c'],
  })
  t.match(text, /^Dearer detectors, ns an event\n +before +now +± +\nslow\S+ +10\.0 +45\.5 +2\.0 +4\.55×\n/)
  t.notMatch(text, '\u001b', 'safe on a terminal')
  t.match(text, /\nx equals "y" +0\.0 +1\.0 +0\.1 +new\n/)
  t.match(text, /\nz equals "y" +0\.0 +2\.0 +0\.1 *\n/, 'known, and took no time before')
  t.match(text, '\nNew detectors: a, b\nGone detectors: c\n')
  t.match(text, '\nEverything took 1.50 times as long as before; that is taken into account.\n')
  t.end()
})
