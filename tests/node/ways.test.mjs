// Every way to an answer under one stream of random cases: the native engine, the interpreter in Wasm, the quick path, the
// engine in JavaScript, columns, and compiled columns. The interpreter is what the others are held to.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnalysisRules, Engine, loadPlan as loadWith } from '../../www/dist/core.js'
import { loadPack } from '../../www/dist/authoring-node.js'
import { OUTCOMES, openBatch } from '../../www/dist/batch-node.js'
import { YibaoError, loadPlan } from '../../www/dist/node.js'
import * as script from '../../www/dist/portal-js/yibao.js'
import { numberOf } from '../../www/src/number.js'
import { Slowly, file, nativeAnswers, nativeAnswersTo, random, isQuick } from './kit.mjs'
import { randomPack } from './packs.mjs'

const UNANSWERED = -(2n ** 63n)
const NOT_APPLICABLE = UNANSWERED + 1n
const AMOUNTS = ['total', 'patient', 'cash', 'net']
/** Further with `WAYS=10`, elsewhere with `WAYS_SEED=7`. */
const TIMES = Number(process.env.WAYS ?? 1)
/** Cases of a service in one turn: no whole number of blocks. */
const CASES = 23 * TIMES
const RANDOM_PACKS = 120 * TIMES

// ── The stream.

const below = random(Number(process.env.WAYS_SEED ?? 20_261_201))
const one = all => all[below(all.length)]
const often = () => below(3) > 0

/** A number that an input may hold: at and beside its bounds, of a usual size, anywhere, none; and what it may not hold. */
function number({ name, kind, den, min, max, only = [] }, isFirstStay) {
  if (name.startsWith('previous.') && isFirstStay) return NOT_APPLICABLE
  const roll = below(40)
  if (roll < 2) return UNANSWERED
  if (roll === 2) return BigInt(one([min - 1, max + 1]))
  if (only.length > 0) return BigInt(one(only))
  const width = Math.min(max - min, 2 ** 32 - 2)
  if (roll < 8) return BigInt(one([min, max, Math.min(min + 1, max), Math.max(max - 1, min)]))
  if (kind === 'date') return BigInt(Math.min(Math.max(18_000 + below(2_600), min), max))
  const most = one([width, Math.min(width, 30), Math.min(width, 300_000), Math.min(width, 8_000_000)])
  const found = min + below(most + 1)
  // Mostly whole yuan and whole per cent, as people answer.
  const whole = kind === 'money' ? 100 : 1
  return BigInt(often() && den === 1 && found - (found % whole) >= min ? found - (found % whole) : found)
}

