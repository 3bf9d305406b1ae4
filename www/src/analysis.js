// What the authoring build's rules can do besides: curves, bounds, proofs and the like.

import { YibaoError } from './error.js'
import { Rules, callOn } from './rules.js'
import { wire } from './wire.js'

const MOST_SEED = (1n << 64n) - 1n

/** An amount as text; a number only where it is whole. */
function amount(value, name) {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
  throw YibaoError.of('wrong-type', `\`${name}\` is no amount`, { help: 'write yuan as text: "20000.50"' })
}

const amountOrNone = (value, name) => (value === undefined || value === null ? undefined : amount(value, name))

/** A whole number from nothing up. */
function count(value, most, name) {
  const whole = typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value) : -1n
  if (whole < 0n || whole > most) throw YibaoError.of('out-of-range', `\`${name}\` is a whole number from 0 to ${most}`)
  return whole
}

function label(value, i) {
  if (value === undefined || value === null) return [String(i + 1), String(i + 1)]
  if (typeof value === 'object') return [String(value.zh ?? value.en), String(value.en ?? value.zh)]
  return [String(value), String(value)]
}

const caseFiles = files => JSON.stringify(Array.from(files, ({ file, text }) => [String(file), String(text)]))

export class AuthoringRules extends Rules {
  curve(service, input, fact, { from, to } = {}) {
    const words = [String(service), wire(input), String(fact), amountOrNone(from, 'from'), amountOrNone(to, 'to')]
    return JSON.parse(callOn(this, handle => handle.curve(...words)))
  }

  bounds(service, input) {
    const words = [String(service), wire(input)]
    return JSON.parse(callOn(this, handle => handle.bounds(...words)))
  }

  solve(service, input, fact, line, wantedYuan) {
    const words = [String(service), wire(input), String(fact), String(line), amount(wantedYuan, 'wantedYuan')]
    return JSON.parse(callOn(this, handle => handle.solve(...words)))
  }

  compare(paths) {
    const all = Array.from(paths, (path, i) => ({ rules: path.rules ?? this, words: [...label(path.label, i), String(path.service), wire(path.input)] }))
    const { side, before } = callOn(this, (handle, glue) => ({ side: new glue.Paths(), before: handle }))
    try {
      for (const { rules, words } of all) callOn(rules, handle => side.add(handle, ...words))
      return JSON.parse(callOn(this, () => side.compared()))
    } finally {
      // After a trap the engine is another, and what `side` stood for is gone: freeing it would free something else.
      const same = callOn(this, handle => handle === before)
      if (same) side.free()
      else side.__destroy_into_raw()
    }
  }

  counterfactual(actualYear, insteadYear) {
    const words = [wire(actualYear), wire(insteadYear)]
    return JSON.parse(callOn(this, handle => handle.counterfactual(...words)))
  }

  prove(service) {
    if (service === undefined) return this.services.map(({ id }) => this.prove(id))
    const word = String(service)
    return JSON.parse(callOn(this, handle => handle.prove(word)))
  }

  test(files, { answers = false } = {}) {
    const given = caseFiles(files)
    return JSON.parse(callOn(this, handle => handle.testCases(given, Boolean(answers))))
  }

  askedBy(files) {
    const given = caseFiles(files)
    return JSON.parse(callOn(this, handle => handle.askedByCases(given)))
  }

  diff(otherRules, { people = 10_000, seed = 1 } = {}) {
    const [many, from] = [Number(count(people, 1_000_000n, 'people')), count(seed, MOST_SEED, 'seed')]
    return JSON.parse(callOn(this, handle => callOn(otherRules, other => handle.diff(other, many, from))))
  }
}
