// The package with the analyses, in a browser, a bundler or a worker: the same API, and more of it.
// Where a content policy or an old browser refuses WebAssembly, the same engine is loaded as JavaScript.

import * as glue from './analysis/yibao.js'
import { AnalysisRules } from './analysis-rules.js'
import { fetchDirectly } from './direct.js'
import { Engine } from './engine.js'
import { analysisFirst, analysisRest } from './integrity.js'
import { loadPlan as load } from './rules.js'

export { YibaoError } from './error.js'

const engine = new Engine(glue, {
  // What the release was made with, and nothing else: a damaged or changed module gives no figures.
  first: () => fetchDirectly(new URL('./analysis/yibao_first.wasm', import.meta.url), { integrity: analysisFirst }),
  rest: () => fetchDirectly(new URL('./analysis/yibao_rest.wasm', import.meta.url), { integrity: analysisRest }),
  script: () => import('./portal-js/yibao.js'),
})

export const init = options => engine.init(options)
export const complete = () => engine.complete()
export const initSync = (module, rest) => engine.initSync(module, rest)
export const loadPlan = plan => load(engine, plan, AnalysisRules)
