import { existsSync } from 'node:fs'
import { visible } from '../language/display-text.js'
import { EXIT_ERROR } from './errors.js'
import { tell } from './output.js'

/** Node puts this for the bytes of an argument that are not UTF-8; which they were is lost. */
const REPLACEMENT = '\uFFFD'

/** Those of the arguments that can be told apart; of the others an error is told. */
export function* namedPaths(paths: readonly string[]): Generator<string> {
  for (const path of paths) {
    if (!path.includes(REPLACEMENT) || existsSync(path)) yield path
    else {
      process.exitCode ||= EXIT_ERROR
      tell(
        `error NUTHATCH_PATH_NOT_UTF8: ${visible(path)}: the name is not UTF-8 and cannot be given as an argument: ` +
          'give the folder that it is in',
      )
    }
  }
}
