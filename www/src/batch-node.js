// Batches in Node: loaded at import, synchronously.

import { readFileSync } from 'node:fs'
import { initSync } from './batch.js'

initSync(readFileSync(new URL('./batch/yibao_batch.wasm', import.meta.url)))

export * from './batch.js'
