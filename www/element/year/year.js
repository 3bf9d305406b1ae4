// A year of stays as it went against a year as it might have gone: the fold of the engine over each, side by side.

import { answerOf, caseOf } from '../state/answers.js'
import { fen, yuan } from '../figures.js'

/** `{ ways: [{ label, stays: [{ id, label, raw, example }] }], shared, asked, example }`: two ways, each with its stays. */
export class Year {
  constructor(session, { title, lead, note, ways, shared = {}, asked = [], example = false }) {
    Object.assign(this, { session, title, lead, note, asked, example })
    this.shared = { ...shared }
    this.ways = ways.map((way, w) => ({ label: way.label, stays: way.stays.map((stay, s) => ({ id: `way${w}-stay${s}`, label: stay.label, raw: { ...stay.facts }, given: { ...stay.facts }, follows: stay.follows !== false && s > 0 })) }))
    this.#next = 0
  }

  #next

  /** Two ways that begin with what stands in the form. */
  static from(session, labels) {
    const stay = () => ({ facts: { ...session.raw } })
    return new Year(session, { ways: labels.map(label => ({ label, stays: [stay()] })) })
  }

  add(way) {
    const last = way.stays[way.stays.length - 1]
    way.stays.push({ id: `added-${(this.#next += 1)}`, raw: { ...last.raw }, given: {}, follows: true })
  }

  remove(way, stay) { way.stays = way.stays.filter(one => one !== stay) }

  isExample = (stay, key) => this.example && stay.given[key] !== undefined && stay.raw[key] === stay.given[key]
  touched = way => way.stays.some(stay => Object.keys(stay.given).some(key => stay.raw[key] !== stay.given[key]))

  /** Questions of a stay: amounts stand open, the rest behind a fold; what is shared is asked once for all. */
  questions(stay) {
    const { asks } = this.session
    const own = asks.filter(({ key, section }) => section === 'facts' && !(key in this.shared))
    const amounts = own.filter(({ fact }) => fact.type === 'money')
    return { amounts, others: own.filter(one => !amounts.includes(one) && (stay.raw[one.key] !== undefined || !this.example)) }
  }

  #input(stay) {
    const { asks, given } = this.session
    return caseOf(asks, { ...this.shared, ...stay.raw }, given)
  }

  /** Each stay by itself, so that an error stands at its own field; then the way as a year. */
  outcome(way) {
    const stays = new Map()
    for (const stay of way.stays) stays.set(stay, this.#decided(stay))
    const whole = [...stays.values()].every(one => one.decision?.outcome === 'computed')
    if (!whole) return { stays }
    try {
      const { rules } = this.session.pack
      const encounters = way.stays.map((stay, i) => {
        const { facts, ledger } = this.#input(stay)
        return { id: stay.id.replace(/-/gu, '_'), service: this.session.service.id, facts, ...(i === 0 && ledger && { ledger }), ...(stay.follows && i > 0 && { follows: way.stays[i - 1].id.replace(/-/gu, '_') }) }
      })
      return { stays, year: summed(rules.year({ encounters })) }
    } catch (error) {
      if (!Array.isArray(error.diagnostics)) throw error
      return { stays, errors: error.diagnostics }
    }
  }

  #decided(stay) {
    try {
      return { decision: this.session.pack.rules.evaluate(this.session.service.id, this.#input(stay)) }
    } catch (error) {
      if (!Array.isArray(error.diagnostics)) throw error
      return { errors: error.diagnostics }
    }
  }

  answer(key) {
    const question = this.session.asks.find(one => one.key === key)
    return question && answerOf(question.fact, this.shared[key])
  }
}

/** Sums of the engine's own amounts over the pieces of a year. */
function summed(year) {
  const decisions = year.encounters.flatMap(one => one.pieces.map(piece => piece.decision))
  const added = read => yuan(decisions.reduce((sum, one) => sum + read(one.amounts), 0n))
  return {
    ...year, decisions,
    bill: added(({ total }) => fen(total.text)),
    benefit: added(({ benefits }) => benefits.reduce((sum, { amount }) => sum + fen(amount.text), 0n)),
  }
}
