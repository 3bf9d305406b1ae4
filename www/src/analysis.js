// The package with the analyses, in a browser, a bundler or a worker: the same API, and more of it.

import * as glue from './analysis/yibao.js'
import { AnalysisRules } from './analysis-rules.js'
import { Engine } from './engine.js'
import { loadPlan as load } from './rules.js'

export { YibaoError } from './error.js'

const engine = new Engine(glue)

export const init = ({ wasm } = {}) => engine.init(wasm)
export const initSync = module => engine.initSync(module)
export const loadPlan = plan => load(engine, plan, AnalysisRules)
