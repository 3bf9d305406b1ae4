// The authoring build in Node: loaded at import, synchronously.

import { initSync } from './authoring.js'

// An `import` of `node:fs` would load its promises too, for a millisecond and a half.
const { readFileSync } = process.getBuiltinModule('node:fs')
// wasm-bindgen's own asynchronous start costs 30 ms here, for it loads `fetch`.
initSync(readFileSync(new URL('./authoring/yibao_bg.wasm', import.meta.url)))

export * from './authoring.js'
