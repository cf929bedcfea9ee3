import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { installFor, root, run, unlessAsked } from './installed.js'

const folder = unlessAsked ? '' : installFor(t, 'types', 'types')
/** Where a module is CommonJS, `import` becomes require(). */
if (folder) copyFileSync(join(folder, 'consumer.mts'), join(folder, 'required.cts'))

const resolutions = [
  { module: 'node16', moduleResolution: 'node16', files: ['consumer.mts'] },
  { module: 'nodenext', moduleResolution: 'nodenext', files: ['consumer.mts', 'required.cts'] },
  { module: 'preserve', moduleResolution: 'bundler', files: ['consumer.mts'] },
  { module: 'esnext', moduleResolution: 'bundler', files: ['consumer.mts'] },
]

for (const { module, moduleResolution, files } of resolutions) {
  t.test(`types under ${moduleResolution} (module ${module})`, { skip: unlessAsked }, (t) => {
    const tsconfig = join(folder, `${module}.json`)
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'ES2022',
      lib: ['ES2022', 'ESNext.Disposable'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
    }
    writeFileSync(tsconfig, JSON.stringify({ compilerOptions, files }))
    const { status, stdout } = run(folder, 'node', [
      join(root, 'node_modules/typescript/bin/tsc'),
      '-p',
      tsconfig,
    ])
    t.equal(status, 0, stdout)
    t.end()
  })
}
