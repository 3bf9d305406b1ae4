// One stay as a statement: two amounts to enter, and the lines that follow from them.

import { el, newId, refill } from './dom.js'
import { shown, typed } from './figures.js'
import { line } from './lines.js'
import { placeErrors } from './errors.js'
import { echoed } from './questions.js'
import { whyGiven, whyStep, whySum } from './why.js'

/**
 * `example`: amounts as they stand in the example. `answers`: raw texts kept over a change of language.
 * Gives `{ node, facts(), touched(), fail(diagnostics), show(decision) }`.
 */
export function stay({ pack, title, example, answers, language, options, changed }) {
  const { pick, say } = language
  const context = { language, options }
  const fields = ['total', 'fund_paid'].map(id => amountLine(pack.fact(id), { example, answers, language, sign: id === 'total' ? '' : '−', changed }))
  const results = el('div', { class: 'lines' })

  function show(decision) {
    for (const one of fields) one.explain(decision && whyGiven(pick(one.fact.hint), language))
    if (decision === undefined) return refill(results)
    const { total, payments, patient, benefits, net } = decision.amounts
    const money = value => shown(value, language)
    const sum = (from, all, to) => whySum(`${money(from)} ${all.map(one => `− ${money(one.amount)}`).join(' ')} = ${money(to)}`, language)
    refill(results,
      line({ sign: '=', label: say('money.patient'), amount: money(patient), why: sum(total, payments, patient), kind: 'line-sum', key: 'patient' }, language),
      benefits.map(one => line({ sign: '−', label: pick(one.payerLabel), amount: money(one.amount), why: whyStep(decision, one.step, context), key: one.step }, language)),
      line({ sign: '=', label: say('money.net'), note: net.text.startsWith('-') && say('money.negative'), amount: money(net), why: sum(patient, benefits, net), kind: 'line-sum line-last', key: 'net' }, language),
    )
  }

  return {
    node: el('section', { class: 'stay' }, el('h4', {}, title), fields.map(one => one.node), results),
    facts: () => Object.fromEntries(fields.map(one => [one.key, one.value()]).filter(([, value]) => value !== undefined)),
    touched: () => fields.some(one => one.touched()),
    fail: diagnostics => placeErrors(diagnostics, fields, language).bad,
    show,
  }
}

/** An amount of the statement: label, field, what was understood, and 为什么. */
function amountLine(fact, { example, answers, language, sign, changed }) {
  const { pick, say } = language
  const stem = newId('amount')
  const { key } = fact
  const field = el('input', { id: stem, class: 'field field-figure', type: 'text', inputmode: 'decimal', autocomplete: 'off', name: key, 'aria-describedby': `${stem}-tag ${stem}-echo`, on: { input: () => { answers[key] = field.value; hear(); changed() } } })
  field.value = answers[key] ?? example[key]
  const tag = el('span', { class: 'tag', id: `${stem}-tag` })
  const echo = el('span', { class: 'echo', id: `${stem}-echo` })
  const error = el('p', { class: 'field-error', id: `${stem}-error` })
  const why = el('div', { class: 'line-foot' })
  const touched = () => typed(field.value, 'money') !== example[key]
  function hear() {
    tag.textContent = say(touched() ? 'form.yours' : 'form.example')
    tag.classList.toggle('tag-example', !touched())
    echo.textContent = echoed(field.value, language)
  }
  hear()
  return {
    fact, key, touched,
    node: el('div', { class: 'line line-input' },
      el('div', { class: 'line-row' },
        el('span', { class: 'line-sign', 'aria-hidden': 'true' }, sign),
        el('span', { class: 'line-label' }, el('label', { for: stem, class: 'question-title' }, pick(fact.label)), tag),
        el('span', { class: 'field-row' }, field, el('span', { class: 'unit' }, say('yuan')))),
      error, why),
    value: () => typed(field.value, 'money'),
    explain: body => refill(why, body
      ? el('details', { class: 'line-more', 'data-open': key }, el('summary', {}, echo, el('span', { class: 'line-why' }, say('why'))), body)
      : echo),
    fail(texts) {
      error.replaceChildren(...texts)
      error.classList.toggle('there', texts.length > 0)
      if (texts.length > 0) field.setAttribute('aria-invalid', 'true')
      else field.removeAttribute('aria-invalid')
      field.setAttribute('aria-describedby', [`${stem}-tag`, texts.length > 0 ? `${stem}-error` : `${stem}-echo`].join(' '))
    },
    focus: () => field.focus(),
  }
}
