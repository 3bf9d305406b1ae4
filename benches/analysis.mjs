// The analyses, as JavaScript calls them: medians in Node. `node benches/analysis.mjs [rounds]`

import { readFileSync, readdirSync } from 'node:fs'
import { loadPack, loadPlan } from '../www/dist/authoring-node.js'

const file = path => readFileSync(new URL(path, import.meta.url))
const ROUNDS = Number(process.argv[2] ?? 301)
const median = all => all.toSorted((a, b) => a - b)[all.length >> 1]

/** Median of one call, in microseconds. */
function cost(work, rounds = ROUNDS) {
  for (let i = 0; i < Math.min(rounds, 50); i++) work()
  const times = []
  for (let i = 0; i < rounds; i++) {
    const before = process.hrtime.bigint()
    work()
    times.push(Number(process.hrtime.bigint() - before) / 1_000)
  }
  return median(times)
}

const options = { vocabulary: file('../packs/vocabulary.yaml') }
const text = file('../packs/anhui-suzhou-resident/pack.yaml').toString('utf8')
const suzhou = loadPack(text, options)
const stay = { admissionDate: '2023-06-20', scheme: 'resident', place: 'in_city', level: 'city_third', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' }
const rows = []
const row = (what, microseconds, target, note = '') => rows.push({ what, microseconds, target, note })

// 宿州 has three facts with options; the day of admission, tried around each day that the pack names, is the fourth.
const open = ['level', 'scheme', 'place', 'admissionDate']
const known = Object.fromEntries(Object.entries(stay).filter(([name]) => !open.includes(name)))
const options_of = key => suzhou.facts.find(fact => fact.key === key).options.map(option => option.id)
const all = options_of('level').length * options_of('scheme').length * options_of('place').length
const asked = suzhou.bounds('inpatient', known).ask.map(({ key }) => key)
row(`bounds, open: ${open.join(' ')}`, cost(() => suzhou.bounds('inpatient', known)), 1_000, `${all} combinations of options alone; ${asked.length} of the facts can matter`)

// An invented rule in which all four of them matter.
const rich = loadPack(file('rich.pack.yaml'))
const richKnown = { facts: { total: '20000', outOfScope: '0', admissionDate: '2024-03-01' }, ledger: { paid: '0' } }
const richAsked = rich.bounds('inpatient', richKnown).ask
const richAll = richAsked.reduce((product, { fact }) => product * (rich.facts.find(known => known.id === fact)?.options.length || 2), 1)
row(`bounds, open: ${richAsked.map(({ key }) => key).join(' ')} (rich.pack)`, cost(() => rich.bounds('inpatient', richKnown)), 1_000, `${richAll} combinations, all tried`)

row('curve over the whole range', cost(() => suzhou.curve('inpatient', stay, 'total')), 1_000, `${suzhou.curve('inpatient', stay, 'total').pieces.length} pieces`)
const solution = suzhou.solve('inpatient', stay, 'total', 'patient', '5525')
row('solve for the person’s 5525.00', cost(() => suzhou.solve('inpatient', stay, 'total', 'patient', '5525')), 1_000, `${solution.stretches[0].from} to ${solution.stretches[0].to}`)

// Proofs: every settlement that is shipped, the largest by registers.
const plans = new URL('../www/dist/plans/', import.meta.url)
const services = []
for (const name of readdirSync(plans).filter(name => name.endsWith('.plan.json'))) {
  const plan = JSON.parse(file(`../www/dist/plans/${name}`))
  for (const { id, kind, program } of plan.services ?? []) {
    const registers = program.inputs.length + program.constants.length + program.code.length
    services.push({ pack: name.slice(0, -10), id, kind, registers, plan })
  }
}
services.sort((a, b) => b.registers - a.registers)
const proofOf = ({ pack, id, registers, plan }) => {
  const rules = loadPlan(plan)
  let proof
  const before = process.hrtime.bigint()
  proof = rules.prove(id)
  const taken = Number(process.hrtime.bigint() - before) / 1_000
  rules.free()
  const said = [...new Set(proof.properties.map(({ is }) => is))].map(is => `${proof.properties.filter(property => property.is === is).length} ${is}`).join(', ')
  const why = proof.properties.find(({ is }) => is === 'open')?.why.en
  return { what: `proof of ${pack} ${id} (${registers} registers)`, taken, open: why !== undefined, note: `${said}; ${proof.combinations} combinations, ${proof.regions} regions${why ? `; open: ${why}` : ''}` }
}
const settlements = services.filter(({ kind }) => kind === 'settlement')
// The largest by registers, and the one whose proof has most regions.
for (const service of [settlements[0], settlements.find(({ pack, id }) => pack === 'meizhou-resident-2022' && id === 'inpatient')]) {
  const { what, taken, note } = proofOf(service)
  row(what, taken, 10_000_000, note)
}

const revised = loadPack(text.replaceAll('200元', '300元'), options)
row('diff over 10,000 people', cost(() => suzhou.diff(revised, { people: 10_000, seed: 1 }), 5), 1_000_000, `${suzhou.diff(revised).shifts[0].losers} pay more`)

// The same bill by numeric inversion in publicodes, which searches in floating point.
try {
  const { default: Engine } = await import('publicodes')
  const rule = {
    total: { 'inversion numérique': ['patient'], unité: 'yuan' },
    start: '700 yuan',
    shared: { valeur: 'total - start', plancher: '0 yuan' },
    fund: { produit: ['shared', '75%'] },
    patient: 'total - fund',
  }
  const quiet = { warn() {}, log() {}, error() {} }
  const engine = new Engine(rule, { logger: quiet })
  const invert = () => engine.setSituation({ patient: '5525 yuan' }).evaluate('total').nodeValue
  row('publicodes: inversion of the same rule', cost(invert), null, `gives ${invert()}, one bill of the ones that give it`)
} catch (error) {
  console.log(error.code === 'ERR_MODULE_NOT_FOUND' ? 'publicodes is not installed (`npm install` in benches/): its inversion is left out' : `publicodes: ${error.message}`)
}

const width = Math.max(...rows.map(({ what }) => what.length))
const show = microseconds => (microseconds >= 10_000 ? `${(microseconds / 1_000).toFixed(0)} ms` : `${microseconds.toFixed(0)} µs`)
for (const { what, microseconds, target, note } of rows) {
  const verdict = target === null ? '' : `${microseconds <= target ? 'within' : 'MISSES'} ${show(target)}`
  console.log(`${what.padEnd(width)}  ${show(microseconds).padStart(9)}  ${verdict.padEnd(16)}  ${note}`)
}
