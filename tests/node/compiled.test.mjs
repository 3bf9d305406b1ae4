// The compiled form of a service against the interpreter, which is the reference: the same outcomes, the same bits. Random
// cases of every pack are in `ways.test.mjs`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadPack } from '../../www/dist/authoring-node.js'
import { openBatch } from '../../www/dist/batch-node.js'
import { loadPlan } from '../../www/dist/node.js'
import { file, nativeAnswers, random, rulesOf } from './kit.mjs'

const { plans } = nativeAnswers()
const rules = rulesOf(plans)
const suzhou = rules('anhui-suzhou-resident')

function same([compiled, interpreted], columns, label) {
  const [found, expected] = [compiled, interpreted].map(batch => batch.run(columns))
  assert.equal(interpreted.compiled, false)
  const say = at => `${label} case ${at}: ${Object.entries(columns).map(([name, column]) => `${name} ${column[at]}`).join(', ')}`
  expected.outcomes.forEach((outcome, at) => assert.equal(found.outcomes[at], outcome, say(at)))
  for (const [name, column] of Object.entries(expected.values)) {
    // Object.is tells nought from nought with a sign.
    column.forEach((value, at) => assert.ok(Object.is(found.values[name][at], value), `${name} ${found.values[name][at]}, interpreted ${value}; ${say(at)}`))
  }
  return expected
}

const KINDS = [
  { array: Float64Array, least: -(2 ** 53), most: 2 ** 53, nothing: NaN },
  { array: Int32Array, least: -(2 ** 31), most: 2 ** 31 - 1, nothing: -(2 ** 31) },
  { array: Uint8Array, least: 0, most: 255, nothing: 255 },
  { array: BigInt64Array, least: -(2 ** 53), most: 2 ** 53, nothing: -(2n ** 63n) },
]

/** A cell of a kind; what the kind cannot say is no answer. */
function cell({ array, least, most, nothing }, number) {
  if (array === Float64Array) return number
  if (!Number.isInteger(number) || number < least || number > most) return nothing
  return array === BigInt64Array ? BigInt(number) : number
}

/** Numbers on both sides of every bound, and what is no number of a case at all. */
const edges = ({ min, max }) => [NaN, Infinity, -Infinity, 1e300, -1e300, 2 ** 53, 0.5, -0.5, -0, 0, 1, -1, min - 1, min, min + 1, min + 0.5, max - 1, max, max + 1, max - 0.5, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) + 1, 253, 254, 255]

const NAMES = ['total', 'out_of_scope', 'over_limit', 'first_pay', 'admission_date', 'scheme', 'place', 'level']
/** A stay of 20,000 yuan in a county hospital of the city, on 2023-06-16. */
const STAY = [2_000_000, 0, 0, 0, 19_524, 0, 0, 1]

const MODES = ['half_up', 'half_even', 'floor', 'ceiling', 'toward_zero']

