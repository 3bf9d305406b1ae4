// Decisions as JavaScript has them: plain data behind getters, the same whether it came at once or when first read.

import { decideAgain, traceNumbers } from './rules.js'
import { BEYOND, money } from './value.js'

/** The fields, in the order in which the engine writes them. */
const FIELDS = [
  'outcome', 'service', 'pack', 'asOf', 'amounts', 'verdict', 'limit', 'allocations', 'result', 'steps', 'documents',
  'layers', 'refusals', 'missing', 'warnings', 'assumptions', 'caveats', 'clauses', 'receipt',
]

/** A decision that the engine wrote out. */
export class Decision {
  #json

  constructor(json) {
    this.#json = json
  }

  /** The whole decision as plain data: what `JSON.stringify` writes. */
  toJSON() {
    return this.#json
  }

  /** Every step's value without what explains it: a view, not data of the decision. */
  get trace() {
    return valuesOf(this.toJSON())
  }
}

const valuesOf = ({ steps }) => steps.map(({ id, label, value }) => ({ id, label, value }))

for (const field of FIELDS) {
  Object.defineProperty(Decision.prototype, field, { get() { return this.toJSON()[field] }, enumerable: true, configurable: true })
}

// Node shows the data rather than an object without properties.
Object.defineProperty(Decision.prototype, Symbol.for('nodejs.util.inspect.custom'), { value() { return this.toJSON() } })

const NONE = Object.freeze([])

/** What is known of a quick decision. */
let figuresOf

/**
 * A decision whose figures are still numbers. They are written out when read; what the numbers do not say (steps,
 * clauses, warnings, the receipt) comes from the engine when first read, from the same answers.
 */
export class QuickDecision extends Decision {
  static {
    // A private method would be one more field of every decision.
    figuresOf = decision => decision.#figures
  }

  #figures

  constructor(service, numbers, answers, rules) {
    super(undefined)
    this.#figures = new Figures(service, numbers, answers, rules)
  }

  toJSON() {
    const figures = this.#figures
    return (figures.whole ??= decideAgain(figures.rules, figures.service.index, figures.answers))
  }

  get outcome() { return 'computed' }
  get missing() { return NONE }
  get refusals() { return NONE }
  get amounts() { return (this.#figures.amounts ??= made(this, amounts, 'amounts')) }
  get verdict() { return this.#figures.service.shape.verdict === undefined ? null : (this.#figures.verdict ??= made(this, verdict, 'verdict')) }
  get limit() { return this.#figures.service.shape.limit === undefined ? null : (this.#figures.limit ??= made(this, limit, 'limit')) }
  get allocations() { return (this.#figures.allocations ??= made(this, allocations, 'allocations')) }
  get result() { return (this.#figures.result ??= made(this, result, 'result')) }
  get trace() { return (this.#figures.trace ??= made(this, trace, 'trace')) }
}

function made(decision, make, field) {
  try {
    return make(figuresOf(decision), decision)
  } catch (thrown) {
    if (thrown !== BEYOND) throw thrown
    return field === 'trace' ? valuesOf(decision.toJSON()) : decision.toJSON()[field]
  }
}

// A loop over a decision meets these too.
for (const field of FIELDS) {
  if (Object.hasOwn(QuickDecision.prototype, field)) Object.defineProperty(QuickDecision.prototype, field, { enumerable: true })
}

/** The numbers of a decision, their values, each written out once however often it is shown, and what was made of them. */
class Figures {
  constructor(service, numbers, answers, rules) {
    this.service = service
    this.numbers = numbers
    this.answers = answers
    this.rules = rules
    this.values = this.amounts = this.verdict = this.limit = this.allocations = this.result = this.trace = this.whole = undefined
  }

  of(at) {
    const values = (this.values ??= new Array(this.numbers.length))
    return (values[at] ??= valueAt(this.service.decision, this.numbers, at))
  }
}

function valueAt({ values }, numbers, at) {
  const make = values[at]
  return make === undefined ? money(numbers[at]) : make(numbers[at])
}

function amounts(figures) {
  const { numbers, service: { shape: { bill, payments, benefits, parts } } } = figures
  if (bill === undefined) return null
  const paid = new Array(payments.length)
  for (let i = 0; i < payments.length; i++) {
    const { step, label, payer, payerLabel, own, paid: at, asked, draws } = payments[i]
    const from = new Array(draws.length)
    for (let k = 0; k < draws.length; k++) from[k] = { part: draws[k].part, amount: figures.of(draws[k].amount) }
    paid[i] = { step, label, payer, payerLabel, own, amount: figures.of(at), from, bound: numbers[at] === numbers[asked] ? 'asked' : 'limit' }
  }
  const shares = new Array(parts.length)
  for (let i = 0; i < parts.length; i++) {
    const { id, label, amount, left } = parts[i]
    shares[i] = { id, label, amount: figures.of(amount), left: figures.of(left) }
  }
  return {
    total: figures.of(bill.total),
    payments: paid,
    patient: figures.of(bill.patient),
    cash: figures.of(bill.cash),
    net: figures.of(bill.net),
    benefits: plain(benefits, figures),
    parts: shares,
  }
}

const plain = (all, figures) => all.map(({ step, label, payer, payerLabel, own, amount }) => (
  { step, label, payer, payerLabel, own, amount: figures.of(amount), from: [], bound: 'asked' }
))

function verdict({ numbers, service: { shape: { verdict: at, conditions } } }) {
  const meets = numbers[at] !== 0
  return { is: meets ? 'meets' : 'does_not_meet', by: [], decided: conditions.filter(({ holds }) => (numbers[holds] !== 0) === meets).map(({ id }) => id) }
}

function limit(figures) {
  const { step, from, to } = figures.service.shape.limit
  return { step, from: from === undefined ? null : figures.of(from), to: figures.of(to) }
}

const allocations = figures => plain(figures.service.shape.allocations, figures)

const result = figures => figures.service.shape.result.map(({ id, label, value }) => ({ id, label, value: figures.of(value) }))

function trace(figures, decision) {
  const { service, answers, rules } = figures
  const numbers = traceNumbers(rules, service, answers)
  if (numbers === undefined) return valuesOf(decision.toJSON())
  const { steps, watch } = service.trace
  const all = new Array(steps.length)
  for (let i = 0; i < all.length; i++) {
    const { id, label, value, shown } = steps[i]
    all[i] = { id, label, value: shown === undefined ? valueAt(watch, numbers, value) : figures.of(shown) }
  }
  return all
}
