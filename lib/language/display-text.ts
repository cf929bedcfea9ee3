/** Makes text of unknown origin safe and measurable on a terminal. */

const TAB_STOP = 4

/** Marks, joiners and variation selectors: no column of their own. */
const ZERO_WIDTH = /^[\p{M}\u200B-\u200D\u2060\uFEFF]$/u

/** East Asian Wide and Fullwidth (UAX #11), and emoji shown as pictures: two columns. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]$/u

/** Control characters and those that turn the direction of text, which could forge what is shown. */
const UNSAFE = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu

/** The text with a visible picture in the place of each control character. */
export function visible(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return code === 0x7f ? '␡' : '\uFFFD'
  })
}

/** Columns that a terminal needs for the text; it holds no tabs. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    if (character >= ' ' && character <= '~') width += 1
    else if (!ZERO_WIDTH.test(character)) width += WIDE.test(character) ? 2 : 1
  }
  return width
}

/** Tabs become spaces, as if the text began at column `from` (0 is the first). */
export function expandTabs(text: string, from: number): string {
  let expanded = ''
  for (const [index, part] of text.split('\t').entries()) {
    if (index > 0) {
      const column = from + displayWidth(expanded)
      expanded += ' '.repeat(TAB_STOP - (column % TAB_STOP))
    }
    expanded += part
  }
  return expanded
}
