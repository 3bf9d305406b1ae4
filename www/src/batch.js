// Columns of cases: typed arrays in, typed arrays out, in a module of its own. Each batch has an instance to itself, so
// that memory is given back with it and a trap in one touches no other.

import { typeOf, viewOf } from './bytes.js'
import { fetchDirectly } from './direct.js'
import { camelCase } from './describe.js'
import { Encoder } from './encode.js'
import { YibaoError } from './error.js'
import { batch as integrity } from './integrity.js'
import { numberOf } from './number.js'
import { Rows } from './rows.js'

export { YibaoError } from './error.js'

/** What the numbers of `outcomes` say. */
export const OUTCOMES = Object.freeze(['computed', 'incomplete', 'refused', 'invalid'])

/** Cases that are handed over at once: few enough for the columns to stay in a processor's cache. */
const CHUNK = 4096

const KINDS = [
  { numbers: 'f64', array: Float64Array, nothing: NaN },
  { numbers: 'i32', array: Int32Array, nothing: -(2 ** 31) },
  { numbers: 'u8', array: Uint8Array, nothing: 255 },
  { numbers: 'i64', array: BigInt64Array, nothing: -(2n ** 63n) },
]

let compiled

/** Loads the module; nothing to do in Node. Give it its bytes, a response or a compiled module to fetch nothing. */
export async function init({ wasm } = {}) {
  if (compiled !== undefined) return
  try {
    const given = (await wasm) ?? (await fetchDirectly(new URL('./batch/yibao_batch.wasm', import.meta.url), { integrity }))
    const module = given instanceof URL || typeof given === 'string' ? await fetchDirectly(given) : given
    compiled = module instanceof WebAssembly.Module ? module : await WebAssembly.compile(module instanceof Response ? await module.arrayBuffer() : module)
  } catch (cause) {
    throw YibaoError.of('wasm-load', `the engine for batches could not be loaded: ${cause?.message ?? cause}`, { cause })
  }
}

/** The same from bytes or a compiled module, at once. */
export function initSync(module) {
  compiled ??= module instanceof WebAssembly.Module ? module : new WebAssembly.Module(module)
}

/** An instance with a plan loaded. */
class Host {
  #exports

  constructor(plan) {
    if (compiled === undefined) throw YibaoError.of('not-initialised', 'the engine for batches is not loaded yet', { help: 'await init() first' })
    this.#exports = new WebAssembly.Instance(compiled).exports
    this.#say(plan)
    this.#demand(this.#exports.load())
  }

  get buffer() {
    return this.#exports.memory.buffer
  }

  open(request) {
    this.#say(JSON.stringify(request))
    return JSON.parse(this.#demand(this.#exports.open()))
  }

  run(cases) {
    if (this.#exports.run(cases) !== 1) this.#demand(0)
  }

  /** Decides the cases that the compiled service left. */
  rest(cases) {
    if (this.#exports.rest(cases) !== 1) this.#demand(0)
  }

  /** The compiled service, ready to run; undefined where the host lets nobody compile. */
  compiled({ at, length }) {
    const { memory } = this.#exports
    try {
      return new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(memory.buffer, at, length)), { batch: { memory } }).exports.run
    } catch {
      return undefined
    }
  }

  #say(text) {
    const bytes = new TextEncoder().encode(text)
    // The memory may grow for it: the address first, then the buffer.
    const at = this.#exports.text_room(bytes.length)
    new Uint8Array(this.buffer, at, bytes.length).set(bytes)
  }

  #demand(done) {
    const at = this.#exports.reply_at()
    const length = this.#exports.reply_len()
    const reply = new TextDecoder().decode(new Uint8Array(this.buffer, at, length))
    if (done !== 1) throw new YibaoError(JSON.parse(reply))
    return reply
  }
}

/** Opens a service of loaded rules for columns. */
export function openBatch(rules, service, options) {
  return new Batch(rules, service, options)
}

class Batch {
  #rules
  #plan
  #service
  #outputs
  #whole
  #compiled
  #encoder
  #host
  #rows
  /** What is open: columns given, and where they stand. */
  #open
  /** A caller's objects are being read: what runs in their getters must not write over what stands in the module. */
  #reading = false

