// Rules: a plan loaded into the engine.

import { bytesOf } from './bytes.js'
import { computed, decided } from './decision.js'
import { camelCase, factInfo, serviceInfo } from './describe.js'
import { YibaoError } from './error.js'
import { prepare } from './quick.js'
import { BEYOND } from './value.js'
import { wire } from './wire.js'

/** The text of a plan; `ours` where it was written here, and not by whoever gave it. */
function textOf(given) {
  try {
    const bytes = bytesOf(given)
    if (bytes !== undefined) given = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (typeof given === 'string') return { text: given, ours: false }
    const text = JSON.stringify(given)
    if (typeof text === 'string') return { text, ours: true }
  } catch (cause) {
    throw noJson(cause)
  }
  throw YibaoError.of('bad-plan', `found ${typeof given} where a plan is expected`, { help: 'give the text of a .plan.json, or what JSON.parse made of it' })
}

const noJson = cause => YibaoError.of('bad-plan', `the plan is no JSON: ${cause.message}`, { cause })

/** The same as JSON writes it: compact, each key once, every character whole. */
function rewritten(text) {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch (cause) {
    throw noJson(cause)
  }
}

/** Characters that UTF-8 cannot carry would be others for the engine than for the labels. */
const isWhole = text => text.isWellFormed?.() === true

function frozen(value) {
  if (typeof value !== 'object' || value === null) return value
  for (const key in value) frozen(value[key])
  return Object.freeze(value)
}

export const loadPlan = (engine, plan, kind = Rules) => new kind(engine, textOf(plan))

/** Rules from what the engine itself wrote. */
export const loadOwn = (engine, text, kind) => new kind(engine, { text, ours: true })

/** Calls an analysis of the engine with the handle of some rules. */
export let callOn

/** The whole decision on answers that were encoded before. */
export let decideAgain

/** The numbers of a decision's trace; undefined where they are not all known. */
export let traceNumbers

