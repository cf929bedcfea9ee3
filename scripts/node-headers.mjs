// Part of the published package. node-gyp downloads Node's headers unless it is told of those that came with this Node.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The environment for node-gyp; without npm_config_nodedir where this Node came without headers. */
export function withNodeHeaders(env = process.env) {
  const prefix = dirname(dirname(process.execPath))
  if (env.npm_config_nodedir || !existsSync(join(prefix, 'include/node/node_api.h'))) return env
  return { ...env, npm_config_nodedir: prefix }
}
