// 为什么: sentence, formula with its own numbers, clause. Derived from the steps of a decision and nothing else.

import { clauseViews, gathered } from './clause.js'
import { el } from './dom.js'
import { shown } from './figures.js'
import { filledWords, formulaWords, isSum } from './formula.js'

/** A step and the steps it reads, in reading order. */
function chain(decision, step) {
  const wanted = new Set([step.id])
  for (const one of [...decision.steps].reverse()) {
    if (!wanted.has(one.id)) continue
    for (const formula of one.formulas) for (const read of formula.reads) wanted.add(read.id)
    if (one.replacedBy) wanted.add(one.replacedBy)
  }
  return decision.steps.filter(one => wanted.has(one.id) && one.form !== 'bill')
}

const citesOf = step => [...step.cites, ...(step.rows ?? []).filter(row => row.chosen).flatMap(row => row.cites)]

/** The explanation of a step, with what it rests on. `options`: labels of option ids. */
export function whyStep(decision, id, { language, options }) {
  const step = decision.steps.find(one => one.id === id)
  if (step === undefined) return undefined
  const steps = chain(decision, step)
  const cites = gathered(steps.flatMap(citesOf))
  const assumed = steps.flatMap(one => [...(one.assumes ?? []), ...(one.readings ?? [])])
  return el('div', { class: 'why-body' },
    el('ol', { class: 'why-steps' }, steps.map(one => el('li', {}, sentence(one, decision, language), sums(one, language, options)))),
    clauses(decision, cites, language),
    assumptions(assumed, language),
  )
}

/** Clauses by themselves, as for a refusal or a layer. */
export function clauses(decision, cites, language) {
  const known = cites.map(({ clause, marks }) => [decision.clauses.find(one => one.id === clause), marks]).filter(([clause]) => clause)
  if (known.length === 0) return undefined
  return el('div', { class: 'why-basis' },
    el('p', { class: 'why-word' }, language.say('why.basis')),
    clauseViews(known, language),
  )
}

function assumptions(texts, { pick, say }) {
  const all = [...new Map(texts.map(text => [text.zh, text])).values()]
  if (all.length === 0) return undefined
  return el('div', { class: 'why-assumed' },
    el('p', { class: 'why-word' }, say('why.assumed')),
    el('ul', {}, all.map(text => el('li', {}, pick(text)))),
  )
}

function sentence(step, decision, language) {
  const { pick, say, list } = language
  const values = step.value ? shown(step.value, language) : list((step.records ?? []).map(value => shown(value, language)))
  const extra = []
  if (step.says) extra.push(pick(step.says))
  if (step.reason) extra.push(pick(step.reason))
  const row = step.form === 'table' && step.rows.find(one => one.chosen)
  if (row) extra.push(rowWords(step, row, language))
  if (step.replacedBy) extra.push(say('why.replaced', { step: pick(decision.steps.find(one => one.id === step.replacedBy).label) }))
  if (step.applied === false) extra.push(say('why.notApplied'))
  return el('p', { class: 'why-sentence' },
    !(step.form === 'condition' && step.says) && el('span', { class: 'why-label' }, pick(step.label)),
    step.form !== 'condition' && el('strong', { class: 'figure' }, values),
    extra.filter(Boolean).map(text => el('span', { class: 'why-extra' }, text)),
  )
}

function rowWords(step, row, language) {
  const { pick, say, list } = language
  const reads = step.formulas.flatMap(formula => formula.reads)
  const facts = step.keys
    .map((key, i) => [reads.find(read => read.id === key), row.cells[i]])
    .filter(([read, cell]) => read && cell !== '')
    .map(([read]) => `${pick(read.label)}${say('why.isWord', { value: shown(read.value, language) })}`)
  return facts.length === 0 ? '' : say('why.row', { facts: list(facts) })
}

function sums(step, language, options) {
  const { say } = language
  const lines = []
  for (const formula of step.formulas) {
    if (!['value', 'amount', 'limit', 'condition', 'cap', 'when'].includes(formula.role) || !isSum(formula)) continue
    lines.push(el('p', { class: 'why-sum' }, el('span', { class: 'why-word' }, say('why.formula')), formulaWords(formula, options, language)))
    const filled = filledWords(formula, options, language)
    if (filled && step.form !== 'condition') lines.push(el('p', { class: 'why-sum' }, el('span', { class: 'why-word' }, say('why.numbers')), el('span', { class: 'figure' }, filled)))
  }
  if (step.form === 'bands') {
    for (const row of step.rows.filter(one => one.chosen && one.portion)) {
      lines.push(el('p', { class: 'why-sum figure' }, `${shown(row.portion, language)} × ${row.is} = ${shown(row.pays, language)}`))
    }
  }
  return lines
}

/** A line that only adds up: the sum in the engine's own amounts. */
export function whySum(text, language) {
  return el('div', { class: 'why-body' }, el('p', { class: 'why-sum figure' }, text), el('p', {}, language.say('why.noClause')))
}

/** A figure that the person entered. */
export function whyGiven(text, language) {
  return el('div', { class: 'why-body' }, text && el('p', { class: 'why-sum figure' }, text), el('p', {}, language.say('why.given')))
}
