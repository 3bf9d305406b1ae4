// Rules: a plan loaded into the engine.

import { Decision, QuickDecision } from './decision.js'
import { camelCase, factInfo, serviceInfo } from './describe.js'
import { YibaoError } from './error.js'
import { prepare } from './quick.js'
import { wire } from './wire.js'

/** Text of a plan: parsed and written again, so that the engine and the labels come from the same data. */
function planText(plan) {
  try {
    if (plan instanceof Uint8Array) plan = new TextDecoder('utf-8', { fatal: true }).decode(plan)
    const text = JSON.stringify(typeof plan === 'string' ? JSON.parse(plan) : plan)
    if (typeof text === 'string') return text
  } catch (cause) {
    throw YibaoError.of('bad-plan', `the plan is no JSON: ${cause.message}`, { cause })
  }
  throw YibaoError.of('bad-plan', `found ${typeof plan} where a plan is expected`, { help: 'give the text of a .plan.json, or what JSON.parse made of it' })
}

export function loadPlan(engine, plan, kind = Rules) {
  return new kind(engine, planText(plan))
}

/** Calls into the engine with the handle of some rules. */
export let callOn

export class Rules {
  static {
    callOn = (rules, work) => {
      if (!(typeof rules === 'object' && rules !== null && #handle in rules)) throw YibaoError.of('wrong-type', `found ${typeof rules} where loaded rules are expected`)
      return rules.#call(work)
    }
  }

  #engine
  #text
  #plan
  #handle
  #input
  #output
  /** Of each service by id: its index and, where there is one, its quick path. */
  #services = new Map()

  /** Use `loadPlan` or `loadPack`. */
  constructor(engine, text) {
    this.#engine = engine
    this.#text = text
    this.#handle = engine.call(glue => glue.Handle.load(text))
    this.#plan = JSON.parse(text, (_, value) => Object.freeze(value))
    this.#plan.services.forEach(({ id }, index) => this.#services.set(id, prepare(this.#plan, index, this.#handle, camelCase)))
    this.pack = this.#plan.pack
    this.services = Object.freeze(this.#plan.services.map(service => serviceInfo(this.#plan, service)))
    this.facts = Object.freeze(this.#plan.facts.map(fact => factInfo(this.#plan, fact)))
    engine.keep(this)
    Object.freeze(this)
  }

  /** Called by the engine after a trap. */
  reload() {
    if (this.#handle === undefined) return
    // What the handle stood for is gone with its instance.
    this.#handle.__destroy_into_raw()
    this.#handle = this.#engine.call(glue => glue.Handle.load(this.#text))
    for (const quick of this.#services.values()) {
      if (quick !== undefined) this.#handle.watch(quick.index, JSON.stringify(quick.registers))
    }
    this.#input = undefined
  }

  evaluate(service, input) {
    return this.#evaluateQuickly(service, input) ?? new Decision(this.#evaluateWhole(service, input))
  }

  #evaluateWhole(service, input) {
    const [name, given] = [String(service), wire(input)]
    return JSON.parse(this.#call(handle => handle.decide(name, given)))
  }

  #evaluateQuickly(service, input) {
    const quick = this.#services.get(service)
    if (quick === undefined || this.#handle === undefined) return undefined
    const encoded = encodedBy(quick.encoder, input)
    if (encoded === undefined) return undefined
    const { values, tried } = encoded
    this.#fill(values)
    if (!this.#run(quick.index)) return undefined
    const numbers = new Array(quick.count)
    const output = this.#output
    for (let i = 0; i < numbers.length; i++) numbers[i] = output[i]
    return new QuickDecision(quick, numbers, () => this.#decideAgain(quick.index, values, tried))
  }

  #fill(values) {
    // A buffer of the instance has no length once its memory grew.
    if (this.#input === undefined || this.#input.length === 0) this.#view()
    const input = this.#input
    for (let i = 0; i < values.length; i++) input[i] = values[i]
  }

  #run(index) {
    let whole
    try {
      whole = this.#handle.run(index)
    } catch (thrown) {
      throw this.#engine.thrown(thrown)
    }
    if (this.#output.length === 0) this.#view()
    return whole
  }

  #view() {
    const { buffer } = this.#engine.memory
    const handle = this.#handle
    this.#input = new Float64Array(buffer, handle.inputAt(), handle.inputCount())
    this.#output = new Float64Array(buffer, handle.outputAt(), handle.outputCount())
  }

  /** The whole decision on answers that were encoded before. */
  #decideAgain(index, values, tried) {
    if (this.#handle === undefined) throw freed()
    this.#fill(values)
    const listed = JSON.stringify(tried)
    return JSON.parse(this.#call(handle => handle.decideBuffer(index, listed)))
  }

  explain(service, input, options = {}) {
    const { step, register = 'patient', lang = 'zh-CN' } = options
    const words = [String(service), wire(input), step === undefined ? undefined : String(step), String(register), String(lang)]
    return this.#call(handle => handle.explain(...words))
  }

  year(input) {
    const given = wire(input)
    return JSON.parse(this.#call(handle => handle.year(given)))
  }

  replay(input, receipt) {
    const [given, kept] = [wire(input), receiptText(receipt)]
    return JSON.parse(this.#call(handle => handle.replay(given, kept)))
  }

  planJson() {
    if (this.#handle === undefined) throw freed()
    return this.#text
  }

  free() {
    if (this.#handle === undefined) return
    const handle = this.#handle
    this.#handle = undefined
    this.#engine.forget(this)
    this.#engine.call(() => handle.free())
  }

  #call(work) {
    if (this.#handle === undefined) throw freed()
    return this.#engine.call(glue => work(this.#handle, glue))
  }
}

// Not every host that runs the engine has the symbol.
if (Symbol.dispose) Object.defineProperty(Rules.prototype, Symbol.dispose, { value: Rules.prototype.free, configurable: true })

function encodedBy(encoder, input) {
  try {
    return encoder.encode(input)
  } catch {
    // An object that throws when it is read: the walk over the whole case says where.
    return undefined
  }
}

const RECEIPT = ['engine', 'pack', 'revision', 'digest', 'service', 'serviceDate', 'answers']

/** The engine reads fields in their order. */
function receiptText(receipt) {
  try {
    return JSON.stringify(Object.fromEntries(RECEIPT.map(key => [key, Object(receipt)[key] ?? null])))
  } catch (cause) {
    throw YibaoError.of('bad-receipt', `the receipt is no JSON: ${cause.message}`, { cause })
  }
}

function freed() {
  return YibaoError.of('freed', 'these rules were freed', { help: 'load the plan again' })
}