/** The text of a number as an answer, or undefined where none is exact. */
function answerOf(plan, { kind, den }, number) {
  if (kind === 'bool') return number === 1n || number === 0n ? number === 1n : undefined
  if (typeof kind === 'object') return plan.choices[kind.choice].options[Number(number)]?.id
  if (kind === 'date') return new Date(Number(number) * 86_400_000).toISOString().slice(0, 10)
  const [up, down] = kind === 'money' ? [1n, 100n] : kind === 'rate' || kind === 'points' ? [100n, 1n] : [1n, 1n]
  // Six decimals hold every answer that packs take.
  const scaled = number * up * 1_000_000n
  const under = BigInt(den) * down
  if (scaled % under !== 0n) return undefined
  const size = scaled / under
  const digits = String(size < 0n ? -size : size).padStart(7, '0')
  return (size < 0n ? '-' : '') + `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/u, '') + (kind === 'rate' ? '%' : '')
}

/** A case of a column as `evaluate` takes it; undefined where it cannot be said so. */
function inputOf(plan, service, numbers) {
  const input = { facts: {} }
  const section = key => (input[key] ??= {})
  for (const [i, asked] of service.program.inputs.entries()) {
    const number = numbers[i]
    const [fact, field] = asked.name.split('.')
    if (number === NOT_APPLICABLE) input.previous = 'none'
    if (number === NOT_APPLICABLE || number === UNANSWERED) continue
    // An institution by name brings attributes of its own.
    if (field === undefined && plan.facts.some(({ id, type }) => id === fact && type === 'institution')) return undefined
    const answer = answerOf(plan, asked, number)
    if (answer === undefined) return undefined
    if (field === undefined) section((plan.parameters ?? []).some(({ id }) => id === fact) ? 'parameters' : 'facts')[fact] = answer
    else if (fact === 'ledger' || fact === 'previous') section(fact)[field] = answer
    else (input.facts[fact] ??= {})[field] = answer
  }
  return input
}

const ODD = [
  null, undefined, '', ' ', '0', '-1', '0.1', '0.005', '1e3', '٣', '12,345.67', '20000元', '007', '1.50', '.5', '5.', '9007199254740993', '99999999999999999999',
  0, 1, -1, 0.1, NaN, Infinity, -0, 2 ** 53, 10n, true, false, 'true', '75%', '75 %', '12.345678%', '100%', '101%', '2024-02-29', '2023-02-29', '2023-6-1',
  '1899-12-31', '2199-12-31', '2200-01-01', ' 2023-06-16', 'other', 'none', [], ['a'], {}, { id: 'x' }, { level: 'first' }, [[]], new Date(0), Symbol('x'), () => 1,
]
const camel = name => name.replace(/_+(.?)/gu, (_, next) => next.toUpperCase())

/** Some answers replaced by odd ones, keys respelt, added or taken away. */
function mutated(input) {
  const copy = structuredClone(input)
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const sections = Object.keys(copy).filter(key => typeof copy[key] === 'object' && copy[key] !== null)
    const section = copy[one(sections)]
    const key = one(Object.keys(section)) ?? 'total'
    switch (below(8)) {
      case 0: delete section[key]; break
      case 1: { const value = section[key]; delete section[key]; section[camel(key)] = value; break }
      case 2: section[camel(key)] = section[key]; break
      case 3: section[`${key}x`] = 1; break
      case 4: section[key] = String(below(3_000_000) / 100); break
      default: section[key] = one(ODD)
    }
  }
  if (below(20) === 0) copy.previous = one(ODD)
  return below(10) === 0 ? copy.facts : copy
}

/** What JSON can say of an input; undefined where it would say something else. */
function plainText(input) {
  const strange = value => value === undefined || typeof value === 'symbol' || typeof value === 'function' || typeof value === 'bigint' || value instanceof Date
    || (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) || (typeof value === 'object' && value !== null && Object.values(value).some(strange))
  return strange(input) ? undefined : JSON.stringify(input)
}

// ── The ways.

const engine = new Engine(undefined, { script: async () => script })
await engine.init({ build: 'js' })

/** The bytes of a decision, or what is wrong with the answers. */
function said(work) {
  try {
    return JSON.stringify(work())
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    return JSON.stringify(error.diagnostics)
  }
}

/** Columns, compiled and not; undefined where the service is not open to them. */
function opened(rules, { id, steps, program, outputs }, whole) {
  if (program.inputs.length === 0 || (program.lists ?? []).length > 0) return undefined
  const names = steps.filter(({ block }) => (block ?? null) === null).map(({ id }) => id)
  const amounts = AMOUNTS.filter(name => outputs.bill && !names.includes(name))
  try {
    return [true, false].map(compiled => openBatch(rules, id, { outputs: [...new Set(names), ...amounts], whole, compiled }))
  } catch (error) {
    if (error.code === 'batch-wide') return undefined
    throw error
  }
}

const KINDS = [
  { array: Float64Array, nothing: NaN, odd: [Infinity, -Infinity, 1e300, 2 ** 53, 0.5, -0.5, -0] },
  { array: Int32Array, nothing: -(2 ** 31), least: -(2 ** 31) + 1, most: 2 ** 31 - 1, odd: [2 ** 31 - 1, -(2 ** 31) + 1, -1] },
  { array: Uint8Array, nothing: 255, least: 0, most: 254, odd: [253, 254] },
  { array: BigInt64Array, nothing: UNANSWERED, odd: [2n ** 53n, -(2n ** 53n), -1n] },
]

/** A column of some kind; now and then a cell that is no answer of anybody. */
function columnOf(numbers) {
  const { array, nothing, odd } = one(KINDS.filter(({ least = -Infinity, most = Infinity }) => numbers.every(n => n <= NOT_APPLICABLE || (n >= least && n <= most))))
  const cell = n => (array === BigInt64Array ? n : n <= NOT_APPLICABLE ? nothing : Number(n))
  const isOdd = below(4) === 0
  return array.from(numbers, n => (isOdd && below(9) === 0 ? one(odd) : cell(n)))
}

/** Both ways of columns give the same, to the sign of nought. */
function sameColumns([compiled, interpreted], columns, label) {
  const [found, expected] = [compiled, interpreted].map(batch => batch.run(columns))
  assert.equal(interpreted.compiled, false)
  assert.deepEqual(found.outcomes, expected.outcomes, label)
  for (const [name, column] of Object.entries(expected.values)) {
    column.forEach((value, at) => assert.ok(Object.is(found.values[name][at], value), `${label} ${name}, case ${at}: ${found.values[name][at]}, interpreted ${value}; ${Object.entries(columns).map(([name, column]) => `${name} ${column[at]}`).join(', ')}`))
  }
  return expected
}

/** The number of a value. A day before or after the years of the calendar has no name. */
const exactly = (value, output) => (value.unit === 'date' && /^-?\d+$/u.test(value.text) ? BigInt(value.text) : numberOf(value, output))

const tally = { cases: 0, quick: 0, refused: 0, native: 0, script: 0, services: 0, compiled: 0, columns: 0, computed: 0 }
/** What the native engine is asked, and what it has to say. */
const questions = []

function ask(name, text) {
  const plan = JSON.parse(text)
  const [rules, inJavaScript] = [loadPlan(text), loadWith(engine, text, AnalysisRules)]
  for (const service of plan.services) {
    const { id, program } = service
    const rows = Array.from({ length: CASES }, () => {
      const isFirstStay = below(3) === 0
      return program.inputs.map(input => number(input, isFirstStay))
    })
    // One by one: the interpreter reads what is no plain object, the quick path whatever it can.
    const decisions = rows.map(row => {
      const plain = inputOf(plan, service, row)
      if (plain === undefined) return undefined
      const isPlain = often()
      const input = isPlain ? plain : mutated(plain)
      const expected = said(() => rules.evaluate(id, new Slowly(input)))
      const label = () => `${name} ${id} ${String(plainText(input))}`
      let shown
      assert.equal(said(() => (shown = rules.evaluate(id, input))), expected, label())
      tally.cases += 1
      tally.quick += Number(shown !== undefined && isQuick(shown))
      tally.refused += Number(expected.startsWith('['))
      if (below(6) === 0) {
        assert.equal(said(() => inJavaScript.evaluate(id, input)), expected, label())
        tally.script += 1
      }
      const words = plainText(input)
      // What JavaScript may spell otherwise no other host may.
      if (isPlain && words !== undefined) questions.push({ name, text, id, words, expected })
      return isPlain ? expected : undefined
    })
    // As columns, exact: what the interpreter says of each case.
    const both = opened(rules, service, true)
    if (both === undefined) continue
    const columns = Object.fromEntries(program.inputs.map(({ name }, i) => [name, BigInt64Array.from(rows, row => row[i])]))
    const { outcomes, values } = sameColumns(both, columns, `${name} ${id}`)
    tally.services += 1
    tally.compiled += Number(both[0].compiled)
    decisions.forEach((text, at) => {
      if (text === undefined) return
      const decision = text.startsWith('[') ? undefined : JSON.parse(text)
      assert.equal(OUTCOMES[outcomes[at]], decision?.outcome ?? 'invalid', `${name} ${id} ${text}`)
      for (const [i, output] of Object.keys(values).entries()) {
        const value = decision?.steps.find(({ id }) => id === output)?.value ?? decision?.amounts?.[output]
        const number = decision?.outcome === 'computed' && value?.state === 'known' ? exactly(value, both[0].outputs[i]) : UNANSWERED
        assert.equal(values[output][at], number, `${name} ${id} ${output} ${text}`)
        tally.columns += 1
      }
      tally.computed += Number(decision?.outcome === 'computed')
    })
    for (const batch of both) batch.free()
    // As columns of every kind, some of them left out, with cells that are no answers.
    const doubles = opened(rules, service, false)
    const kinds = program.inputs.map(({ name }, i) => [name, columnOf(rows.map(row => row[i]))]).filter(() => below(12) > 0)
    if (kinds.length > 0) sameColumns(doubles, Object.fromEntries(kinds), `${name} ${id}`)
    for (const batch of doubles) batch.free()
  }
  rules.free()
  inJavaScript.free()
}

test('random cases of every pack: the same answer by every way', () => {
  for (const [name, text] of nativeAnswers().plans) ask(name, text)
  const { cases, quick, refused, script, services, compiled, columns, computed } = tally
  assert.ok(compiled > services * 0.85, `${compiled} of ${services} services are compiled`)
  assert.ok(cases > 5_000 && quick > 2_000 && refused > 1_500 && script > 800 && columns > 15_000 && computed > 2_000, JSON.stringify(tally))
})

test('random packs, with every operation that the language has', () => {
  const vocabulary = file('packs/vocabulary.yaml').toString()
  const used = new Set()
  for (let made = 0; made < RANDOM_PACKS;) {
    let pack
    try {
      pack = loadPack(randomPack(below), { vocabulary })
    } catch (error) {
      // Numbers past what there are bits for, a divisor that may be nought: another one.
      if (!(error instanceof YibaoError)) throw error
      assert.ok(error.diagnostics.every(({ code }) => ['overflow', 'zero-divisor', 'open-divisor'].includes(code)), JSON.stringify(error.diagnostics))
      continue
    }
    const text = pack.planJson()
    pack.free()
    for (const { program } of JSON.parse(text).services) for (const instr of program.code) used.add(typeof instr === 'string' ? instr : Object.keys(instr)[0])
    ask(`random ${made}`, text)
    made += 1
  }
  // All but those of lists, institutions, payments and refusals, which the packs of the test before have.
  const all = ['add', 'sub', 'mul', 'div', 'div_round', 'round', 'min', 'max', 'cmp', 'cmp_span', 'and', 'or', 'not', 'if', 'applies', 'in_set', 'table', 'bands', 'cost_for', 'exceptions', 'months_between', 'years_between', 'year_of', 'add_months']
  assert.deepEqual(all.filter(name => !used.has(name)), [])
})

test('the native engine gives the same bytes', () => {
  const answers = nativeAnswersTo(questions)
  questions.forEach(({ name, id, words, expected }, i) => {
    if (expected.startsWith('[')) assert.ok(answers[i].startsWith('{"error"'), `${name} ${id} ${words}: ${answers[i].slice(0, 200)}`)
    else assert.equal(answers[i], expected, `${name} ${id} ${words}`)
  })
  assert.ok(questions.length > 5_000, `${questions.length} questions`)
})
