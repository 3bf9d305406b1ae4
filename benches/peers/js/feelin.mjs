// feelin: one FEEL expression a step, as a DMN model has them; one large context parses far slower. It parses at each
// call, and gives no way to keep what it parsed.

import { evaluate } from 'feelin'
import { chain } from '../json-logic.mjs'

const STEPS = Object.entries({
  eligible: 'total - outOfScope',
  full: `if scheme = "employee" then (if level = "first" then 200 else if level = "second" then 400 else 800)
         else if level = "first" then 150 else if level = "second" then (if day < 19723 then 500 else 450) else 1000`,
  deductible: 'if referred then full * 0.5 else full',
  borne: 'min(deductible, eligible)',
  share: 'eligible - borne',
  inBands: 'round half up(min(share, 10000) * 0.7 + max(0, min(share, 50000) - 10000) * 0.8 + max(0, share - 50000) * 0.9, 2)',
  factor: 'if away then 0.85 else 1',
  room: 'max(0, 200000 - paid)',
  basic: 'min(round half up(inBands * factor, 2), room, share)',
  own: 'eligible - basic',
  above: 'max(0, own - 14000)',
  inIllness: 'min(above, 30000) * 0.6 + max(0, above - 30000) * 0.7',
  critical: 'min(round half up(inIllness, 2), 300000, share - basic)',
})

export const prepare = ({ total, outOfScope, paid, day, scheme, level, referred, away }) => ({
  total: total / 100, outOfScope: outOfScope / 100, paid: paid / 100, day, scheme, level, referred, away,
})

export const make = () => chain(STEPS.map(([id, expression]) => [id, data => evaluate(expression, data).value]))
export const answer = ({ basic, critical }) => ({ basic: Math.round(basic * 100), critical: Math.round(critical * 100) })
export const use = ({ basic, critical }) => basic + critical
