// The same with the whole explanation read: every step with its formula, row and clauses, as the engine writes it.

import { readDecision } from '../decision.mjs'

export { prepare, make, answer } from './yibao.mjs'

export function use(decision) {
  let read = readDecision(decision)
  for (const { id, value, formulas } of decision.steps) read += id.length + value.text.length + formulas.length
  return read
}
