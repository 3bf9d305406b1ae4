// What the authoring build's rules can do besides: proofs, and the difference of two revisions.

import { AnalysisRules } from './analysis-rules.js'
import { YibaoError } from './error.js'
import { callOn } from './rules.js'

const MOST_SEED = (1n << 64n) - 1n

/** A whole number from nothing up. */
function count(value, most, name) {
  const whole = typeof value === 'bigint' ? value : Number.isSafeInteger(value) ? BigInt(value) : -1n
  if (whole < 0n || whole > most) throw YibaoError.of('out-of-range', `\`${name}\` is a whole number from 0 to ${most}`)
  return whole
}

const caseFiles = files => JSON.stringify(Array.from(files, ({ file, text }) => [String(file), String(text)]))

export class AuthoringRules extends AnalysisRules {
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
