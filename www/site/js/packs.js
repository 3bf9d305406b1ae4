// The engine and the packs: the one module that knows where the package is.

import { init, loadPlan } from '../yibao/index.js'
import { notAPlace, notAPlaceByHeader } from './evidence.js'

const PLANS = new URL('../yibao/packs/', import.meta.url)

/**
 * Loads the engine, the demo index, and the plans that are wanted or may be places. After this the page asks the
 * network for nothing. Gives the packs by id, and for every listed pack that is no place why not.
 */
export async function open(wanted) {
  const [, index] = await Promise.all([init(), json('demo.json')])
  const needed = index.filter(entry => wanted.includes(entry.id) || notAPlaceByHeader(entry) === undefined)
  const packs = await Promise.all(needed.map(async entry => new Pack(await json(entry.plan))))
  const byId = new Map(packs.map(pack => [pack.id, pack]))
  const others = index.map(entry => ({ title: entry.title, why: byId.has(entry.id) ? notAPlace(byId.get(entry.id).plan) : notAPlaceByHeader(entry) }))
  return { packs: byId, others: others.filter(one => one.why !== undefined) }
}

async function json(file) {
  const response = await fetch(new URL(file, PLANS))
  if (!response.ok) throw new Error(`${file}: ${response.status}`)
  return response.json()
}

/** A listed pack; its rules are made when first asked for. */
class Pack {
  #plan
  #rules

  constructor(plan) {
    this.#plan = plan
  }

  get id() { return this.#plan.pack.id }
  get header() { return this.#plan.pack }
  get digest() { return this.#plan.digest }
  get plan() { return this.#plan }
  get rules() { return (this.#rules ??= loadPlan(this.#plan)) }

  /** Services for patients: what the index of a form needs, without loading the rules. */
  get services() { return this.#plan.services.filter(one => !one.officer) }
  service(id) { return this.rules.services.find(one => one.id === id) }
  fact(id) { return this.rules.facts.find(one => one.id === id) }

  /** What a service asks, in the order in which its steps read it. */
  asks(service) {
    const { asOf, program, steps } = this.#plan.services.find(one => one.id === service.id)
    const read = steps.flatMap(step => step.formulas ?? []).flatMap(formula => formula.pieces).flatMap(piece => (piece.name ? [piece.name[0]] : piece.text.match(/[a-z_0-9]+/gu) ?? []))
    const names = [program.inputs[asOf]?.name, ...read, ...service.facts].filter(Boolean).map(name => name.split('.')[0])
    return service.facts.map(id => this.fact(id)).sort((a, b) => names.indexOf(a.id) - names.indexOf(b.id))
  }

  /** Labels of option ids, for formulas. An id with two labels stands for itself. */
  get options() {
    const labels = new Map()
    const add = fact => {
      for (const { id, label } of fact.options) labels.set(id, labels.has(id) && labels.get(id)?.zh !== label.zh ? undefined : label)
      fact.fields.forEach(add)
    }
    this.rules.facts.forEach(add)
    return new Map([...labels].filter(([, label]) => label !== undefined))
  }
}
