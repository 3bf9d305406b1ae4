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

export class AnalysisRules extends Rules {
  curve(service, input, fact, { from, to, at = [] } = {}) {
    const points = Array.from(at, value => amount(value, 'at'))
    const words = [String(service), wire(input), String(fact), amountOrNone(from, 'from'), amountOrNone(to, 'to'), JSON.stringify(points)]
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
}
