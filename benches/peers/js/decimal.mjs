// decimal.js: yuan as decimals, rounded half up to two places.

import { Decimal } from 'decimal.js'
import { CHANGED, yuanText } from '../cases.mjs'

const of = value => new Decimal(value)
const ZERO = of(0)
const round = yuan => yuan.toDecimalPlaces(2, Decimal.ROUND_HALF_UP)
const positive = yuan => Decimal.max(ZERO, yuan)
const DEDUCTIBLES = { employee: { first: of(200), second: of(400), third: of(800) }, resident: { first: of(150), second: of(450), third: of(1000) } }
const OLD = of(500)

export const prepare = ({ total, outOfScope, paid, ...rest }) => ({ total: yuanText(total), outOfScope: yuanText(outOfScope), paid: yuanText(paid), ...rest })

function rule({ total, outOfScope, paid, day, scheme, level, referred, away }) {
  const eligible = of(total).minus(outOfScope)
  const full = scheme === 'resident' && level === 'second' && day < CHANGED ? OLD : DEDUCTIBLES[scheme][level]
  const deductible = referred ? full.times('0.5') : full
  const borne = Decimal.min(deductible, eligible)
  const share = eligible.minus(borne)
  const first = Decimal.min(share, 10_000).times('0.7')
  const second = positive(Decimal.min(share, 50_000).minus(10_000)).times('0.8')
  const inBands = round(first.plus(second).plus(positive(share.minus(50_000)).times('0.9')))
  const factor = of(away ? '0.85' : '1')
  const room = positive(of(200_000).minus(paid))
  const basic = Decimal.min(round(inBands.times(factor)), room, share)
  const own = eligible.minus(basic)
  const above = positive(own.minus(14_000))
  const inIllness = Decimal.min(above, 30_000).times('0.6').plus(positive(above.minus(30_000)).times('0.7'))
  const critical = Decimal.min(round(inIllness), 300_000, share.minus(basic))
  return { eligible, full, deductible, borne, share, inBands, factor, room, basic, own, above, inIllness, critical }
}

export const make = () => rule
export const answer = ({ basic, critical }) => ({ basic: basic.times(100).toNumber(), critical: critical.times(100).toNumber() })
export const use = ({ basic, critical }) => basic.toFixed(2).length + critical.toFixed(2).length
