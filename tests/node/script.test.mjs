// The engine in JavaScript gives the bytes of the native one, and behaves like WebAssembly where callers rely on that.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { YibaoError, loadPlan as loadInWasm } from '../../www/dist/analysis-node.js'
import { AnalysisRules, Engine, canInstantiate, loadPlan } from '../../www/dist/core.js'
import * as script from '../../www/dist/portal-js/yibao.js'
import { isQuick, nativeAnswers, random, rulesOf, suzhou } from './kit.mjs'

const engine = new Engine(undefined, { script: async () => script })
await engine.init({ build: 'js' })
const load = plan => loadPlan(engine, plan, AnalysisRules)
const { plans, cases } = nativeAnswers()

function answer(rules, { service, input }) {
  try {
    return JSON.stringify(service === null ? rules.year(input) : rules.evaluate(service, input))
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    return error.diagnostics.map(({ code, message }) => `${code} ${message}`).sort().join('\n')
  }
}

const expected = text => (text.startsWith('{"error"') ? JSON.parse(text).error.map(({ code, message }) => `${code} ${message}`).sort().join('\n') : text)

test('the engine in JavaScript writes every decision as the native engine does', () => {
  const rules = rulesOf(plans, load)
  assert.ok(cases.length > 1000, `${cases.length} cases`)
  for (const one of cases) assert.equal(answer(rules(one.pack), one), expected(one.answer), `${one.pack}: ${one.case}`)
})

test('what is read at once is the same in both builds', () => {
  const [here, there] = [rulesOf(plans, load), rulesOf(plans, loadInWasm)]
  let quick = 0
  for (const { pack, case: id, service, input, answer } of cases) {
    if (service === null || answer.startsWith('{"error"')) continue
    const [ours, theirs] = [here(pack), there(pack)].map(rules => rules.evaluate(service, input))
    assert.equal(ours.constructor.name, theirs.constructor.name)
    if (isQuick(ours)) quick += 1
    for (const field of ['outcome', 'amounts', 'verdict', 'limit', 'allocations', 'result']) assert.deepEqual(ours[field], theirs[field], `${pack}: ${id}: ${field}`)
  }
  assert.ok(quick > cases.length / 3, `${quick} of ${cases.length} took the quick path`)
})

test('explanations are the same in both builds, for every reader and language', () => {
  const [here, there] = [rulesOf(plans, load), rulesOf(plans, loadInWasm)]
  const seen = new Set()
  for (const { pack, service, input, answer } of cases) {
    if (service === null || answer.startsWith('{"error"') || seen.has(`${pack} ${service}`)) continue
    seen.add(`${pack} ${service}`)
    for (const register of ['patient', 'officer', 'developer']) {
      for (const lang of ['zh-CN', 'en']) assert.equal(here(pack).explain(service, input, { register, lang }), there(pack).explain(service, input, { register, lang }), `${pack}: ${service}`)
    }
  }
  assert.ok(seen.size > 100, `${seen.size} services`)
})

test('analyses are the same in both builds', () => {
  const [here, there] = [load(plans.get('anhui-suzhou-resident')), loadInWasm(plans.get('anhui-suzhou-resident'))]
  for (const name of ['curve', 'bounds', 'solve', 'compare', 'counterfactual']) {
    const { total, ...open } = suzhou
    const year = level => ({ encounters: [{ id: 'a', service: 'inpatient', facts: { ...suzhou, level } }] })
    const given = {
      curve: ['inpatient', open, 'total'],
      bounds: ['inpatient', { total }],
      solve: ['inpatient', open, 'total', 'patient', '5525.00'],
      compare: [[{ label: '1', service: 'inpatient', input: suzhou }, { label: '2', service: 'inpatient', input: { ...suzhou, level: 'city_third' } }]],
      counterfactual: [year('county'), year('city_third')],
    }[name]
    assert.deepEqual(here[name](...given), there[name](...given), name)
  }
})

