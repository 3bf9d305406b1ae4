// json-logic-engine with each step compiled by `new Function`, which a strict content policy forbids.

import { LogicEngine } from 'json-logic-engine'
import { STEPS, chain } from '../json-logic.mjs'

export { prepare, answer, use } from '../json-logic.mjs'

export function make() {
  const engine = new LogicEngine()
  engine.addMethod('floor', ([value]) => Math.floor(value), { deterministic: true, sync: true })
  return chain(STEPS.map(([id, logic]) => [id, engine.build(logic)]))
}
