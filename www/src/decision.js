// Decisions as JavaScript has them: plain data, the same whether it came at once or when first read.

import { decideAgain, traceNumbers } from './rules.js'
import { BEYOND, money } from './value.js'

const NONE = Object.freeze([])

/**
 * What a decision was made from. It is a field, and no private one: whoever stands in for a decision (a proxy) hands it on.
 * What it holds is private, so that two decisions are compared by what they say alone.
 */
const MADE_FROM = Symbol('made from')

/** Written out when first read: it holds a digest of the answers, which costs more than deciding. */
function receipt() {
  return this.toJSON().receipt
}

/**
 * What most programs ask of a decision are its own fields, so that equality, a copy, a clone and a developer's tools see
 * them. The rest is written out when first read: by the engine, or from the numbers of a run.
 */
export class Decision {
  constructor(outcome, amounts, verdict, missing, refusals, source) {
    this.outcome = outcome
    this.amounts = amounts
    this.verdict = verdict
    this.missing = missing
    this.refusals = refusals
    this[MADE_FROM] = source
  }

  /** The whole decision as plain data: what `JSON.stringify` writes. */
  toJSON() {
    return this[MADE_FROM].whole()
  }

  /** Every step's value without what explains it: a view, not data of the decision. */
  get trace() { return this[MADE_FROM].view(trace, valuesOf) }

  get limit() { return this[MADE_FROM].view(limit, whole => whole.limit) }
  get allocations() { return this[MADE_FROM].view(allocations, whole => whole.allocations) }
  get result() { return this[MADE_FROM].view(result, whole => whole.result) }
}

/** A decision that the engine wrote out. */
export function decided(json) {
  const { outcome, amounts, verdict, missing, refusals } = json
  const decision = new Decision(outcome, amounts, verdict, missing, refusals, new Source(json))
  decision.receipt = json.receipt
  return decision
}

/** A decision from the numbers of a run. @throws `BEYOND` where one of them is not written here */
export function computed(service, numbers, answers, rules) {
  const source = new Source(undefined, service, numbers, answers, rules)
  const decision = new Decision('computed', amounts(service.shape, source), verdict(service.shape, numbers), NONE, NONE, source)
  // An accessor all the same function: any other way to define it costs a tenth of a decision more.
  decision.__defineGetter__('receipt', receipt)
  return decision
}

/** A loop over a decision meets these too. */
const WRITTEN = ['service', 'pack', 'asOf', 'steps', 'documents', 'layers', 'warnings', 'assumptions', 'caveats', 'clauses']
for (const field of WRITTEN) {
  Object.defineProperty(Decision.prototype, field, { get() { return this.toJSON()[field] }, enumerable: true, configurable: true })
}
for (const field of ['limit', 'allocations', 'result']) Object.defineProperty(Decision.prototype, field, { enumerable: true })

// Node shows the data rather than an object without most of its properties.
Object.defineProperty(Decision.prototype, Symbol.for('nodejs.util.inspect.custom'), { value() { return this.toJSON() } })

// Vue would put a proxy before a decision and before everything in it, to see changes that never come.
Object.defineProperty(Decision.prototype, '__v_skip', { value: true })

/** The engine's own words, or the numbers of a run with their values, each written out once however often it is shown. */
class Source {
  #json
  #service
  #numbers
  #answers
  #rules
  #values
  /** What was made of the numbers, by what makes it. */
  #views

  constructor(json, service, numbers, answers, rules) {
    this.#json = json
    this.#service = service
    this.#numbers = numbers
    this.#answers = answers
    this.#rules = rules
    this.#values = numbers === undefined ? undefined : new Array(numbers.length)
  }

  whole() {
    if (this.#json === undefined) this.#json = decideAgain(this.#rules, this.#service.index, this.#answers)
    return this.#json
  }

  of(at) {
    return (this.#values[at] ??= valueAt(this.#service.decision, this.#numbers, at))
  }

  /** The number itself. */
  number(index) {
    return this.#numbers[index]
  }

  /** What `make` makes of the numbers, once; where there are none, or one is not written here, a part of the whole. */
  view(make, part) {
    const views = (this.#views ??= new Map())
    if (views.has(make)) return views.get(make)
    const made = this.#made(make)
    const view = made === undefined ? part(this.whole()) : made
    views.set(make, view)
    return view
  }

  #made(make) {
    if (this.#numbers === undefined) return undefined
    try {
      return make(this.#service, this, () => traceNumbers(this.#rules, this.#service, this.#answers))
    } catch (thrown) {
      if (thrown !== BEYOND) throw thrown
      return undefined
    }
  }
}

function valueAt({ values }, numbers, at) {
  const make = values[at]
  return make === undefined ? money(numbers[at]) : make(numbers[at])
}

function amounts({ bill, payments, benefits, parts }, source) {
  if (bill === undefined) return null
  const paid = new Array(payments.length)
  for (let i = 0; i < payments.length; i++) {
    const { step, label, payer, payerLabel, own, paid: at, asked, draws } = payments[i]
    const from = new Array(draws.length)
    for (let k = 0; k < draws.length; k++) from[k] = { part: draws[k].part, amount: source.of(draws[k].amount) }
    paid[i] = { step, label, payer, payerLabel, own, amount: source.of(at), from, bound: source.number(at) === source.number(asked) ? 'asked' : 'limit' }
  }
  const shares = new Array(parts.length)
  for (let i = 0; i < parts.length; i++) {
    const { id, label, amount, left } = parts[i]
    shares[i] = { id, label, amount: source.of(amount), left: source.of(left) }
  }
  return {
    total: source.of(bill.total),
    payments: paid,
    patient: source.of(bill.patient),
    cash: source.of(bill.cash),
    net: source.of(bill.net),
    benefits: plain(benefits, source),
    parts: shares,
  }
}

const plain = (all, source) => all.map(({ step, label, payer, payerLabel, own, amount }) => (
  { step, label, payer, payerLabel, own, amount: source.of(amount), from: [], bound: 'asked' }
))

function verdict({ verdict: at, conditions }, numbers) {
  if (at === undefined) return null
  const meets = numbers[at] !== 0
  return { is: meets ? 'meets' : 'does_not_meet', by: [], decided: conditions.filter(({ holds }) => (numbers[holds] !== 0) === meets).map(({ id }) => id) }
}

function limit({ shape }, source) {
  if (shape.limit === undefined) return null
  const { step, from, to } = shape.limit
  return { step, from: from === undefined ? null : source.of(from), to: source.of(to) }
}

const allocations = ({ shape }, source) => plain(shape.allocations, source)

const result = ({ shape }, source) => shape.result.map(({ id, label, value }) => ({ id, label, value: source.of(value) }))

const valuesOf = ({ steps }) => steps.map(({ id, label, value }) => ({ id, label, value }))

function trace(service, source, read) {
  const numbers = read()
  if (numbers === undefined) return undefined
  const { steps, watch } = service.trace
  const all = new Array(steps.length)
  for (let i = 0; i < all.length; i++) {
    const { id, label, value, shown } = steps[i]
    all[i] = { id, label, value: shown === undefined ? valueAt(watch, numbers, value) : source.of(shown) }
  }
  return all
}
