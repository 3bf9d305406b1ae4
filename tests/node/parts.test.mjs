// What a page fetches in two parts is the whole engine, and the first part alone decides.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as glueOfWhole from '../../www/dist/analysis/yibao.js'
import { AnalysisRules, Engine, YibaoError, loadPlan } from '../../www/dist/core.js'
import { file, nativeAnswers, random, rulesOf } from './kit.mjs'

const { plans, cases } = nativeAnswers()

const engine = new Engine(glueOfWhole)
engine.initSync(file('www/dist/analysis/yibao_bg.wasm'))
const whole = { loadPlan: plan => loadPlan(engine, plan, AnalysisRules) }

const served = path => async () => new Response(file(path), { headers: { 'content-type': 'application/wasm' } })

/** An engine as a page has it; each with glue of its own, for glue holds one instance. */
async function onPage(build, other = {}) {
  const glue = await import(`../../www/dist/${build}/yibao.js?${Math.random()}`)
  const engine = new Engine(glue, { first: served(`www/dist/${build}/yibao_first.wasm`), rest: served(`www/dist/${build}/yibao_rest.wasm`), ...other })
  return { engine, glue, load: plan => loadPlan(engine, plan, AnalysisRules) }
}

/** What a call gives: its answer as text, or its diagnostics. */
function said(call) {
  try {
    return JSON.stringify(call())
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    return JSON.stringify(error.diagnostics)
  }
}

const codeOf = call => JSON.parse(said(call))[0].code

for (const build of ['portal', 'analysis']) {
  test(`the ${build} build decides with its first part alone, and leaves to the rest what takes the whole reader`, async () => {
    const { engine, load } = await onPage(build)
    await engine.init({ rest: 'later' })
    // Nothing was awaited since: the rest is on its way.
    const [rules, expected] = [rulesOf(plans, load), rulesOf(plans, whole.loadPlan)]
    assert.equal(engine.isComplete, false)
    let [decided, left] = [0, 0]
    for (const { pack, case: id, service, input } of cases) {
      if (service === null) continue
      const answer = said(() => rules(pack).evaluate(service, input))
      if (answer.startsWith('[{"code":"not-initialised"')) {
        left += 1
        continue
      }
      decided += 1
      assert.equal(answer, said(() => expected(pack).evaluate(service, input)), `${pack}: ${id}`)
    }
    assert.equal(engine.isComplete, false)
    assert.ok(decided > 5 * left && left > 0, `${decided} were decided, ${left} left`)
  })
}

test('what is asked for later is refused by name until it is there, and is the same then', async () => {
  const { engine, load } = await onPage('analysis')
  await engine.init({ rest: 'later' })
  const [rules, expected] = [rulesOf(plans, load), rulesOf(plans, whole.loadPlan)]
  const one = cases.find(({ service }) => service !== null)
  const year = cases.find(({ service }) => service === null)
  const all = [rules => rules.explain(one.service, one.input), rules => rules.year(year.input), rules => rules.replay({}, {}), rules => rules.bounds(one.service, one.input), rules => rules.compare([]), rules => rules.counterfactual({}, {})]
  assert.equal(rules(one.pack).isComplete, false)
  for (const call of all) assert.equal(codeOf(() => call(rules(one.pack))), 'not-initialised')
  await engine.complete()
  assert.equal(rules(one.pack).isComplete, true)
  for (const call of all) assert.equal(said(() => call(rules(one.pack))), said(() => call(expected(one.pack))))
  for (const { pack, case: id, service, input } of cases.filter((_, i) => i % 3 === 0)) {
    const both = call => assert.equal(said(() => call(rules(pack))), said(() => call(expected(pack))), `${pack}: ${id}`)
    if (service === null) {
      both(rules => rules.year(input))
      continue
    }
    for (const register of ['patient', 'officer', 'developer']) for (const lang of ['zh-CN', 'en']) both(rules => rules.explain(service, input, { register, lang }))
    const { facts = {} } = input
    const [first] = Object.keys(facts)
    both(rules => rules.bounds(service, { ...input, facts: { ...facts, [first]: undefined } }))
    both(rules => rules.curve(service, input, 'total', { to: '20000' }))
    both(rules => rules.solve(service, input, 'total', 'patient', '1000'))
    both(rules => rules.compare([{ service, input }, { service, input: { ...input, facts: { ...facts, total: '1000' } } }]))
  }
})

