import t from 'tap'
import { SourceText } from '../../../lib/language/source-text.js'
import { Random } from '../../oracle/random.js'

const sourceText = (text: string) => new SourceText('a.rb', new TextEncoder().encode(text))

t.test('places are lines and characters, counted from 1', async (t) => {
  const text = sourceText('ab\nü😀x\n')
  const place = (offset: number) => {
    const { line, column } = text.span(offset, offset)
    return [line, column]
  }
  t.strictSame([0, 1, 2, 3, 5, 9, 10, 11].map(place), [
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
    [2, 2],
    [2, 3],
    [2, 4],
    [3, 1],
  ])
  t.strictSame(text.span(3, 9), { file: 'a.rb', start: 3, end: 9, line: 2, column: 1 })
  t.equal(text.slice(3, 9), 'ü😀')
  t.equal(text.slice(9, 1000), 'x\n')
})

t.test('in whatever order places are asked for', async (t) => {
  const random = new Random(7)
  for (const letters of [
    ['a', 'b', '\n'],
    ['a', 'é', '日', '😀', '\n', '\r\n'],
    ['a', '\t', 'ü'],
  ]) {
    const text = random.some(letters, 200, 400).join('')
    const bytes = new TextEncoder().encode(text)
    const asked = new SourceText('a.rb', bytes)
    for (let i = 0; i < 500; i++) {
      const before = new TextDecoder().decode(bytes.subarray(0, random.below(bytes.length)))
      if (before.endsWith('\ufffd')) continue
      const lines = before.split('\n')
      const { line, column } = asked.span(Buffer.byteLength(before), bytes.length)
      t.strictSame([line, column], [lines.length, [...(lines.at(-1) ?? '')].length + 1])
    }
  }
})
