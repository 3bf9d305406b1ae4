// json-logic-js, the reference implementation in JavaScript.

import jsonLogic from 'json-logic-js'
import { STEPS, chain } from '../json-logic.mjs'

export { prepare, answer, use } from '../json-logic.mjs'

export function make() {
  jsonLogic.add_operation('floor', Math.floor)
  return chain(STEPS.map(([id, logic]) => [id, data => jsonLogic.apply(logic, data)]))
}
