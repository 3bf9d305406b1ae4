// The same sum by hand over a list of objects, money in fen, a new object for each result.

import { CHANGED } from '../cases.mjs'

const FULL = { employee: { first: 20_000, second: 40_000, third: 80_000 }, resident: { first: 15_000, second: 45_000, third: 100_000 } }

export const prepare = raw => raw

function rule({ total, outOfScope, paid, day, scheme, level, referred, away }) {
  const eligible = total - outOfScope
  const full = scheme === 'resident' && level === 'second' && day < CHANGED ? 50_000 : FULL[scheme][level]
  const share = eligible - Math.min(referred ? full / 2 : full, eligible)
  const hundredths = Math.min(share, 1_000_000) * 70 + Math.max(0, Math.min(share, 5_000_000) - 1_000_000) * 80 + Math.max(0, share - 5_000_000) * 90
  const asked = Math.floor((Math.floor((hundredths + 50) / 100) * (away ? 85 : 100) + 50) / 100)
  const basic = Math.min(asked, Math.max(0, 20_000_000 - paid), share)
  const above = Math.max(0, eligible - basic - 1_400_000)
  const inIllness = Math.min(above, 3_000_000) * 60 + Math.max(0, above - 3_000_000) * 70
  const critical = Math.min(Math.floor((inIllness + 50) / 100), 30_000_000, share - basic)
  return { basic, critical, patient: total - basic - critical }
}

export const make = () => rule
export const answer = ({ basic, critical }) => ({ basic, critical })
export const use = ({ patient }) => patient
