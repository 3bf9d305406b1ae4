// The same with every step read as an object: label, value, formula, row and clauses.

import { readDecision } from '../decision.mjs'

export { prepare, make, answer } from './yibao.mjs'

export function use(decision) {
  let read = readDecision(decision)
  for (const { id, value } of decision.steps) read += id.length + value.state.length
  return read
}
