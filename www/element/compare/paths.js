// The ways to go for one illness: one answer varied over its options, all others as given.

import { answerOf } from '../state/answers.js'

/** Facts that say where and how one is treated, most telling first; any other choice can be varied too. */
const WAYS = [/level|class|tier/iu, /^place$/u, /direction|referr/iu, /filed|signed|kind/iu]

const rank = ({ fact }) => {
  const found = WAYS.findIndex(one => one.test(fact.key))
  return found < 0 ? WAYS.length : found
}

/** Questions that can be varied: choices that were answered. */
export function variable(session) {
  const chosen = session.asks.filter(({ section, fact, key }) => section === 'facts' && ['option', 'bool'].includes(fact.type) && answerOf(fact, session.raw[key]) !== undefined)
  const own = chosen.filter(one => rank(one) < WAYS.length)
  return (own.length > 0 ? own : chosen).sort((a, b) => rank(a) - rank(b))
}

const optionsOf = (fact, { say }) => (fact.type === 'bool'
  ? [[true, { zh: say('yes'), en: say('yes') }], [false, { zh: say('no'), en: say('no') }]]
  : fact.options.map(({ id, label }) => [id, label]))

/** `{ label, value, input, decision }` for each option, in the pack's order, which is that of care level. */
export function pathsOver(session, question, language) {
  const { fact } = question
  const own = answerOf(fact, session.raw[question.key])
  const input = session.case
  return optionsOf(fact, language).map(([value, label]) => {
    const varied = { ...input, facts: { ...input.facts, [fact.key]: value } }
    return { label, own: value === own, input: varied, ...decided(session, varied) }
  })
}

export function decided(session, input) {
  try {
    return { decision: session.pack.rules.evaluate(session.service.id, input) }
  } catch (error) {
    if (!Array.isArray(error.diagnostics)) throw error
    return { errors: error.diagnostics }
  }
}

/** The engine's comparison of ways that are all computed. */
export const compared = (session, paths) => session.pack.rules.compare(paths.map(({ label, input }) => ({ label, service: session.service.id, input })))
