// The package in a browser, a bundler or a worker: `await init()` once, then everything is synchronous.
// Where a content policy or an old browser refuses WebAssembly, the same engine is loaded as JavaScript.

import * as glue from './portal/yibao.js'
import { fetchDirectly } from './direct.js'
import { Engine } from './engine.js'
import { portalFirst, portalRest } from './integrity.js'
import { loadPlan as load } from './rules.js'

export { YibaoError } from './error.js'

const engine = new Engine(glue, {
  // What the release was made with, and nothing else: a damaged or changed module gives no figures.
  first: () => fetchDirectly(new URL('./portal/yibao_first.wasm', import.meta.url), { integrity: portalFirst }),
  rest: () => fetchDirectly(new URL('./portal/yibao_rest.wasm', import.meta.url), { integrity: portalRest }),
  script: () => import('./portal-js/yibao.js'),
})

export const init = options => engine.init(options)
export const complete = () => engine.complete()
export const initSync = (module, rest) => engine.initSync(module, rest)
export const loadPlan = plan => load(engine, plan)