test('the first part refuses plans as the whole does', async () => {
  const { engine, load } = await onPage('portal')
  await engine.init({ rest: 'later' })
  const below = random(20261122)
  const texts = [...plans.values()].filter(text => text.length < 20_000)
  let refused = 0
  for (let i = 0; i < 1500; i++) {
    const text = texts[below(texts.length)]
    const at = below(text.length)
    const damaged = text.slice(0, at) + '0123456789abcdef[]{},":'[below(23)] + text.slice(at + 1)
    const answer = said(() => load(damaged).pack)
    assert.equal(answer, said(() => whole.loadPlan(damaged).pack))
    refused += Number(answer.startsWith('[{"severity"') || answer.includes('"bad-plan"'))
  }
  assert.ok(refused > 300, `${refused} were refused`)
})

test('a rest that cannot be had leaves the decisions, and is asked for again', async () => {
  let tries = 0
  const rest = served('www/dist/portal/yibao_rest.wasm')
  const { engine, load } = await onPage('portal', { rest: async () => { tries += 1; if (tries < 3) throw new TypeError('Failed to fetch'); return rest() } })
  const one = cases.find(({ service }) => service !== null)
  // Who waits for everything hears of it.
  await assert.rejects(engine.init(), error => error.code === 'wasm-load')
  const rules = load(plans.get(one.pack))
  assert.equal(said(() => rules.evaluate(one.service, one.input)), said(() => whole.loadPlan(plans.get(one.pack)).evaluate(one.service, one.input)))
  await assert.rejects(engine.complete(), error => error.code === 'wasm-load')
  await engine.complete()
  assert.equal(tries, 3)
  assert.equal(rules.explain(one.service, one.input), whole.loadPlan(plans.get(one.pack)).explain(one.service, one.input))
})

/** How long a module may be that a page instantiates at once, in Chromium before 115: no page may count on more. */
const AT_ONCE = 4096

/** Runs `work` where nothing over the limit can be instantiated at once. */
async function onOldMainThread(work) {
  const { Instance } = WebAssembly
  const lengths = new WeakMap()
  const { compile } = WebAssembly
  WebAssembly.compile = async bytes => {
    const module = await compile(bytes)
    lengths.set(module, bytes.byteLength)
    return module
  }
  WebAssembly.Instance = function (module, imports) {
    // A module that was compiled elsewhere, as in streaming, is one of the engine's.
    if ((lengths.get(module) ?? Infinity) > AT_ONCE) throw new RangeError('WebAssembly.Instance is disallowed on the main thread')
    return new Instance(module, imports)
  }
  try {
    await work()
  } finally {
    Object.assign(WebAssembly, { Instance, compile })
  }
}

test('no page has to instantiate the engine at once, nor what comes behind it, nor either after a trap', () => onOldMainThread(async () => {
  const { engine, glue, load } = await onPage('analysis')
  await engine.init()
  const one = cases.find(({ service }) => service !== null)
  const rules = load(plans.get(one.pack))
  const before = [rules.explain(one.service, one.input), said(() => rules.evaluate(one.service, one.input))]
  trapOnce(glue)
  assert.equal(codeOf(() => rules.evaluate(one.service, { facts: { nothing: '1' } })), 'engine-trap')
  // No call is made on an instance that nothing is known of.
  assert.equal(codeOf(() => rules.evaluate(one.service, one.input)), 'not-initialised')
  assert.equal(codeOf(() => load(plans.get(one.pack))), 'not-initialised')
  assert.equal(await engine.init(), 'wasm')
  assert.deepEqual([rules.explain(one.service, one.input), said(() => rules.evaluate(one.service, one.input))], before)
}))

