/** PowerShell as administrators and agents write it. */
import type { Values } from '../values.js'

type Line = (values: Values) => string
const word: Line = (values) => values.word()
const pascal: Line = (values) => values.word().replace(/^./, (first) => first.toUpperCase())

const lines: readonly Line[] = [
  (v) =>
    `$${word(v)} = Get-ItemProperty -Path 'HKLM:\\SOFTWARE\\${pascal(v)}\\${pascal(v)}' -ErrorAction SilentlyContinue`,
  (v) => `if (-not $${word(v)}) { Write-Verbose "${v.label()} is not there"; return ${v.below(9)} }`,
  (v) =>
    `foreach ($${word(v)} in Get-ChildItem 'C:\\ProgramData\\${pascal(v)}\\${v.label()}' -Filter *.log) {`,
  (v) =>
    `  $${word(v)}.${pascal(v)} = [math]::Round($${word(v)}.Length / ${1 + v.below(9)}MB, ${v.below(4)})`,
  () => '}',
  (v) =>
    `function Get-${pascal(v)}${pascal(v)} { param([string]$${pascal(v)}, [int]$${pascal(v)} = ${v.below(900)})`,
  (v) => `# ${v.label()}: ${v.label()} (${v.guid()})`,
  (v) =>
    `$${word(v)} | Sort-Object ${pascal(v)} -Descending | Select-Object -First ${v.below(90)} ${pascal(v)}, ${pascal(v)}`,
  (v) => `Export-Csv -Path "C:\\Logs\\${word(v)}-${v.hex(8)}.csv" -NoTypeInformation -Encoding UTF8`,
  (v) =>
    `Get-CimInstance -ClassName Win32_${v.pick(['BIOS', 'Battery', 'Processor', 'TimeZone', 'Tpm'])} | Format-List`,
  (v) =>
    `$${word(v)}['${word(v)}'] += @{ Id = '${v.guid()}'; Size = ${v.below(99999)}; Name = '${v.label()}' }`,
  (v) =>
    `Write-EventLog -LogName Application -Source '${pascal(v)}' -EventId ${v.below(9000)} -Message '${v.label()}'`,
  (v) => `Restart-Service -Name '${word(v)}svc' -WhatIf:$${v.pick(['true', 'false'])}`,
  (v) => `try { $${word(v)} = [version]'${v.version()}' } catch { Write-Warning $_.Exception.Message }`,
]

export const script = (values: Values, length: number): string =>
  Array.from({ length }, () => values.pick(lines)(values)).join('\r\n')
