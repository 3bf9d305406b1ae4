// The cost curve for people: which amount varies, over what stretch, and at which points something changes.

import { answerOf } from '../state/answers.js'
import { canAnalyse } from '../state/analyses.js'
import { fen, yuan } from '../figures.js'

const LEAST_SHOWN = 2_000_000n

/** Amounts that were answered and on which a curve can be drawn, the one with most to show first. */
export function curvesOf(session) {
  if (!canAnalyse(session.pack.rules) || session.outcome.decision?.outcome !== 'computed' || session.service.kind !== 'settlement') return []
  const money = session.asks.filter(({ section, fact, key }) => section === 'facts' && fact.type === 'money' && answerOf(fact, session.raw[key]) !== undefined)
  return money.map(({ key, fact }) => curveOver(session, key, fact)).filter(Boolean).sort((a, b) => b.curve.knots.length - a.curve.knots.length)
}

function curveOver(session, key, fact) {
  const here = fen(answerOf(fact, session.raw[key]))
  if (here === undefined) return undefined
  const to = far(here, fact)
  const curve = tryCurve(session, session.case, fact, to)
  if (curve === undefined) return undefined
  return { key, fact, here: yuan(here), to: yuan(to), curve }
}

/** Twice as far as the reader stands, in a round figure, within what the fact may be. */
function far(here, { max }) {
  const twice = here * 2n > LEAST_SHOWN ? here * 2n : LEAST_SHOWN
  const unit = 10n ** BigInt(String(twice).length - 1)
  const round = ((twice + unit - 1n) / unit) * unit
  const most = fen(max?.replace(/[^\d.]/gu, '') ?? '') ?? round
  return round < most ? round : most
}

export function tryCurve(session, input, fact, to) {
  try {
    return session.pack.rules.curve(session.service.id, input, fact.key, { to: typeof to === 'bigint' ? yuan(to) : to })
  } catch (error) {
    // A step that is no straight function of this amount, or other answers that leave it no room: there is no chart.
    if (!Array.isArray(error.diagnostics)) throw error
    return undefined
  }
}

/** The line a person cares about. */
export const LINE = 'net'

/** Straight stretches of the line: `{ from, to, atFrom, atTo, slope }`, texts of the engine. */
export const stretches = curve => curve.pieces.map(piece => ({ from: piece.from.at, to: piece.to.at, ...piece.lines[LINE] })).filter(one => one.slope !== undefined)

/** Points to step through: the ends, every knot, and where the reader stands. */
export function points({ curve, here, to }, session) {
  const { decision } = session.outcome
  const net = decision.amounts.net.text
  const label = id => decision.steps.find(one => one.id === id)?.label
  const knots = curve.knots.map(knot => ({ at: knot.at, pays: knot.values[LINE], why: label(knot.step), knot: true }))
  const pieces = stretches(curve)
  const last = pieces[pieces.length - 1]
  const ends = [pieces[0] && { at: pieces[0].from, pays: pieces[0].atFrom }, last && { at: to, pays: last.atTo }].filter(Boolean)
  const all = [...ends, ...knots, { at: here, pays: net, here: true }]
  const sorted = all.filter(one => one.pays !== null && one.pays !== undefined).sort((a, b) => Number(a.at) - Number(b.at))
  // One point for one amount; what is known of it is kept together.
  return sorted.reduce((kept, one) => {
    const last = kept[kept.length - 1]
    if (last && Number(last.at) === Number(one.at)) kept[kept.length - 1] = { ...last, ...one, why: one.why ?? last.why, pays: one.here ? one.pays : last.here ? last.pays : one.pays }
    else kept.push(one)
    return kept
  }, [])
}

/** How the share grows where the reader stands: of each further 100 yuan. */
export function growth({ curve, here }) {
  const all = stretches(curve)
  const piece = all.find(one => Number(here) >= Number(one.from) && Number(here) < Number(one.to)) ?? all[all.length - 1]
  return piece && hundredTimes(piece.slope)
}

/** `'0.25'` to `'25'`; a fraction that does not end, to two decimals. */
export function hundredTimes(slope) {
  const [up, down = '1'] = slope.split('/')
  const value = (Number(up) / Number(down)) * 100
  return String(Math.round(value * 100) / 100)
}
