// A pack: what its plan says by itself, and its rules once the engine is there.

import { camelCase, factInfo, serviceInfo } from '../../src/describe.js'

/** Versions of the plan format that this element can paint a form from. */
const FORMATS = [1]

export class Pack {
  #plan
  #rules
  #asks = new Map()

  /** @throws {TypeError} where this is no plan, `too-new` where it is one of a later format */
  constructor(plan) {
    if (!Array.isArray(plan?.services) || !Array.isArray(plan.facts) || plan.pack?.id === undefined) throw new PackError('no-plan')
    if (!FORMATS.includes(plan.format)) throw new PackError('too-new')
    this.#plan = plan
    this.services = plan.services.map(service => serviceInfo(plan, service)).filter(service => !service.officer)
    this.facts = plan.facts.map(fact => factInfo(plan, fact))
  }

  get id() { return this.#plan.pack.id }
  get header() { return this.#plan.pack }
  get digest() { return this.#plan.digest }
  get plan() { return this.#plan }
  get rules() { return this.#rules }

  /** Gives the plan to the engine, which checks it as strictly as a compiler checks a pack. */
  start(engine) {
    if (this.#rules === undefined) this.#rules = engine.loadPlan(this.#plan)
  }

  service(id) { return this.services.find(one => one.id === id) }

  /** What a service asks, in the order in which its steps read it. */
  asks(service) {
    if (!this.#asks.has(service.id)) this.#asks.set(service.id, [...this.#facts(service), ...this.#earlier(service)])
    return this.#asks.get(service.id)
  }

  /** Key of the fact whose day decides which rules hold. */
  asOfKey(service) {
    const { asOf, program } = this.#plan.services.find(one => one.id === service.id)
    return program.inputs[asOf] && camelCase(program.inputs[asOf].name)
  }

  #facts(service) {
    const { asOf, program, steps } = this.#plan.services.find(one => one.id === service.id)
    const read = steps.flatMap(step => step.formulas ?? []).flatMap(formula => formula.pieces).flatMap(piece => (piece.name ? [piece.name[0]] : piece.text.match(/[a-z_0-9]+/gu) ?? []))
    const names = [program.inputs[asOf]?.name, ...read, ...service.facts].filter(Boolean).map(name => name.split('.')[0])
    return service.facts.map(id => this.facts.find(fact => fact.id === id)).sort((a, b) => names.indexOf(a.id) - names.indexOf(b.id))
      .map(fact => ({ key: fact.key, name: fact.id, section: 'facts', fact }))
  }

  /** Balances of the year so far, and whether there was an earlier stay. */
  #earlier(service) {
    const { program } = this.#plan.services.find(one => one.id === service.id)
    const balances = service.ledger.map(id => {
      const entry = this.#plan.ledger.entries.find(one => one.id === id)
      const { kind } = program.inputs.find(one => one.name === `ledger.${id}`)
      const type = typeof kind === 'string' ? kind : 'code'
      return { key: `ledger.${camelCase(id)}`, name: `ledger.${id}`, section: 'ledger', fact: { ...NO_FACT, id, key: camelCase(id), type, label: entry.label, decimals: type === 'money' ? 2 : 0 } }
    })
    if (service.previous.length === 0) return balances
    return [...balances, { key: 'previous', name: 'previous', section: 'previous', fact: { ...NO_FACT, id: 'previous', key: 'previous', type: 'previous', label: { zh: '', en: '' } } }]
  }

  /** Labels of option ids, for formulas. An id with two labels stands for itself. */
  get options() {
    const labels = new Map()
    const add = fact => {
      for (const { id, label } of fact.options) labels.set(id, labels.has(id) && labels.get(id)?.zh !== label.zh ? undefined : label)
      fact.fields.forEach(add)
    }
    this.facts.forEach(add)
    return new Map([...labels].filter(([, label]) => label !== undefined))
  }
}

const NO_FACT = { question: null, hint: null, confirmedBy: null, options: [], fields: [], open: false, min: null, max: null, decimals: 0 }

/** Why a pack cannot be used: `no-plan too-new fetch integrity`, or a code of the signatures. */
export class PackError extends Error {
  constructor(code, message = code, options) {
    super(message, options)
    this.code = code
  }
}
