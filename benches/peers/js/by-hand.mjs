// The floor: the rule by hand in whole fen, with the checks, the decision object and the trace that the engine gives.

import { rich } from '../../by-hand.mjs'
import { yuanText } from '../cases.mjs'

export const prepare = ({ total, outOfScope, paid, date, scheme, level, referred, away }) => ({
  facts: { total: yuanText(total), outOfScope: yuanText(outOfScope), admissionDate: date, scheme, level, referred, away },
  ledger: { paid: yuanText(paid) },
})

export const make = () => rich

export { fenOfDecision as answer, readDecision as use } from '../decision.mjs'
