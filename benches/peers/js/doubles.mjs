// What most people write first: yuan as doubles, rounded by `Math.round(x * 100) / 100`.

import { CHANGED } from '../cases.mjs'

const round = yuan => Math.round(yuan * 100) / 100
const DEDUCTIBLES = { employee: { first: 200, second: 400, third: 800 }, resident: { first: 150, second: 450, third: 1000 } }

export const prepare = ({ total, outOfScope, paid, ...rest }) => ({ total: total / 100, outOfScope: outOfScope / 100, paid: paid / 100, ...rest })

function rule({ total, outOfScope, paid, day, scheme, level, referred, away }) {
  const eligible = total - outOfScope
  const full = scheme === 'resident' && level === 'second' && day < CHANGED ? 500 : DEDUCTIBLES[scheme][level]
  const deductible = referred ? full * 0.5 : full
  const borne = Math.min(deductible, eligible)
  const share = eligible - borne
  const inBands = round(Math.min(share, 10_000) * 0.7 + Math.max(0, Math.min(share, 50_000) - 10_000) * 0.8 + Math.max(0, share - 50_000) * 0.9)
  const factor = away ? 0.85 : 1
  const room = Math.max(0, 200_000 - paid)
  const basic = Math.min(round(inBands * factor), room, share)
  const own = eligible - basic
  const above = Math.max(0, own - 14_000)
  const inIllness = Math.min(above, 30_000) * 0.6 + Math.max(0, above - 30_000) * 0.7
  const critical = Math.min(round(inIllness), 300_000, share - basic)
  return { eligible, full, deductible, borne, share, inBands, factor, room, basic, own, above, inIllness, critical }
}

export const make = () => rule
export const answer = ({ basic, critical }) => ({ basic: Math.round(basic * 100), critical: Math.round(critical * 100) })
export const use = ({ basic, critical }) => basic + critical
