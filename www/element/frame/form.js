// The questions: one at a time on a narrow screen, all together on a wide one.

import { html, nothing } from 'lit'
import { concerns, errorSummary, errorWords } from '../questions/errors.js'
import { entered } from '../questions/entered.js'
import { question, titleOf } from '../questions/question.js'

export const idOf = key => `q-${key.replace('.', '-')}`
const described = one => ({ ...one.fact, section: one.section })

function fieldOf(host, one) {
  const { session, view } = host
  const { errors = [] } = session.outcome
  // One at a time nothing moves before the reader goes on: a button must stay where it is pressed.
  const said = host.stepwise ? view.fault.includes(one.key) : view.left.has(one.key)
  return {
    id: idOf(one.key), fact: described(one), raw: session.raw[one.key], gloss: host.more?.glossOf(session.asks, one, host.words),
    errors: said ? errors.filter(error => concerns(error, one.key)) : [],
    // From the first answer on the question stays where it is until the reader goes on.
    set: raw => { view.asked = one.key; session.set(one.key, raw); host.changed() },
    left: () => { view.left.add(one.key); host.requestUpdate() },
  }
}

/** What stands wrong at the questions given, with a way to each. */
export function faultsOf(host, questions) {
  const { errors = [] } = host.session.outcome
  const { words } = host
  return questions.flatMap(one => {
    const own = errors.filter(error => concerns(error, one.key))
    return own.length === 0 ? [] : [{ id: idOf(one.key), key: one.key, title: titleOf(described(one), words), words: [...new Set(own.map(error => errorWords(error, one.fact, words)))].join(' ') }]
  })
}

/** Diagnostics of no question that is shown: said by themselves rather than not at all. */
function unplaced(host) {
  const { errors = [] } = host.session.outcome
  return errors.filter(error => !host.session.asks.some(one => concerns(error, one.key))).map(error => ({ words: errorWords(error, undefined, host.words) }))
}

export function form(host) {
  return host.stepwise ? (host.atResult ? answered(host) : step(host)) : single(host)
}

// ── all together ───────────────────────────────────────────────────────────

function single(host) {
  const { session, words, view } = host
  const questions = session.questions
  const told = faultsOf(host, questions).filter(one => view.left.has(one.key))
  const all = [...told, ...(told.length > 0 || session.outcome.errors ? unplaced(host) : [])]
  const stay = questions.filter(one => one.section === 'facts')
  const before = questions.filter(one => one.section !== 'facts')
  return html`
    <form class="form" novalidate @submit=${event => event.preventDefault()} part="form">
      ${all.length > 0 ? errorSummary(all, words, fault => host.focusField(fault.id)) : nothing}
      ${fields(host, stay)}
      ${before.length > 0 ? html`<fieldset class="earlier"><legend>${words.say('form.earlier')}</legend>${fields(host, before)}</fieldset>` : nothing}
    </form>`
}

/** Every question has a place of its own, also while it is not shown: what is being pressed does not turn into another. */
const fields = (host, all) => host.session.asks.map(one => (all.includes(one) ? question(fieldOf(host, one), host.words) : nothing))

// ── one at a time ──────────────────────────────────────────────────────────

function step(host) {
  const { session, words, view } = host
  const { say } = words
  const one = host.asked
  const place = session.path.indexOf(one.key)
  const done = place < 0 ? session.path.length : place
  const rest = session.open.filter(other => other.key !== one.key).length + Math.max(0, session.path.length - done - (place < 0 ? 0 : 1))
  const choiceless = view.bare === one.key ? [{ id: idOf(one.key), title: titleOf(described(one), words), words: say('step.empty') }] : []
  const faults = view.fault.length > 0 ? faultsOf(host, session.asks.filter(each => view.fault.includes(each.key))) : choiceless
  const open = ['option', 'bool', 'code', 'institution', 'previous'].includes(one.fact.type)
  return html`
    <form class="form" novalidate @submit=${event => { event.preventDefault(); host.forward() }} part="form">
      <p class="step" part="step">${say('step.of', { n: done + 1, of: done + 1 + rest })}</p>
      ${faults.length > 0 ? errorSummary(faults, words, fault => host.focusField(fault.id)) : nothing}
      ${fields(host, [one])}
      <div class="row nav">
        <button type="submit" class="button button-main" part="button">${say(rest === 0 ? 'step.result' : 'step.on')}</button>
        ${open ? nothing : html`<button type="button" class="button" @click=${() => host.skip()}>${say('step.skip')}</button>`}
        ${done > 0 ? html`<button type="button" class="button" @click=${() => host.back()}>${say('step.back')}</button>` : nothing}
      </div>
    </form>`
}

/** On the result: what was answered, each to be changed. */
function answered(host) {
  const { session, words } = host
  const { say } = words
  const all = entered(session, words)
  if (all.length === 0) return nothing
  // Answers that a host or a link gave may be wrong: each is named, with the way to its question.
  const faults = session.outcome.errors ? [...faultsOf(host, session.asks), ...unplaced(host)] : []
  return html`
    ${faults.length > 0 ? errorSummary(faults, words, fault => host.goTo(session.asks.find(one => one.key === fault.key).name, { wrong: true })) : nothing}
    <details class="more answered"><summary>${say('step.answered', { n: all.length })}</summary>
      <ul class="answers">${all.map(([one, answer]) => html`<li><span>${words.pick(one.fact.label) || titleOf(described(one), words)}</span><strong>${answer}</strong>
        <button type="button" class="link" aria-label=${say('step.changeOf', { what: words.pick(one.fact.label) })} @click=${() => host.goTo(one.name)}>${say('step.change')}</button></li>`)}</ul>
    </details>`
}
