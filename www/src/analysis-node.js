// The package with the analyses in Node: loaded at import, synchronously.

import { readFileSync } from 'node:fs'
import { initSync } from './analysis.js'

// wasm-bindgen's own asynchronous start costs 30 ms here, for it loads `fetch`.
initSync(readFileSync(new URL('./analysis/yibao_bg.wasm', import.meta.url)))

export * from './analysis.js'
