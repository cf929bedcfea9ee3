// What Nuthatch is built for: the one list of it. `oldest` is the oldest system that a binary is for, and `zig` what Zig
// calls it: its Windows is 10 if nothing is said.
const GLIBC_MINOR = 28

const target = (platform, arch, libc, zig, oldest) => ({
  name: [platform, arch, libc].filter(Boolean).join('-'),
  platform,
  arch,
  libc,
  ...(libc === 'glibc' && { maxGlibc: GLIBC_MINOR }),
  oldest,
  zig: `${{ x64: 'x86_64', arm64: 'aarch64' }[arch]}-${zig}`,
  file: `prebuilds/${platform}-${arch}/${['nuthatch', libc, 'node'].filter(Boolean).join('.')}`,
})

export const targets = ['x64', 'arm64'].flatMap((arch) => [
  target('linux', arch, 'glibc', `linux-gnu.2.${GLIBC_MINOR}`, `glibc 2.${GLIBC_MINOR}`),
  target('linux', arch, 'musl', 'linux-musl', 'musl 1.2.3'),
  target('win32', arch, undefined, 'windows-gnu', 'Windows 10'),
  target('darwin', arch, undefined, 'macos.11.0', 'macOS 11'),
])

/**
 * The targets of these names, or all if there is none.
 * @throws {Error} if one is not known
 */
export function targetsNamed(names) {
  const unknown = names.filter((name) => !targets.some((target) => target.name === name))
  if (unknown.length > 0)
    throw new Error(`${unknown.join(', ')}: the targets are ${targets.map(({ name }) => name).join(', ')}`)
  return targets.filter(({ name }) => names.length === 0 || names.includes(name))
}
