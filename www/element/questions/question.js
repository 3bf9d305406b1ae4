// One question for one fact: native inputs and labels, in the root of the element.

import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'
import { grouped, inWords, typed } from '../figures.js'
import { errorAt } from './errors.js'

/** Options up to this many are shown at once, larger sets as a list to choose from. */
const MOST_RADIOS = 7

/**
 * `field`: `{ id, fact, raw, errors, set(raw), left() }` — `left` when the reader has gone on to another field.
 * `within`: the control stands in a group that has the question as its legend already.
 */
export function question(field, language) {
  const make = { bool: truth, option: choice, code: code, institution, list: records, previous }[field.fact.type] ?? figure
  return make(field, language)
}

export const titleOf = (fact, { pick, say }) => (fact.type === 'previous' ? say('form.hasEarlier') : fact.section === 'ledger' ? say('form.ledgerBalance', { label: pick(fact.label) }) : pick(fact.question ?? fact.label))

function hints({ id, fact, gloss = [] }, { zh, pick, say }) {
  return [
    fact.hint ? html`<p class="hint" id="${id}-hint">${pick(fact.hint)}</p>` : nothing,
    gloss.map(one => html`<p class="hint gloss">${zh ? html`<dfn>${one.term}</dfn>：` : nothing}${pick(one)}</p>`),
    fact.confirmedBy ? html`<p class="hint confirm" id="${id}-confirm">${say('form.confirm', { who: say(`by.${fact.confirmedBy}`) })}</p>` : nothing,
  ]
}

const describedBy = ({ id, fact, errors }, ...extra) => [fact.hint && `${id}-hint`, fact.confirmedBy && `${id}-confirm`, ...extra, errors.length > 0 && `${id}-error`].filter(Boolean).join(' ') || nothing

// ── figures ────────────────────────────────────────────────────────────────

const UNIT = { money: 'yuan', rate: 'form.percent', points: 'form.points', days: 'form.days', months: 'form.months' }
const KEYS = { money: 'decimal', rate: 'decimal', points: 'decimal', number: 'decimal', days: 'numeric', months: 'numeric' }

function figure(field, language) {
  const { id, fact, raw, set, left } = field
  const isDate = fact.type === 'date'
  const money = fact.type === 'money'
  return html`
    <div class="question">
      <label class="question-title" for=${id}>${titleOf(fact, language)}</label>
      ${hints(field, language)}
      ${errorAt(field, language)}
      <span class="field-row">
        <input id=${id} class=${isDate ? 'field field-date' : 'field field-figure'} type=${isDate ? 'date' : 'text'} inputmode=${KEYS[fact.type] ?? nothing}
          autocomplete="off" .value=${live(raw ?? '')} aria-invalid=${field.errors.length > 0 ? 'true' : nothing}
          aria-describedby=${describedBy(field, money && `${id}-echo`)}
          @input=${event => set(event.target.value)} @change=${left}>
        ${UNIT[fact.type] ? html`<span class="unit">${language.say(UNIT[fact.type])}</span>` : nothing}
      </span>
      ${money ? html`<p class="echo" id="${id}-echo">${echoed(raw, language)}</p>` : nothing}
    </div>`
}

/** What was understood of an amount, so that a nought too many is seen. */
export function echoed(text, { zh, say }) {
  if (!text) return nothing
  const read = typed(text, 'money')
  const words = inWords(read)
  if (words === '') return nothing
  return zh ? words : `${grouped(read)} ${say('yuan')}`
}

/** A text that the pack does not know beforehand, such as a code. */
const code = (field, language) => (field.fact.options.length > 0 ? choice(field, language) : figure(field, language))

// ── options ────────────────────────────────────────────────────────────────

function truth(field, language) {
  const { say } = language
  return choices(field, language, [['true', say('yes')], ['false', say('no')]], { row: true })
}

const choice = (field, language) => choices(field, language, field.fact.options.map(({ id, label }) => [id, language.pick(label)]))

const previous = (field, language) => choices(field, language, [['none', language.say('form.earlierFirst')]])

