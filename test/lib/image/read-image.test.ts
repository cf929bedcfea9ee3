import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { readImage } from '../../../lib/index.js'
import { images } from './images.js'

const file = (name: string) => join(images, name)
// biome-ignore lint/suspicious/noExplicitAny: what callers without types can pass
const anything = (value: unknown): any => value
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

t.test('an image with all that its directories lead to', async (t) => {
  const image = await readImage(file('x64.dll'))
  t.match(image, {
    path: file('x64.dll'),
    machine: 'x64',
    machineCode: 0x8664,
    is64Bit: true,
    isDll: true,
    subsystem: 'console',
    imageBase: '0x10000000',
    reproducible: true,
    computedChecksum: null,
    sections: [{ name: '.data', access: 'rw-', entropy: null, rawOffset: 0x400 }],
    mitigations: {
      aslr: true,
      highEntropyAslr: true,
      nx: true,
      controlFlowGuard: false,
      cet: true,
      safeSeh: null,
    },
    rich: { valid: true, entries: [{ product: 0x105, build: 30729, count: 12 }, { count: 300 }] },
    imports: [
      {
        name: 'KERNEL32.dll',
        functions: [
          { name: 'LoadLibraryA', ordinal: null },
          { name: 'GetProcAddress', ordinal: null },
        ],
      },
      { name: 'WS2_32.dll', functions: [{ name: 'WSAStartup', ordinal: 115 }] },
    ],
    imphash: md5('kernel32.loadlibrarya,kernel32.getprocaddress,ws2_32.wsastartup'),
    delayImports: [
      {
        name: 'late.dll',
        functions: [
          { name: 'Later', ordinal: null },
          { name: null, ordinal: 3 },
        ],
      },
    ],
    exports: {
      name: 'old-name.dll',
      functions: [
        { name: 'Own', ordinal: 5, address: 0x1000, forwarder: null },
        { name: null, ordinal: 6 },
        { name: 'Heap', ordinal: 7, forwarder: 'NTDLL.RtlAllocateHeap' },
      ],
    },
    version: {
      fileVersion: '1.2.3.4',
      productVersion: '5.6.7.8',
      languages: ['040904b0'],
      strings: { CompanyName: 'A company', OriginalFilename: 'a.dll' },
    },
    debug: [{ type: 'codeview' }, { type: 'repro' }, { type: 'exDllCharacteristics' }],
    pdb: { path: 'C:\\build\\a.pdb', guid: '3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c', signature: null, age: 3 },
    tlsCallbacks: [0x1010],
    clr: null,
    certificateTable: null,
    certificates: [],
    overlay: null,
  })
  t.same(image.anomalies, [])
  t.same(image.hashes, {})
})

t.test('machines, .NET, overlays and certificates', async (t) => {
  t.match(await readImage(file('x86-overlay.dll')), {
    machine: 'x86',
    mitigations: { safeSeh: true },
    overlay: { size: 'an overlay'.length + 1 },
  })
  t.match(await readImage(file('arm64x.dll')), { machine: 'arm64x', machineCode: 0xaa64 })
  t.match(await readImage(file('clr.exe')), {
    isDll: false,
    clr: { metadataVersion: 'v4.0.30319', ilOnly: true, prefers32Bit: true, strongNameSigned: false },
  })
  t.match(await readImage(file('certificates.dll')), {
    certificateTable: { offset: 0x600, size: 16 },
    certificates: [{ offset: 0x600, size: 16, revision: 0x200, type: 2 }],
  })
})

t.test('what is odd about an image is listed with codes, each once', async (t) => {
  const { anomalies } = await readImage(file('lies.dll'))
  const codes = anomalies.map(({ code }) => code)
  t.same(codes, [...new Set(codes)])
  for (const code of ['SECTION_COUNT', 'DIRECTORY_COUNT', 'EXPORT_LIMIT', 'RESOURCE_LOOP'])
    t.ok(codes.includes(`NUTHATCH_PE_${code}`), code)
})

t.test('headers only', async (t) => {
  const image = await readImage(file('arm64x.dll'), { directories: false })
  t.match(image, { machine: 'arm64', reproducible: null, mitigations: { cet: null, safeSeh: null } })
  t.notOk('imports' in image)
})

t.test('the whole file for the checksum, entropy and hashes', async (t) => {
  const path = file('x86-overlay.dll')
  const bytes = readFileSync(path)
  const image = await readImage(path, { content: true, hashes: ['sha256', 'md5', 'sha256'] })
  t.type(image.computedChecksum, 'number')
  t.type(image.sections[0]?.entropy, 'number')
  t.same(Object.keys(image.hashes), ['sha256', 'md5'])
  const pe = bytes.readUInt32LE(0x3c)
  const directory = pe + 24 + 96 + 4 * 8
  const hashed = Buffer.concat([
    bytes.subarray(0, pe + 24 + 64),
    bytes.subarray(pe + 24 + 68, directory),
    bytes.subarray(directory + 8),
  ])
  for (const name of ['sha256', 'md5'] as const) {
    const hash = (data: Uint8Array) => createHash(name).update(data).digest('hex')
    t.same(image.hashes[name], {
      file: hash(bytes),
      image: hash(hashed),
      padded: hash(Buffer.concat([hashed, Buffer.alloc(8 - (bytes.length % 8))])),
    })
  }
})

