// How an eligibility service ends: one of four words, the condition that decided, what would change it, what to bring.

import { html, nothing } from 'lit'
import { shown } from '../figures.js'
import { gathered } from '../why/clause.js'
import { clauses, whyStep } from '../why/why.js'
import { line } from './lines.js'

const SIGN = { meets: '✓', does_not_meet: '✗', must_be_confirmed: '!', cannot_tell: '?' }

export function verdict(decision, { language }) {
  const { pick, say, list } = language
  const { is, by, decided } = decision.verdict
  const steps = decided.map(id => decision.steps.find(one => one.id === id)).filter(Boolean)
  const reason = step => pick(step.says ?? step.label)
  return html`
    <div class="verdict verdict-${is}" part="verdict">
      <p class="verdict-word"><span class="sign" aria-hidden="true">${SIGN[is]}</span><strong>${say(`verdict.${is}`)}</strong></p>
      ${by.length > 0 ? html`<p>${say('result.confirmBy', { who: list(by.map(who => say(`by.${who}`))) })}</p>` : nothing}
      ${is === 'does_not_meet' && steps.length > 0 ? html`<p>${say('verdict.because', { why: list(steps.map(reason)) })}</p><p>${say('verdict.change', { what: list(steps.map(step => pick(step.label))) })}</p>` : nothing}
      <p class="verdict-note">${say('verdict.note')}</p>
    </div>`
}

export function limitWords({ from, to }, language) {
  return from && from.state === 'known' ? language.say('limit.range', { from: shown(from, language), to: shown(to, language) }) : shown(to, language)
}

export function limit(decision, context) {
  const { language } = context
  const { pick, say } = language
  const { limit: found } = decision
  if (found.to.state !== 'known') return nothing
  const step = decision.steps.find(one => one.id === found.step)
  return html`<div class="lines">${line({ label: step ? pick(step.label) : say('limit.atMost'), amount: limitWords(found, language), why: whyStep(decision, found.step, context), kind: 'line-last' }, language)}</div>`
}

export function layers(decision, context) {
  const { language, titles } = context
  const { say } = language
  if (decision.layers.length === 0) return nothing
  const words = layer => say(layer.governs === decision.pack.id ? 'layer.local' : 'layer.national', { governs: titles(layer.governs), yields: titles(layer.yields), bound: shown(layer.bound, language) })
  return html`
    <div class="layers">${decision.layers.map(layer => html`
      <details class="layer">
        <summary><span class="layer-words"><strong>${say('layer.title')}</strong> <span>${words(layer)}</span></span><span class="line-why">${say('why')}</span></summary>
        <div class="why-body">${clauses(decision, gathered([...decision.steps.filter(one => one.id === layer.step).flatMap(one => one.cites), ...layer.cites]), context)}</div>
      </details>`)}
    </div>`
}

export function conditions(decision, context) {
  const { language, untouched } = context
  const { pick, say } = language
  const all = decision.steps.filter(one => one.form === 'condition')
  if (all.length === 0 || !decision.verdict) return nothing
  const one = step => {
    const state = step.value.state !== 'known' ? 'open' : step.value.text === 'true' ? 'holds' : 'fails'
    return html`
      <details class="condition condition-${state}">
        <summary>
          <span class="sign" aria-hidden="true">${{ holds: '✓', fails: '✗', open: untouched ? '' : '?' }[state]}</span>
          <span class="condition-words">${untouched ? nothing : html`<strong>${say(`condition.${state}`)}</strong> `}${state === 'open' ? pick(step.label) : pick(step.says ?? step.label)}</span>
          <span class="line-why">${say('why')}</span>
        </summary>
        ${whyStep(decision, step.id, context)}
      </details>`
  }
  return html`<section><h3 class="small">${say(untouched ? 'conditions.all' : 'conditions')}</h3><div class="conditions">${all.map(one)}</div></section>`
}

export function documents(decision, { pick, say }) {
  if (decision.documents.length === 0) return nothing
  const state = held => (held === true ? 'held' : held === false ? 'lacking' : 'unknown')
  return html`
    <section><h3 class="small">${say('documents')}</h3>
      <ul class="papers">${decision.documents.map(one => html`<li><span class="box" aria-hidden="true">${one.held === true ? '✓' : ''}</span><span><strong>${say(`document.${state(one.held)}`)}</strong> ${pick(one.label)}</span></li>`)}</ul>
    </section>`
}
