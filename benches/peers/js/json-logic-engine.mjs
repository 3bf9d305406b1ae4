// json-logic-engine as a page under a strict content policy can run it: without `new Function`.

import { LogicEngine } from 'json-logic-engine'
import { STEPS, chain } from '../json-logic.mjs'

export { prepare, answer, use } from '../json-logic.mjs'

export function make() {
  const engine = new LogicEngine()
  engine.addMethod('floor', ([value]) => Math.floor(value), { deterministic: true, sync: true })
  return chain(STEPS.map(([id, logic]) => [id, data => engine.run(logic, data)]))
}
