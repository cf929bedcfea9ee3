/** Images for tests: those that the fuzzer starts from, which test/native/image/seeds_test.cc writes. */
import { fileURLToPath } from 'node:url'

export const images = fileURLToPath(new URL('../../fuzz/corpus/pe/', import.meta.url))
