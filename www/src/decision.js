// Decisions as JavaScript has them: plain data behind getters, the same whether it came at once or when first read.

import { decideAgain, traceNumbers } from './rules.js'
import { BEYOND } from './value.js'

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

/** What a quick decision was read of so far, and the numbers of its trace. */
let figuresOf, tracedOf

/**
 * A decision whose figures are still numbers. They are written out when read; what the numbers do not say (steps,
 * clauses, warnings, the receipt) comes from the engine when first read, from the same answers.
 */
export class QuickDecision extends Decision {
  static {
    // A private method would be one more field of every decision.
    figuresOf = decision => (decision.#figures ??= new Figures(decision.#service, decision.#numbers))
    tracedOf = decision => traceNumbers(decision.#rules, decision.#service, decision.#answers)
  }

  #service
  #numbers
  #answers
  #rules
  #figures

  constructor(service, numbers, answers, rules) {
    super(undefined)
    this.#service = service
    this.#numbers = numbers
    this.#answers = answers
    this.#rules = rules
  }

  toJSON() {
    return (figuresOf(this).whole ??= decideAgain(this.#rules, this.#service.index, this.#answers))
  }

  get outcome() { return 'computed' }
  get missing() { return NONE }
  get refusals() { return NONE }
  get amounts() { return (figuresOf(this).amounts ??= made(this, amounts, 'amounts')) }
  get verdict() { return (figuresOf(this).verdict ??= made(this, verdict, 'verdict')) }
  get limit() { return (figuresOf(this).limit ??= made(this, limit, 'limit')) }
  get allocations() { return (figuresOf(this).allocations ??= made(this, allocations, 'allocations')) }
  get result() { return (figuresOf(this).result ??= made(this, result, 'result')) }
  get trace() { return (figuresOf(this).trace ??= made(this, trace, 'trace')) }
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

/** The values of a decision's numbers, each written out once however often it is shown, and what was made of them. */
class Figures {
  constructor({ shape, trace, decision: { values } }, numbers) {
    this.shape = shape
    this.traced = trace
    this.values = values
    this.numbers = numbers
    this.made = new Array(numbers.length)
    this.amounts = this.verdict = this.limit = this.allocations = this.result = this.trace = this.whole = undefined
  }

  of(at) {
    return (this.made[at] ??= this.values[at](this.numbers[at]))
  }
}

function amounts(figures) {
  const { numbers, shape: { bill, payments, benefits, parts } } = figures
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

function verdict({ numbers, shape: { verdict: at, conditions } }) {
  if (at === undefined) return null
  const meets = numbers[at] !== 0
  return { is: meets ? 'meets' : 'does_not_meet', by: [], decided: conditions.filter(({ holds }) => (numbers[holds] !== 0) === meets).map(({ id }) => id) }
}

function limit(figures) {
  const found = figures.shape.limit
  if (found === undefined) return null
  const { step, from, to } = found
  return { step, from: from === undefined ? null : figures.of(from), to: figures.of(to) }
}

const allocations = figures => plain(figures.shape.allocations, figures)

const result = figures => figures.shape.result.map(({ id, label, value }) => ({ id, label, value: figures.of(value) }))

function trace({ traced }, decision) {
  const numbers = tracedOf(decision)
  if (numbers === undefined) return valuesOf(decision.toJSON())
  const { steps, watch: { values } } = traced
  return steps.map(({ id, label, value }) => ({ id, label, value: values[value](numbers[value]) }))
}
