/** Sessions at a terminal, as pages show them. */

export interface Step {
  readonly command: string
  /** All that it prints. */
  readonly shown: string
}

/** A command stands after `$`, and goes on in the next line after a backslash or in a here document. */
export function sessionOf(text: string): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const lines = step.split('\n')
      const end = endOfCommand(lines)
      return { command: lines.slice(0, end).join('\n'), shown: lines.slice(end).join('\n') }
    })
}

function endOfCommand(lines: readonly string[]): number {
  const delimiter = /<<'?(\w+)'?/.exec(lines[0] ?? '')?.[1]
  if (delimiter !== undefined) return lines.indexOf(delimiter) + 1
  return lines.findIndex((line) => !line.endsWith('\\')) + 1
}

/** In what is shown, `…` stands for anything in its line; alone in a line for any lines. */
export function matchesShown(output: string, shown: string): boolean {
  const pattern = shown
    .trimEnd()
    .split('\n')
    .map((line) => (line === '…' ? '[\\s\\S]*' : line.split('…').map(escapeRegex).join('[^\\n]*')))
    .join('\n')
  return new RegExp(`^${pattern}$`).test(output.trimEnd())
}

const escapeRegex = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
