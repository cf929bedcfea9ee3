/** A number for people, its thousands apart: 1,234,567.8. As `toLocaleString('en')`, whose tables are 7 MB of memory. */
export function grouped(number: number): string {
  const [whole = '', fraction] = String(number).split('.')
  const groups = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return fraction === undefined ? groups : `${groups}.${fraction}`
}
