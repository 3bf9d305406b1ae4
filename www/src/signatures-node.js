// Signatures in Node: loaded at import, synchronously.

import { initSync } from './signatures.js'

const { readFileSync } = process.getBuiltinModule('node:fs')
initSync(readFileSync(new URL('./signatures/yibao_bg.wasm', import.meta.url)))

export * from './signatures.js'
