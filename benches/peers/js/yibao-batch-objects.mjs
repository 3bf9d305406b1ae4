// Our batch over a list of cases as `evaluate` takes them, money as text.

import { caseAt } from '../cases.mjs'
import { prepare } from './by-hand.mjs'
import { opened } from './yibao-batch.mjs'

export { answers, use } from './yibao-batch.mjs'

export const batch = true

export function make(folder, columns) {
  const found = opened(folder)
  const cases = Array.from(columns.total, (_, i) => prepare(caseAt(columns, i)))
  return () => found.runCases(cases)
}
