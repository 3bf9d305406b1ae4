// A decision is data to whoever holds it: what tells two apart, copies one, clones it or stands in for it sees its figures.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { loadPlan } from '../../www/dist/analysis-node.js'
import { file, isQuick, suzhou } from './kit.mjs'

const OWN = ['outcome', 'amounts', 'verdict', 'missing', 'refusals', 'receipt']
const rules = loadPlan(file('www/dist/plans/anhui-suzhou-resident.plan.json'))
const decide = facts => rules.evaluate('inpatient', { ...suzhou, ...facts })
/** 500 + (20,000 − 500) × 20 % and 500 + (30,000 − 500) × 20 %. */
const [TWENTY, THIRTY] = ['4400.00', '6400.00']

/** Without one answer the engine itself writes the decision. */
const open = facts => decide({ outOfScope: undefined, ...facts })
const KINDS = { 'made from numbers': decide, 'written by the engine': open }

test('both kinds are tried', () => {
  assert.equal(isQuick(decide()), true)
  assert.equal(isQuick(open()), false)
})

for (const [kind, made] of Object.entries(KINDS)) {
  test(`${kind}: equality tells decisions apart, and finds the same ones the same`, () => {
    assert.notDeepStrictEqual(made({ total: '30000' }), made())
    assert.deepStrictEqual(made(), made())
    assert.notDeepStrictEqual(made({ total: '20000.01' }), made())
    assert.notDeepStrictEqual(rules.evaluate('inpatient', {}), made())
  })

  test(`${kind}: its own fields, a copy, a clone and text have the figures`, () => {
    const decision = made()
    assert.deepEqual(Object.keys(decision), OWN)
    assert.deepEqual(Object.entries(decision).map(([key]) => key), OWN)
    const copy = { ...decision }
    assert.deepEqual([copy.amounts, copy.missing], [decision.amounts, decision.missing])
    assert.equal(copy.amounts.total.text, '20000.00')
    assert.match(copy.receipt.answers, /^[0-9a-f]{64}$/u)
    const clone = structuredClone(decision)
    assert.deepEqual(Object.keys(clone), OWN)
    assert.deepEqual(clone.amounts, decision.amounts)
    assert.deepEqual(clone.receipt, decision.receipt)
    assert.deepEqual(JSON.parse(JSON.stringify(decision)).amounts, decision.amounts)
    assert.match(inspect(decision, { depth: 4 }), /20000\.00/u)
    assert.equal(Object.assign(Object.create(null), made({ total: '30000' })).amounts.total.text, '30000.00')
  })

  test(`${kind}: whoever stands in for it hands everything on`, () => {
    const decision = made()
    const stand = new Proxy(decision, {})
    assert.equal(stand.outcome, decision.outcome)
    assert.deepEqual(stand.amounts, decision.amounts)
    assert.equal(stand.steps.length, decision.steps.length)
    assert.deepEqual(stand.trace, decision.trace)
    assert.deepEqual(stand.receipt, decision.receipt)
    assert.equal(JSON.stringify(stand), JSON.stringify(decision))
  })
}

test('the figures of a copy are those of the decision', () => {
  assert.equal({ ...decide() }.amounts.patient.text, TWENTY)
  assert.equal({ ...decide({ total: '30000' }) }.amounts.patient.text, THIRTY)
})

test('what is not its own is written when it is read, and what is read costs nothing again', () => {
  const decision = decide()
  const { steps } = decision
  assert.equal(decision.steps, steps)
  assert.equal(decision.trace, decision.trace)
  assert.equal(decision.limit, null)
})

test('figures stay readable once the rules are freed; the rest was never written', () => {
  const own = loadPlan(file('www/dist/plans/anhui-suzhou-resident.plan.json'))
  const decision = own.evaluate('inpatient', suzhou)
  own.free()
  assert.equal(decision.amounts.patient.text, TWENTY)
  assert.throws(() => decision.receipt, error => error.code === 'freed')
})
