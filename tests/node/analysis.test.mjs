// Curves, bounds, solutions, paths, proofs and diffs, through JavaScript. Expected figures are worked out in comments.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { YibaoError, loadPack, loadPlan } from '../../www/dist/authoring-node.js'
import { loadPlan as loadAnalysis } from '../../www/dist/analysis-node.js'
import { loadPlan as loadPortal } from '../../www/dist/node.js'
import { file } from './kit.mjs'

const options = { vocabulary: file('packs/vocabulary.yaml') }
const text = folder => file(`${folder}/pack.yaml`).toString('utf8')
const suzhouText = text('packs/anhui-suzhou-resident')
const suzhou = loadPack(suzhouText, options)
const banded = loadPack(text('packs/example-we-36'), options)

// 三级(市属): 700 yuan, then 75 % by the fund.
const stay = { admissionDate: '2023-06-20', scheme: 'resident', place: 'in_city', level: 'city_third', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' }
const without = (...names) => Object.fromEntries(Object.entries(stay).filter(([name]) => !names.includes(name)))
const patient = (rules, facts) => rules.evaluate('inpatient', facts).amounts.patient.text
const thrown = (work, code) => assert.throws(work, error => error instanceof YibaoError && (assert.equal(error.code, code), true))

test('the curve of a stay bends at the deductible', () => {
  const curve = suzhou.curve('inpatient', stay, 'total')
  assert.deepEqual([curve.fact, curve.unit], ['total', 'yuan'])
  assert.deepEqual(curve.knots.map(({ at, exact, step, jump }) => ({ at, exact, step, jump })), [{ at: '700.00', exact: '70000', step: 'borne', jump: false }])
  const [below, above] = curve.pieces.map(piece => piece.lines.patient)
  // Below all is the person's own; above a quarter, 700 - 25 % of 700 = 525 more.
  assert.deepEqual(below, { slope: '1', constant: '0', atFrom: '0.00', atTo: '700.00' })
  assert.deepEqual([above.slope, above.constant, above.atFrom], ['0.25', '525', '700.00'])
  assert.equal(curve.knots[0].values.patient, '700.00')
  assert.ok(curve.lines.some(line => line.id === 'basic' && line.unit === 'yuan'))
})

test('a range cuts the curve', () => {
  const curve = suzhou.curve('inpatient', stay, 'total', { from: 1000, to: '20000.00' })
  assert.equal(curve.knots.length, 0)
  assert.deepEqual(curve.pieces.map(({ from, to, lines }) => [from.at, to.at, lines.patient.atTo]), [['1000.00', '20000.00', '5525.00']])
})

test('points of a curve are what deciding gives, to the fen', () => {
  const at = ['0', '699.99', '700', '700.01', '700.02', '700.03', '19999.99', '20000.01', '20000.03']
  const { points } = suzhou.curve('inpatient', stay, 'total', { at })
  assert.deepEqual(points.map(({ values }) => values.patient), at.map(total => patient(suzhou, { ...stay, total })))
  // A quarter of 0.02 and of 0.03 yuan above the deductible: 0.75 × 2 = 1.5 fen and 2.25 fen are rounded to 2.
  assert.deepEqual(points.slice(3, 6).map(({ values }) => values.patient), ['700.00', '700.00', '700.01'])
  thrown(() => suzhou.curve('inpatient', stay, 'total', { at: ['0.001'] }), 'bad-amount')
})

test('a knot between two fen is an exact fraction', () => {
  const facts = { group: 'g1', stay: 'first', total: '0' }
  const { knots, pieces } = banded.curve('inpatient', facts, 'total', { to: '100000' })
  // 7,680 and 17,000 are paid for the first 30,000; 35,320 more at 90 %: 30000 + 35320 / 0.9 = 69244.444… yuan.
  const cap = knots.find(knot => knot.step === 'pooled')
  assert.deepEqual([cap.at, cap.exact], ['69244.4444', '62320000/9'])
  assert.equal(cap.values.pooled, '60000.00')
  assert.deepEqual(knots.map(knot => knot.at), ['400.00', '10000.00', '30000.00', '69244.4444'])
  assert.equal(pieces.at(-1).lines.pooled.slope, '0')
  assert.ok(knots.every(knot => knot.jump === false))
  assert.ok(cap.clauses.includes('example/bands'))
  // The first whole fen that pays the whole cap: rounded, 69244.44 yuan already does (59999.996).
  const { stretches } = banded.solve('inpatient', facts, 'total', 'pooled', '60000')
  assert.equal(stretches.length, 1)
  assert.equal(stretches[0].from, '69244.44')
  const paid = total => banded.evaluate('inpatient', { ...facts, total }).amounts.payments[0].amount.text
  assert.deepEqual(['69244.43', '69244.44', stretches[0].to].map(paid), ['59999.99', '60000.00', '60000.00'])
})

test('bounds are given by their witnesses', () => {
  const known = without('level')
  const { amounts, ask, idle, refused } = suzhou.bounds('inpatient', known)
  const bound = amounts.find(amount => amount.id === 'patient')
  // 20000 - 19800 × 85 % and 20000 - 19000 × 70 %.
  assert.deepEqual([bound.least, bound.greatest, bound.outer], ['3170.00', '6700.00', false])
  assert.deepEqual([bound.leastWitness, bound.greatestWitness], [{ facts: { level: 'first' } }, { facts: { level: 'provincial_third' } }])
  for (const [expected, witness] of [[bound.least, bound.leastWitness], [bound.greatest, bound.greatestWitness]]) {
    assert.equal(patient(suzhou, { ...known, ...witness.facts }), expected)
  }
  assert.deepEqual(ask.map(({ key, leaves }) => [key, leaves]), [['level', '0.00']])
  assert.deepEqual([idle, refused], [[], null])
})

test('bounds over an open bill are reached too', () => {
  const known = without('level', 'total')
  const bound = suzhou.bounds('inpatient', known).amounts.find(amount => amount.id === 'patient')
  // The greatest bill of the vocabulary at the dearest level: 1000 + (5000000 - 1000) × 30 %.
  assert.deepEqual([bound.least, bound.greatest], ['0.00', '1500700.00'])
  assert.equal(patient(suzhou, { ...known, ...bound.greatestWitness.facts }), '1500700.00')
  assert.equal(patient(suzhou, { ...known, ...bound.leastWitness.facts }), '0.00')
})

test('what cannot matter any more is not asked', () => {
  const gaizhou = loadPack(text('packs/gaizhou-2021'), {
    ...options,
    frames: ['cn-national-frame', 'cn-ci-frame', 'cn-long-prescription'].map(name => text(`packs/${name}`)),
  })
  const asked = ({ ask }) => ask.map(({ fact }) => fact)
  const open = gaizhou.bounds('long_prescription', {})
  // The day only picks the edition, and there is one; which hospital it is, or in which town, is never read.
  assert.deepEqual([asked(open).toSorted(), open.idle], [['chronic', 'disease_covered', 'offered', 'signed', 'supply'], ['service_date']])
  assert.ok(gaizhou.facts.some(({ id }) => id === 'hospital') && !asked(open).includes('hospital'))
  // 60 days may be two months or not: that is for the agency to say.
  assert.deepEqual(open.verdicts.map(({ is }) => is), ['meets', 'does_not_meet', 'must_be_confirmed'])
  for (const { is, witness } of open.verdicts) {
    assert.equal(gaizhou.evaluate('long_prescription', { serviceDate: '2021-08-20', ...witness.facts }).verdict.is, is)
  }
  // Not signed: the first condition fails, and nothing else can change the verdict.
  const settled = gaizhou.bounds('long_prescription', { serviceDate: '2021-08-20', signed: false })
  assert.deepEqual(settled.verdicts.map(({ is }) => is), ['does_not_meet'])
  assert.deepEqual([asked(settled), settled.idle.toSorted()], [[], ['chronic', 'disease_covered', 'offered', 'supply']])
  // An institution's code as a witness.
  const { verdicts } = gaizhou.bounds('membership', { serviceDate: '2021-08-20' })
  for (const { is, witness } of verdicts) assert.equal(gaizhou.evaluate('membership', { serviceDate: '2021-08-20', ...witness.facts }).verdict.is, is)
})

test('solve finds every bill, and says what is impossible', () => {
  // 700 + (t - 700) × 25 % = 5525 at t = 20000; quarters of a fen are rounded, so its neighbours give it too.
  const { fact, line, stretches } = suzhou.solve('inpatient', stay, 'total', 'patient', '5525.00')
  assert.deepEqual([fact, line, stretches.length], ['total', 'patient', 1])
  const fen = yuan => Number(yuan.replace('.', ''))
  const [{ from, to }] = stretches
  const yuan = n => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`
  for (let n = fen(from) - 3; n <= fen(to) + 3; n++) {
    assert.equal(patient(suzhou, { ...stay, total: yuan(n) }) === '5525.00', n >= fen(from) && n <= fen(to), yuan(n))
  }
  assert.ok(fen(from) <= 2_000_000 && fen(to) >= 2_000_000)
  const impossible = suzhou.solve('inpatient', stay, 'total', 'patient', 5_000_000)
  assert.deepEqual(impossible.stretches, [])
  // At the greatest bill: 700 + (5000000 - 700) × 25 %.
  assert.deepEqual(impossible.reachable, { least: '0.00', greatest: '1250525.00' })
})

test('compare names the steps at which two levels part', () => {
  const other = loadPlan(suzhou.planJson())
  const paths = [
    { label: '市属三级', service: 'inpatient', input: stay },
    { label: { zh: '县级', en: 'county' }, rules: other, service: 'inpatient', input: { ...stay, level: 'county' } },
  ]
  const { labels, decisions, differences, least } = suzhou.compare(paths)
  assert.deepEqual(labels, [{ zh: '市属三级', en: '市属三级' }, { zh: '县级', en: 'county' }])
  const steps = new Map(differences.map(difference => [difference.step, difference]))
  assert.deepEqual(steps.get('deductible').values.map(value => value.text), ['700.00', '500.00'])
  assert.deepEqual(steps.get('rate').values.map(value => value.text), ['75%', '80%'])
  assert.ok(!steps.has('eligible'))
  assert.deepEqual(steps.get('rate').clauses, [['answer/rates'], ['answer/rates']])
  // 5525 against 20000 - 19500 × 80 % = 4400.
  assert.deepEqual([least, decisions.map(decision => decision.amounts.patient.text)], [1, ['5525.00', '4400.00']])
  assert.deepEqual(decisions[0], suzhou.evaluate('inpatient', stay).toJSON())
  other.free()
  thrown(() => suzhou.compare(paths), 'freed')
  assert.throws(() => suzhou.compare([paths[0], { service: 'inpatient', input: { ...stay, level: 'none' } }]), error => error.diagnostics[0].place.path === '[1].input.level')
})

test('counterfactual subtracts two years', () => {
  const year = level => ({ encounters: [{ id: 'a', service: 'inpatient', facts: { ...stay, level } }] })
  const { netDifference, paidDifference, actual, instead } = suzhou.counterfactual(year('city_third'), year('county'))
  assert.deepEqual([netDifference, paidDifference], ['1125.00', '-1125.00'])
  assert.deepEqual([actual, instead], [suzhou.year(year('city_third')), suzhou.year(year('county'))])
  assert.throws(() => suzhou.counterfactual(year('county'), year('moon')), error => error.diagnostics[0].place.path === 'instead.encounters[0].facts.level')
})

test('宿州 is proved', () => {
  const proof = suzhou.prove('inpatient')
  assert.deepEqual(proof.properties.map(({ id, is }) => [id, is]), [['conservation', 'proved'], ['no_part_below_zero', 'proved'], ['never_falls:total', 'proved']])
  assert.ok(proof.combinations >= 4 && proof.regions > proof.combinations)
  assert.match(proof.rounding, /^\d+\.\d\d$/)
  assert.deepEqual(suzhou.prove().map(({ service }) => service), suzhou.services.map(({ id }) => id))
})

const falling = rate => `
pack: falling
revision: 2024.1.1
title: { zh: 试, en: test }
region: { code: "000000", zh: 试, en: test }
publisher: { zh: 试, en: test }
status: invented
payers: { fund: { zh: 基金, en: fund } }
facts:
  total: { type: money, label: { zh: 总费用, en: total }, min: 0元, max: 100000元 }
services:
  stay:
    title: { zh: 试, en: test }
    kind: settlement
    steps:
      - id: rate
        label: { zh: 比例, en: rate }
        table: { by: [total], rows: [ { total: "< 10000元", is: ${rate} }, { total: ">= 10000元", is: 50% } ] }
      - { id: bill, label: { zh: 账单, en: bill }, bill: total, parts: { share: { zh: 分担, en: share, amount: rest } } }
      - { id: paid, label: { zh: 支付, en: pays }, pay: fund, from: [share], amount: total * rate, round: half_up to fen }
`

test('a property that fails comes with a case', () => {
  const rules = loadPack(falling('20%'))
  const { is, counter } = rules.prove('stay').properties.find(property => property.id === 'never_falls:total')
  assert.equal(is, 'refuted')
  const paid = total => Number(rules.evaluate('stay', { total }).amounts.patient.text)
  const [low, high] = [counter.case.facts.total, counter.against.facts.total]
  assert.ok(Number(high) > Number(low) && paid(high) < paid(low))
  const { knots } = rules.curve('stay', {}, 'total')
  assert.deepEqual(knots.map(({ at, jump }) => [at, jump]), [['10000.00', true]])
})

test('a diff names what changed and who gains', () => {
  const [before, after] = [loadPack(falling('20%')), loadPack(falling('30%'))]
  const found = before.diff(after, { seed: 7 })
  assert.deepEqual(found.changes.map(({ service, step, before, after }) => [service, step, before, after]), [['stay', 'rate', '20%', '30%']])
  const [shift] = found.shifts
  assert.deepEqual([shift.compared, shift.losers, shift.lost], [10_000, 0, '0.00'])
  assert.ok(shift.winners > 0 && Number(shift.mostSaved.before) > Number(shift.mostSaved.after))
  assert.equal(before.evaluate('stay', shift.mostSaved.case).amounts.patient.text, shift.mostSaved.before)
  assert.equal(after.evaluate('stay', shift.mostSaved.case).amounts.patient.text, shift.mostSaved.after)
  assert.match(found.markdown, /`stay\.rate`.*`20%` → `30%`/)
  assert.deepEqual(before.diff(after, { people: 10_000, seed: 7n }), found)

  const revised = loadPack(suzhouText.replaceAll('200元', '300元'), options)
  const changed = suzhou.diff(revised, { people: 500 })
  assert.ok(changed.changes.some(({ step, before, after }) => step === 'deductible' && /200/.test(before) && /300/.test(after)))
  assert.equal(changed.shifts[0].winners, 0)
  assert.ok(changed.shifts[0].losers > 0)
})

test('a wrong call is refused like every other', () => {
  thrown(() => suzhou.curve('inpatient', stay, 'totals'), 'unknown-fact')
  thrown(() => suzhou.curve('inpatient', stay, 'level'), 'not-an-amount')
  thrown(() => suzhou.curve('outpatient', stay, 'total'), 'unknown-service')
  thrown(() => suzhou.curve('inpatient', stay, 'total', { from: 'much' }), 'bad-amount')
  thrown(() => suzhou.curve('inpatient', stay, 'total', { from: 0.1 }), 'wrong-type')
  thrown(() => suzhou.curve('inpatient', stay, 'total', { from: 2, to: 1 }), 'out-of-range')
  thrown(() => suzhou.solve('inpatient', stay, 'total', 'mine', '1'), 'unknown-line')
  thrown(() => suzhou.solve('inpatient', stay, 'total', 'patient', '0.001'), 'bad-amount')
  thrown(() => suzhou.bounds('inpatient', { ...stay, level: 'moon' }), 'unknown-option')
  thrown(() => suzhou.prove('x'), 'unknown-service')
  thrown(() => suzhou.diff({}), 'wrong-type')
  thrown(() => suzhou.diff(suzhou, { people: -1 }), 'out-of-range')
  thrown(() => suzhou.diff(suzhou, { seed: 1.5 }), 'out-of-range')
})

test('the build without analyses has none, the build with them neither proofs nor diffs', () => {
  const rules = loadPortal(suzhou.planJson())
  for (const name of ['curve', 'bounds', 'solve', 'compare', 'counterfactual', 'prove', 'diff']) assert.equal(rules[name], undefined, name)
  const analysed = loadAnalysis(suzhou.planJson())
  for (const name of ['prove', 'diff']) assert.equal(analysed[name], undefined, name)
})

test('a page gets the analyses that an author gets', () => {
  const page = loadAnalysis(suzhou.planJson())
  const facts = stay
  const { level, ...open } = facts
  const looks = [
    rules => rules.evaluate('inpatient', facts),
    rules => rules.curve('inpatient', facts, 'total', { to: '50000' }),
    rules => rules.bounds('inpatient', open),
    rules => rules.solve('inpatient', facts, 'total', 'patient', '5525'),
    rules => rules.compare([{ service: 'inpatient', input: facts }, { service: 'inpatient', input: { ...facts, level: 'county' } }]),
  ]
  for (const look of looks) assert.deepEqual(JSON.stringify(look(page)), JSON.stringify(look(suzhou)))
})

test('in turns: the same answers, the page in between, and an end when it is asked for', async () => {
  const open = { total: '20000' }
  const { curve, bounds, solve } = suzhou.inTurns()
  assert.deepEqual(await bounds('inpatient', open), suzhou.bounds('inpatient', open))
  assert.deepEqual(await curve('inpatient', stay, 'total', { at: ['20000.01'] }), suzhou.curve('inpatient', stay, 'total', { at: ['20000.01'] }))
  assert.deepEqual(await solve('inpatient', stay, 'total', 'patient', '5525'), suzhou.solve('inpatient', stay, 'total', 'patient', '5525'))
  await assert.rejects(bounds('inpatient', { totl: '1' }), error => error instanceof YibaoError && error.code === 'unknown-fact')
  await assert.rejects(bounds('inpatience', {}), error => error.code === 'unknown-service')

  // Each yes or no doubles the combinations: 60 of them are too much for anybody.
  const label = 'label: { zh: 项, en: entry }'
  const many = loadPack(`pack: many
revision: '1'
title: { zh: 试, en: test }
region: { code: '0', zh: 试, en: test }
publisher: { zh: 试, en: test }
status: invented
facts:
${Array.from({ length: 60 }, (_, i) => `  f${i}: { type: bool, ${label} }`).join('\n')}
services:
  s:
    title: { zh: 试, en: test }
    kind: amount
    result: [s59]
    steps:
${Array.from({ length: 60 }, (_, i) => `      - { id: s${i}, ${label}, value: "${i === 0 ? '0元' : `s${i - 1}`} + (if f${i} then ${i + 1}元 else 0元)" }`).join('\n')}
`)
  thrown(() => many.bounds('s', {}), 'too-much-work')
  let between = 0
  const beat = setInterval(() => { between += 1 }, 0)
  await assert.rejects(many.inTurns().bounds('s', {}), error => error.code === 'too-much-work')
  clearInterval(beat)
  // 3,000,000 instructions in turns of 100,000.
  assert.ok(between > 5, `${between} turns of the page`)
  const stop = new AbortController()
  const bounded = many.inTurns({ signal: stop.signal }).bounds('s', {})
  setTimeout(() => stop.abort(new Error('enough')))
  await assert.rejects(bounded, /enough/)
  await assert.rejects(many.inTurns({ signal: AbortSignal.abort() }).bounds('s', {}), { name: 'AbortError' })
  // The next question is answered: all but two, from nothing to 59 + 60 yuan.
  const facts = Object.fromEntries(Array.from({ length: 58 }, (_, i) => [`f${i}`, false]))
  assert.deepEqual(many.bounds('s', facts).amounts.map(({ least, greatest }) => [least, greatest]), [['0.00', '119.00']])
  assert.deepEqual(await many.inTurns().bounds('s', facts), many.bounds('s', facts))
  many.free()
  await assert.rejects(many.inTurns().bounds('s', facts), error => error instanceof YibaoError)
})
