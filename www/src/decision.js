// Decisions as JavaScript has them: plain data behind getters, the same whether it came at once or when first read.

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
}

for (const field of FIELDS) {
  Object.defineProperty(Decision.prototype, field, { get() { return this.toJSON()[field] }, enumerable: true, configurable: true })
}

// Node shows the data rather than an object without properties.
Object.defineProperty(Decision.prototype, Symbol.for('nodejs.util.inspect.custom'), { value() { return this.toJSON() } })

const NONE = Object.freeze([])

/**
 * A decision whose figures are still numbers. They are written out when read; what the numbers do not say (steps,
 * clauses, warnings, the receipt) comes from the engine when first read, from the same answers.
 */
export class QuickDecision extends Decision {
  #service
  #numbers
  #write
  #whole
  #amounts
  #verdict
  #limit
  #allocations
  #result

  constructor(service, numbers, write) {
    super(undefined)
    this.#service = service
    this.#numbers = numbers
    this.#write = write
  }

  toJSON() {
    return (this.#whole ??= this.#write())
  }

  get outcome() { return 'computed' }
  get missing() { return NONE }
  get refusals() { return NONE }
  get amounts() { return (this.#amounts ??= this.#made(amounts, 'amounts')) }
  get verdict() { return (this.#verdict ??= this.#made(verdict, 'verdict')) }
  get limit() { return (this.#limit ??= this.#made(limit, 'limit')) }
  get allocations() { return (this.#allocations ??= this.#made(allocations, 'allocations')) }
  get result() { return (this.#result ??= this.#made(result, 'result')) }

  #made(make, field) {
    try {
      return make(this.#service.shape, this.#service.values, this.#numbers)
    } catch (thrown) {
      if (thrown !== BEYOND) throw thrown
      return this.toJSON()[field]
    }
  }
}

// A loop over a decision meets these too.
for (const field of FIELDS) {
  if (Object.hasOwn(QuickDecision.prototype, field)) Object.defineProperty(QuickDecision.prototype, field, { enumerable: true })
}

function amounts({ bill, payments, benefits, parts }, values, numbers) {
  if (bill === undefined) return null
  const total = values[bill.total](numbers[bill.total])
  const paid = new Array(payments.length)
  for (let i = 0; i < payments.length; i++) {
    const { step, label, payer, payerLabel, own, paid: at, asked, draws } = payments[i]
    const from = new Array(draws.length)
    for (let k = 0; k < draws.length; k++) from[k] = { part: draws[k].part, amount: values[draws[k].amount](numbers[draws[k].amount]) }
    paid[i] = { step, label, payer, payerLabel, own, amount: values[at](numbers[at]), from, bound: numbers[at] === numbers[asked] ? 'asked' : 'limit' }
  }
  const shares = new Array(parts.length)
  for (let i = 0; i < parts.length; i++) {
    const { id, label, amount, left } = parts[i]
    shares[i] = { id, label, amount: values[amount](numbers[amount]), left: values[left](numbers[left]) }
  }
  return {
    total,
    payments: paid,
    patient: values[bill.patient](numbers[bill.patient]),
    cash: values[bill.cash](numbers[bill.cash]),
    net: values[bill.net](numbers[bill.net]),
    benefits: plain(benefits, values, numbers),
    parts: shares,
  }
}

const plain = (all, values, numbers) => all.map(({ step, label, payer, payerLabel, own, amount }) => (
  { step, label, payer, payerLabel, own, amount: values[amount](numbers[amount]), from: [], bound: 'asked' }
))

function verdict({ verdict: at, conditions }, values, numbers) {
  if (at === undefined) return null
  const meets = numbers[at] !== 0
  return { is: meets ? 'meets' : 'does_not_meet', by: [], decided: conditions.filter(({ holds }) => (numbers[holds] !== 0) === meets).map(({ id }) => id) }
}

function limit({ limit: found }, values, numbers) {
  if (found === undefined) return null
  const { step, from, to } = found
  return { step, from: from === undefined ? null : values[from](numbers[from]), to: values[to](numbers[to]) }
}

const allocations = (shape, values, numbers) => plain(shape.allocations, values, numbers)

const result = (shape, values, numbers) => shape.result.map(({ id, label, value }) => ({ id, label, value: values[value](numbers[value]) }))
