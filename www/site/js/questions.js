// One question of a form for one fact. A control gives its answer as the engine takes it, `undefined` while there is none.

import { el, newId, refill } from './dom.js'
import { grouped, inWords, typed } from './figures.js'

/** Options up to this many are shown at once, larger sets as a list to choose from. */
const MOST_RADIOS = 6

/**
 * `fact`: FactInfo. `given`: what was answered before (raw, as from `raw()`).
 * A control: `{ node, key, value(), raw(), fail(texts), focus() }`.
 */
export function question(fact, { language, given, changed }) {
  const make = { bool: truth, option: choice, institution, list: records }[fact.type] ?? figure
  return make(fact, { language, given, changed })
}

const title = (fact, { pick }) => pick(fact.question ?? fact.label)

function hints(fact, { pick, say }, ids) {
  const all = []
  if (fact.hint) all.push(el('p', { class: 'hint', id: ids.hint }, pick(fact.hint)))
  if (fact.confirmedBy) all.push(el('p', { class: 'hint confirm', id: ids.confirm }, say('form.confirm', { who: say(`by.${fact.confirmedBy}`) })))
  return all
}

function described(fact) {
  const stem = newId('q')
  const ids = { field: stem, hint: `${stem}-hint`, confirm: `${stem}-confirm`, error: `${stem}-error`, echo: `${stem}-echo` }
  const all = [fact.hint && ids.hint, fact.confirmedBy && ids.confirm].filter(Boolean)
  return { ids, by: extra => [...all, ...extra].join(' ') || undefined }
}

function attribute(node, name, value) {
  if (value) node.setAttribute(name, value)
  else node.removeAttribute(name)
}

/** The place for an error, filled when there is one. */
function complaint(ids, target, by) {
  const node = el('p', { class: 'field-error', id: ids.error })
  return {
    node,
    set(texts) {
      const bad = texts.length > 0
      node.replaceChildren(...texts)
      node.classList.toggle('there', bad)
      const describedBy = by(bad ? [ids.error] : [])
      // A group cannot be invalid in ARIA's terms; its description says what is wrong.
      if (target.matches('input, select')) attribute(target, 'aria-invalid', bad && 'true')
      attribute(target, 'aria-describedby', describedBy)
    },
  }
}

// ── figures ────────────────────────────────────────────────────────────────

const UNIT = { money: 'yuan', rate: 'form.percent', points: 'form.points', days: 'form.days', months: 'form.months' }

function figure(fact, { language, given = '', changed }) {
  const { ids, by } = described(fact)
  const isDate = fact.type === 'date'
  const field = el('input', {
    id: ids.field, name: fact.key, class: isDate ? 'field' : 'field field-figure', type: isDate ? 'date' : 'text',
    inputmode: isDate ? undefined : fact.type === 'code' ? undefined : fact.type === 'money' || fact.decimals > 0 ? 'decimal' : 'numeric', autocomplete: 'off', 'aria-describedby': by(fact.type === 'money' ? [ids.echo] : []), on: { input: () => { heard(); changed() } },
  })
  field.value = given
  const echo = el('p', { class: 'echo', id: ids.echo })
  const error = complaint(ids, field, extra => by(fact.type === 'money' ? [ids.echo, ...extra] : extra))
  const heard = () => { echo.textContent = fact.type === 'money' ? echoed(field.value, language) : '' }
  heard()
  return {
    key: fact.key,
    node: el('div', { class: 'question' },
      el('label', { class: 'question-title', for: ids.field }, title(fact, language)), hints(fact, language, ids),
      error.node,
      el('span', { class: 'field-row' }, field, UNIT[fact.type] && el('span', { class: 'unit' }, language.say(UNIT[fact.type]))),
      fact.type === 'money' && echo),
    value: () => typed(field.value, fact.type),
    raw: () => field.value,
    fail: error.set,
    focus: () => field.focus(),
  }
}

/** What was understood of an amount, so that a nought too many is seen. */
export function echoed(text, { lang }) {
  const read = typed(text, 'money')
  const words = inWords(read)
  if (words === '') return ''
  const plain = grouped(read)
  return lang === 'zh-CN' ? words : `${plain} yuan`
}

// ── options ────────────────────────────────────────────────────────────────

function truth(fact, context) {
  const { say } = context.language
  const options = [['true', say('yes')], ['false', say('no')]]
  return choices(fact, context, options, raw => (raw === 'true' ? true : raw === 'false' ? false : undefined), true)
}

function choice(fact, context) {
  const { pick } = context.language
  return choices(fact, context, fact.options.map(one => [one.id, pick(one.label)]), raw => (raw === '' || raw === undefined ? undefined : raw))
}

