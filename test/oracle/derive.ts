/** Derived properties, said plainly; see docs/schema.md. */
import type { PropertyValue, StandardEvent } from '../../lib/language/ruleset.js'

/** `deobfuscated`: what the engine makes of the command line, which has tests of its own. */
export function withDerived(event: StandardEvent, deobfuscated: PropertyValue | undefined): StandardEvent {
  const derived: Record<string, PropertyValue | undefined> = {
    deobfuscated_command_line: deobfuscated,
    command_line_length: of(event.command_line, (text) => Buffer.byteLength(text)),
    command_line_entropy: of(event.command_line, entropy),
    process_directory: of(event.process_path, directory),
    image_directory: of(event.image_path, directory),
    file_directory: of(event.file_path, directory),
    file_extension: of(event.file_path, (path) => /[^\\/]\.([^.\\/]+)$/.exec(path)?.[1]),
  }
  const known = Object.entries(derived).filter(([, value]) => value !== undefined)
  return { ...event, ...Object.fromEntries(known) } as StandardEvent
}

function of(
  value: PropertyValue | undefined,
  derive: (text: string) => string | number | undefined,
): PropertyValue | undefined {
  if (value === undefined || (typeof value === 'object' && 'pending' in value)) return value
  return derive(String(Array.isArray(value) ? value[0] : value))
}

/** Up to the last separator, which stays where it is the root's. */
function directory(path: string): string | undefined {
  const root = /^(?:[\\/]|[ -~]:[\\/])(?=[^\\/]*$)/.exec(path)
  return root?.[0] ?? /^(.+)[\\/]/s.exec(path)?.[1]
}

function entropy(text: string): number {
  const bytes = Buffer.from(text)
  const counts = new Map<number, number>()
  for (const byte of bytes) counts.set(byte, (counts.get(byte) ?? 0) + 1)
  return [...counts.values()].reduce((sum, n) => sum - (n / bytes.length) * Math.log2(n / bytes.length), 0)
}
