// Objects of numbers into columns: for data that a program has as numbers already.

import { YibaoError } from './error.js'

export class Rows {
  #places = new Map()
  #known
  // Rows of one program name their answers in one order: what came when is remembered.
  #names = []
  #found = []

  constructor(inputs, camelCase) {
    inputs.forEach(({ name, options }, at) => {
      const place = { at, name, codes: options && new Map(options.map((id, code) => [id, code])) }
      this.#places.set(name, place)
      if (!this.#places.has(camelCase(name))) this.#places.set(camelCase(name), place)
    })
    this.#known = inputs.map(({ name }) => name).join(' ')
  }

  /** Writes the rows from one to another into columns that begin with the first of them. */
  fill(rows, from, to, columns) {
    for (const column of columns) column.fill(NaN)
    for (let i = from; i < to; i++) {
      const row = rows[i]
      if (typeof row !== 'object' || row === null) throw wrong(row, `rows[${i}]`, 'an object of numbers')
      let turn = 0
      for (const key in row) {
        const place = this.#names[turn] === key ? this.#found[turn] : this.#find(key, turn, i)
        turn += 1
        const answer = row[key]
        columns[place.at][i - from] = typeof answer === 'number' ? answer : numberOf(answer, place, i)
      }
    }
  }

  #find(key, turn, row) {
    const place = this.#places.get(key)
    if (place === undefined) throw YibaoError.of('unknown-fact', `the service reads no \`${key}\``, { help: `answers are ${this.#known}`, place: { path: `rows[${row}].${key}` } })
    this.#names[turn] = key
    this.#found[turn] = place
    return place
  }
}

function numberOf(answer, { name, codes }, row) {
  if (typeof answer === 'boolean') return Number(answer)
  // Not answered.
  if (answer === undefined || answer === null) return NaN
  const code = typeof answer === 'string' ? codes?.get(answer) : undefined
  if (code === undefined) throw wrong(answer, `rows[${row}].${name}`, codes === undefined ? 'a number' : `one of ${Array.from(codes.keys()).join(' ')}`)
  return code
}

function wrong(found, path, expected) {
  return YibaoError.of('wrong-type', `found ${typeof found === 'string' ? `\`${found.slice(0, 60)}\`` : typeof found} where ${expected} is expected`, { place: { path } })
}
