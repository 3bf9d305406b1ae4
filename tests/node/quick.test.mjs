// The quick path against the engine's own reader: the same answers in an object that only the latter takes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { YibaoError } from '../../www/dist/node.js'
import { isQuick, nativeAnswers, random, rulesOf, Slowly, suzhou } from './kit.mjs'

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

const camel = name => name.replace(/_+(.?)/gu, (_, next) => next.toUpperCase())

const ODD = [
  null, undefined, '', ' ', '0', '-1', '0.1', '0.005', '1e3', '٣', '12,345.67', '20000元', '007', '1.50', '.5', '5.', '9007199254740993', '99999999999999999999',
  0, 1, -1, 0.1, NaN, Infinity, -0, 2 ** 53, 10n, true, false, 'true', '75%', '75 %', '12.345678%', '100%', '101%', '2024-02-29', '2023-02-29', '2023-6-1',
  '1899-12-31', '2199-12-31', '2200-01-01', ' 2023-06-16', 'other', 'none', [], ['a'], {}, { id: 'x' }, { level: 'first' }, [[]], new Date(0), Symbol('x'), () => 1,
]

/** Some answers replaced by odd ones, keys respelt, added or taken away. */
function mutated(input, below) {
  const copy = structuredClone(input)
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const sections = Object.keys(copy).filter(key => typeof copy[key] === 'object' && copy[key] !== null)
    const section = copy[sections[below(sections.length)]]
    const keys = Object.keys(section)
    const key = keys[below(keys.length)] ?? 'total'
    switch (below(8)) {
      case 0: delete section[key]; break
      case 1: { const value = section[key]; delete section[key]; section[camel(key)] = value; break }
      case 2: section[camel(key)] = section[key]; break
      case 3: section[`${key}x`] = 1; break
      case 4: section[key] = String(below(3_000_000) / 100); break
      default: section[key] = ODD[below(ODD.length)]
    }
  }
  if (below(20) === 0) copy.previous = ODD[below(ODD.length)]
  return below(10) === 0 ? copy.facts : copy
}

test('20,000 mutated cases: the quick path and the whole path say the same', () => {
  const below = random(7)
  const single = cases.filter(({ service }) => service !== null)
  let [quick, refused] = [0, 0]
  for (let i = 0; i < 20_000; i++) {
    const { pack, service, input } = single[below(single.length)]
    const given = mutated(input, below)
    const one = rules(pack)
    const shown = outcome(() => one.evaluate(service, given))
    assert.equal(shown, outcome(() => one.evaluate(service, new Slowly(given))), `${pack} ${service} ${shown.slice(0, 200)}`)
    if (shown.startsWith('[')) refused += 1
    else if (isQuick(one.evaluate(service, given))) quick += 1
  }
  assert.ok(quick > 1_000 && refused > 1_000, `${quick} quick, ${refused} refused`)
})

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
