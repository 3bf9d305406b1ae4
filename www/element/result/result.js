// What a decision says, for a reader: the answer first, then how it came about.

import { html, nothing } from 'lit'
import { bar } from './bar.js'
import { conditions, documents, layers, limit, limitWords, verdict } from './verdict.js'
import { evidenceNote } from './evidence.js'
import { fen, shown, yuan } from '../figures.js'
import { gathered } from '../why/clause.js'
import { line, moneyLines } from './lines.js'
import { hasRange, range } from './range.js'
import { chain, clauses, whyStep } from '../why/why.js'

/** `context`: `{ language, options, header, titles, go, untouched, bounds }`. */
export function resultView(decision, context) {
  const { language, untouched } = context
  const note = evidenceNote(decision.pack, { language, warnings: decision.warnings, caveats: decision.caveats })
  if (decision.outcome === 'refused') return [refusal(decision, context), note]
  const computed = decision.outcome === 'computed'
  return [
    note,
    computed && decision.amounts ? amounts(decision, context) : nothing,
    decision.limit ? limit(decision, context) : nothing,
    layers(decision, context),
    decision.verdict && !(untouched && decision.missing.length > 0) ? verdict(decision, context) : nothing,
    computed ? nothing : range(decision, context),
    missing(decision, context),
    computed ? results(decision, context) : nothing,
    conditions(decision, context),
    documents(decision, language),
    computed ? steps(decision, context) : nothing,
    assumptions(decision, language),
  ]
}

/** One sentence of it, to be heard. */
export function resultWords(decision, { language }) {
  const { pick, say, list } = language
  if (decision.outcome === 'refused') return say('heard.refused', { why: list([...new Set(decision.refusals.map(one => pick(one.text)))]) })
  if (decision.outcome === 'incomplete') return decision.verdict && decision.verdict.is !== 'cannot_tell' ? say(`verdict.${decision.verdict.is}`) : say('result.missingShort', { n: decision.missing.length })
  if (decision.amounts) return say('heard.pay', { own: shown(decision.amounts.net, language), fund: shown(paidByOthers(decision.amounts), language) })
  if (decision.verdict && !decision.limit) return say(`verdict.${decision.verdict.is}`)
  if (decision.limit) return `${say('limit.atMost')} ${limitWords(decision.limit, language)}`
  return decision.result.map(one => `${pick(one.label)} ${shown(one.value, language)}`).join(' ')
}

// ── money ──────────────────────────────────────────────────────────────────

/** What payers other than the person pay of the bill: bill less share, both the engine's. */
export const paidByOthers = ({ total, patient }) => ({ state: 'known', unit: 'yuan', text: yuan(fen(total.text) - fen(patient.text)) })

export function amounts(decision, context) {
  const { language } = context
  const { say } = language
  const { total, patient, net } = decision.amounts
  const paid = paidByOthers(decision.amounts)
  const segments = [
    { kind: 'fund', label: say('money.others'), amount: paid.text, text: shown(paid, language) },
    { kind: 'own', label: say('money.own'), amount: patient.text, text: shown(patient, language) },
  ]
  return html`
    <div class="answer" part="answer">
      <p class="answer-part">${say('money.youPay')} <strong class="answer-figure" part="amount">${shown(net, language)}</strong></p>
      <p class="answer-part">${say('money.fundPays')} <strong class="answer-second">${shown(paid, language)}</strong></p>
    </div>
    ${bar(segments, total.text)}
    ${decided(decision, context)}
    <h3 class="small">${say('money.lines')}</h3>
    ${moneyLines(decision, context)}`
}

/** The sentence that decided the amount: the rows that were chosen, and by which answers. */
function decided(decision, { language }) {
  const payment = decision.amounts.payments.find(one => !one.own) ?? decision.amounts.benefits[0]
  const step = payment && decision.steps.find(one => one.id === payment.step)
  if (step === undefined) return nothing
  const rows = chain(decision, step).filter(one => one.form === 'table' && one.value?.state === 'known' && one.rows.some(row => row.chosen))
  if (rows.length === 0) return nothing
  const { pick, say, list } = language
  const because = [...new Map(rows.flatMap(one => one.formulas.flatMap(formula => formula.reads)).map(read => [read.id, read])).values()]
  return html`<p class="decided">${say('money.decided', {
    facts: list(because.map(read => shown(read.value, language))),
    figures: list(rows.map(one => `${pick(one.label)} ${shown(one.value, language)}`)),
  })}</p>`
}

function results(decision, context) {
  const { language } = context
  const { pick, say } = language
  if (decision.result.length === 0 && decision.allocations.length === 0) return nothing
  const one = ({ id, label, value }) => line({ label: pick(label), amount: shown(value, language), why: whyStep(decision, id, context), kind: 'line-last' }, language)
  const paid = payment => line({ label: pick(payment.payerLabel), amount: shown(payment.amount, language), why: whyStep(decision, payment.step, context) }, language)
  return html`<div class="lines">${decision.result.map(one)}${decision.allocations.length > 0 ? html`<h3 class="small">${say('allocations')}</h3>` : nothing}${decision.allocations.map(paid)}</div>`
}

// ── what is missing, why not ───────────────────────────────────────────────

function missing(decision, context) {
  const { language, go, untouched, stepwise } = context
  const { pick, say } = language
  if (decision.missing.length === 0) return nothing
  // The one question is named with the range already.
  if (decision.missing.length === 1 && hasRange(decision, context)) return nothing
  if (untouched) return stepwise ? nothing : html`<p class="invitation">${say('result.invitation')}</p>`
  if (decision.outcome === 'computed' && decision.verdict && decision.verdict.is !== 'cannot_tell') return nothing
  return html`
    <div class="missing">
      <p><strong>${say('result.missing')}</strong></p>
      <ul>${decision.missing.map(one => html`<li><button type="button" class="link" @click=${() => go(one.fact)}>${pick(one.question ?? one.label)}</button></li>`)}</ul>
    </div>`
}

function refusal(decision, context) {
  const { pick, say } = context.language
  return html`
    <div class="refusal" part="refusal">
      <p class="refusal-word"><span class="sign" aria-hidden="true">—</span><strong>${say('result.refused')}</strong></p>
      <ul>${[...new Map(decision.refusals.map(one => [one.text.zh, one])).values()].map(one => html`<li>${pick(one.text)}</li>`)}</ul>
      ${clauses(decision, gathered(decision.refusals.flatMap(one => one.cites)), context)}
      <p>${say('result.refusedElse')}</p>
    </div>`
}

// ── steps, assumptions ─────────────────────────────────────────────────────

function steps(decision, context) {
  const { language } = context
  const { pick, say, list } = language
  const all = decision.steps.filter(one => !['bill', 'condition', 'require'].includes(one.form))
  if (all.length === 0 || decision.verdict) return nothing
  const amount = step => (step.value ? shown(step.value, language) : list((step.records ?? []).map(value => shown(value, language))))
  return html`
    <details class="more"><summary>${say('result.steps')}</summary>
      <div class="lines">${all.map(step => line({ label: pick(step.label), amount: amount(step), why: whyStep(decision, step.id, context) }, language))}</div>
    </details>`
}

function assumptions({ assumptions: all }, { pick, say }) {
  if (all.length === 0) return nothing
  return html`<details class="more"><summary>${say('result.assumptions', { n: all.length })}</summary><ul>${all.map(text => html`<li>${pick(text)}</li>`)}</ul></details>`
}
