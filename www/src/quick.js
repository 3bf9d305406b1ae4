// The quick path of one service: which registers are asked for, and what their numbers say.

import { Encoder } from './encode.js'
import { valueOf } from './value.js'

/** What a service needs for its quick path, or undefined where it has none. */
export function prepare(plan, index, handle, camelCase) {
  const service = plan.services[index]
  const decision = new Watch()
  const shape = shapeOf(plan, service, register => decision.place(register))
  if (!decision.start(plan, index, handle, false)) return undefined
  return { index, decision, shape, trace: traceOf(plan, index, handle, decision), encoder: new Encoder(plan, service, camelCase) }
}

/** The values of all steps; undefined where a step has one a record. `shown` is where the decision has the same. */
function traceOf(plan, index, handle, decision) {
  const { steps } = plan.services[index]
  if (steps.some(({ block }) => (block ?? null) !== null)) return undefined
  const watch = new Watch()
  const all = steps.map(({ id, label, register }) => ({ id, label: Object.freeze(label), value: watch.place(register), shown: decision.placed(register) }))
  return watch.start(plan, index, handle, true) ? { watch, steps: all } : undefined
}

/** Registers that are written out after a run. One that is shown at several places is there once. */
class Watch {
  registers = []
  #places = new Map()

  place(register) {
    if (!this.#places.has(register)) this.#places.set(register, this.registers.push(register) - 1)
    return this.#places.get(register)
  }

  /** The place of a register that is there already. */
  placed(register) {
    return this.#places.get(register)
  }

  /** Asks the engine for them; whether it gives them. */
  start(plan, index, handle, traces) {
    const known = JSON.parse(handle.watch(index, traces, JSON.stringify(this.registers)))
    if (this.registers.length > 0 && known.length === 0) return false
    this.values = this.registers.map((_, i) => valueOf(plan, known[2 * i], known[2 * i + 1]))
    // Copied for each answer: an array that begins with fractions keeps doubles, and is not converted as they come.
    this.blank = this.registers.map(() => 0.5)
    return true
  }

  /** The numbers that the engine wrote. */
  read(output) {
    const numbers = this.blank.slice()
    for (let i = 0; i < numbers.length; i++) numbers[i] = output[i]
    return numbers
  }
}

/** The outputs of a service with the places of their numbers. */
function shapeOf(plan, service, want) {
  const { outputs, steps } = service
  const named = ({ step, payer }) => ({
    step: steps[step].id, label: Object.freeze(steps[step].label),
    payer: plan.payers[payer].id, payerLabel: Object.freeze(plan.payers[payer].label), own: plan.payers[payer].own ?? false,
  })
  const plain = amount => ({ ...named(amount), amount: want(amount.amount) })
  const bill = outputs.bill ?? undefined
  const limit = outputs.limit === null || outputs.limit === undefined ? undefined : steps[outputs.limit]
  const verdict = outputs.verdict ?? undefined
  return {
    bill: bill && { total: want(bill.total), patient: want(bill.patient), cash: want(bill.cash), net: want(bill.net) },
    payments: (outputs.payments ?? []).map(payment => ({
      ...named(payment), paid: want(payment.paid), asked: want(payment.asked),
      draws: payment.draws.map(([part, register]) => ({ part: bill?.parts[part]?.id ?? '', amount: want(register) })),
    })),
    parts: (bill?.parts ?? []).map(({ id, label, amount, left }) => ({ id, label: Object.freeze(label), amount: want(amount), left: want(left) })),
    benefits: (outputs.benefits ?? []).map(plain),
    allocations: (outputs.allocations ?? []).map(plain),
    result: (outputs.result ?? []).map(at => ({ id: steps[at].id, label: Object.freeze(steps[at].label), value: want(steps[at].register) })),
    requires: (outputs.requires ?? []).map(want),
    verdict: verdict === undefined ? undefined : want(verdict),
    conditions: verdict === undefined ? [] : steps.filter(step => step.form.is === 'condition' && (step.block ?? null) === null).map(({ id, register }) => ({ id, holds: want(register) })),
    limit: limit && { step: limit.id, from: limit.form.from === null || limit.form.from === undefined ? undefined : want(limit.form.from), to: want(limit.register) },
  }
}
