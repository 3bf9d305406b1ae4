// The package in a browser, a bundler or a worker: `await init()` once, then everything is synchronous.
// Where a content policy or an old browser refuses WebAssembly, the same engine is loaded as JavaScript.

import * as glue from './portal/yibao.js'
import { Engine } from './engine.js'
import { portal as integrity } from './integrity.js'
import { loadPlan as load } from './rules.js'

export { YibaoError } from './error.js'

const engine = new Engine(glue, {
  // What the release was made with, and nothing else: a damaged or changed module gives no figures.
  wasm: () => fetch(new URL('./portal/yibao_bg.wasm', import.meta.url), { integrity }),
  script: () => import('./portal-js/yibao.js'),
})

export const init = ({ wasm, build } = {}) => engine.init(wasm, build)
export const initSync = module => engine.initSync(module)
export const loadPlan = plan => load(engine, plan)
