// Signatures in Node: loaded at import, synchronously.

import { readFileSync } from 'node:fs'
import { initSync } from './signatures.js'

initSync(readFileSync(new URL('./signatures/yibao_bg.wasm', import.meta.url)))

export * from './signatures.js'
