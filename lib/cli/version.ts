import { native, nativeFile, platform } from '../native.js'

/** What `--version` says, and reports of a bug should. */
export function versionText(): string {
  const { compiler, instructions } = native.build()
  return [
    `nuthatch ${native.version}`,
    `platform      ${platform()}`,
    `binary        ${nativeFile()}`,
    `compiler      ${compiler}`,
    `instructions  ${instructions}`,
    '',
  ].join('\n')
}
