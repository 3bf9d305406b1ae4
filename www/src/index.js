// The package in a browser, a bundler or a worker: `await init()` once, then everything is synchronous.

import * as glue from './portal/yibao.js'
import { Engine } from './engine.js'
import { loadPlan as load } from './rules.js'

export { YibaoError } from './error.js'

const engine = new Engine(glue)

export const init = ({ wasm } = {}) => engine.init(wasm)
export const initSync = module => engine.initSync(module)
export const loadPlan = plan => load(engine, plan)
