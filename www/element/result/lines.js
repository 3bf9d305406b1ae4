// Lines that add up, from the bill to the cash. A line opens to its 为什么.

import { html, nothing } from 'lit'
import { shown } from '../figures.js'
import { whyStep, whySum } from '../why/why.js'

/** One line; with `why` it opens. */
export function line({ sign = '', label, note, amount, why, kind = '' }, { say }) {
  const head = html`
    <span class="line-sign" aria-hidden="true">${sign}</span>
    <span class="line-label">${label}${note ? html`<span class="line-note">${note}</span>` : nothing}</span>
    <span class="line-amount figure">${amount}</span>`
  if (!why) return html`<div class="line ${kind}"><div class="line-row">${head}</div></div>`
  return html`<details class="line ${kind}"><summary class="line-row">${head}<span class="line-why">${say('why')}</span></summary>${why}</details>`
}

/** Bill, payments, share, accounts, benefits, net: as the engine gives them. */
export function moneyLines(decision, context) {
  const { language } = context
  const { pick, say } = language
  const { amounts } = decision
  const money = value => shown(value, language)
  const others = amounts.payments.filter(one => !one.own)
  const own = amounts.payments.filter(one => one.own)
  const payment = one => line({ sign: '−', label: pick(one.payerLabel), note: one.bound === 'limit' && say('why.boundLimit'), amount: money(one.amount), why: whyStep(decision, one.step, context) }, language)
  const minus = (from, all, to) => whySum(`${money(from)} ${all.map(one => `− ${money(one.amount)}`).join(' ')} = ${money(to)}`, language)
  const sum = (label, from, all, to, more = {}) => line({ sign: '=', label: say(label), amount: money(to), why: minus(from, all, to), kind: 'line-sum', ...more }, language)
  return html`
    <div class="lines">
      ${line({ label: say('money.bill'), amount: money(amounts.total), why: amounts.parts.length > 1 ? parts(amounts, language) : undefined }, language)}
      ${others.map(payment)}
      ${sum('money.patient', amounts.total, others, amounts.patient)}
      ${own.length > 0 ? [own.map(payment), sum('money.cash', amounts.patient, own, amounts.cash)] : nothing}
      ${amounts.benefits.length > 0 ? [
        amounts.benefits.map(payment),
        sum('money.net', amounts.patient, amounts.benefits, amounts.net, { kind: 'line-sum line-last', note: amounts.net.text.startsWith('-') && say('money.negative') }),
      ] : nothing}
    </div>`
}

/** How the bill is divided, and what the person pays of each part. */
function parts(amounts, language) {
  const { pick, say } = language
  return html`
    <div class="why-body">
      <p class="why-word">${say('money.parts')}</p>
      <ul class="parts">${amounts.parts.map(part => html`
        <li><span>${pick(part.label)}</span><span class="figure">${shown(part.amount, language)}</span><span class="line-note">${say('money.left', { amount: shown(part.left, language) })}</span></li>`)}
      </ul>
    </div>`
}
