// The usual answers as numbers, checked as the engine checks them. Anything else (a list, an institution's name, an
// unknown key, a figure out of bounds) is left to the engine's own reader: `undefined` here is no verdict on it.

/**
 * Where an answer goes and how it is read. All places have one form, for V8 reads a property of many forms slowly:
 * `how` says how an answer is read, `unread` that this service does not read it (any answer is then passed over, as the
 * engine passes it over), `fields` the places of an institution's attributes; the others serve one `how` each.
 */
function placeOf({ index = -1, how = REFUSE, unread = false, fields, codes, up = 1, down = 1, min = -Infinity, max = Infinity, only }) {
  return { index, how, unread, fields, codes, up, down, min, max, only }
}

const [REFUSE, NUMBER, RATE, DATE, OPTION, TRUTH] = [0, 1, 2, 3, 4, 5]

const unread = () => placeOf({ unread: true })

const SECTIONS = new Set(['facts', 'parameters', 'ledger', 'previous'])

const isPlain = value => {
  if (typeof value !== 'object' || value === null) return false
  // Much the quicker question. Who answers it falsely has a key that is read, and unknown.
  if (value.constructor === Object) return true
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export class Encoder {
  #empty
  #facts = new Places()
  #parameters = new Places()
  #ledger = new Places()
  #previous = new Places()
  #allPrevious = []

  constructor(plan, service, camelCase) {
    const inputs = service.program.inputs
    this.#empty = inputs.map(() => NaN)
    const at = new Map(inputs.map((input, index) => [input.name, index]))
    const slot = name => (at.has(name) ? slotOf(plan, inputs[at.get(name)], at.get(name)) : unread())
    const add = (places, id, place) => places.add(id, camelCase(id), place)
    for (const fact of plan.facts) add(this.#facts, fact.id, factPlace(plan, fact, slot, at, camelCase))
    for (const { id } of plan.parameters ?? []) add(this.#parameters, id, slot(id))
    for (const { id } of plan.ledger?.entries ?? []) add(this.#ledger, id, slot(`ledger.${id}`))
    for (const { id } of plan.previous ?? []) add(this.#previous, id, slot(`previous.${id}`))
    this.#allPrevious = inputs.flatMap((input, index) => (input.name.startsWith('previous.') ? [index] : []))
  }

  /** One number an input, and the inputs tried for open parameters; undefined where the engine must read the case. */
  encode(input) {
    if (!isPlain(input)) return undefined
    const values = this.#empty.slice()
    let tried = NONE
    let sections = false
    for (const key in input) {
      const section = input[key]
      if (section === undefined) continue
      switch (key) {
        case 'facts':
          if (!named(this.#facts, section, values)) return undefined
          break
        case 'parameters':
          tried = []
          if (!named(this.#parameters, section, values, tried)) return undefined
          break
        case 'ledger':
          if (!named(this.#ledger, section, values)) return undefined
          break
        case 'previous':
          if (section === 'none') for (const index of this.#allPrevious) values[index] = Infinity
          else if (!named(this.#previous, section, values)) return undefined
          break
        // The facts themselves, and no section among them.
        default: return !sections && named(this.#facts, input, values) ? { values, tried } : undefined
      }
      sections = true
    }
    return { values, tried }
  }
}

const NONE = []

/** Places by the names of their answers. Cases of one program name them in one order: a look-up remembers what came when. */
class Places {
  #all = new Map()
  #names = []
  #found = []

  /** Under its id, and as JavaScript writes it where nothing else has that name. */
  add(id, key, place) {
    // What is called as a section is one, wherever it stands.
    if (!SECTIONS.has(id)) this.#all.set(id, place)
    if (!SECTIONS.has(key) && !this.#all.has(key)) this.#all.set(key, place)
  }

  /** The place of a name that comes as the `turn`th. */
  get(name, turn) {
    if (this.#names[turn] === name) return this.#found[turn]
    const place = this.#all.get(name)
    if (place !== undefined) {
      this.#names[turn] = name
      this.#found[turn] = place
    }
    return place
  }
}

/** Fills in a section; false where the engine must read it. */
function named(places, section, values, tried) {
  if (!isPlain(section)) return false
  let turn = 0
  // Places that were named without filling anything in: a second spelling of one is for the engine to refuse.
  let skipped
  for (const key in section) {
    const place = places.get(key, turn++)
    if (place === undefined || skipped?.includes(place)) return false
    const answer = section[key]
    if (answer === undefined || answer === null || place.unread) {
      // An unread list or institution is checked all the same, by the engine.
      if (place.index >= 0 && values[place.index] === values[place.index]) return false
      skipped = [...(skipped ?? []), place]
      continue
    }
    if (place.fields !== undefined) {
      if (!named(place.fields, answer, values)) return false
      continue
    }
    const index = place.index
    const number = read(answer, place)
    if (number === undefined) return false
    if (index < 0) {
      skipped = [...(skipped ?? []), place]
      continue
    }
    // Answered twice, under both spellings of its name.
    if (values[index] === values[index]) return false
    values[index] = number
    if (tried !== undefined) tried.push(index)
  }
  return true
}

const REFUSED = placeOf({})

function factPlace(plan, fact, slot, at, camelCase) {
  if (fact.type === 'list') return REFUSED
  if (fact.type !== 'institution') return slot(fact.id)
  const fields = new Places()
  fields.add('id', 'id', REFUSED)
  for (const field of fact.fields ?? []) {
    const set = field.choices ?? undefined
    const index = at.get(`${fact.id}.${field.id}`) ?? -1
    const place = set === undefined ? placeOf({ index, how: TRUTH }) : optionPlace(plan, set, field.only ?? [], index)
    fields.add(field.id, camelCase(field.id), place)
  }
  return placeOf({ fields })
}

function slotOf(plan, { kind, den, min, max, only }, index) {
  if (typeof kind === 'object') return optionPlace(plan, kind.choice, only ?? [], index)
  if (kind === 'bool') return placeOf({ index, how: TRUTH })
  if (kind === 'date') return placeOf({ index, how: DATE })
  const money = kind === 'money' ? 100 : 1
  const part = kind === 'rate' || kind === 'points' ? 100 : 1
  const allowed = only?.length ? only : undefined
  return placeOf({ index, how: kind === 'rate' ? RATE : NUMBER, up: den * money, down: part, min, max, only: allowed })
}

function optionPlace(plan, set, only, index) {
  const codes = new Map()
  plan.choices[set].options.forEach(({ id, label }, code) => {
    const value = only.length === 0 || only.includes(code) ? code : undefined
    if (!codes.has(id)) codes.set(id, value)
    if (!codes.has(label.zh)) codes.set(label.zh, value)
  })
  return placeOf({ index, how: OPTION, codes })
}

/** The number of an answer, undefined where the engine must say what it is. */
function read(answer, place) {
  switch (place.how) {
    case NUMBER: return readNumber(answer, place)
    case RATE: return readRate(answer, place)
    case DATE: return readDate(answer)
    case OPTION: return readOption(answer, place)
    case TRUTH: return readTruth(answer)
    default: return undefined
  }
}

function readOption(answer, { codes }) {
  return typeof answer === 'string' ? codes.get(answer) : undefined
}

function readTruth(answer) {
  return typeof answer === 'boolean' ? Number(answer) : undefined
}

function readNumber(answer, place) {
  if (typeof answer === 'string') return decimal(answer, answer.length, place)
  return Number.isSafeInteger(answer) && answer >= 0 ? bounded(answer, 1, place) : undefined
}

function readRate(answer, place) {
  if (typeof answer !== 'string') return undefined
  const end = answer.length - 1
  return answer.charCodeAt(end) === 37 ? decimal(answer, end, place) : undefined
}

const POWERS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

/** Digits, and a point with one to six digits after it. */
function decimal(text, end, place) {
  if (end > 17) return undefined
  let number = 0
  let point = -1
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) number = number * 10 + (code - 48)
    else if (code === 46 && point < 0 && i > 0) point = i
    else return undefined
  }
  if (end === 0) return undefined
  const decimals = point < 0 ? 0 : end - point - 1
  if (decimals > 6 || (point >= 0 && decimals === 0)) return undefined
  return number <= Number.MAX_SAFE_INTEGER ? bounded(number, POWERS[decimals], place) : undefined
}

/** `number / power` in the units of its register, where that is whole and allowed. */
function bounded(number, power, { up, down, min, max, only }) {
  const over = number * up
  const under = power * down
  if (over > Number.MAX_SAFE_INTEGER) return undefined
  const value = over / under
  if (!Number.isInteger(value) || value < min || value > max) return undefined
  return only === undefined || only.includes(value) ? value : undefined
}

const LENGTHS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const BEFORE = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

function readDate(text) {
  if (typeof text !== 'string' || text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  // A character that is no digit makes a NaN, which fails every comparison.
  if (!(year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1)) return undefined
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (day > LENGTHS[month] + (leap && month === 2 ? 1 : 0)) return undefined
  const past = year - 1
  const days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  return days - 719_162 + BEFORE[month] + (leap && month > 2 ? 1 : 0) + day - 1
}

function two(text, at) {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}