/** What packs seldom ask for: every way to round on both sides of nought, divisors that differ, many cuts, edges that move. */
const arithmetic = () => {
  const money = (id, most) => `  ${id}: { type: money, label: { zh: 数, en: ${id} }, question: { zh: 多少？, en: How much? }, min: 0元, max: ${most}元 }\n`
  const value = (id, formula) => `      - { id: ${id}, label: { zh: 步, en: ${id} }, value: "${formula}" }\n`
  const steps = [
    value('difference', 'a - b'),
    ...MODES.flatMap(mode => [
      value(`${mode}_share`, `round(difference * 12.5%, ${mode} to fen)`),
      value(`${mode}_third`, `round(difference / 3, ${mode} to fen)`),
      value(`${mode}_tens`, `round(difference, ${mode} to 10 yuan)`),
      value(`${mode}_open`, `round(difference / (n + 1), ${mode} to fen)`),
    ]),
    `      - { id: parts, label: { zh: 份, en: parts }, table: { by: [size], rows: [{ size: small, is: 2 }, { size: middle, is: 3 }, { size: large, is: 7 }] } }\n`,
    value('divided', 'difference / parts'),
    `      - { id: cut, label: { zh: 段, en: cut }, table: { by: [a], rows: [${Array.from({ length: 30 }, (_, i) => `{ a: "[${i * 500}元, ${i === 29 ? 20_001 : (i + 1) * 500}元)", is: ${(i * 37) % 19}元 }`).join(', ')}] } }\n`,
    `      - { id: closed, label: { zh: 段, en: closed }, table: { by: [b], rows: [{ b: "<= 500元", is: 1元 }, { b: "(500元, 1500元]", is: 2元 }, { b: "(1500元, 20000元]", is: 3元 }] } }\n`,
    `      - { id: single, label: { zh: 点, en: single }, table: { by: [n, b], rows: [{ n: "3", b: "< 1000元", is: 7元 }, { n: "3", b: ">= 1000元", is: 8元 }], otherwise: 1元 } }\n`,
    `      - { id: chosen, label: { zh: 选, en: chosen }, table: { by: [size, flag], rows: [{ size: small, flag: true, is: a }, { size: small, flag: false, is: 10元 }, { size: middle, is: b * 2 }, { size: large, flag: true, is: cut }], otherwise: 5元 } }\n`,
    `      - id: moving\n        label: { zh: 分段, en: bands }\n        bands: { of: a, from: b, rows: [{ up_to: "if flag then 100元 else 3000元", rate: 50% }, { up_to: 5000元, rate: "if flag then 10% else 70%" }, { rate: 33% }] }\n        round: half_even to fen\n`,
    `      - id: totals\n        label: { zh: 合计, en: totals }\n        bands: { of: a, from: b, rows: [{ up_to: 100元, rate: 50% }, { up_to: 5000元, rate: 33% }, { rate: 12.5% }] }\n        round: totals half_even to fen\n`,
  ]
  const ids = steps.flatMap(step => /id: (\w+)/.exec(step)[1])
  const text = `pack: arithmetic
revision: 2026.1.1
title: { zh: 测试, en: arithmetic }
region: { code: "000000", zh: 虚设市, en: Invented city }
publisher: { zh: 测试, en: tests }
status: invented
evidence_date: 2024-01-01
caveats: [{ zh: 数字纯属虚构，仅供测试, en: "Figures are invented, for tests only" }]
facts:
${money('a', 20_000)}${money('b', 20_000)}  n: { type: number, label: { zh: 数, en: n }, question: { zh: 多少？, en: How many? }, min: 0, max: 9 }
  flag: { type: bool, label: { zh: 是否, en: flag }, question: { zh: 是吗？, en: Is it? } }
  size: { type: option, label: { zh: 大小, en: size }, question: { zh: 多大？, en: Which? }, options: { small: { zh: 小, en: small }, middle: { zh: 中, en: middle }, large: { zh: 大, en: large } } }
services:
  amounts:
    title: { zh: 算术, en: Arithmetic }
    kind: amount
    topic: reimbursement
    result: [${ids.join(', ')}]
    steps:
${steps.join('')}`
  const pack = loadPack(text, { vocabulary: file('packs/vocabulary.yaml').toString() })
  return { rules: loadPlan(pack.planJson()), ids }
}

test('rounding both ways from nought, divisors, many cuts and moving edges', () => {
  const { rules, ids } = arithmetic()
  const both = [true, false].map(compiled => openBatch(rules, 'amounts', { outputs: ids, compiled }))
  const below = random(7)
  const halves = [0, 1, 2, 3, 4, 5, 12, 20, 49_999, 50_000, 50_001, 500_000, 1_999_999, 2_000_000]
  // Around every cut of the tables, small, and anywhere.
  const amount = () => [() => halves[below(halves.length)], () => Math.max(0, below(40) * 50_000 + below(3) - 1), () => below(200), () => below(2_000_001)][below(4)]()
  const columns = { a: amount, b: amount, n: () => below(10), flag: () => below(2), size: () => below(3) }
  for (const name of Object.keys(columns)) columns[name] = Float64Array.from({ length: 20_000 }, columns[name])
  const { outcomes, values } = same(both, columns, 'arithmetic')
  assert.equal(both[0].compiled, true)
  assert.ok(outcomes.every(outcome => outcome === 0))
  // By hand, in eighths and tens: the modes as the language defines them, with no quotient.
  const negative = values.difference.findIndex(n => n < 0 && n % 8 === -4 && n % 16 === -4)
  const eighth = values.difference[negative] / 8
  assert.deepEqual(MODES.map(mode => values[`${mode}_share`][negative]), [Math.floor(eighth), Math.ceil(eighth), Math.floor(eighth), Math.ceil(eighth), Math.ceil(eighth)])
})

