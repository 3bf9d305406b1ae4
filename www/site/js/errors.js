// What the engine says of answers, at the fields they are about.

import { el } from './dom.js'

const snake = key => key.replace(/[A-Z]/gu, letter => `_${letter.toLowerCase()}`)

/** Whether a diagnostic is about this field: by its path, or by the names it prints in backticks. */
function concerns({ place, message }, key) {
  const bare = key.slice(key.lastIndexOf('.') + 1)
  const names = [key, bare, snake(bare)]
  const path = place?.path?.match(/^(?:facts|ledger|previous|parameters)\.([^.[]+)/u)?.[1]
  if (path !== undefined) return names.includes(path)
  return names.some(name => message.includes(`\`${name}\``))
}

/** The engine's own words, with the reader's where it has them. */
function words({ message, help, code }, { lang, say }) {
  // A constraint carries its Chinese sentence as help.
  const own = lang === 'zh-CN' && code === 'constraint' && help ? help : undefined
  return own
    ? [el('span', {}, say('result.fieldError')), el('span', {}, own)]
    : [el('span', {}, say('result.fieldError')), el('span', { lang: 'en', class: 'engine-words' }, quoted(help && code !== 'constraint' ? `${message}; ${help}` : message))]
}

/** Backticks become code. */
function quoted(text) {
  return text.split('`').map((part, i) => (i % 2 === 1 ? el('code', {}, part) : part))
}

/** Puts every diagnostic at its field; returns those that belong to none, and the fields concerned. */
export function placeErrors(diagnostics, controls, language) {
  const rest = new Set(diagnostics)
  const bad = []
  for (const control of controls) {
    const own = diagnostics.filter(one => concerns(one, control.key))
    own.forEach(one => rest.delete(one))
    control.fail(own.flatMap(one => words(one, language)))
    if (own.length > 0) bad.push(control)
  }
  return { bad, rest: [...rest].map(one => words(one, language)) }
}
