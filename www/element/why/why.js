// 为什么: sentence, formula with its own numbers, clause. Derived from the steps of a decision and nothing else.

import { html, nothing } from 'lit'
import { clauseViews, gathered } from './clause.js'
import { filledWords, formulaWords, isSum } from './formula.js'
import { glossOfStep } from '../answer/gloss.js'
import { shown } from '../figures.js'

/** A step and the steps it reads, in reading order. */
export function chain(decision, step) {
  const wanted = new Set([step.id])
  for (const one of [...decision.steps].reverse()) {
    if (!wanted.has(one.id)) continue
    for (const formula of one.formulas) for (const read of formula.reads) wanted.add(read.id)
    if (one.replacedBy) wanted.add(one.replacedBy)
  }
  return decision.steps.filter(one => wanted.has(one.id) && one.form !== 'bill')
}

export const citesOf = step => [...step.cites, ...(step.rows ?? []).filter(row => row.chosen).flatMap(row => row.cites)]

/** The explanation of a step, with what it rests on. `context`: `{ language, options, header }`. */
export function whyStep(decision, id, context) {
  const step = decision.steps.find(one => one.id === id)
  if (step === undefined) return undefined
  const steps = chain(decision, step)
  const assumed = steps.flatMap(one => [...(one.assumes ?? []), ...(one.readings ?? [])])
  return html`
    <div class="why-body">
      <ol class="why-steps">${steps.map(one => html`<li>${sentence(one, decision, context.language)}${glossOfStep(steps, one, context.language).map(each => html`<p class="why-gloss">${context.language.pick(each)}</p>`)}${sums(one, context)}</li>`)}</ol>
      ${clauses(decision, gathered(steps.flatMap(citesOf)), context)}
      ${assumptions(assumed, context.language)}
    </div>`
}

/** Clauses by themselves, as for a refusal or a layer. */
export function clauses(decision, cites, context) {
  const known = cites.map(({ clause, marks }) => [decision.clauses.find(one => one.id === clause), marks]).filter(([clause]) => clause)
  if (known.length === 0) return nothing
  return html`<div class="why-basis"><p class="why-word">${context.language.say('why.basis')}</p>${clauseViews(known, context)}</div>`
}

function assumptions(texts, { pick, say }) {
  const all = [...new Map(texts.map(text => [text.zh, text])).values()]
  if (all.length === 0) return nothing
  return html`<div class="why-assumed"><p class="why-word">${say('why.assumed')}</p><ul>${all.map(text => html`<li>${pick(text)}</li>`)}</ul></div>`
}

function sentence(step, decision, language) {
  const { pick, say, list } = language
  const values = step.value ? shown(step.value, language) : list((step.records ?? []).map(value => shown(value, language)))
  const row = step.form === 'table' && step.rows.find(one => one.chosen)
  const extra = [
    step.says && pick(step.says),
    step.reason && pick(step.reason),
    row && rowWords(step, row, language),
    step.replacedBy && say('why.replaced', { step: pick(decision.steps.find(one => one.id === step.replacedBy).label) }),
    step.applied === false && say('why.notApplied'),
  ].filter(Boolean)
  return html`
    <p class="why-sentence">
      ${step.form === 'condition' && step.says ? nothing : html`<span>${say('why.label', { label: pick(step.label) })}</span>`}
      ${step.form === 'condition' ? nothing : html`<strong class="figure">${values}</strong>`}
      ${extra.map(text => html`<span class="why-extra">${text}</span>`)}
    </p>`
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

const SUMS = ['value', 'amount', 'limit', 'condition', 'cap', 'when']

function sums(step, { language, options }) {
  const { say } = language
  const line = (word, text, figure) => html`<p class="why-sum"><span class="why-word">${say(word)}</span><span class=${figure ? 'figure' : ''}>${text}</span></p>`
  const formulas = step.formulas.filter(one => SUMS.includes(one.role) && isSum(one)).map(formula => {
    const filled = step.form === 'condition' ? undefined : filledWords(formula, options, language)
    return [line('why.formula', formulaWords(formula, options, language)), filled ? line('why.numbers', filled, true) : nothing]
  })
  const bands = step.form === 'bands' ? step.rows.filter(one => one.chosen && one.portion) : []
  return [formulas, bands.map(row => html`<p class="why-sum figure">${shown(row.portion, language)} × ${row.is} = ${shown(row.pays, language)}</p>`)]
}

/** A line that only adds up: the sum in the engine's own amounts. */
export const whySum = (text, { say }) => html`<div class="why-body"><p class="why-sum figure">${text}</p><p>${say('why.noClause')}</p></div>`
