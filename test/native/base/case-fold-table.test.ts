// The table that C++ folds by, against JavaScript's /iu, which compares by simple case folding too.
import { readFileSync } from 'node:fs'
import t from 'tap'

const table = readFileSync('native/base/case_fold_table.h', 'utf8')
const folds = new Map<number, number>()
for (let code = 0x41; code <= 0x5a; code++) folds.set(code, code + 32)
for (const [, first, last, delta, stride] of table.matchAll(/\{(0x\w+), (0x\w+), (-?\d+), (\d+)\}/g)) {
  for (let code = Number(first); code <= Number(last); code += Number(stride))
    folds.set(code, code + Number(delta))
}
const fold = (code: number): number => folds.get(code) ?? code
const codeEscape = (code: number): string => `\\u{${code.toString(16)}}`

/** Code points that case mappings connect to `text`'s one, and which it might therefore match. */
const relatives = (text: string): number[] =>
  [text.toLowerCase(), text.toUpperCase(), text.toUpperCase().toLowerCase(), text.toLowerCase().toUpperCase()]
    .filter((other) => [...other].length === 1)
    .map((other) => other.codePointAt(0) as number)

t.test('the table agrees with /iu on every code point', async (t) => {
  let compared = 0
  for (let code = 0; code < 0x110000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue
    const text = String.fromCodePoint(code)
    // A newer Unicode than Node's may have given it a case.
    if (/\p{Cn}/u.test(text)) continue
    const others = new Set([...relatives(text), fold(code)])
    others.delete(code)
    if (others.size === 0) continue
    const pattern = new RegExp(`^${codeEscape(code)}$`, 'iu')
    for (const other of others) {
      compared++
      const together = pattern.test(String.fromCodePoint(other))
      if (together !== (fold(code) === fold(other)))
        t.fail(`${codeEscape(code)} and ${codeEscape(other)}: /iu says ${together}`)
    }
  }
  t.ok(compared > 2800, `${compared} pairs compared`)
})
