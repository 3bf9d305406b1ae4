import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { test } from 'node:test'
import * as authoring from '../../www/dist/authoring-node.js'
import { YibaoError, init, initSync, loadPlan } from '../../www/dist/node.js'
import { file, nativeAnswers, openEngine, random, suzhou } from './kit.mjs'

const { plans } = nativeAnswers()
const text = plans.get('anhui-suzhou-resident')
const rules = loadPlan(text)

/** The error that a call throws, which must be ours. */
function thrown(work) {
  let found
  assert.throws(work, error => ((found = error), error instanceof YibaoError))
  return found
}

test('a plan loads from text, from bytes and from what JSON.parse made of it', () => {
  for (const plan of [text, new TextEncoder().encode(text), JSON.parse(text), `\n${text}\n`]) {
    const loaded = loadPlan(plan)
    assert.equal(loaded.pack.id, 'anhui-suzhou-resident')
    assert.equal(loaded.evaluate('inpatient', suzhou).amounts.patient.text, '4400.00')
    loaded.free()
  }
})

test('what no plan is gives bad-plan', () => {
  const circular = {}
  circular.self = circular
  for (const plan of ['', '{', 'null', '[]', '{}', '{"format":1}', text.replace('"format":1', '"format":2'), text.replace('"format":1', '"format":1.5'), undefined, 3, 3n, circular, new Uint8Array([0xb9, 0xe6]), '"' + '['.repeat(100_000), '['.repeat(100_000) + ']'.repeat(100_000)]) {
    assert.equal(thrown(() => loadPlan(plan)).code, 'bad-plan')
  }
})

test('services and facts describe themselves, and cannot be changed', () => {
  assert.deepEqual(rules.services.map(({ id, kind }) => [id, kind]), [['inpatient', 'settlement']])
  const date = rules.facts.find(({ id }) => id === 'admission_date')
  assert.equal(date.key, 'admissionDate')
  assert.equal(date.type, 'date')
  const level = rules.facts.find(({ id }) => id === 'level')
  assert.deepEqual(level.options.map(({ id }) => id), ['first', 'county', 'city_third', 'provincial_third'])
  for (const frozen of [rules, rules.pack, rules.pack.title, rules.services, rules.facts[0], level.options[0].label]) assert.ok(Object.isFrozen(frozen))
})

