// A case, walked once. Everything foreign (getters, proxies, odd objects) is met here, in JavaScript; what goes to the
// engine is plain, tagged text, which keeps `"20000"`, `true` and a list apart whatever their keys are called.

const MOST_DEPTH = 16
const MOST_VALUES = 200_000
const MOST_TEXT = 100_000

/** The JSON text of a case as the engine's reader expects it. */
export function wire(value) {
  return JSON.stringify(tagged(value, 0, { values: 0, above: [] }))
}

const unreadable = what => ({ unreadable: what })

function tagged(value, depth, state) {
  state.values += 1
  if (state.values > MOST_VALUES) return unreadable('one of too many values')
  switch (typeof value) {
    case 'undefined': return 'none'
    case 'boolean': return { truth: value }
    case 'bigint': return { text: String(value) }
    case 'number': return Number.isSafeInteger(value) ? { text: String(value) } : unreadable(`the number ${value}: write figures as text`)
    case 'string': return value.length > MOST_TEXT ? unreadable('too long a text') : { text: value }
    case 'object': return value === null ? 'none' : object(value, depth, state)
    default: return unreadable(`a ${typeof value}`)
  }
}

function object(value, depth, state) {
  if (depth >= MOST_DEPTH) return unreadable('too deeply nested')
  if (state.above.includes(value)) return unreadable('part of itself')
  state.above.push(value)
  try {
    return list(value, depth, state) ?? mapping(value, depth, state)
  } catch {
    return unreadable('an object that cannot be read')
  } finally {
    state.above.pop()
  }
}

function list(value, depth, state) {
  if (!Array.isArray(value)) return undefined
  if (value.length > MOST_VALUES) return unreadable('too long a list')
  return { list: Array.from(value, item => tagged(item, depth + 1, state)) }
}

function mapping(value, depth, state) {
  const made = Object.prototype.toString.call(value)
  if (made !== '[object Object]') return unreadable(made === '[object Date]' ? 'a Date: write 2024-03-01 as text' : `a ${made.slice(8, -1)}`)
  const all = []
  for (const key of Object.keys(value)) {
    const inner = value[key]
    // A key without a value says nothing.
    if (inner !== undefined) all.push([key, tagged(inner, depth + 1, state)])
  }
  return { map: all }
}
