// What the engine says of answers, at the fields they are about, and on top of the form with a way there.

import { html, nothing } from 'lit'

const snake = key => key.replace(/[A-Z]/gu, letter => `_${letter.toLowerCase()}`)

/** Whether a diagnostic is about this question: by its path, or by the paths it names besides. */
export function concerns({ place, also = [], message }, key) {
  const bare = key.slice(key.lastIndexOf('.') + 1)
  const names = [bare, snake(bare)]
  const paths = [place, ...also.map(one => one.place)].map(one => one?.path?.replace(/^(?:facts|ledger|previous|parameters)\./u, '').match(/^[^.[]+/u)?.[0]).filter(Boolean)
  if (paths.length > 0) return paths.some(path => names.includes(path))
  return names.some(name => message.includes(`\`${name}\``))
}

/** Codes that have a sentence of their own in the reader's language. */
const SPOKEN = ['wrong-type', 'too-many-decimals', 'out-of-range', 'bad-date', 'unknown-option', 'too-many-records']

/** A diagnostic in the reader's words; the engine's own where there is no sentence for it. */
export function errorWords({ code, message, help }, fact, { zh, say }) {
  if (zh && code === 'constraint' && help) return say('error.constraint', { help })
  if (code === 'wrong-type' && !['money', 'number', 'rate', 'points', 'days', 'months'].includes(fact?.type)) return say('error.other')
  if (code === 'out-of-range' && fact?.min && fact?.max) return say('error.out-of-range', { min: bound(fact.min, zh), max: bound(fact.max, zh) })
  if (SPOKEN.includes(code) && code !== 'out-of-range') return say(`error.${code}`, { decimals: fact?.decimals ?? 0 })
  return message.replace(/`/gu, '')
}

const bound = (text, zh) => {
  const spaced = text.replace(/\d+/u, digits => digits.replace(/\B(?=(\d{3})+$)/gu, ','))
  return zh ? spaced.replace('元', ' 元') : spaced.replace('元', ' yuan')
}

export function errorAt({ id, fact, errors }, language) {
  if (errors.length === 0) return nothing
  return html`<p class="field-error" id="${id}-error"><span class="only-heard">${language.say('error.here')}</span>${[...new Set(errors.map(one => errorWords(one, fact, language)))].map(text => html`<span class="field-error-line">${text}</span>`)}</p>`
}

/** The summary: what is wrong, each with a way to its field. `faults`: `{ id, title, words }`. */
export function errorSummary(faults, language, go) {
  return html`
    <div class="errors" id="errors" tabindex="-1" role="group" aria-labelledby="errors-title" part="errors">
      <h3 id="errors-title">${language.say('error.title')}</h3>
      <ul>${faults.map(fault => html`<li>${fault.id
        ? html`<a class="link" href="#${fault.id}" @click=${event => { event.preventDefault(); go(fault) }}><strong>${fault.title}</strong> ${fault.words}</a>`
        : fault.words}</li>`)}</ul>
    </div>`
}
