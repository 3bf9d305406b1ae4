// 为什么和医院结算单不一样: the lines of the real statement beside the steps here; the first that differs, and what usually lies behind it.

import { html, nothing } from 'lit'
import { chain, whyStep } from '../why/why.js'
import { fen, shown, typed, yuan } from '../figures.js'
import { live } from 'lit/directives/live.js'

/** Amounts of a decision in reading order, each with the step it comes from. */
export function comparable(decision) {
  const { amounts } = decision
  const steps = decision.steps.filter(one => ['value', 'table', 'bands', 'pay', 'benefit'].includes(one.form) && one.value?.state === 'known' && one.value.unit === 'yuan')
  return [
    { id: 'total', label: 'money.bill', value: amounts.total },
    ...steps.map(step => ({ id: step.id, text: step.label, value: step.value, step })),
    { id: 'patient', label: 'money.patient', value: amounts.patient },
  ]
}

const entered = (raw, id) => (raw[id] ? fen(typed(raw[id], 'money')) : undefined)

/** The first line on which the statement says otherwise. */
export const firstDifference = (decision, raw) => comparable(decision).find(one => entered(raw, one.id) !== undefined && entered(raw, one.id) !== fen(one.value.text))

/** What to look at: the answers that the step rests on, its assumptions, and how old the text is. */
function causes({ step }, decision, { pick, say, list }) {
  if (step === undefined) return [say('statement.cause.total')]
  const steps = chain(decision, step)
  const own = new Set(steps.map(one => one.id))
  const facts = [...new Map(steps.flatMap(one => one.formulas.flatMap(formula => formula.reads)).filter(read => !own.has(read.id)).map(read => [read.id, read])).values()]
  const assumed = [...new Map(steps.flatMap(one => one.assumes ?? []).map(text => [text.zh, text])).values()]
  return [
    facts.length > 0 && say('statement.cause.facts', { facts: list(facts.map(read => pick(read.label))) }),
    ...assumed.map(text => say('statement.cause.assumed', { text: pick(text) })),
    say('statement.cause.year'),
    decision.pack.status === 'in_force' ? false : say('statement.cause.old'),
  ].filter(Boolean)
}

/** `raw`: what was entered, by step. */
export function statement(session, context) {
  const { decision } = session.outcome
  if (decision?.outcome !== 'computed' || !decision.amounts) return undefined
  const { language, raw, set, exportCase } = context
  const { pick, say } = language
  const all = comparable(decision)
  const first = firstDifference(decision, raw)
  const name = one => (one.label ? say(one.label) : pick(one.text))
  const some = all.some(one => entered(raw, one.id) !== undefined)
  return html`
    <p>${say('statement.lead')}</p>
    <div class="statement">${all.map(one => {
      const id = `statement-${one.id}`
      const read = raw[one.id] ? typed(raw[one.id], 'money') : undefined
      const wrong = read !== undefined && fen(read) === undefined
      return html`
        <div class="amount">
          <span class="amount-row"><label for=${id}>${name(one)} <span class="line-note">${say('statement.here', { amount: shown(one.value, language) })}</span></label>
            <span class="field-row"><input id=${id} class="field field-figure" type="text" inputmode="decimal" autocomplete="off" .value=${live(raw[one.id] ?? '')} aria-invalid=${wrong ? 'true' : nothing} aria-describedby=${wrong ? `${id}-error` : nothing} @input=${event => set(one.id, event.target.value)}><span class="unit">${say('yuan')}</span></span></span>
          ${wrong ? html`<p class="field-error" id="${id}-error">${say('error.wrong-type')}</p>` : nothing}
        </div>`
    })}</div>
    <div class="statement-answer">
      ${first ? html`
        <p><strong>${say('statement.first', { step: name(first), here: shown(first.value, language), there: shown({ state: 'known', unit: 'yuan', text: yuan(entered(raw, first.id)) }, language) })}</strong></p>
        <p>${say('statement.usual')}</p>
        <ul>${causes(first, decision, language).map(text => html`<li>${text}</li>`)}</ul>
        ${first.step ? html`<details class="more"><summary>${say('statement.how')}</summary>${whyStep(decision, first.step.id, context)}</details>` : nothing}
        <p>${say('statement.counts')}</p>`
      : some ? html`<p><strong>${say('statement.same')}</strong></p>` : nothing}
    </div>
    ${exportCase ? html`<button type="button" class="button" @click=${exportCase}>${say('statement.export')}</button>` : nothing}`
}
