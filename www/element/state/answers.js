// What was entered, and what the engine is told of it. Raw answers are texts, as controls hold them: `undefined` while
// a question has not been met, '' where it was left open.

import { typed } from '../figures.js'

/** The answer to a fact, `undefined` where it is open. */
export function answerOf(fact, raw) {
  if (raw === undefined || raw === '') return undefined
  switch (fact.type) {
    case 'bool': return raw === 'true' ? true : raw === 'false' ? false : raw
    case 'option': case 'code': return raw
    case 'institution': return institution(fact, raw)
    case 'list': {
      const records = raw.map(record => recordOf(fact.fields, record)).filter(Boolean)
      return records.length === 0 ? undefined : records
    }
    default: return typed(raw, fact.type)
  }
}

function institution(fact, { id, attributes = {} }) {
  const own = recordOf(fact.fields, attributes)
  const listed = fact.options.some(one => one.id !== 'other')
  if (!listed) return own
  if (id === undefined || id === '') return undefined
  return id === 'other' && own ? { id, ...own } : id
}

function recordOf(fields, raw) {
  const all = fields.map(field => [field.key, answerOf(field, raw[field.key])]).filter(([, value]) => value !== undefined)
  return all.length === 0 ? undefined : Object.fromEntries(all)
}

/** A case for the engine, with the day that the host gave. */
export function caseOf(asks, raw, given = {}) {
  const input = { facts: { ...given } }
  for (const { key, section, fact } of asks) {
    if (section === 'previous') {
      if (raw[key] === 'none') input.previous = 'none'
      continue
    }
    const value = answerOf(fact, raw[key])
    if (value !== undefined) (input[section] ??= {})[fact.key] = value
  }
  return input
}

/** Raw answers from facts as a host writes them: the other way round. */
export function rawOf(asks, facts) {
  const raw = {}
  for (const { key, section, fact } of asks) {
    if (section === 'facts' && facts[fact.key] !== undefined) raw[key] = rawAnswer(fact, facts[fact.key])
  }
  return raw
}

function rawAnswer(fact, value) {
  if (value === null) return ''
  switch (fact.type) {
    case 'institution': {
      if (typeof value === 'string') return { id: value }
      const { id = 'other', ...attributes } = value
      return { id, attributes: Object.fromEntries(fact.fields.filter(field => attributes[field.key] !== undefined).map(field => [field.key, rawAnswer(field, attributes[field.key])])) }
    }
    case 'list': return Array.from(Array.isArray(value) ? value : [value], record => Object.fromEntries(fact.fields.filter(field => record?.[field.key] !== undefined).map(field => [field.key, rawAnswer(field, record[field.key])])))
    default: return String(value)
  }
}

/** Whether a question has an answer, or was knowingly left open. */
export const isMet = raw => raw !== undefined
