// The quick path against the engine's own reader: the same answers in an object that only the latter takes. Random cases
// are in `ways.test.mjs`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { YibaoError } from '../../www/dist/node.js'
import { Slowly, nativeAnswers, rulesOf, suzhou } from './kit.mjs'

const { plans, cases } = nativeAnswers()
const rules = rulesOf(plans)

function outcome(work) {
  try {
    return JSON.stringify(work())
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    return JSON.stringify(error.diagnostics)
  }
}

test('every day of three centuries is read as the engine reads it', () => {
  const one = rules('anhui-suzhou-resident')
  const input = { total: '100', outOfScope: '0', overLimit: '0', firstPay: '0', scheme: 'resident', place: 'in_city', level: 'first' }
  for (let day = Date.UTC(1900, 0, 1); day <= Date.UTC(2199, 11, 31); day += 86_400_000 * 97) {
    const admissionDate = new Date(day).toISOString().slice(0, 10)
    assert.equal(one.evaluate('inpatient', { ...input, admissionDate }).asOf, admissionDate)
  }
})

test('the canonical digest does not depend on the path or the spelling', () => {
  const one = rules('anhui-suzhou-resident')
  const quick = { admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'first', total: 20000, outOfScope: '0', overLimit: '0.0', firstPay: '0.00' }
  const whole = { admission_date: '2023-06-16', scheme: '居民医保', place: 'in_city', level: '一级及以下', total: '20,000.00元', out_of_scope: '0', over_limit: '0', first_pay: '0' }
  assert.equal(one.evaluate('inpatient', quick).receipt.answers, one.evaluate('inpatient', { ...whole, scheme: 'resident' }).receipt.answers)
})

test('sections, the facts themselves, and some of each', () => {
  const one = rules('anhui-suzhou-resident')
  const forms = [
    suzhou, { facts: suzhou }, {}, { facts: undefined }, { facts: undefined, ...suzhou }, { ...suzhou, facts: undefined }, { ...suzhou, facts: {} }, { facts: suzhou, total: '1' },
    { ...suzhou, ledger: {} }, { ledger: undefined, facts: suzhou }, { total: undefined, facts: suzhou }, { facts: suzhou, nothing: undefined }, { ...suzhou, nothing: undefined }, { ...suzhou, previous: 'none' },
  ]
  for (const input of forms) assert.equal(outcome(() => one.evaluate('inpatient', input)), outcome(() => one.evaluate('inpatient', new Slowly(input))), JSON.stringify(input))
  assert.equal(one.evaluate('inpatient', { facts: undefined, ...suzhou }).outcome, 'computed')
})

test('what two decisions share cannot be changed through one of them', () => {
  const objects = value => (typeof value !== 'object' || value === null ? [] : [value, ...Object.values(value).flatMap(objects)])
  let seen = 0
  for (const { pack, service, input, answer } of cases) {
    if (service === null || answer.startsWith('{"error"')) continue
    const [one, other] = [0, 1].map(() => {
      const { amounts, result, allocations, limit, verdict, missing, refusals, trace } = rules(pack).evaluate(service, input)
      return objects({ amounts, result, allocations, limit, verdict, missing, refusals, trace })
    })
    const shared = one.filter(object => other.includes(object))
    for (const object of shared) assert.ok(Object.isFrozen(object), `${pack}/${service}: ${JSON.stringify(object)}`)
    seen += shared.length
  }
  assert.ok(seen > 1_000, `${seen} objects`)
})
