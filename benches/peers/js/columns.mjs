// Batch by hand in JavaScript: typed arrays of whole fen in and out.

import { CHANGED } from '../cases.mjs'

export const batch = true

const FULL = Float64Array.of(20_000, 40_000, 80_000, 15_000, 45_000, 100_000)

export function make(_, { total, outOfScope, paid, day, scheme, level, referred, away }) {
  const basics = new Float64Array(total.length)
  const criticals = new Float64Array(total.length)
  const patients = new Float64Array(total.length)
  return count => {
    for (let i = 0; i < count; i++) {
      const eligible = total[i] - outOfScope[i]
      const cell = scheme[i] * 3 + level[i]
      const full = cell === 4 && day[i] < CHANGED ? 50_000 : FULL[cell]
      const share = eligible - Math.min(referred[i] ? full / 2 : full, eligible)
      const hundredths = Math.min(share, 1_000_000) * 70 + Math.max(0, Math.min(share, 5_000_000) - 1_000_000) * 80 + Math.max(0, share - 5_000_000) * 90
      const asked = Math.floor((Math.floor((hundredths + 50) / 100) * (away[i] ? 85 : 100) + 50) / 100)
      const basic = Math.min(asked, Math.max(0, 20_000_000 - paid[i]), share)
      const above = Math.max(0, eligible - basic - 1_400_000)
      const inIllness = Math.min(above, 3_000_000) * 60 + Math.max(0, above - 3_000_000) * 70
      const critical = Math.min(Math.floor((inIllness + 50) / 100), 30_000_000, share - basic)
      basics[i] = basic
      criticals[i] = critical
      patients[i] = total[i] - basic - critical
    }
    return { basics, criticals, patients, count }
  }
}

export function answers({ basics, criticals, count }, keep) {
  for (let i = 0; i < count; i++) keep(i, { basic: basics[i], critical: criticals[i] })
}

export const use = ({ patients, count }) => patients[count - 1]
