import t from 'tap'
import { type Rectangle, squarify } from '../../../lib/profile/squarify.js'
import { Random } from '../../oracle/random.js'

const within = { x: 10, y: 20, width: 600, height: 400 }
const area = ({ width, height }: Rectangle) => width * height
const overlap = (a: Rectangle, b: Rectangle): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y))

t.test("the paper's example: 6, 6, 4, 3, 2, 2, 1 on 6 by 4", (t) => {
  const placed = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 })
  t.match(placed[0], { x: 0, y: 0, width: 3, height: 2 })
  t.match(placed[1], { x: 0, y: 2, width: 3, height: 2 })
  t.ok(Math.abs((placed[2]?.height ?? 0) - 7 / 3) < 1e-9, 'the 4 and the 3 share the next row')
  t.end()
})

t.test('areas are in proportion, inside, and apart', (t) => {
  const random = new Random(7)
  for (let round = 0; round < 50; round++) {
    const sizes = Array.from({ length: 1 + random.below(40) }, () => 0.001 + random.next() ** 4).sort(
      (a, b) => b - a,
    )
    const total = sizes.reduce((a, b) => a + b, 0)
    const placed = squarify(sizes, within)
    const wrong = placed.findIndex((cell, i) => {
      const wanted = ((sizes[i] as number) / total) * area(within)
      return (
        Math.abs(area(cell) - wanted) > 1e-6 * area(within) ||
        area(cell) - overlap(cell, within) > 1e-6 * area(within) ||
        placed.slice(i + 1).some((other) => overlap(cell, other) > 1e-6 * area(within))
      )
    })
    if (wrong >= 0) return t.fail(`round ${round}, cell ${wrong} of ${sizes.join()}`)
  }
  t.pass('50 layouts')
  t.same(squarify([], within), [])
  t.end()
})
