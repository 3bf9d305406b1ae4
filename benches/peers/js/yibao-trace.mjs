// The same with the value of every step read as an object: id, label, value.

import { readDecision } from '../decision.mjs'

export { prepare, make, answer } from './yibao.mjs'

export function use(decision) {
  let read = readDecision(decision)
  for (const { id, value } of decision.trace) read += id.length + value.text.length
  return read
}
