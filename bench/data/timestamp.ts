/** Times as Defender has them, to 100 ns. Four stand in a record, so that the date's text is kept. */
const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'))
const dayLength = 86_400_000

let day = -1
let date = ''

/** `milliseconds` since 1970; what is below a millisecond is the fraction of the number. */
export function timestamp(milliseconds: number): string {
  const today = Math.floor(milliseconds / dayLength)
  if (today !== day) {
    day = today
    date = new Date(today * dayLength).toISOString().slice(0, 11)
  }
  const rest = milliseconds - today * dayLength
  const seconds = Math.floor(rest / 1000)
  const clock = `${twoDigits[Math.floor(seconds / 3600)]}:${twoDigits[Math.floor(seconds / 60) % 60]}:${twoDigits[seconds % 60]}`
  const fraction = Math.floor((rest - seconds * 1000) * 10000)
  return `${date}${clock}.${String(10_000_000 + fraction).slice(1)}Z`
}
