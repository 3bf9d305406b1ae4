// The package in Node: loaded at import, synchronously.

import { readFileSync } from 'node:fs'
import { initSync } from './index.js'

// wasm-bindgen's own asynchronous start costs 30 ms here, for it loads `fetch`.
initSync(readFileSync(new URL('./portal/yibao_bg.wasm', import.meta.url)))

export * from './index.js'
