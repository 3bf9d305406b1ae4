// One service of one pack with what was entered: everything that is shown is read from here.

import { caseOf, rawOf } from './answers.js'
import { canAnalyse } from './analyses.js'

/** Paths that a diagnostic is about. */
const paths = ({ place, also = [] }) => [place, ...also.map(one => one.place)].map(one => one?.path)

/** Of constraints that are broken together, those over the fewest answers: the others follow from them. */
function narrowest(diagnostics) {
  const broken = diagnostics.filter(one => one.code === 'constraint')
  const follows = one => broken.some(other => other !== one && paths(other).length < paths(one).length && paths(other).every(path => paths(one).includes(path)))
  return diagnostics.filter(one => one.code !== 'constraint' || !follows(one))
}

export class Session {
  /** Of the last reading: the text of the case, and what came of it. */
  #last
  #bounds
  /** Names of facts that were needed at some point: a form does not shrink under its reader. */
  #needed = new Set()

  /** `raw` is shared by the services of a pack: what was answered once is not asked again. */
  constructor(pack, service, { raw = {}, asOf } = {}) {
    this.pack = pack
    this.service = service
    this.raw = raw
    const key = pack.asOfKey(service)
    this.given = asOf && key ? { [key]: asOf } : {}
    const asked = pack.asks(service).filter(one => !(one.key in this.given))
    // The day comes last: often it only says whether the text still speaks of that time.
    this.asks = [...asked.filter(one => one.key !== key), ...asked.filter(one => one.key === key)]
    /** Keys in the order in which they were met, one question at a time. */
    this.path = []
  }

  set(key, raw) { this.raw[key] = raw }
  give(facts) { Object.assign(this.raw, rawOf(this.asks, facts)) }

  clear() {
    for (const key of Object.keys(this.raw)) delete this.raw[key]
    this.path = []
    this.#needed.clear()
  }

  get case() { return caseOf(this.asks, this.raw, this.given) }
  get untouched() { return this.asks.every(({ key }) => this.raw[key] === undefined) }

  /** `{ decision }`, `{ errors }`, or `{}` while there is no engine. */
  get outcome() {
    const { rules } = this.pack
    if (rules === undefined) return {}
    const input = this.case
    const text = JSON.stringify(input)
    if (this.#last?.text !== text) {
      this.#last = { text, ...this.#decided(rules, input) }
      this.#bounds = undefined
      for (const one of this.#last.decision?.missing ?? []) this.#needed.add(one.fact.split('.').slice(0, one.fact.startsWith('ledger.') ? 2 : 1).join('.'))
    }
    return this.#last
  }

  #decided(rules, input) {
    try {
      return { decision: rules.evaluate(this.service.id, input) }
    } catch (error) {
      if (!Array.isArray(error.diagnostics)) throw error
      if (error.code === 'engine-trap') return { trapped: true }
      // These answers take the part of the engine that is still on its way.
      if (error.code === 'not-initialised') return {}
      return { errors: narrowest(error.diagnostics) }
    }
  }

  /** After a trap, or when the rest of the engine has come: the same answers once more. */
  forget() { this.#last = undefined }

  /** Ranges where answers are missing, where the engine can tell; `undefined` otherwise. */
  get bounds() {
    const { decision } = this.outcome
    if (decision?.outcome !== 'incomplete' || !canAnalyse(this.pack.rules)) return undefined
    if (this.#bounds === undefined) this.#bounds = this.#bounded()
    return this.#bounds.found
  }

  #bounded() {
    try {
      return { found: this.pack.rules.bounds(this.service.id, this.case) }
    } catch (error) {
      // Too many combinations, or a list that is open: there is no range to tell.
      if (!Array.isArray(error.diagnostics)) throw error
      return {}
    }
  }

  /** Questions that matter now, or mattered before. Without an engine: all. */
  get questions() {
    const { decision } = this.outcome
    if (decision === undefined && this.#needed.size === 0) return this.asks
    return this.asks.filter(({ key, name }) => this.#needed.has(name) || this.raw[key] !== undefined || this.#isDay(key))
  }

  /** What is still to be asked, one at a time. */
  get open() {
    const { decision } = this.outcome
    const missing = decision === undefined ? undefined : new Set(decision.missing.flatMap(({ fact }) => [fact, fact.split('.')[0]]))
    // A verdict or a refusal that stands whatever the day was needs no day.
    const done = decision?.outcome === 'refused' || (decision?.outcome === 'computed' && decision.verdict !== null)
    return this.questions.filter(({ key, name }) => this.raw[key] === undefined && !this.path.includes(key) && (missing === undefined || missing.has(name) || (!done && this.#isDay(key))))
  }

  #isDay(key) { return key === this.pack.asOfKey(this.service) }
}
