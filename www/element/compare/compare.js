// 不同就医路径费用对照: lawful ways side by side, differences in words; the lowest is marked, the doctor decides.

import { html, nothing } from 'lit'
import { bar } from '../result/bar.js'
import { canAnalyse } from '../state/analyses.js'
import { paidByOthers } from '../result/result.js'
import { compared, pathsOver, variable } from './paths.js'
import { fen, shown } from '../figures.js'

export const MOST_COLUMNS = 3

/** `view`: `{ vary, change(view) }`; `columns`: own scenarios, `{ label, input, decision }`. */
export function compare(session, { language, view, columns, keep, drop }) {
  if (!canAnalyse(session.pack.rules) || session.service.kind !== 'settlement' || session.outcome.decision?.outcome !== 'computed') return undefined
  const { pick, say } = language
  const questions = variable(session)
  const question = questions.find(one => one.key === view.vary) ?? questions[0]
  return html`
    ${question ? html`
      ${questions.length > 1 ? html`
        <label class="question-title" for="compare-vary">${say('compare.vary')}</label>
        <select id="compare-vary" class="field" @change=${event => view.change({ vary: event.target.value })}>${questions.map(one => html`<option value=${one.key} .selected=${one === question}>${pick(one.fact.label)}</option>`)}</select>` : nothing}
      ${ways(session, pathsOver(session, question, language), language)}` : nothing}
    <p class="doctor">${say('compare.doctor')}</p>
    <h3 class="small">${say('compare.own')}</h3>
    ${columns.length > 0 ? ways(session, [...columns, { label: { zh: say('compare.now'), en: say('compare.now') }, own: true, input: session.case, decision: session.outcome.decision }], language, drop) : html`<p class="hint">${say('compare.ownHint')}</p>`}
    ${columns.length < MOST_COLUMNS ? html`<button type="button" class="button" @click=${keep}>${say('compare.keep')}</button>` : nothing}`
}

function ways(session, all, language, drop) {
  const { pick, say, list } = language
  const open = all.filter(one => one.decision?.outcome === 'computed')
  const shut = all.filter(one => one.decision?.outcome === 'refused')
  if (open.length === 0) return nothing
  const found = open.length > 1 ? compared(session, open) : { differences: [], least: null }
  const { least } = found
  const differences = telling(found.differences, open[0].decision)
  const scale = open.map(one => one.decision.amounts.total.text).reduce((most, one) => (fen(one) > fen(most) ? one : most))
  const same = new Set(open.map(one => one.decision.amounts.net.text)).size === 1
  return html`
    <ul class="ways">${open.map((one, i) => html`
      <li class="way">
        <h4>${pick(one.label)} ${one.own ? html`<span class="tag">${say('compare.yours')}</span>` : nothing}${i === least && !same ? html`<span class="tag tag-least">${say('compare.least')}</span>` : nothing}</h4>
        <p class="answer-part">${say('money.youPayShort')} <strong class="way-figure">${shown(one.decision.amounts.net, language)}</strong></p>
        ${bar(segments(one.decision, language), scale)}
        ${differences.length > 0 ? html`<ul class="parts">${differences.filter(each => each.values[i]).map(each => html`<li><span>${pick(each.label)}</span><span class="figure">${shown(each.values[i], language)}</span></li>`)}</ul>` : nothing}
        ${drop && !one.own ? html`<button type="button" class="button" @click=${() => drop(one)}>${say('compare.drop')}</button>` : nothing}
      </li>`)}
    </ul>
    ${differences.length > 0 ? html`<p>${say('compare.differ', { steps: list(differences.map(each => pick(each.label))) })}</p>` : open.length > 1 ? html`<p>${say('compare.same')}</p>` : nothing}
    ${shut.length > 0 ? html`<p class="hint">${shut.map(one => language.sentence(say('compare.shut', { way: pick(one.label), why: list([...new Set(one.decision.refusals.map(each => pick(each.text)))]) })))}</p>` : nothing}`
}

/** Steps that say why the amounts differ: payments stand in the bar already, and what repeats another step says nothing. */
function telling(differences, decision) {
  const form = id => decision.steps.find(one => one.id === id)?.form
  const seen = new Set()
  return differences.filter(({ step, values }) => {
    const text = values.map(value => value?.text).join(' ')
    if (['pay', 'benefit', 'bill'].includes(form(step)) || seen.has(text)) return false
    seen.add(text)
    return true
  })
}

function segments(decision, language) {
  const { say } = language
  const paid = paidByOthers(decision.amounts)
  return [
    { kind: 'fund', label: say('money.others'), amount: paid.text, text: shown(paid, language) },
    { kind: 'own', label: say('money.own'), amount: decision.amounts.patient.text, text: shown(decision.amounts.patient, language) },
  ]
}