export class Rules {
  static {
    callOn = (rules, work) => {
      if (!(typeof rules === 'object' && rules !== null && #handle in rules)) throw YibaoError.of('wrong-type', `found ${typeof rules} where loaded rules are expected`)
      return rules.#callRest(work)
    }
    decideAgain = (rules, index, answers) => rules.#decideAgain(index, answers)
    traceNumbers = (rules, quick, answers) => rules.#traceNumbers(quick, answers)
  }

  #engine
  #text
  /** The plan as data, and what is said of it: read when first asked for. */
  #plan
  #services
  #facts
  #handle
  #input
  #output
  /** The answers that were decided last: their registers are still there. */
  #last
  /** The quick path of each service by id, from its first evaluation on; undefined where it has none. */
  #quick = new Map()

  /** Use `loadPlan` or `loadPack`. */
  constructor(engine, { text, ours }) {
    this.#engine = engine
    const load = () => engine.call(glue => glue.Handle.load(this.#text))
    this.#text = ours || isWhole(text) ? text : rewritten(text)
    try {
      this.#handle = load()
    } catch (refused) {
      if (this.#text !== text || ours) throw refused
      // The engine's reader knows plans as they are written; any other JSON of the same plan is written so first.
      this.#text = rewritten(text)
      this.#handle = load()
    }
    engine.keep(this)
    Object.freeze(this)
  }

  #read() {
    try {
      return (this.#plan ??= JSON.parse(this.#text))
    } catch (cause) {
      throw noJson(cause)
    }
  }

  /** The plan to hand out parts of. */
  #shown() {
    const plan = this.#read()
    return Object.isFrozen(plan) ? plan : frozen(plan)
  }

  get pack() {
    return this.#shown().pack
  }

  get services() {
    const plan = this.#shown()
    return (this.#services ??= Object.freeze(plan.services.map(service => serviceInfo(plan, service))))
  }

  get facts() {
    const plan = this.#shown()
    return (this.#facts ??= Object.freeze(plan.facts.map(fact => factInfo(plan, fact))))
  }

  /** Called by the engine after a trap. */
  reload() {
    if (this.#handle === undefined) return
    // What the handle stood for is gone with its instance.
    this.#handle.__destroy_into_raw()
    this.#handle = this.#engine.call(glue => glue.Handle.load(this.#text))
    for (const quick of this.#quick.values()) {
      if (quick === undefined) continue
      this.#handle.watch(quick.index, false, JSON.stringify(quick.decision.registers))
      if (quick.trace !== undefined) this.#handle.watch(quick.index, true, JSON.stringify(quick.trace.watch.registers))
    }
    this.#input = this.#last = undefined
  }

  evaluate(service, input) {
    return this.#evaluateQuickly(service, input) ?? decided(this.#evaluateWhole(service, input))
  }

  /** By the engine's own reader, which takes everything and says what is wrong with what it does not take. */
  #evaluateWhole(service, input) {
    const [name, given] = [String(service), wire(input)]
    return JSON.parse(this.#callRest(handle => handle.decide(name, given)))
  }

  #evaluateQuickly(service, input) {
    if (this.#handle === undefined) return undefined
    const quick = this.#quick.get(service) ?? this.#prepared(service)
    if (quick === undefined) return undefined
    const encoded = encodedBy(quick.encoder, input)
    if (encoded === undefined) return undefined
    // Reading the answers may have run a getter that frees these rules.
    if (this.#handle === undefined) throw freed()
    try {
      if (this.#runOn(quick.index, encoded)) return computed(quick, quick.decision.read(this.#output), encoded, this)
    } catch (thrown) {
      // A figure that is not written here: the engine writes all of the decision.
      if (thrown !== BEYOND) throw thrown
    }
    try {
      return decided(this.#decideAgain(quick.index, encoded))
    } catch (error) {
      // Answers that cannot be true together: the reader of the case says where they stand.
      if (error instanceof YibaoError && error.code !== 'engine-trap') return undefined
      throw error
    }
  }

  #traceNumbers({ index, trace }, answers) {
    if (trace === undefined) return undefined
    if (this.#handle === undefined) throw freed()
    if (this.#last !== answers && !this.#runOn(index, answers)) return undefined
    return this.#handle.trace(index) ? trace.watch.read(this.#output) : undefined
  }

  #runOn(index, answers) {
    this.#engine.demandReady()
    this.#fill(answers.values)
    this.#last = answers
    return this.#run(index)
  }

  #prepared(service) {
    if (this.#quick.has(service)) return undefined
    const plan = this.#read()
    const index = plan.services.findIndex(({ id }) => id === service)
    if (index < 0) return undefined
    const quick = this.#engine.call(() => prepare(plan, index, this.#handle, camelCase))
    this.#quick.set(service, quick)
    // Watching more registers moves the output.
    this.#input = undefined
    return quick
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

  #decideAgain(index, { values, tried }) {
    if (this.#handle === undefined) throw freed()
    this.#fill(values)
    const listed = JSON.stringify(tried)
    return JSON.parse(this.#call(handle => handle.decideBuffer(index, listed)))
  }

  explain(service, input, options = {}) {
    const { step, register = 'patient', lang = 'zh-CN' } = options
    const words = [String(service), wire(input), step === undefined ? undefined : String(step), String(register), String(lang)]
    return this.#callRest(handle => handle.explain(...words))
  }

  year(input) {
    const given = wire(input)
    return JSON.parse(this.#callRest(handle => handle.year(given)))
  }

  replay(input, receipt) {
    const [given, kept] = [wire(input), receiptText(receipt)]
    return JSON.parse(this.#callRest(handle => handle.replay(given, kept)))
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

  /** Whether years, explanations and analyses can be had: on a page they may be loaded behind the decisions. */
  get isComplete() {
    return this.#engine.isComplete
  }

  #callRest(work) {
    this.#engine.demandComplete()
    return this.#call(work)
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
