// The package's install script. Where a prebuild loads there is nothing to do; elsewhere the addon is compiled from the
// sources in the package. Nothing is downloaded: without Node's headers on the machine it does not compile.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { withNodeHeaders } from './node-headers.mjs'

const fromSource = process.env.npm_config_build_from_source === 'true'
if (existsSync(new URL('../dist/native.js', import.meta.url))) await install()
else process.exitCode = refuseCheckout()

async function install() {
  const problem = await whyNotLoaded()
  if (!problem && !fromSource) return
  if (problem) console.error(`${problem.code}: ${problem.message}\n`)
  process.exitCode = compile()
}

function refuseCheckout() {
  console.error(
    'This is a checkout of Nuthatch, which npm cannot install: the package is made from it. Clone it, and run in the clone\n' +
      '  npm ci && npm run prebuild && npm pack\n' +
      'which takes a C++20 compiler, make (or cmake) and Python 3. Then npm install the nuthatch-*.tgz that this has made.',
  )
  return 1
}

async function whyNotLoaded() {
  try {
    await import('../dist/native.js')
    return null
  } catch (error) {
    return error
  }
}

function compile() {
  const env = withNodeHeaders()
  if (!env.npm_config_nodedir) {
    console.error(
      `Not compiled: there are no headers beside ${process.execPath}, and nothing is downloaded here.\n` +
        'Set npm_config_nodedir to a folder with include/node/node_api.h, as Node.js archives from nodejs.org have, and try again.',
    )
    return 1
  }
  console.error('Compiling it from the sources in the package, which takes some minutes …')
  const nodeGypBuild = createRequire(import.meta.url).resolve('node-gyp-build/bin.js')
  const { status } = spawnSync(process.execPath, [nodeGypBuild], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: 'inherit',
    env: { ...env, npm_config_build_from_source: 'true' },
  })
  if (status !== 0)
    console.error('Not compiled: what is above says why. It takes a C++20 compiler, make and Python 3.')
  return status ?? 1
}
