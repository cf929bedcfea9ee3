// What an earlier build left in build/ that would mislead this one.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Removes it: what is left in build/ is of this folder and this builder, cmake-js or node-gyp. */
export function removeStaleBuild(root, builder) {
  const cache = join(root, 'build/CMakeCache.txt')
  const ofOther = builder === 'cmake-js' ? join(root, 'build/config.gypi') : cache
  if (existsSync(ofOther) || isOfOtherFolder(cache, root)) rmSync(join(root, 'build'), { recursive: true })
  // cmake-js takes any cache for that of a finished configure, which writes compile_commands.json last.
  if (!existsSync(join(root, 'build/compile_commands.json'))) rmSync(cache, { force: true })
}

/** In a checkout that was moved or copied CMake would go on compiling the sources of the first. */
function isOfOtherFolder(cache, root) {
  if (!existsSync(cache)) return false
  const [, folder] = /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*?)\r?$/m.exec(readFileSync(cache, 'utf8')) ?? []
  return folder === undefined || resolve(folder) !== resolve(root)
}
