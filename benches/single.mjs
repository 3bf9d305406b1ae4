// One evaluation from a plain object, every payer, the verdict and what is missing read: the engine against the same
// rule written by hand. Both answers are compared first. `node benches/single.mjs [rounds]`

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { loadPack } from '../www/dist/authoring-node.js'
import { loadPlan } from '../www/dist/node.js'
import { rich, suzhou } from './by-hand.mjs'

const file = path => readFileSync(new URL(path, import.meta.url))
const ROUNDS = Number(process.argv[2] ?? 21)
const CASES = 20_000

// A small generator with a fixed seed: both sides get the same cases on every machine.
let seed = 20_261_121
const below = most => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed % most
}
const yuan = most => `${below(most)}${below(2) ? `.${String(below(100)).padStart(2, '0')}` : ''}`
const pick = (...all) => all[below(all.length)]

const day = () => `20${pick('23', '24')}-${pick('01', '06', '11', '12')}-${pick('01', '16', '28', '30')}`

const suzhouCase = () => ({
  admissionDate: day(), scheme: 'resident', place: 'in_city', level: pick('first', 'county', 'city_third', 'provincial_third'),
  total: `${20_000 + below(80_000)}.${10 + below(90)}`, outOfScope: yuan(3_000), overLimit: pick('0', yuan(500)), firstPay: yuan(2_000),
})

const richCase = () => ({
  facts: {
    total: `${20_000 + below(400_000)}.${10 + below(90)}`, outOfScope: yuan(9_000), admissionDate: day(), scheme: pick('employee', 'resident'),
    level: pick('first', 'second', 'third'), referred: pick(true, false), away: pick(true, false),
  },
  ledger: { paid: yuan(150_000) },
})

const compile = (pack, options) => loadPlan(loadPack(pack, options).planJson())
const rules = [
  { name: '宿州 (30 instructions)', hand: suzhou, make: suzhouCase, rules: compile(file('../packs/anhui-suzhou-resident/pack.yaml'), { vocabulary: file('../packs/vocabulary.yaml') }) },
  { name: 'invented, two payers', hand: rich, make: richCase, rules: compile(file('rich.pack.yaml')) },
]

let sink = 0

/** What a portal reads of a decision. */
function read(decision) {
  sink += decision.outcome.length + decision.missing.length + decision.refusals.length
  const { amounts, verdict } = decision
  if (verdict !== null) sink += verdict.is.length
  if (amounts === null) return
  for (const payment of amounts.payments) sink += payment.amount.text.length + payment.payer.length
  sink += amounts.patient.text.length + amounts.cash.text.length + amounts.net.text.length
}

function cost(work) {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1_000) / CASES
}

const median = all => all.toSorted((a, b) => a - b)[all.length >> 1]

let worst = 0
for (const { name, hand, make, rules: ours } of rules) {
  const cases = Array.from({ length: CASES }, make)
  for (const input of cases) {
    const [expected, found] = [hand(input), ours.evaluate('inpatient', input)]
    for (const field of ['outcome', 'amounts', 'verdict', 'limit', 'missing', 'refusals']) assert.deepEqual(found[field], expected[field], name)
  }
  const times = { hand: [], engine: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const turns = [
      ['hand', () => { for (const input of cases) read(hand(input)) }],
      ['engine', () => { for (const input of cases) read(ours.evaluate('inpatient', input)) }],
    ]
    for (const [side, work] of round % 2 ? turns : turns.reverse()) times[side].push(cost(work))
  }
  const [byHand, engine] = [median(times.hand), median(times.engine)]
  const ratio = engine / byHand
  worst = Math.max(worst, ratio)
  console.log(`${name}: by hand ${byHand.toFixed(0)} ns, engine ${engine.toFixed(0)} ns, ratio ${ratio.toFixed(2)}`)
}
console.log(`worst ratio ${worst.toFixed(2)} (process CPU time, median of ${ROUNDS} interleaved rounds of ${CASES} cases; ${sink} characters read)`)
