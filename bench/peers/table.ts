import type { Figure, Row } from './measure.js'

/** Rows of all corpora as one table, in Markdown. */
export function tableOf(rows: readonly (readonly [corpus: string, row: Row])[]): string {
  const cells = [
    ['corpus', 'engine', 'records', 'detections', 'MB/s', 'ratio', 'MB/CPU s', 'ratio'],
    ['---', '---', '---:', '---:', '---:', '---:', '---:', '---:'],
    ...rows.map(([corpus, row]) => [corpus, ...cellsOf(row)]),
  ]
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.filter((row) => row.length > 3).map((row) => row[column]?.length ?? 0)),
  )
  return cells
    .map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    .join('\n')
}

function cellsOf({ engine, records, detections, wall, cpu, problem }: Row): string[] {
  if (problem) return [engine, problem]
  return [engine, String(records ?? ''), String(detections ?? ''), ...figureCells(wall), ...figureCells(cpu)]
}

const figureCells = (figure?: Figure): string[] =>
  figure ? [significant(figure.speed / 1e6), significant(figure.ratio)] : ['', '']

/** Two digits at least. */
const significant = (number: number): string => number.toFixed(number < 10 ? (number < 1 ? 2 : 1) : 0)