  constructor(rules, service, { outputs = [], whole = false, compiled = true } = {}) {
    this.#rules = rules
    this.#plan = rules.planJson()
    const plan = JSON.parse(this.#plan)
    this.#service = plan.services.find(({ id }) => id === service)
    this.#outputs = Array.from(outputs, String)
    this.#whole = Boolean(whole)
    this.#compiled = Boolean(compiled)
    this.#host = new Host(this.#plan)
    this.#reopen(service, { inputs: {}, lists: {} }, 1, 1)
    this.#encoder = new Encoder(plan, this.#service, camelCase)
    this.inputs = Object.freeze(this.#service.program.inputs.map(({ name, kind, den, min, max }) => Object.freeze({ name, ...meant(plan, kind), den, min, max })))
    this.#rows = new Rows(this.inputs, camelCase)
    this.lists = Object.freeze((this.#service.program.lists ?? []).map(({ name, fields }) => Object.freeze({ name, fields: fields.map(({ name, kind, den, min, max }) => Object.freeze({ name, ...meant(plan, kind), den, min, max })) })))
    this.outputs = Object.freeze(this.#open.reply.outputs.map(({ name, kind, den }) => Object.freeze({ name, ...meant(plan, kind), den })))
  }

  /** Whether the service runs compiled over the columns that were last given. */
  get compiled() {
    return this.#open?.run !== undefined
  }

  /** Decides as many cases as the columns hold. */
  run(columns, { same, into } = {}) {
    return this.#alone(() => {
      const given = this.#given(columns)
      const shared = same === undefined ? [] : this.#shared(same, given)
      const { length } = given
      const result = this.#resultOf(into, length)
      // Everything of the caller's is read, and no code of theirs runs from here on.
      this.#demandOpen()
      whole(given)
      return this.#guard(() => {
        this.#ready(given, shared)
        for (let from = 0; from < length; from += CHUNK) this.#chunk(given, from, Math.min(from + CHUNK, length), result)
        return result.own
      })
    })
  }

  /** Decides rows of numbers as columns have them; options also by their ids, yes and no as truth values. */
  runRows(rows, { into } = {}) {
    return this.#alone(() => {
      const { length } = rows
      const result = this.#resultOf(into, length)
      this.#inChunks(length, result, (from, to, columns) => this.#rows.fill(rows, from, to, columns))
      return result.own
    })
  }

  /** Decides cases as `evaluate` takes them. Reading objects costs more than deciding them. */
  runCases(cases) {
    return this.#alone(() => this.#cases(cases))
  }

  #cases(cases) {
    const { length } = cases
    const result = this.#room(length)
    const own = this.#resultOf(result, length)
    if (this.inputs.length === 0) {
      // It reads lists only.
      cases.forEach((input, i) => this.#oneByOne(input, i, result))
      return result
    }
    const odd = []
    this.#inChunks(length, own, (from, to, columns) => {
      for (let i = from; i < to; i++) {
        const values = this.#encoder.encode(cases[i])?.values
        if (values === undefined) odd.push(i)
        for (let c = 0; c < columns.length; c++) columns[c][i - from] = values === undefined ? NaN : values[c]
      }
    })
    for (const i of odd) this.#oneByOne(cases[i], i, result)
    return result
  }

  /** Decides cases that `fill` writes where the module reads them, a column of doubles an input. */
  #inChunks(length, result, fill) {
    if (length === 0) return
    const given = { columns: this.inputs.map(({ name }) => ({ name, kind: KINDS[0] })), lists: [], length }
    if (this.inputs.length === 0) throw this.#noColumn()
    this.#demandOpen()
    this.#guard(() => {
      this.#ready(given, [])
      for (let from = 0; from < length; from += CHUNK) {
        const to = Math.min(from + CHUNK, length)
        const { views } = this.#look()
        fill(from, to, this.inputs.map(({ name }) => views.inputs.get(name)))
        // Reading may have run a getter that frees this batch.
        this.#demandOpen()
        this.#decide(from, to, result)
      }
    })
  }

  /** Gives the memory back. */
  free() {
    this.#host = undefined
    this.#open = undefined
  }

  [Symbol.dispose]() {
    this.free()
  }

  /** A case that only the engine's own reader takes: a list, an institution by name, an answer that is none. */
  #oneByOne(input, at, result) {
    let decision
    try {
      decision = this.#rules.evaluate(this.#service.id, input)
    } catch (error) {
      if (!(error instanceof YibaoError)) throw error
      result.outcomes[at] = 3
    }
    if (decision !== undefined) result.outcomes[at] = OUTCOMES.indexOf(decision.outcome)
    for (const output of this.outputs) {
      const value = decision?.outcome === 'computed' ? valueOf(decision, output.name) : undefined
      const number = value?.state === 'known' ? numberOf(value, output) : undefined
      const to = result.values[output.name]
      to[at] = to instanceof BigInt64Array ? (number ?? -(2n ** 63n)) : (number === undefined ? NaN : Number(number))
    }
  }

  /** The columns of a call: kind, name in the plan, cases. */
  #given(columns) {
    if (typeof columns !== 'object' || columns === null) throw YibaoError.of('wrong-type', `found ${typeof columns} where columns are expected`, { help: 'give { total: Float64Array.of(…), … }' })
    const given = { columns: [], lists: [], length: undefined }
    for (const key of Object.keys(columns)) {
      const column = columns[key]
      if (column === undefined) continue
      const list = this.lists.find(({ name }) => name === key || camelCase(name) === key)
      const found = list === undefined ? one(named(this.inputs, key), column, key) : listed(list, column, key)
      given[list === undefined ? 'columns' : 'lists'].push(found)
      const length = list === undefined ? found.array.length : found.starts.length - 1
      given.length ??= length
      if (given.length !== length) throw YibaoError.of('batch-request', `\`${key}\` holds ${length} cases, those before it ${given.length}`, { place: { path: key } })
    }
    if (given.length === undefined) throw this.#noColumn()
    return given
  }

  #noColumn() {
    return YibaoError.of('batch-request', 'there is no column', { help: `answers are ${this.inputs.map(({ name }) => name).join(' ')}` })
  }

  /** Answers that are the same in every case, read as `evaluate` reads them. */
  #shared(same, given) {
    const values = this.#encoder.encode(same)?.values
    if (values === undefined) {
      // What is wrong with it, in the engine's words.
      this.#rules.evaluate(this.#service.id, same)
      throw YibaoError.of('batch-request', 'an answer given for all cases can be no list and no institution by name', { help: 'give the attributes of the institution' })
    }
    const all = []
    values.forEach((number, at) => {
      const { name } = this.inputs[at]
      // NaN: not answered.
      if (number === number && !given.columns.some(column => column.name === name)) all.push({ name, number })
    })
    return all
  }

  /** Opens the service for these columns, unless it is open for them. */
  #ready({ columns, lists, length }, shared) {
    const inputs = Object.fromEntries([...columns.map(({ name, kind }) => [name, kind.numbers]), ...shared.map(({ name }) => [name, 'f64'])])
    const asked = { inputs, lists: Object.fromEntries(lists.map(({ name, fields }) => [name, Object.fromEntries(fields.map(field => [field.name, field.kind.numbers]))])) }
    const signature = JSON.stringify(asked)
    const records = Math.max(1, ...lists.map(({ starts }) => mostRecords(starts)))
    const cases = Math.min(CHUNK, Math.max(length, 1))
    if (this.#open.signature !== signature || this.#open.cases < cases || this.#open.records < records) this.#reopen(this.#service.id, asked, cases, records)
    const { views } = this.#look()
    for (const { name, number } of shared) views.inputs.get(name).fill(number)
  }

  #reopen(service, { inputs, lists }, cases, records) {
    const asked = Object.fromEntries(Object.entries(lists).map(([name, fields]) => [name, { records, fields }]))
    // Nothing is given before the first call.
    const compiled = this.#compiled && Object.keys(inputs).length > 0
    const reply = this.#host.open({ service, cases, inputs, lists: asked, outputs: this.#outputs, whole: this.#whole, compiled })
    const run = reply.compiled && this.#host.compiled(reply.compiled)
    this.#open = { signature: JSON.stringify({ inputs, lists }), reply, cases, records, run, buffer: undefined, views: undefined }
  }

  /** Views of the columns in the module's memory; taken anew where it has grown. */
  #look() {
    const open = this.#open
    const { buffer } = this.#host
    if (open.buffer !== buffer) {
      const view = ({ name, at, numbers }, room) => [name, new (KINDS.find(kind => kind.numbers === numbers).array)(buffer, at, room)]
      open.buffer = buffer
      open.views = {
        inputs: new Map(open.reply.inputs.map(place => view(place, open.cases))),
        lists: new Map(open.reply.lists.map(({ name, starts, fields }) => [name, {
          starts: new Uint32Array(buffer, starts, open.cases + 1), fields: new Map(fields.map(place => view(place, open.records))),
        }])),
        outcomes: new Uint8Array(buffer, open.reply.outcomes, open.cases),
        outputs: new Map(open.reply.outputs.map(place => view(place, open.cases))),
      }
    }
    return open
  }

  #chunk({ columns, lists }, from, to, result) {
    const { views } = this.#look()
    for (const { name, array } of columns) views.inputs.get(name).set(array.subarray(from, to))
    for (const { name, starts, fields } of lists) {
      const view = views.lists.get(name)
      const base = starts[from]
      for (let i = from; i <= to; i++) view.starts[i - from] = starts[i] - base
      for (const field of fields) view.fields.get(field.name).set(field.array.subarray(base, starts[to]))
    }
    this.#decide(from, to, result)
  }

  /** Decides the cases that stand in the module: the compiled service what is plain, the interpreter the rest. */
  #decide(from, to, result) {
    const { run } = this.#open
    const cases = to - from
    if (run === undefined || cases < 2) this.#host.run(cases)
    else if (run(cases) !== 0) this.#host.rest(cases)
    const { views } = this.#look()
    if (result.all.some(to => to.length !== result.length)) throw shrunk('result')
    result.outcomes.set(views.outcomes.subarray(0, cases), from)
    for (const { name } of this.outputs) result.values[name].set(views.outputs.get(name).subarray(0, cases), from)
  }

  /** What a caller gives to be written over, or a new one. */
  #resultOf(into, length) {
    const own = into ?? this.#room(length)
    const room = own.length
    if (room !== length) throw YibaoError.of('batch-request', `the result given has room for ${room} cases, ${length} are given`)
    const { outcomes: told, values: numbers } = own
    const outcomes = viewOf(told, Uint8Array)
    const values = Object.fromEntries(this.outputs.map(({ name }) => [name, this.#numbersOf(name, numbers?.[name])]))
    const all = [outcomes, ...Object.values(values)]
    if (all.some(to => to?.length !== length)) throw YibaoError.of('batch-request', 'the result given is none of this batch', { help: 'give what `run` returned before' })
    return { own, length, outcomes, values, all }
  }

  /** The type of an output's numbers. */
  #arrayOf(name) {
    this.#demandOpen()
    return this.#open.reply.outputs.find(output => output.name === name).numbers === 'i64' ? BigInt64Array : Float64Array
  }

  #numbersOf(name, given) {
    return viewOf(given, this.#arrayOf(name))
  }

  #room(length) {
    const values = Object.fromEntries(this.outputs.map(({ name }) => [name, new (this.#arrayOf(name))(length)]))
    return { length, outcomes: new Uint8Array(length), values }
  }

  #demandOpen() {
    if (this.#host === undefined) throw YibaoError.of('freed', 'this batch was freed')
  }

  /** Calls what reads a caller's objects; called again from one of their getters, it says so. */
  #alone(work) {
    this.#demandOpen()
    if (this.#reading) throw YibaoError.of('batch-request', 'this batch is called while it reads the objects of another call', { help: 'call it before or after, not in a getter' })
    this.#reading = true
    try {
      return work()
    } finally {
      this.#reading = false
    }
  }

  /** A trap leaves an instance that nothing is known of: it is replaced. */
  #guard(work) {
    try {
      return work()
    } catch (cause) {
      if (!(cause instanceof WebAssembly.RuntimeError)) throw cause
      this.#host = new Host(this.#plan)
      this.#reopen(this.#service.id, { inputs: {}, lists: {} }, 1, 1)
      throw YibaoError.of('engine-trap', `the engine stopped (${cause.message}); it was started again`, { cause })
    }
  }
}

/** Unit of a number, and the options that it counts. */
function meant(plan, kind) {
  if (typeof kind !== 'object') return { unit: kind === 'money' ? 'fen' : kind }
  return { unit: 'option', options: Object.freeze(plan.choices[kind.choice].options.map(({ id }) => id)) }
}

function named(inputs, key) {
  const input = inputs.find(({ name }) => name === key) ?? inputs.find(({ name }) => camelCase(name) === key)
  if (input === undefined) throw YibaoError.of('unknown-fact', `the service reads no \`${key}\``, { help: `answers are ${inputs.map(({ name }) => name).join(' ')}`, place: { path: key } })
  return input.name
}

function one(name, array, key) {
  const type = typeOf(array)
  const kind = KINDS.find(kind => kind.array.name === type)
  if (kind === undefined) throw YibaoError.of('wrong-type', `\`${key}\` is no column`, { help: 'give a Float64Array, Int32Array, Uint8Array or BigInt64Array', place: { path: key } })
  const view = viewOf(array, kind.array)
  return { name, kind, array: view, length: view.length }
}

/** Refuses columns whose buffers shrank while others were read: what stood in the module before would be decided. */
function whole({ columns, lists }) {
  for (const { name, array, length } of columns) if (array.length !== length) throw shrunk(name)
  for (const { name, fields } of lists) for (const field of fields) if (field.array.length !== field.length) throw shrunk(`${name}.${field.name}`)
}

function shrunk(name) {
  return YibaoError.of('batch-request', `the buffer of \`${name}\` shrank while the call read it`, { place: { path: name } })
}

function listed({ name, fields }, column, key) {
  const { starts: begin, fields: of } = column ?? {}
  // A copy: what was looked at here is what is used.
  const starts = viewOf(begin, Uint32Array)?.slice()
  if (starts === undefined || starts.length === 0) throw YibaoError.of('wrong-type', `\`${key}\` has no column \`starts\``, { help: 'give { starts: Uint32Array, fields: { … } }: where the records of each case begin, and where the last end', place: { path: key } })
  const given = Object.entries(of ?? {}).map(([field, array]) => one(named(fields, field), array, `${key}.${field}`))
  for (let i = 1; i < starts.length; i++) if (starts[i] < starts[i - 1]) throw YibaoError.of('batch-request', `the records of case ${i} of \`${key}\` begin before those of the case before it`, { place: { path: key } })
  const short = given.find(field => field.array.length < starts[starts.length - 1])
  if (short !== undefined) throw YibaoError.of('batch-request', `\`${key}.${short.name}\` holds ${short.array.length} records, \`starts\` ends at ${starts[starts.length - 1]}`, { place: { path: key } })
  return { name, starts, fields: given }
}

/** Most records of a chunk. */
function mostRecords(starts) {
  let most = 0
  for (let from = 0; from < starts.length - 1; from += CHUNK) most = Math.max(most, starts[Math.min(from + CHUNK, starts.length - 1)] - starts[from])
  return most
}

/** What a decision says of an output. */
function valueOf(decision, name) {
  const step = decision.steps.find(({ id }) => id === name)
  if (step !== undefined) return step.value
  if (name !== 'verdict') return decision.amounts?.[name.replace(/^amounts\./u, '')]
  const is = decision.verdict?.is
  return is === 'meets' || is === 'does_not_meet' ? { state: 'known', text: String(is === 'meets'), unit: 'bool' } : undefined
}
