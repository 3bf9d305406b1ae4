// The package with the analyses in Node: loaded at import, synchronously; what is not needed to decide, when it is first asked for.

import { initSync } from './analysis.js'

// An `import` of `node:fs` would load its promises too, for a millisecond and a half.
const { readFileSync } = process.getBuiltinModule('node:fs')
// wasm-bindgen's own asynchronous start costs 30 ms here, for it loads `fetch`.
const read = part => readFileSync(new URL(`./analysis/yibao_${part}.wasm`, import.meta.url))
initSync(read('first'), () => read('rest'))

export * from './analysis.js'
