/** Writes the man page, which is generated from what `--help` says. */
import { createProgram } from '../lib/cli/program.js'
import { manPage } from './man-page.js'
import { writeGenerated } from './write-generated.js'

const program = await createProgram(undefined)
writeGenerated({ 'man/nuthatch.1': () => manPage(program) })
