// Our batch over a list of objects of numbers: what the hand-written rule over objects reads, every answer checked.

import { caseAt } from '../cases.mjs'
import { opened } from './yibao-batch.mjs'

export { answers, use } from './yibao-batch.mjs'

export const batch = true

export function make(folder, columns) {
  const found = opened(folder)
  const rows = Array.from(columns.total, (_, i) => {
    const { total, outOfScope, paid, day, scheme, level, referred, away } = caseAt(columns, i)
    return { total, outOfScope, 'ledger.paid': paid, admissionDate: day, scheme, level, referred, away }
  })
  let into
  return () => (into = found.runRows(rows, { into }))
}
