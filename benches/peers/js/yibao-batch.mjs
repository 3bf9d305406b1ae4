// Our batch over typed arrays, compiled at run time: columns are copied in, results out, into arrays that are used again.

import { readFileSync } from 'node:fs'
import { openBatch } from '../../../www/dist/batch-node.js'
import { loadPlan } from '../../../www/dist/node.js'
import { LEVELS, SCHEMES } from '../cases.mjs'

export const batch = true

const OUTPUTS = ['basic', 'critical', 'patient']

export function opened(folder, options) {
  const found = openBatch(loadPlan(readFileSync(`${folder}/rich.plan.json`, 'utf8')), 'inpatient', { outputs: OUTPUTS, ...options })
  for (const [name, options] of [['scheme', SCHEMES], ['level', LEVELS]]) {
    const counted = found.inputs.find(input => input.name === name).options
    if (String(counted) !== String(options)) throw new Error(`the plan counts ${name} otherwise: ${counted}`)
  }
  if (found.outputs.some(({ unit, den }) => unit !== 'fen' || den !== 1)) throw new Error('amounts are not in fen')
  return found
}

export const make = (folder, columns) => over(opened(folder), columns)

export function over(found, { total, outOfScope, paid, day, scheme, level, referred, away }) {
  const columns = { total, outOfScope, 'ledger.paid': paid, admissionDate: day, scheme, level, referred, away }
  let into
  return count => {
    if (count !== total.length) throw new Error('a batch is asked for all cases')
    return (into = found.run(columns, { into }))
  }
}

export function answers({ values: { basic, critical }, outcomes }, keep) {
  // What is not computed has no amounts: NaN, and wrong.
  for (let i = 0; i < outcomes.length; i++) keep(i, { basic: basic[i], critical: critical[i] })
}

export const use = ({ values: { patient }, length }) => patient[length - 1]
