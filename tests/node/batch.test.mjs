// Columns of cases: what they take, what they give and what they refuse. Random cases are in `ways.test.mjs`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as analysis from '../../www/dist/analysis-node.js'
import { OUTCOMES, openBatch } from '../../www/dist/batch-node.js'
import { YibaoError, loadPlan } from '../../www/dist/node.js'
import { numberOf } from '../../www/src/number.js'
import { file, nativeAnswers, rulesOf, suzhou } from './kit.mjs'

const { plans, cases } = nativeAnswers()
const rules = rulesOf(plans)
const UNANSWERED = -(2n ** 63n)

test('every case of every pack, as objects', () => {
  const groups = new Map()
  for (const one of cases) {
    const key = `${one.pack} ${one.service}`
    if (one.service !== null) groups.set(key, [...(groups.get(key) ?? []), one])
  }
  let compared = 0
  for (const group of groups.values()) {
    const [{ pack, service: id }] = group
    const service = JSON.parse(plans.get(pack)).services.find(service => service.id === id)
    const names = service.steps.filter(({ block }) => (block ?? null) === null).map(({ id }) => id)
    const batch = openBatch(rules(pack), id, { outputs: names, whole: true })
    const found = batch.runCases(group.map(({ input }) => input))
    group.forEach(({ answer, case: name }, i) => {
      const decision = JSON.parse(answer)
      assert.equal(OUTCOMES[found.outcomes[i]], decision.outcome ?? 'invalid', `${pack}: ${name}`)
      names.forEach((step, at) => {
        const value = decision.steps?.find(({ id }) => id === step)?.value
        const number = decision.outcome === 'computed' && value?.state === 'known' ? numberOf(value, batch.outputs[at]) : UNANSWERED
        assert.equal(found.values[step][i], number, `${pack}: ${name}: ${step}`)
        compared += 1
      })
    })
  }
  assert.ok(compared > 10_000, `${compared} values`)
})

const { total, ...others } = suzhou
const one = rules('anhui-suzhou-resident')

test('every kind of column, and answers that are the same for all', () => {
  // 20,000 yuan in a county hospital: (20,000 − 500) × 80 % = 15,600 paid. At the deductible, one fen less and more.
  const fen = [2_000_000, 50_000, 49_999, 50_001]
  const patient = [440_000, 50_000, 49_999, 50_000]
  const batch = openBatch(one, 'inpatient', { outputs: ['patient', 'basic'] })
  for (const column of [Float64Array.from(fen), Int32Array.from(fen), BigInt64Array.from(fen.map(BigInt))]) {
    const { outcomes, values, length } = batch.run({ total: column }, { same: others })
    assert.equal(length, 4)
    assert.deepEqual(Array.from(outcomes), [0, 0, 0, 0])
    assert.deepEqual(Array.from(values.patient), patient)
    assert.deepEqual(Array.from(values.basic), fen.map((n, i) => n - patient[i]))
  }
  // Options by number, in the order of the pack: first, county, city_third, provincial_third.
  const level = batch.inputs.find(({ name }) => name === 'level').options.map((_, i) => i)
  const { level: _, ...rest } = suzhou
  const { values } = batch.run({ level: Uint8Array.from(level) }, { same: rest })
  assert.deepEqual(Array.from(values.patient), ['first', 'county', 'city_third', 'provincial_third'].map(level => Number(one.evaluate('inpatient', { ...suzhou, level }).amounts.patient.text.replace('.', ''))))
})

test('more cases than one chunk, a result used again, and no case at all', () => {
  const batch = openBatch(one, 'inpatient', { outputs: ['patient'] })
  const totals = Float64Array.from({ length: 10_001 }, (_, i) => i * 100)
  const result = batch.run({ total: totals }, { same: others })
  // (n − 500) × 20 % and the deductible, half up to the fen: no half can occur at whole yuan.
  const expected = n => (n <= 50_000 ? n : 50_000 + (n - 50_000) / 5)
  result.values.patient.forEach((fen, i) => assert.equal(fen, expected(totals[i]), `${totals[i]}`))
  const again = batch.run({ total: totals.map(n => n + 100) }, { same: others, into: result })
  assert.equal(again, result)
  assert.equal(result.values.patient[10_000], expected(1_000_100))
  assert.equal(batch.run({ total: new Float64Array(0) }).outcomes.length, 0)
  assert.deepEqual(batch.runCases([]).outcomes, new Uint8Array(0))
})

test('rows of numbers give what columns give', () => {
  const batch = openBatch(one, 'inpatient', { outputs: ['patient'] })
  const row = { total: 2_000_000, outOfScope: 0, over_limit: 0, firstPay: 0, admissionDate: Date.parse('2023-06-16') / 86_400_000, scheme: 'resident', place: 0, level: 'county' }
  const others = [row, { ...row, total: null }, { level: 'first', ...row, total: -1 }, { ...row, total: 70_000, level: 2 }, {}]
  const { outcomes, values } = batch.runRows(others)
  // 700 yuan is the deductible of level 3.
  assert.deepEqual(Array.from(outcomes), [0, 1, 3, 0, 1])
  assert.deepEqual(Array.from(values.patient), [440_000, NaN, NaN, 70_000, NaN])
  const many = Array.from({ length: 9_000 }, (_, i) => ({ ...row, total: i * 100 }))
  assert.deepEqual(batch.runRows(many).values.patient, batch.run({ total: Float64Array.from(many, ({ total }) => total) }, { same: suzhou }).values.patient)
  refused(() => batch.runRows([row, { ...row, totals: 1 }]), 'unknown-fact', /rows\[1\]\.totals/)
  refused(() => batch.runRows([row, { ...row, total: '20000' }]), 'wrong-type', /rows\[1\]\.total: found `20000` where a number is expected/)
  refused(() => batch.runRows([{ ...row, level: 'country' }]), 'wrong-type', /one of first county/)
  refused(() => batch.runRows([7]), 'wrong-type', /rows\[0\]/)
})

