// Objects of numbers into columns: for data that a program has as numbers already.

import { YibaoError } from './error.js'

/** Options that are looked through one by one, at most: a text that a program has only once is compared at a glance. */
const FEW = 8
/** Inputs whose answers a mask counts, at most. */
const COUNTED = 30
const NOWHERE = new Float64Array(0)

export class Rows {
  #places = new Map()
  #known
  /** What stands before the first key. Rows of one program name their answers in one order: what came next is kept. */
  #start = placeOf({})
  /** A bit for each input. */
  #all

  constructor(inputs, camelCase) {
    this.#all = inputs.length > COUNTED ? 0 : 2 ** inputs.length - 1
    inputs.forEach(({ name, options }, at) => {
      for (const key of new Set([name, camelCase(name)])) {
        if (!this.#places.has(key)) this.#places.set(key, placeOf({ key, name, at, bit: (1 << at) & this.#all, options, next: this.#start }))
      }
    })
    this.#start.next = this.#start
    this.#known = inputs.map(({ name }) => name).join(' ')
  }

  /** Writes the rows from one to another into columns of doubles, one an input, that begin with the first of them. */
  fill(rows, from, to, columns) {
    for (const place of this.#places.values()) place.column = columns[place.at]
    const all = this.#all
    const start = this.#start
    if (all === 0) for (const column of columns) column.fill(NaN)
    for (let i = from; i < to; i++) {
      const row = rows[i]
      if (typeof row !== 'object' || row === null) throw wrong(row, `rows[${i}]`, 'an object of numbers')
      const at = i - from
      let place = start
      let given = 0
      for (const key in row) {
        const { next } = place
        place = next.key === key ? next : this.#find(key, place, i)
        given |= place.bit
        const answer = row[key]
        place.column[at] = typeof answer === 'number' ? answer : numberOf(answer, place, i)
      }
      if (given !== all) blank(columns, at, given)
    }
  }

  /** The place of a key that comes after another. */
  #find(key, before, row) {
    const place = this.#places.get(key)
    if (place === undefined) throw YibaoError.of('unknown-fact', `the service reads no \`${key}\``, { help: `answers are ${this.#known}`, place: { path: `rows[${row}].${key}` } })
    before.next = place
    return place
  }
}

/** Where the answers of a key go. All places have one form, for V8 reads a property of many forms slowly. */
function placeOf({ key = '', name = '', at = 0, bit = 0, options = [], next }) {
  const codes = options.length === 0 ? undefined : new Map(options.map((id, code) => [id, code]))
  return { key: kept(key), name, at, bit, column: NOWHERE, few: options.length > FEW ? [] : options.map(kept), codes, next }
}

/** The text as names are kept, once each: two of them are compared by where they stand. */
const kept = text => Object.keys({ [text]: 0 })[0]

/** Leaves the inputs without a bit unanswered. */
function blank(columns, at, given) {
  for (let input = 0; input < columns.length; input++) if ((given >> input & 1) === 0) columns[input][at] = NaN
}

/** Small, so that V8 puts it where it is called. */
function numberOf(answer, place, row) {
  if (answer === true) return 1
  if (answer === false) return 0
  const { few } = place
  for (let code = 0; code < few.length; code++) if (few[code] === answer) return code
  return seldom(answer, place, row)
}

function seldom(answer, { name, codes }, row) {
  // Not answered.
  if (answer === undefined || answer === null) return NaN
  const code = typeof answer === 'string' ? codes?.get(answer) : undefined
  if (code === undefined) throw wrong(answer, `rows[${row}].${name}`, codes === undefined ? 'a number' : `one of ${Array.from(codes.keys()).join(' ')}`)
  return code
}

function wrong(found, path, expected) {
  return YibaoError.of('wrong-type', `found ${typeof found === 'string' ? `\`${found.slice(0, 60)}\`` : typeof found} where ${expected} is expected`, { place: { path } })
}