/** The outcome of loading and asking: the same word in both builds. */
function outcome(load, plan) {
  try {
    const rules = load(plan)
    const all = rules.services.map(({ id }) => JSON.stringify(rules.evaluate(id, {}).toJSON()))
    rules.free()
    return all.join('\n')
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    return error.message
  }
}

test('300 mutated plans load or are refused alike', () => {
  const below = random(23)
  const sources = [...plans.values()].filter(plan => plan.length < 40_000)
  const tokens = ['0', '-1', '16777216', '4294967295', '9007199254740991', '-9007199254740991', 'null', 'true', '""', '[]', '1.5']
  let refused = 0
  for (let i = 0; i < 300; i++) {
    let plan = sources[below(sources.length)]
    const values = [...plan.matchAll(/(?<=[:,[])(?:-?\d+|"(?:[^"\\]|\\.)*"|null|true|false)(?=[,\]}])/g)]
    const hit = values[below(values.length)]
    plan = plan.slice(0, hit.index) + tokens[below(tokens.length)] + plan.slice(hit.index + hit[0].length)
    const here = outcome(load, plan)
    assert.equal(here, outcome(loadInWasm, plan), `${i}`)
    if (!here.startsWith('{')) refused += 1
  }
  assert.ok(refused > 50 && refused < 300, `${refused} refused`)
})

test('a memory that grows leaves its old buffer empty', () => {
  const { memory } = engine
  const old = new Uint8Array(memory.buffer)
  const before = memory.buffer.byteLength
  memory.grow(1)
  assert.equal(old.length, 0)
  assert.equal(memory.buffer.byteLength, before + 65_536)
  assert.equal(load(plans.get('anhui-suzhou-resident')).evaluate('inpatient', suzhou).amounts.patient.text, '4400.00')
})

test('after a trap everything loaded goes on', () => {
  const rules = load(plans.get('anhui-suzhou-resident'))
  const own = script.Handle.prototype.decide
  script.Handle.prototype.decide = function () {
    script.Handle.prototype.decide = own
    throw new script.Trap('unreachable')
  }
  assert.throws(() => rules.evaluate('inpatient', { facts: suzhou, ledger: [] }), error => error.code === 'engine-trap' && /started again/.test(error.message))
  assert.equal(rules.evaluate('inpatient', suzhou).amounts.patient.text, '4400.00')
  assert.equal(JSON.parse(JSON.stringify(rules.evaluate('inpatient', suzhou))).outcome, 'computed')
})

test('the probe compiles here, and says no where WebAssembly is not', () => {
  assert.equal(canInstantiate(), true)
  const { WebAssembly: own } = globalThis
  try {
    delete globalThis.WebAssembly
    assert.equal(canInstantiate(), false)
    globalThis.WebAssembly = { ...own, Module: class { constructor() { throw new own.CompileError('refused') } } }
    assert.equal(canInstantiate(), false)
  } finally {
    globalThis.WebAssembly = own
  }
})

test('init takes the engine in JavaScript where WebAssembly is not, and no other reason', async () => {
  const made = []
  const glue = { default: async () => { made.push('wasm'); return { memory: {} } } }
  const other = { script: async () => { made.push('js'); return script }, first: () => Promise.reject(new TypeError('Failed to fetch')), rest: () => Promise.reject(new TypeError('Failed to fetch')) }
  // A file that cannot be had is no reason to take another.
  await assert.rejects(new Engine(glue, other).init(), error => error.code === 'wasm-load' && /missing, or is not the one/.test(error.diagnostics[0].help))
  assert.deepEqual(made, [])
  assert.equal(await new Engine(glue, other).init({ build: 'js' }), 'js')
  const { WebAssembly: own } = globalThis
  try {
    delete globalThis.WebAssembly
    const refused = new Engine(glue, other)
    assert.deepEqual(await Promise.all([refused.init(), refused.init()]), ['js', 'js'])
    assert.equal(await refused.init(), 'js')
  } finally {
    globalThis.WebAssembly = own
  }
  assert.deepEqual(made, ['js', 'js'])
  await assert.rejects(new Engine(glue, other).init({ build: 'asm' }), error => error.code === 'wrong-type')
})
