// Lines that add up, from the bill to the cash. A line opens to its 为什么.

import { el } from './dom.js'
import { shown } from './figures.js'
import { whyStep, whySum } from './why.js'

/** One line; with `why` it opens. `what`: what the line is called where it is heard alone. */
export function line({ sign = '', label, note, amount, why, kind = '', key }, { say }) {
  const head = [
    el('span', { class: 'line-sign', 'aria-hidden': 'true' }, sign),
    el('span', { class: 'line-label' }, label, note && el('span', { class: 'line-note' }, note)),
    el('span', { class: 'line-amount figure' }, amount),
  ]
  if (!why) return el('div', { class: `line ${kind}` }, el('div', { class: 'line-row' }, head))
  return el('details', { class: `line ${kind}`, 'data-open': key ?? label },
    el('summary', { class: 'line-row' }, head, el('span', { class: 'line-why' }, say('why'))),
    why,
  )
}

/** Bill, payments, share, accounts, benefits, net: as the engine gives them. */
export function moneyLines(decision, context) {
  const { language } = context
  const { pick, say } = language
  const { amounts } = decision
  const money = value => shown(value, language)
  const why = id => whyStep(decision, id, context)
  const others = amounts.payments.filter(one => !one.own)
  const own = amounts.payments.filter(one => one.own)
  const billStep = decision.steps.find(one => one.form === 'bill')
  const payment = one => line({ sign: '−', label: pick(one.payerLabel), note: boundNote(one, say), amount: money(one.amount), why: why(one.step), key: one.step }, language)
  const minus = (from, all, to) => whySum(`${money(from)} ${all.map(one => `− ${money(one.amount)}`).join(' ')} = ${money(to)}`, language)
  const all = [
    line({ label: say('money.bill'), amount: money(amounts.total), why: amounts.parts.length > 1 ? parts(amounts, language) : undefined, key: billStep?.id }, language),
    others.map(payment),
    line({ sign: '=', label: say('money.patient'), amount: money(amounts.patient), why: minus(amounts.total, others, amounts.patient), kind: 'line-sum', key: 'patient' }, language),
  ]
  if (own.length > 0) all.push(own.map(payment), line({ sign: '=', label: say('money.cash'), amount: money(amounts.cash), why: minus(amounts.patient, own, amounts.cash), kind: 'line-sum', key: 'cash' }, language))
  if (amounts.benefits.length > 0) {
    all.push(
      amounts.benefits.map(payment),
      line({
        sign: '=', label: say('money.net'), note: amounts.net.text.startsWith('-') && say('money.negative'), amount: money(amounts.net),
        why: minus(amounts.patient, amounts.benefits, amounts.net), kind: 'line-sum line-last', key: 'net',
      }, language),
    )
  }
  return el('div', { class: 'lines' }, all)
}

function boundNote(payment, say) {
  if (payment.bound === 'limit') return say('why.boundLimit')
  if (payment.bound === 'left') return say('why.boundLeft')
  return undefined
}

/** How the bill is divided, and what the person pays of each part. */
function parts(amounts, language) {
  const { pick, say } = language
  return el('div', { class: 'why-body' },
    el('p', { class: 'why-word' }, say('money.parts')),
    el('ul', { class: 'parts' }, amounts.parts.map(part => el('li', {},
      el('span', {}, pick(part.label)), el('span', { class: 'figure' }, shown(part.amount, language)),
      el('span', { class: 'line-note' }, say('money.left', { amount: shown(part.left, language) })),
    ))),
  )
}