test('evaluate takes facts alone or a case, names in either spelling', () => {
  const snake = { admission_date: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county', total: 20000, out_of_scope: '0', over_limit: 0, first_pay: '0.00' }
  const expected = JSON.stringify(rules.evaluate('inpatient', suzhou))
  for (const input of [snake, { facts: snake }, { facts: suzhou, parameters: {}, previous: 'none' }]) assert.equal(JSON.stringify(rules.evaluate('inpatient', input)), expected)
})

test('a decision is the same after a thousand others', () => {
  const decision = rules.evaluate('inpatient', suzhou)
  const expected = JSON.stringify(rules.evaluate('inpatient', suzhou))
  const input = { ...suzhou }
  const changed = rules.evaluate('inpatient', input)
  input.total = '1'
  for (let i = 0; i < 1000; i++) rules.evaluate('inpatient', { ...suzhou, total: String(i * 31), level: i % 2 ? 'first' : 'city_third' })
  assert.equal(decision.amounts.patient.text, '4400.00')
  assert.equal(decision.steps.find(({ id }) => id === 'rate').value.text, '80%')
  assert.equal(JSON.stringify(decision), expected)
  assert.equal(JSON.stringify(changed), expected)
})

test('a decision shows itself as data', () => {
  const decision = rules.evaluate('inpatient', suzhou)
  assert.match(inspect(decision), /outcome: 'computed'/)
  const keys = []
  for (const key in decision) keys.push(key)
  assert.deepEqual(keys.toSorted(), Object.keys(decision.toJSON()).toSorted())
  assert.deepEqual(structuredClone(decision.toJSON()), JSON.parse(JSON.stringify(decision)))
})

test('what is missing is said, and is no error', () => {
  const { total, level, ...rest } = suzhou
  const decision = rules.evaluate('inpatient', rest)
  assert.equal(decision.outcome, 'incomplete')
  assert.deepEqual(decision.missing.map(({ key }) => key), ['total', 'level'])
  assert.deepEqual(rules.evaluate('inpatient', {}).outcome, 'incomplete')
})

test('errors carry the path in the object that was given, all at once', () => {
  const bare = thrown(() => rules.evaluate('inpatient', { ...suzhou, total: 0.1, outOfScope: '1.005', level: 'thrid' }))
  assert.deepEqual(bare.diagnostics.map(({ code, place }) => [place.path, code]).toSorted(), [['level', 'unknown-option'], ['outOfScope', 'too-many-decimals'], ['total', 'wrong-type']])
  assert.equal(bare.code, bare.diagnostics[0].code)
  assert.match(bare.message, /the number 0\.1: write figures as text/)
  const sectioned = thrown(() => rules.evaluate('inpatient', { facts: { ...suzhou, total: '-1' } }))
  assert.deepEqual([sectioned.code, sectioned.diagnostics[0].place.path], ['out-of-range', 'facts.total'])
  const help = thrown(() => rules.evaluate('inpatient', { facts: { totl: '1' } })).diagnostics[0]
  assert.deepEqual([help.code, help.place.path, help.help], ['unknown-fact', 'facts.totl', 'did you mean `total`?'])
  assert.equal(thrown(() => rules.evaluate('outpatient', suzhou)).code, 'unknown-service')
  assert.equal(thrown(() => rules.evaluate('inpatient', { facts: suzhou, fact: {} })).diagnostics[0].place.path, 'fact')
  assert.equal(thrown(() => rules.evaluate('inpatient', { ...suzhou, admission_date: '2023-06-16' })).code, 'duplicate-key')
  assert.equal(thrown(() => rules.evaluate('inpatient', { ...suzhou, total: '100', outOfScope: '100', overLimit: '0.01' })).code, 'constraint')
})

test('paths go into institutions and records', () => {
  const gaizhou = [...plans].find(([, plan]) => /"type":"institution"/.test(plan) && /"type":"list"/.test(plan))
  if (gaizhou === undefined) return
  const loaded = loadPlan(gaizhou[1])
  const institution = loaded.facts.find(({ type }) => type === 'institution')
  const error = thrown(() => loaded.evaluate(loaded.services[0].id, { facts: { [institution.key]: { nonsense: 1.5 } } }))
  assert.equal(error.diagnostics[0].place.path, `facts.${institution.key}.nonsense`)
  const list = loaded.facts.find(({ type }) => type === 'list')
  const reader = loaded.services.find(({ facts }) => facts.includes(list.id))
  const inside = thrown(() => loaded.evaluate(reader.id, { facts: { [list.key]: [{}, { nonsense: [] }] } }))
  assert.equal(inside.diagnostics[0].place.path, `facts.${list.key}[1].nonsense`)
  loaded.free()
})

test('what is no case is an error, never a crash', () => {
  const circular = { facts: {} }
  circular.facts.total = circular
  const deep = {}
  let at = deep
  for (let i = 0; i < 10_000; i++) at = at.total = {}
  const hostile = new Proxy({}, { ownKeys() { throw new Error('no') }, get() { throw new Error('no') } })
  const odd = [undefined, null, 3, 'facts', [], () => 1, Symbol('x'), new Map(), new Date(), circular, deep, { facts: 1 }, { facts: [] }, { facts: hostile }, hostile, { total: hostile }, { previous: 3 }, { total: 'x'.repeat(1_000_000) }, { facts: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, i])) }, { total: '\ud800' }, { __proto__: null, total: Symbol('x') }, JSON.parse('{"__proto__": 1}')]
  for (const input of odd) {
    for (const call of [() => rules.evaluate('inpatient', input), () => rules.explain('inpatient', input), () => rules.year(input), () => rules.replay(input, {})]) {
      try {
        call()
      } catch (error) {
        assert.ok(error instanceof YibaoError, String(error))
        assert.notEqual(error.code, 'engine-trap')
      }
    }
  }
  assert.equal(rules.evaluate('inpatient', suzhou).outcome, 'computed')
})

test('explain gives the whole in words, or one step', () => {
  assert.match(rules.explain('inpatient', suzhou), /4,400\.00/)
  assert.match(rules.explain('inpatient', suzhou, { lang: 'en', register: 'officer', step: 'basic' }), /15,600\.00/)
  assert.match(thrown(() => rules.explain('inpatient', suzhou, { step: 'basik' })).diagnostics[0].help, /basic/)
  assert.equal(thrown(() => rules.explain('inpatient', suzhou, { register: 'judge' })).code, 'unknown-option')
  assert.equal(thrown(() => rules.explain('inpatient', suzhou, { lang: 'fr' })).code, 'unknown-option')
})