test('each answer at its edges, in columns of every kind', () => {
  const both = [true, false].map(compiled => openBatch(suzhou, 'inpatient', { outputs: ['patient', 'basic'], compiled }))
  const inputs = NAMES.map(name => both[0].inputs.find(input => input.name === name))
  for (const [at, input] of inputs.entries()) {
    for (const kind of KINDS) {
      const cells = edges(input).map(number => cell(kind, number))
      const columns = Object.fromEntries(NAMES.map((name, i) => [name, i === at ? kind.array.from(cells) : Float64Array.from(cells, () => STAY[i])]))
      const { outcomes } = same(both, columns, `${input.name} as ${kind.array.name}`)
      assert.ok(outcomes.includes(0) && outcomes.includes(3), `${input.name} as ${kind.array.name}: ${outcomes}`)
      assert.equal(both[0].compiled, true)
    }
  }
})

test('every number of cases, with an odd one anywhere', () => {
  const both = [true, false].map(compiled => openBatch(suzhou, 'inpatient', { outputs: ['patient', 'basic'], compiled }))
  for (const length of [0, 1, 2, 3, 63, 64, 65, 4095, 4096, 4097, 8193]) {
    const places = [-1, 0, 1, 62, 63, 64, length - 2, length - 1].filter(at => at < length)
    for (const place of new Set(places)) {
      const columns = Object.fromEntries(NAMES.map((name, i) => [name, Float64Array.from({ length }, (_, at) => (name === 'total' ? (at === place ? NaN : STAY[i] + at) : STAY[i]))]))
      const { outcomes } = same(both, columns, `${length} cases`)
      assert.deepEqual(Array.from(outcomes.keys()).filter(at => outcomes[at] !== 0), place < 0 ? [] : [place])
    }
  }
})

test('all cases odd, then none, then other columns, then again', () => {
  const both = [true, false].map(compiled => openBatch(suzhou, 'inpatient', { outputs: ['patient'], compiled }))
  const columns = total => Object.fromEntries(NAMES.map((name, i) => [name, Float64Array.from({ length: 200 }, () => (name === 'total' ? total : STAY[i]))]))
  assert.ok(same(both, columns(NaN), 'odd').outcomes.every(outcome => outcome === 1))
  assert.ok(same(both, columns(70_000), 'plain').outcomes.every(outcome => outcome === 0))
  // Nobody is asked for the level: no case is certain, and nothing is compiled.
  const { level, ...others } = columns(70_000)
  assert.ok(same(both, others, 'no level').outcomes.every(outcome => outcome === 1))
  assert.equal(both[0].compiled, false)
  same(both, { ...others, level: Uint8Array.from(level) }, 'level as bytes')
  assert.equal(both[0].compiled, true)
  assert.equal(both[1].compiled, false)
})

test('rows of numbers, compiled and not', () => {
  const both = [true, false].map(compiled => openBatch(suzhou, 'inpatient', { outputs: ['patient', 'basic'], compiled }))
  const row = Object.fromEntries(NAMES.map((name, i) => [name, STAY[i]]))
  const { level, ...rest } = row
  // Another order, an answer left out, one twice under both of its names, one too many options to be right.
  const rows = Array.from({ length: 5_000 }, (_, i) => [{ ...row, total: i }, { level, ...rest, total: i * 100 }, { ...rest }, { ...row, outOfScope: 1, total: i + 0.5 }, { ...row, scheme: 'resident', level: 'county' }][i % 5])
  const [found, expected] = both.map(batch => batch.runRows(rows))
  assert.deepEqual(found, expected)
  assert.deepEqual(Array.from(new Set(expected.outcomes)).sort(), [0, 1, 3])
  assert.deepEqual(found.values.patient[4], 440_000)
})

test('where nobody may compile, the interpreter goes on alone', () => {
  const { Module } = WebAssembly
  const batch = openBatch(suzhou, 'inpatient', { outputs: ['patient'] })
  const columns = Object.fromEntries(NAMES.map((name, i) => [name, Float64Array.of(STAY[i], STAY[i])]))
  try {
    WebAssembly.Module = function refused() { throw new WebAssembly.CompileError('refused') }
    assert.deepEqual(Array.from(batch.run(columns).values.patient), [440_000, 440_000])
  } finally {
    WebAssembly.Module = Module
  }
  assert.equal(batch.compiled, false)
})
