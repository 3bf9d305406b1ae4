// The package in Node: loaded at import, synchronously; what is not needed to decide, when it is first asked for.

import { initSync } from './index.js'

// An `import` of `node:fs` would load its promises too, for a millisecond and a half.
const { readFileSync } = process.getBuiltinModule('node:fs')
// wasm-bindgen's own asynchronous start costs 30 ms here, for it loads `fetch`.
const read = part => readFileSync(new URL(`./portal/yibao_${part}.wasm`, import.meta.url))
initSync(read('first'), () => read('rest'))

export * from './index.js'