test('a year folds, and complains with paths', () => {
  const stay = { id: 'a', service: 'inpatient', facts: suzhou }
  const year = rules.year({ encounters: [stay, { ...stay, id: 'b', facts: { ...suzhou, admissionDate: '2023-08-01' } }] })
  assert.equal(year.encounters.length, 2)
  assert.equal(year.net, '8800.00')
  assert.equal(thrown(() => rules.year({ encounters: [stay, stay] })).code, 'duplicate-id')
  assert.equal(thrown(() => rules.year({})).code, 'expected-list')
  assert.equal(thrown(() => rules.year({ encounters: [{ id: 'a' }] })).diagnostics[0].place.path, 'encounters[0]')
  assert.equal(thrown(() => rules.year({ encounters: [{ ...stay, facts: { total: 1.5 } }] })).diagnostics[0].place.path, 'encounters[0].facts.total')
})

test('a receipt replays', () => {
  const { receipt } = rules.evaluate('inpatient', suzhou)
  assert.deepEqual(rules.replay(suzhou, receipt), { same: true, differs: [] })
  assert.deepEqual(rules.replay({ ...suzhou, total: '1' }, receipt), { same: false, differs: ['answers'] })
  for (const bad of [undefined, null, {}, 'x', { ...receipt, serviceDate: 3 }]) assert.equal(thrown(() => rules.replay(suzhou, bad)).code, 'bad-receipt')
})

test('freed rules say so', () => {
  const loaded = loadPlan(text)
  const [unread, read] = [loaded.evaluate('inpatient', suzhou), loaded.evaluate('inpatient', suzhou)]
  read.toJSON()
  loaded.free()
  loaded.free()
  for (const call of [() => loaded.evaluate('inpatient', suzhou), () => loaded.explain('inpatient', suzhou), () => loaded.year({}), () => loaded.replay({}, {}), () => loaded.planJson(), () => unread.steps]) {
    assert.equal(thrown(call).code, 'freed')
  }
  assert.equal(unread.amounts.patient.text, '4400.00')
  assert.ok(read.steps.length > 0)
  if (Symbol.dispose) {
    const disposed = loadPlan(text)
    disposed[Symbol.dispose]()
    assert.equal(thrown(() => disposed.planJson()).code, 'freed')
  }
})

test('loading the engine again is harmless', async () => {
  await init()
  initSync(file('www/dist/portal/yibao_bg.wasm'))
  assert.equal(rules.evaluate('inpatient', suzhou).outcome, 'computed')
})

test('after a trap everything loaded goes on', () => {
  const { glue, loadPlan } = openEngine()
  const [rules, other] = [loadPlan(text), loadPlan(text)]
  const before = other.evaluate('inpatient', suzhou)
  for (const method of ['run', 'decide', 'year']) {
    const own = glue.Handle.prototype[method]
    glue.Handle.prototype[method] = function () {
      glue.Handle.prototype[method] = own
      // A handle that points nowhere traps for good.
      this.__wbg_ptr = 0x7fff_fff0
      return own.apply(this, arguments)
    }
    const input = method === 'run' ? suzhou : { facts: suzhou, ledger: [] }
    const call = method === 'year' ? () => rules.year({ encounters: [] }) : () => rules.evaluate('inpatient', input)
    assert.equal(thrown(call).code, 'engine-trap')
    assert.equal(rules.evaluate('inpatient', suzhou).amounts.patient.text, '4400.00')
    assert.equal(rules.evaluate('inpatient', {}).outcome, 'incomplete')
    assert.equal(other.evaluate('inpatient', suzhou).amounts.patient.text, '4400.00')
  }
  assert.equal(before.steps.find(({ id }) => id === 'rate').value.text, '80%')
  other.free()
})

