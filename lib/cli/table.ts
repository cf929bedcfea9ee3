import { visible } from '../language/display-text.js'

/** Longer texts are cut short in tables. */
const longestText = 60

export function short(text: string): string {
  const safe = visible(text)
  return safe.length > longestText ? `${safe.slice(0, longestText - 1)}…` : safe
}

/** Rows as aligned lines; the first column is text, and so is the last when `lastIsText`, which is not padded. */
export function table(rows: readonly (readonly string[])[], lastIsText = false): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  )
  const pad = (cell: string, column: number) => {
    if (lastIsText && column === widths.length - 1) return cell
    return column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  }
  return rows.map((row) => row.map(pad).join('  '))
}
