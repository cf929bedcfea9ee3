// The package brings no types.
declare module 'node-gyp-build' {
  const nodeGypBuild: { resolve(folder: string): string }
  export default nodeGypBuild
}
