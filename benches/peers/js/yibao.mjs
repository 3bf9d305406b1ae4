// The engine as a portal calls it: answers as text in a plain object, the decision read.

import { readFileSync } from 'node:fs'
import { loadPlan } from '../../../www/dist/node.js'

export { prepare } from './by-hand.mjs'

/** `plan` is what `performance.mjs` compiled from `rich.pack.yaml`. */
export function make(folder) {
  const rules = loadPlan(readFileSync(`${folder}/rich.plan.json`, 'utf8'))
  return input => rules.evaluate('inpatient', input)
}

export { fenOfDecision as answer, readDecision as use } from '../decision.mjs'