/** Radios where there are few options, a list otherwise; 不清楚 is always last and leaves the question open. */
function choices(field, language, options, { row = false, more = nothing, read = raw => raw, write = id => id } = {}) {
  const { id, fact, set, left } = field
  const given = read(field.raw)
  const all = [...options, ['', language.say('unclear')]]
  const chosen = value => { set(write(value)); left() }
  if (options.length > MOST_RADIOS) {
    return html`
      <div class="question">
        <label class="question-title" for=${id}>${titleOf(fact, language)}</label>
        ${hints(field, language)}
        ${errorAt(field, language)}
        <select id=${id} class="field" aria-describedby=${describedBy(field)} @change=${event => chosen(event.target.value)}>
          <option value="?" disabled .selected=${live(given === undefined)}>${language.say('form.choose')}</option>
          ${all.map(([value, label]) => html`<option value=${value} .selected=${live(given === value)}>${label}</option>`)}
        </select>
        ${more}
      </div>`
  }
  return html`
    <fieldset class="question" id=${id} aria-describedby=${describedBy(field)}>
      <legend class="question-title">${titleOf(fact, language)}</legend>
      ${hints(field, language)}
      ${errorAt(field, language)}
      <div class=${row ? 'options options-row' : 'options'}>
        ${all.map(([value, label], i) => html`
          <label class="option">
            <input type="radio" id="${id}-${i}" name=${id} value=${value} .checked=${live(given === value)} @change=${() => chosen(value)}>
            <span>${label}</span>
          </label>`)}
      </div>
      ${more}
    </fieldset>`
}

// ── institutions ───────────────────────────────────────────────────────────

/** A named institution, or `other` with its attributes; where a pack names none, the attributes alone. */
function institution(field, language) {
  const { fact, set, id } = field
  const raw = field.raw || {}
  const named = fact.options.filter(one => one.id !== 'other')
  const attributes = () => fact.fields.map(one => question({
    id: `${id}-${one.key}`, fact: one, raw: raw.attributes?.[one.key], errors: [],
    set: value => set({ ...raw, attributes: { ...raw.attributes, [one.key]: value } }), left: field.left,
  }, language))
  if (named.length === 0) {
    return html`<fieldset class="question" id=${id}><legend class="question-title">${titleOf(fact, language)}</legend>${hints(field, language)}${errorAt(field, language)}${attributes()}</fieldset>`
  }
  const options = [...named.map(one => [one.id, language.pick(one.label)]), ['other', language.say('other')]]
  return choices(field, language, options, {
    read: given => (given === '' ? '' : given?.id), write: value => (value === '' ? '' : { ...raw, id: value }),
    more: raw.id === 'other' && fact.fields.length > 0 ? html`<div class="question-more">${attributes()}</div>` : nothing,
  })
}

// ── lists ──────────────────────────────────────────────────────────────────

function records(field, language) {
  const { id, fact, set, left } = field
  const { say } = language
  const all = field.raw || [{}]
  const change = (i, key, value) => set(all.map((record, k) => (k === i ? { ...record, [key]: value } : record)))
  return html`
    <fieldset class="question" id=${id} aria-describedby=${describedBy(field)}>
      <legend class="question-title">${titleOf(fact, language)}</legend>
      ${hints(field, language)}
      ${errorAt(field, language)}
      ${all.map((record, i) => html`
        <fieldset class="record">
          <legend>${say('form.record', { n: i + 1 })}</legend>
          ${fact.fields.map(one => question({ id: `${id}-${i}-${one.key}`, fact: one, raw: record[one.key], errors: [], set: value => change(i, one.key, value), left }, language))}
          ${all.length > 1 ? html`<button type="button" class="button" @click=${() => { set(all.filter((_, k) => k !== i)); left() }}>${say('form.remove')}</button>` : nothing}
        </fieldset>`)}
      <button type="button" class="button" @click=${() => set([...all, {}])}>${say('form.add')}</button>
    </fieldset>`
}
