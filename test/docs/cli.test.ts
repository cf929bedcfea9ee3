/** Numbers that the pages say, against the code. */
import t from 'tap'
import { signals } from '../../lib/cli/drive.js'
import { EXIT_ERROR, EXIT_USAGE } from '../../lib/cli/errors.js'
import { createProgram } from '../../lib/cli/program.js'
import { MAX_SPOOLED_BYTES } from '../../lib/etw/trace-file.js'
import { MAX_RULE_FILE_BYTES } from '../../lib/language/parse.js'
import { resolveOptions } from '../../lib/stream/options.js'
import { readPage } from './pages.js'

const exitCodes = [0, EXIT_ERROR, EXIT_USAGE, ...Object.values(signals)]

t.test('exit codes are those of docs/cli.md, of --help and of the man page', async (t) => {
  const [, section = ''] = readPage('docs/cli.md').split('\n## Exit codes\n')
  const rows = [...section.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = '']) => codes.split(', '))
  t.same(rows.map(Number), exitCodes)

  let help = ''
  const program = await createProgram(undefined)
  program.configureOutput({ writeOut: (part) => (help += part) }).outputHelp()
  const [, block = ''] = /\nExit codes:\n((?: {2}\d.*\n)+)/.exec(help) ?? []
  t.same(
    [...block.matchAll(/^ {2}(\d+)/gm)].map(([, code]) => Number(code)),
    exitCodes,
  )

  const [, status = ''] = readPage('man/nuthatch.1').split('\n.SH EXIT STATUS\n')
  t.same(
    [...(status.split('\n.SH ')[0] ?? '').matchAll(/^\.B (\d+)$/gm)].map(([, code]) => Number(code)),
    exitCodes,
  )
  t.end()
})

t.test('limits are those of the code', (t) => {
  const record = `${resolveOptions({}).maxRecordBytes / 2 ** 20} MiB`
  const rules = `${MAX_RULE_FILE_BYTES / 2 ** 20} MiB`
  const trace = `${MAX_SPOOLED_BYTES / 2 ** 30} GiB`
  for (const [page, said] of [
    ['docs/cli.md', `A line over ${record} is`],
    ['docs/cli.md', `at most ${trace}, and the copy is removed`],
    ['docs/security.md', `| a rule file | ${rules}, `],
    ['docs/security.md', `| a record | ${record} (\`maxRecordBytes\`)`],
    ['docs/security.md', `${trace} for a trace that is copied`],
    ['docs/troubleshooting.md', `than a record may be: ${record}, or \`maxRecordBytes\``],
    ['docs/troubleshooting.md', `a trace that decompresses to more than ${trace}`],
  ] as const)
    t.ok(readPage(page).includes(said), `${page}: ${said}`)
  t.end()
})