test('a list as columns gives what a list in a case gives', () => {
  const group = cases.filter(({ service, input, answer }) => service !== null && !answer.startsWith('{"error"') && Object.values(input.facts ?? {}).some(Array.isArray))
  assert.ok(group.length > 20, `${group.length} cases with lists`)
  let compared = 0
  for (const { pack, service: id, input, answer } of group) {
    const plan = JSON.parse(plans.get(pack))
    const { program } = plan.services.find(service => service.id === id)
    const names = JSON.parse(answer).steps.map(({ id }) => id).filter(step => plan.services.find(service => service.id === id).steps.find(({ id, block }) => id === step && (block ?? null) === null))
    const batch = openBatch(rules(pack), id, { outputs: names, whole: true })
    const facts = { ...input.facts }
    const columns = {}
    let said = true
    for (const { name, fields } of program.lists ?? []) {
      const records = facts[name] ?? []
      delete facts[name]
      columns[name] = { starts: Uint32Array.of(0, records.length), fields: {} }
      for (const field of fields) {
        columns[name].fields[field.name] = BigInt64Array.from(records, record => {
          const answer = record[field.name]
          if (answer === undefined || answer === null) return UNANSWERED
          if (typeof answer === 'boolean') return BigInt(answer)
          if (field.kind === 'date') return BigInt(Date.parse(answer) / 86_400_000)
          const options = typeof field.kind === 'object' ? plan.choices[field.kind.choice].options : []
          const option = options.findIndex(({ id, label }) => id === answer || label.zh === answer)
          if (option >= 0) return BigInt(option)
          const unit = field.kind === 'money' ? 'yuan' : field.kind
          const number = typeof answer === 'string' || typeof answer === 'number' ? numberOf({ text: String(answer), unit }, field) : undefined
          if (number === undefined) said = false
          return number ?? UNANSWERED
        })
      }
    }
    if (!said || Object.values(facts).some(fact => typeof fact === 'object') || program.inputs.length === 0) continue
    let found
    try {
      found = batch.run(columns, { same: { ...input, facts } })
    } catch (error) {
      // Answers for all cases that only the engine's own reader takes.
      if (error.code === 'batch-request') continue
      throw error
    }
    const decision = JSON.parse(answer)
    assert.equal(OUTCOMES[found.outcomes[0]], decision.outcome, `${pack} ${id}`)
    names.forEach((step, at) => {
      const { value } = decision.steps.find(({ id }) => id === step)
      assert.equal(found.values[step][0], decision.outcome === 'computed' && value.state === 'known' ? numberOf(value, batch.outputs[at]) : UNANSWERED, `${pack} ${id} ${step}`)
    })
    compared += 1
  }
  assert.ok(compared > 10, `${compared} of ${group.length} cases`)
})

const refused = (work, code, words) => assert.throws(work, error => error instanceof YibaoError && error.code === code && words.test(error.message), `${code} ${words}`)

test('what is no batch is refused, with what there is', () => {
  refused(() => openBatch(one, 'inpatiant', {}), 'unknown-service', /inpatient/)
  refused(() => openBatch(one, 'inpatient', { outputs: ['patiant'] }), 'unknown-step', /did you mean `patient`/)
  const batch = openBatch(one, 'inpatient', { outputs: ['patient'] })
  const total = Float64Array.of(1, 2)
  refused(() => batch.run({}), 'batch-request', /there is no column/)
  refused(() => batch.run(null), 'wrong-type', /where columns are expected/)
  refused(() => batch.run({ totals: total }), 'unknown-fact', /total/)
  refused(() => batch.run({ total: [1, 2] }), 'wrong-type', /Float64Array/)
  refused(() => batch.run({ total: new Float32Array(2) }), 'wrong-type', /Float64Array/)
  refused(() => batch.run({ total, firstPay: Float64Array.of(1) }), 'batch-request', /`firstPay` holds 1 cases/)
  refused(() => batch.run({ total }, { same: { scheme: 'nobody' } }), 'unknown-option', /nobody/)
  refused(() => batch.run({ total }, { into: batch.run({ total: Float64Array.of(1) }) }), 'batch-request', /room for 1 cases/)
  // Nothing of it stays: the batch goes on.
  assert.deepEqual(Array.from(batch.run({ total: Float64Array.of(2_000_000, -1, 0.5, NaN, Infinity) }, { same: others }).outcomes), [0, 3, 3, 1, 3])
  batch.free()
  refused(() => batch.run({ total }), 'freed', /freed/)
  assert.equal(analysis.loadPlan(file('www/dist/plans/anhui-suzhou-resident.plan.json')).evaluate('inpatient', suzhou).amounts.patient.text, '4400.00')
})