test('a trap before the rest has come: both are there in the end', async () => {
  let give
  const rest = new Promise(resolve => { give = resolve })
  const { engine, glue, load } = await onPage('analysis', { rest: () => rest })
  await engine.init({ rest: 'later' })
  const one = cases.find(({ service }) => service !== null)
  const rules = load(plans.get(one.pack))
  const own = glue.Handle.prototype.run
  glue.Handle.prototype.run = function () {
    glue.Handle.prototype.run = own
    throw new WebAssembly.RuntimeError('unreachable')
  }
  assert.equal(codeOf(() => rules.evaluate(one.service, one.input)), 'engine-trap')
  give(served('www/dist/analysis/yibao_rest.wasm')())
  await engine.init()
  assert.equal(engine.isComplete, true)
  assert.equal(rules.explain(one.service, one.input), whole.loadPlan(plans.get(one.pack)).explain(one.service, one.input))
})

test('an instance that could not be renewed is renewed when it is asked for again', async () => {
  const { engine, glue, load } = await onPage('analysis')
  await engine.init()
  const one = cases.find(({ service }) => service !== null)
  const rules = load(plans.get(one.pack))
  const before = said(() => rules.evaluate(one.service, one.input))
  const { instantiate } = WebAssembly
  WebAssembly.instantiate = async () => { throw new RangeError('out of memory') }
  trapOnce(glue)
  assert.equal(codeOf(() => rules.evaluate(one.service, { facts: { nothing: '1' } })), 'engine-trap')
  await assert.rejects(engine.init(), error => error.code === 'wasm-load')
  WebAssembly.instantiate = instantiate
  await engine.init()
  assert.equal(said(() => rules.evaluate(one.service, one.input)), before)
})

/** The next answers that only the engine's own reader takes end in a trap. */
function trapOnce(glue) {
  const own = glue.Handle.prototype.decide
  glue.Handle.prototype.decide = function () {
    glue.Handle.prototype.decide = own
    throw new WebAssembly.RuntimeError('unreachable')
  }
}

test('after a trap the rest is there again', async () => {
  const { engine, glue, load } = await onPage('analysis')
  await engine.init()
  const one = cases.find(({ service }) => service !== null)
  const rules = load(plans.get(one.pack))
  const before = rules.explain(one.service, one.input)
  trapOnce(glue)
  assert.equal(codeOf(() => rules.evaluate(one.service, { facts: { nothing: '1' } })), 'engine-trap')
  await engine.init()
  assert.equal(rules.explain(one.service, one.input), before)
})

test('`rest` is `now` or `later`', async () => {
  const { engine } = await onPage('portal')
  await assert.rejects(engine.init({ rest: 'never' }), error => error.code === 'wrong-type')
})

test('where the rest is at hand it is taken when it is first needed', async () => {
  const glue = await import('../../www/dist/portal/yibao.js?at-hand')
  const engine = new Engine(glue)
  let taken = 0
  engine.initSync(file('www/dist/portal/yibao_first.wasm'), () => {
    taken += 1
    return file('www/dist/portal/yibao_rest.wasm')
  })
  const one = cases.find(({ service }) => service !== null)
  const rules = loadPlan(engine, plans.get(one.pack))
  assert.equal(rules.isComplete, true)
  rules.evaluate(one.service, one.input)
  assert.equal(taken, 0)
  const expected = whole.loadPlan(plans.get(one.pack))
  for (let i = 0; i < 2; i++) assert.equal(rules.explain(one.service, one.input), expected.explain(one.service, one.input))
  assert.equal(taken, 1)
})
