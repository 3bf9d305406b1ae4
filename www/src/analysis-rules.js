// What rules can do with the analyses: curves, bounds, solutions, comparisons.

import { YibaoError } from './error.js'
import { Rules, callOn } from './rules.js'
import { wire } from './wire.js'

/** An amount as text; a number only where it is whole. */
function amount(value, name) {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
  throw YibaoError.of('wrong-type', `\`${name}\` is no amount`, { help: 'write yuan as text: "20000.50"' })
}

const amountOrNone = (value, name) => (value === undefined || value === null ? undefined : amount(value, name))

function label(value, i) {
  if (value === undefined || value === null) return [String(i + 1), String(i + 1)]
  if (typeof value === 'object') return [String(value.zh ?? value.en), String(value.en ?? value.zh)]
  return [String(value), String(value)]
}

/** What each analysis asks the handle, from the words of a caller; what is wrong with them is said before anything runs. */
const QUESTIONS = {
  curve(service, input, fact, { from, to, at = [] } = {}) {
    const points = Array.from(at, value => amount(value, 'at'))
    return [String(service), wire(input), String(fact), amountOrNone(from, 'from'), amountOrNone(to, 'to'), JSON.stringify(points)]
  },
  bounds: (service, input) => [String(service), wire(input)],
  solve: (service, input, fact, line, wantedYuan) => [String(service), wire(input), String(fact), String(line), amount(wantedYuan, 'wantedYuan')],
}

const ask = (rules, name, words) => JSON.parse(callOn(rules, handle => handle[name](...words).finish()))

/** Frees what belongs to a handle, unless a trap has put another in its place: then it would free something else. */
function freeOf(rules, before, owned) {
  if (callOn(rules, handle => handle === before)) owned.free()
  else owned.__destroy_into_raw()
}

/** The next turn of the page: whatever it has to do comes first. */
const nextTurn = () => new Promise(resolve => { setTimeout(resolve) })

/** As `signal.throwIfAborted()`, which came later than the browsers that this is for. */
function heed(signal) {
  if (signal?.aborted) throw signal.reason ?? new DOMException('the analysis was stopped', 'AbortError')
}

async function askInTurns(rules, name, words, signal) {
  heed(signal)
  const start = () => callOn(rules, handle => ({ before: handle, question: handle[name](...words) }))
  let asked = start()
  try {
    for (;;) {
      const text = callOn(rules, handle => (handle === asked.before ? asked.question.step() : null))
      if (typeof text === 'string') return JSON.parse(text)
      await nextTurn()
      heed(signal)
      // Something else trapped meanwhile: the engine is another one, and the question is asked anew.
      if (text === null) asked = start()
    }
  } finally {
    freeOf(rules, asked.before, asked.question)
  }
}

export class AnalysisRules extends Rules {
  curve(...given) { return ask(this, 'curve', QUESTIONS.curve(...given)) }
  bounds(...given) { return ask(this, 'bounds', QUESTIONS.bounds(...given)) }
  solve(...given) { return ask(this, 'solve', QUESTIONS.solve(...given)) }

  inTurns({ signal } = {}) {
    const inTurns = name => async (...given) => askInTurns(this, name, QUESTIONS[name](...given), signal)
    return { curve: inTurns('curve'), bounds: inTurns('bounds'), solve: inTurns('solve') }
  }

  compare(paths) {
    const all = Array.from(paths, (path, i) => ({ rules: path.rules ?? this, words: [...label(path.label, i), String(path.service), wire(path.input)] }))
    const { side, before } = callOn(this, (handle, glue) => ({ side: new glue.Paths(), before: handle }))
    try {
      for (const { rules, words } of all) callOn(rules, handle => side.add(handle, ...words))
      return JSON.parse(callOn(this, () => side.compared()))
    } finally {
      freeOf(this, before, side)
    }
  }

  counterfactual(actualYear, insteadYear) {
    const words = [wire(actualYear), wire(insteadYear)]
    return JSON.parse(callOn(this, handle => handle.counterfactual(...words)))
  }
}
