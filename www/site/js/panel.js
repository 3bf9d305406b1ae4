// A service of a pack: its questions and, at once on every input, its answer.

import { announce } from './announce.js'
import { camelCase } from './names.js'
import { el, newId, refill } from './dom.js'
import { placeErrors } from './errors.js'
import { question } from './questions.js'
import { resultView, resultWords } from './result.js'

/**
 * `answers`: raw answers kept over a change of language, written back on every input.
 * `fixed`: facts that are not asked. `without`: facts left out.
 */
export function panel({ pack, serviceId, language, titles, answers = {}, fixed = {}, without = [], level = 3, about }) {
  const { say } = language
  const service = pack.service(serviceId)
  const controls = new Map()
  const changed = () => { keep(); show(true) }
  for (const fact of pack.asks(service)) {
    if (fact.key in fixed || without.includes(fact.key)) continue
    controls.set(fact.id, question(fact, { language, given: answers[fact.key], changed }))
  }
  const earlier = earlierQuestions(pack, service, { language, answers, changed })
  const context = { language, options: pack.options, titles, controls: new Map([...controls, ...earlier.map(one => [one.name, one])]) }
  const answered = () => [...controls.values(), ...earlier].some(one => one.value() !== undefined)
  const keep = () => { for (const one of [...controls.values(), ...earlier]) answers[one.key] = one.raw() }

  const heading = newId('result')
  const place = el('div', { class: 'result-body' })
  const output = el('section', { class: 'result', 'aria-labelledby': heading }, el(`h${level}`, { id: heading }, say('result.title'), el('span', { class: 'only-heard' }, `：${language.pick(service.title)}`)), place)

  function read() {
    const facts = { ...fixed }
    for (const one of controls.values()) {
      const value = one.value()
      if (value !== undefined) facts[one.key] = value
    }
    const sections = { facts }
    for (const one of earlier) one.write(sections)
    return sections
  }

  function show(heard) {
    const all = [...controls.values(), ...earlier]
    try {
      const decision = pack.rules.evaluate(serviceId, read())
      placeErrors([], all, language)
      refill(place, resultView(decision, { ...context, untouched: !answered() }))
      if (heard) announce(resultWords(decision, context))
    } catch (error) {
      if (!Array.isArray(error.diagnostics)) throw error
      const { bad, rest } = placeErrors(error.diagnostics, all, language)
      refill(place, errorView(bad, rest, language))
      if (heard) announce(say('result.errorShort'))
    }
    about?.()
  }

  const form = el('form', { class: 'form', novalidate: true, on: { submit: event => event.preventDefault() } },
    [...controls.values()].map(one => one.node),
    earlier.length > 0 && el('fieldset', { class: 'earlier' }, el('legend', {}, say('form.earlier')), earlier.map(one => one.node)))
  show(false)
  return el('div', { class: 'panel' }, form, output)
}

function errorView(bad, rest, { say }) {
  return el('div', { class: 'errors' },
    el('p', {}, el('strong', {}, say('result.error'))),
    el('ul', {},
      bad.map(one => el('li', {}, el('button', { type: 'button', class: 'link', on: { click: () => one.focus() } }, one.node.querySelector('.question-title').textContent))),
      rest.map(words => el('li', {}, words))))
}

/** Balances of the year so far, and whether there was an earlier stay. */
function earlierQuestions(pack, service, { language, answers, changed }) {
  const { say } = language
  const all = []
  for (const id of service.ledger) {
    const entry = pack.plan.ledger.entries.find(one => one.id === id)
    const input = pack.plan.services.find(one => one.id === service.id).program.inputs.find(one => one.name === `ledger.${id}`)
    const label = { zh: say('form.ledgerBalance', { label: entry.label.zh }), en: say('form.ledgerBalance', { label: entry.label.en }) }
    const type = typeof input.kind === 'string' ? input.kind : 'code'
    const control = question({ id, key: `ledger.${id}`, type, label, question: null, hint: null, confirmedBy: null, options: [], fields: [], decimals: type === 'money' ? 2 : 0 }, { language, given: answers[`ledger.${id}`], changed })
    all.push({ ...control, name: `ledger.${id}`, write: sections => { (sections.ledger ??= {})[camelCase(id)] = control.value() } })
  }
  if (service.previous.length > 0) {
    const none = { id: 'none', label: { zh: say('form.earlierFirst'), en: say('form.earlierFirst') } }
    const text = { zh: say('form.hasEarlier'), en: say('form.hasEarlier') }
    const control = question({ id: 'previous', key: 'previous', type: 'option', label: text, question: text, hint: null, confirmedBy: null, options: [none], fields: [] }, { language, given: answers.previous, changed })
    all.push({ ...control, name: 'previous', write: sections => { if (control.value() === 'none') sections.previous = 'none' } })
  }
  return all
}