/** Radios where there are few options, a list otherwise; 不清楚 is always last and is no answer. */
function choices(fact, { language, given, changed }, options, read, inRow = false) {
  const { ids, by } = described(fact)
  const all = [...options, ['', language.say('unclear')]]
  if (options.length > MOST_RADIOS) {
    const field = el('select', { id: ids.field, name: fact.key, class: 'field', 'aria-describedby': by([]), on: { change: changed } },
      el('option', { value: '?', disabled: true }, language.say('form.choose')), all.map(([id, label]) => el('option', { value: id }, label)))
    field.value = given ?? '?'
    const error = complaint(ids, field, by)
    return {
      key: fact.key,
      node: el('div', { class: 'question' }, el('label', { class: 'question-title', for: ids.field }, title(fact, language)), hints(fact, language, ids), error.node, field),
      value: () => read(field.value === '?' ? '' : field.value), raw: () => (field.value === '?' ? undefined : field.value), fail: error.set, focus: () => field.focus(),
    }
  }
  const radios = all.map(([id, label], i) => {
    const radio = el('input', { type: 'radio', id: `${ids.field}-${i}`, name: ids.field, value: id, on: { change: changed } })
    radio.checked = given === id
    return [radio, el('label', { for: radio.id, class: 'option' }, radio, el('span', {}, label))]
  })
  const set = el('fieldset', { class: 'question', id: ids.field, 'aria-describedby': by([]) })
  const error = complaint(ids, set, by)
  set.append(el('legend', { class: 'question-title' }, title(fact, language)), ...hints(fact, language, ids), error.node,
    el('div', { class: inRow ? 'options options-row' : 'options' }, radios.map(([, label]) => label)))
  const raw = () => radios.find(([radio]) => radio.checked)?.[0].value
  return { key: fact.key, node: set, value: () => read(raw()), raw, fail: error.set, focus: () => (radios.find(([radio]) => radio.checked) ?? radios[0])[0].focus() }
}

// ── institutions ───────────────────────────────────────────────────────────

/** A named institution, or `other` with its attributes; where a pack names none, the attributes alone. */
function institution(fact, { language, given = {}, changed }) {
  const { say } = language
  const named = fact.options.filter(one => one.id !== 'other')
  const more = el('div', { class: 'question-more' })
  const attributes = fact.fields.map(field => question({ ...field, key: field.key }, { language, given: given.attributes?.[field.key], changed }))
  if (named.length === 0) {
    const set = el('fieldset', { class: 'question' }, el('legend', { class: 'question-title' }, title(fact, language)), attributes.map(one => one.node))
    return { key: fact.key, node: set, value: () => answersOf(attributes), raw: () => ({ attributes: rawOf(attributes) }), fail: texts => attributes[0]?.fail(texts), focus: () => attributes[0]?.focus() }
  }
  const options = [...named.map(one => ({ id: one.id, label: one.label })), { id: 'other', label: { zh: say('other'), en: say('other') } }]
  const pick = choice({ ...fact, options }, { language, given: given.id, changed: () => { show(); changed() } })
  const show = () => refill(more, pick.value() === 'other' ? attributes.map(one => one.node) : [])
  show()
  pick.node.append(more)
  return {
    ...pick,
    value: () => (pick.value() === 'other' && attributes.length > 0 && answersOf(attributes) ? { id: 'other', ...answersOf(attributes) } : pick.value()),
    raw: () => ({ id: pick.raw(), attributes: rawOf(attributes) }),
  }
}

function answersOf(controls) {
  const all = Object.fromEntries(controls.map(one => [one.key, one.value()]).filter(([, value]) => value !== undefined))
  return Object.keys(all).length === 0 ? undefined : all
}

const rawOf = controls => Object.fromEntries(controls.map(one => [one.key, one.raw()]))

// ── lists ──────────────────────────────────────────────────────────────────

function records(fact, { language, given = [{}], changed }) {
  const { say } = language
  const { ids, by } = described(fact)
  const rows = el('div', { class: 'records' })
  let all = given.map(one => record(one))
  function record(raw) {
    return fact.fields.map(field => question(field, { language, given: raw[field.key], changed }))
  }
  const add = el('button', { type: 'button', class: 'button', on: { click: () => { all.push(record({})); show(); all.at(-1)[0].focus(); changed() } } }, say('form.add'))
  const set = el('fieldset', { class: 'question', id: ids.field, 'aria-describedby': by([]) })
  const error = complaint(ids, set, by)
  set.append(el('legend', { class: 'question-title' }, title(fact, language)), ...hints(fact, language, ids), error.node, rows, add)
  function show() {
    refill(rows, all.map((controls, i) => el('fieldset', { class: 'record' },
      el('legend', {}, say('form.record', { n: i + 1 })), controls.map(one => one.node),
      all.length > 1 && el('button', { type: 'button', class: 'button', on: { click: () => { all = all.filter(one => one !== controls); show(); add.focus(); changed() } } }, say('form.remove')))))
  }
  show()
  return {
    key: fact.key, node: set,
    value: () => {
      const answers = all.map(answersOf).filter(Boolean)
      return answers.length === 0 ? undefined : answers
    },
    raw: () => all.map(rawOf), fail: error.set, focus: () => all[0][0].focus(),
  }
}
