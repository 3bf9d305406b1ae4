// What is measured of the engine alone: loading a plan, and whether time grows with the number of cases or of rows.

import { readFileSync, readdirSync } from 'node:fs'
import { loadPack } from '../../www/dist/authoring-node.js'
import { loadPlan } from '../../www/dist/node.js'
import { caseAt, read } from '../peers/cases.mjs'
import { opened } from '../peers/js/yibao-batch.mjs'
import { make, prepare, use } from '../peers/js/yibao.mjs'
import { folder, path } from './data.mjs'
import { summary } from './rounds.mjs'
import { tableOf } from './table.mjs'

function cost(work) {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) * 1_000
}

const repeated = (times, work) => Array.from({ length: times }, work)

/** ms of CPU time to load the largest shipped plan from its text, and to free it. */
export function loading() {
  const plans = readdirSync(path('www/dist/plans')).filter(name => name.endsWith('.plan.json'))
    .map(name => ({ name: name.replace('.plan.json', ''), text: readFileSync(path(`www/dist/plans/${name}`), 'utf8') }))
  const ms = ({ text }) => summary(repeated(15, () => cost(() => repeated(10, () => loadPlan(text).free())) / 10 / 1e6))
  const largest = plans.reduce((a, b) => (b.text.length > a.text.length ? b : a))
  const middle = plans.toSorted((a, b) => a.text.length - b.text.length)[plans.length >> 1]
  return [largest, middle].map(plan => ({ pack: plan.name, bytes: Buffer.byteLength(plan.text), ...ms(plan) }))
}

const COUNTS = [1_000, 10_000, 100_000, 1_000_000, 10_000_000]
const ROWS = [[10, 1], [10, 10], [25, 20], [40, 25], [50, 40]]

function byCases() {
  const [rule, columns] = [make(folder), read(folder)]
  const inputs = Array.from({ length: 1_000 }, (_, i) => prepare(caseAt(columns, i)))
  let sink = 0
  const run = count => { for (let i = 0; i < count; i++) sink += use(rule(inputs[i % inputs.length])) }
  run(50_000)
  const ns = COUNTS.map(count => ({ count, ...summary(repeated(count < 1e6 ? 9 : count < 1e7 ? 3 : 1, () => cost(() => run(count)) / count)) }))
  if (sink === 0) throw new Error('nothing was read')
  return ns
}

/** The 100,000 cases again and again, as one batch. */
function byRowsOfBatch() {
  const [batch, columns] = [opened(folder), read(folder)]
  return COUNTS.map(count => {
    const given = Object.fromEntries(Object.entries(columns).map(([name, column]) => [NAMES[name] ?? name, repeatedTo(column, count)]))
    const into = batch.run(given)
    const work = () => repeated(Math.max(1, 1_000_000 / count), () => batch.run(given, { into }))
    return { count, ...summary(repeated(count < 1e7 ? 5 : 3, () => cost(work) / Math.max(count, 1_000_000))) }
  })
}

const NAMES = { paid: 'ledger.paid', day: 'admissionDate' }

function repeatedTo(column, count) {
  const all = new column.constructor(count)
  for (let at = 0; at < count; at += column.length) all.set(column.subarray(0, Math.min(column.length, count - at)), at)
  return all
}

/** One look-up in a table of so many rows. */
function byRows() {
  const tables = ROWS.map(([a, b]) => {
    const rules = loadPlan(loadPack(tableOf(a, b)).planJson())
    const inputs = Array.from({ length: 1_000 }, (_, i) => ({ total: '20000.50', first: `a${(i * 7) % a}`, second: `b${(i * 11) % b}` }))
    return { rows: a * b, run: () => { for (const input of inputs) if (rules.evaluate('estimate', input).amounts.total === undefined) throw new Error('no total') }, all: [] }
  })
  for (let round = 0; round < 40; round++) {
    for (const { run, all } of round % 2 ? tables : tables.toReversed()) {
      const ns = cost(() => repeated(20, run)) / 20_000
      if (round >= 10) all.push(ns)
    }
  }
  return tables.map(({ rows, all }) => ({ rows, ...summary(all) }))
}

export const growth = () => ({ cases: byCases(), batch: byRowsOfBatch(), rows: byRows() })