test('2,000 mutated plans load or are refused, and never trap', () => {
  const below = random(11)
  const sources = [...plans.values()].filter(plan => plan.length < 60_000)
  const tokens = ['0', '-1', '1', '16777216', '4294967295', '9007199254740991', '-9007199254740991', 'null', 'true', '""', '[]', '{}', '"x"', '1.5', '99']
  let loaded = 0
  for (let i = 0; i < 2_000; i++) {
    let plan = sources[below(sources.length)]
    for (let changes = 1 + below(3); changes > 0; changes--) {
      const values = [...plan.slice(0, 60_000).matchAll(/(?<=[:,[])(?:-?\d+|"(?:[^"\\]|\\.)*"|null|true|false)(?=[,\]}])/g)]
      const hit = values[below(values.length)]
      if (below(12) === 0) plan = plan.slice(0, hit.index)
      else plan = plan.slice(0, hit.index) + tokens[below(tokens.length)] + plan.slice(hit.index + hit[0].length)
      if (!plan.endsWith('}')) break
    }
    try {
      const rules = loadPlan(plan)
      loaded += 1
      for (const { id } of rules.services) {
        JSON.stringify(rules.evaluate(id, {}))
        JSON.stringify(rules.evaluate(id, suzhou))
      }
      rules.free()
    } catch (error) {
      assert.ok(error instanceof YibaoError, `${i}: ${error.stack}`)
      assert.notEqual(error.code, 'engine-trap', `${i}`)
    }
  }
  assert.ok(loaded > 50, `${loaded} loaded`)
})

test('100,000 evaluations leave the memory as it was', () => {
  const { loadPlan, memory } = openEngine()
  const rules = loadPlan(text)
  const once = i => {
    const decision = rules.evaluate('inpatient', { ...suzhou, total: String(i) })
    if (i % 10 === 0) decision.toJSON()
    if (i % 10 === 1) rules.evaluate('inpatient', { total: String(i) })
    if (i % 10 === 2) assert.throws(() => rules.evaluate('inpatient', { ...suzhou, total: 'x' }))
    if (i % 100 === 3) loadPlan(text).free()
  }
  for (let i = 1; i <= 2_000; i++) once(i)
  const before = memory()
  for (let i = 1; i <= 100_000; i++) once(i)
  assert.equal(memory(), before)
})

test('the authoring build reads packs and cases', () => {
  const pack = file('packs/anhui-suzhou-resident/pack.yaml')
  const options = { vocabulary: file('packs/vocabulary.yaml') }
  assert.deepEqual(authoring.checkPack(pack, options).filter(({ severity }) => severity === 'error'), [])
  const compiled = authoring.loadPack(pack, options)
  const parsed = authoring.parseCase(file('packs/anhui-suzhou-resident/demo.yaml'))
  assert.equal(parsed.facts.total, '20000')
  assert.equal(compiled.evaluate('inpatient', parsed).outcome, 'computed')
  assert.equal(loadPlan(compiled.planJson()).evaluate('inpatient', parsed).outcome, 'computed')
})

test('the authoring build reports what is wrong where it is', () => {
  const pack = file('packs/anhui-suzhou-resident/pack.yaml').toString().replace('200元, cite', '201元, cite')
  const [problem] = authoring.checkPack(pack, { vocabulary: file('packs/vocabulary.yaml') })
  assert.equal(problem.severity, 'error')
  assert.match(pack.split('\n')[problem.place.line - 1], /201元/)
  assert.match(authoring.renderDiagnostic(problem, pack), /201元[^]*\^/)
  assert.equal(thrown(() => authoring.loadPack('pack: [', {})).diagnostics[0].place.file, 'pack.yaml')
  assert.equal(thrown(() => authoring.loadPack(new Uint8Array([0xb9, 0xe6]))).code, 'not-utf-8')
  assert.equal(thrown(() => authoring.loadPack(3)).code, 'wrong-type')
  const parsed = authoring.parseCase('facts:\n  total: abc\n', { file: 'case.yaml' })
  const compiled = authoring.loadPack(file('packs/anhui-suzhou-resident/pack.yaml'), { vocabulary: file('packs/vocabulary.yaml') })
  const error = thrown(() => compiled.evaluate('inpatient', parsed))
  const { place } = authoring.located(error, parsed).diagnostics[0]
  assert.deepEqual([place.file, place.line, place.column], ['case.yaml', 2, 10])
})

test('a plan that needs numbers past 64 bits is refused by name, and runs where there are more', () => {
  // Bills up to 2^53 fen; shares over so great a denominator that their product is past 2^62, and past 2^63.
  const widened = by => {
    const plan = JSON.parse(text)
    const { program } = plan.services.find(({ id }) => id === 'inpatient')
    for (const input of program.inputs) if (input.kind === 'money') input.max = Number.MAX_SAFE_INTEGER
    for (const constant of program.constants.filter(({ kind }) => kind === 'rate')) {
      constant.num *= by
      constant.den *= by
    }
    return JSON.stringify(plan)
  }
  const usual = loadPlan(text).evaluate('inpatient', suzhou).amounts.patient.text
  for (const by of [30, 10_000_000]) {
    const refused = thrown(() => loadPlan(widened(by)))
    assert.deepEqual([refused.code, refused.message.includes('service `inpatient` needs numbers past 64 bits')], ['bad-plan', true], refused.message)
    assert.equal(authoring.loadPlan(widened(by)).evaluate('inpatient', suzhou).amounts.patient.text, usual)
  }
  assert.equal(loadPlan(widened(1)).evaluate('inpatient', suzhou).amounts.patient.text, usual)
})

test('an error of one entry is an error of every other', async () => {
  const entries = await Promise.all(['node', 'analysis-node', 'authoring-node', 'batch-node', 'signatures-node', 'core', 'index', 'analysis', 'authoring', 'batch', 'signatures'].map(name => import(`../../www/dist/${name}.js`)))
  for (const entry of entries) assert.equal(entry.YibaoError, YibaoError)
})