t.test('a path may be bytes that are not UTF-8', { skip: process.platform !== 'linux' }, async (t) => {
  const folder = t.testdir({})
  const path = Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff])])
  writeFileSync(path, readFileSync(file('clr.exe')))
  t.match(await readImage(new Uint8Array(path)), { path: `${folder}/a\uFFFD`, machine: 'x86' })
  rmSync(path)
  await t.rejects(readImage(path), { code: 'NUTHATCH_INPUT_NOT_FOUND', message: /a\uFFFD: / })
})

t.test('errors have a code and say which file', async (t) => {
  const folder = t.testdir({ 'no.exe': 'MZ, but no more', empty: '' })
  await t.rejects(readImage(join(folder, 'no.exe')), {
    name: 'NuthatchError',
    code: 'NUTHATCH_PE_FORMAT',
    message: `${join(folder, 'no.exe')}: it is no PE file: it ends inside its DOS header`,
  })
  await t.rejects(readImage(join(folder, 'empty')), { code: 'NUTHATCH_PE_FORMAT' })
  await t.rejects(readImage(join(folder, 'none')), {
    code: 'NUTHATCH_INPUT_NOT_FOUND',
    message: `${join(folder, 'none')}: there is no such file`,
  })
  await t.rejects(readImage(folder), { code: 'NUTHATCH_INPUT_UNREADABLE', message: /no regular file/ })
})

t.test('a pipe is not waited for', { skip: process.platform === 'win32' }, async (t) => {
  const pipe = join(t.testdir({}), 'pipe')
  execFileSync('mkfifo', [pipe])
  await t.rejects(readImage(pipe), { code: 'NUTHATCH_INPUT_UNREADABLE' })
})

t.test('arguments are looked at', async (t) => {
  for (const path of [undefined, null, 5, '', {}, 'a\0', new Uint8Array()])
    await t.rejects(readImage(anything(path)), { code: 'NUTHATCH_INVALID_ARGUMENT' })
  for (const [options, message] of [
    [{ hashes: ['sha265'] }, /^hashes must be an array of 'md5', 'sha1', .*, not \[ 'sha265' \]$/],
    [{ directory: false }, 'there is no option `directory`; did you mean `directories`?'],
    [{ content: 1, signal: 2 }, 'content must be true or false, not 1\nsignal must be an AbortSignal, not 2'],
    [null, 'options must be an object, not null'],
  ])
    await t.rejects(readImage(file('x64.dll'), anything(options)), {
      code: 'NUTHATCH_INVALID_OPTION',
      message,
    })
})

t.test('a signal ends it', async (t) => {
  const path = join(t.testdir({}), 'large.dll')
  writeFileSync(path, readFileSync(file('x64.dll')))
  truncateSync(path, 2 ** 34) // 16 GiB without a byte on the disk
  const reason = new Error('enough')
  const started = performance.now()
  const abort = new AbortController()
  const reading = readImage(path, { hashes: ['sha256'], signal: abort.signal })
  setTimeout(() => abort.abort(reason), 50)
  await t.rejects(reading, reason)
  t.ok(performance.now() - started < 3000)
  await t.rejects(readImage(path, { signal: AbortSignal.abort(reason) }), reason)
  await t.resolves(readImage(path, { signal: new AbortController().signal }))
})

t.test('any number at a time, and a worker thread that ends does not wait for one', async (t) => {
  const read = await Promise.all(Array.from({ length: 50 }, () => readImage(file('x64.dll'))))
  t.ok(read.every(({ imphash }) => imphash === read[0]?.imphash))
  const path = join(t.testdir({}), 'large.dll')
  writeFileSync(path, readFileSync(file('x64.dll')))
  truncateSync(path, 2 ** 34)
  const source = `
import { parentPort, workerData } from 'node:worker_threads'
import { register } from ${JSON.stringify(import.meta.resolve('tsx/esm/api'))}
register()
const { readImage } = await import(${JSON.stringify(new URL('../../../lib/index.ts', import.meta.url).href)})
readImage(workerData, { hashes: ['sha256'] }).catch(() => {})
setTimeout(() => parentPort.postMessage('reading'), 50)
`
  const script = join(t.testdir({}), 'worker.mjs')
  writeFileSync(script, source)
  const worker = new Worker(script, { workerData: path })
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  const started = performance.now()
  await worker.terminate()
  t.ok(performance.now() - started < 3000)
})
