// What was answered, in words.

import { answerOf } from '../state/answers.js'
import { day, grouped } from '../figures.js'

/** Every question that was met, with its answer: `[question, words]`. */
export function entered(session, language) {
  const { pick, say, lang } = language
  const word = (fact, raw) => {
    const answer = answerOf(fact, raw)
    if (answer === undefined) return say('unclear')
    switch (fact.type) {
      case 'bool': return say(answer ? 'yes' : 'no')
      case 'money': return `${/^-?\d/u.test(answer) ? grouped(answer) : answer} ${say('yuan')}`
      case 'date': return day(answer, lang)
      case 'option': case 'code': return pick(fact.options.find(one => one.id === answer)?.label) || String(answer)
      case 'institution': return named(fact, answer, language)
      case 'list': return language.list(answer.map(record => Object.entries(record).map(([key, value]) => word(fact.fields.find(one => one.key === key), String(value))).join(' ')))
      default: return String(answer)
    }
  }
  return session.asks.filter(({ key }) => session.raw[key] !== undefined).map(one => [one, one.section === 'previous' ? say(session.raw[one.key] === 'none' ? 'form.earlierFirst' : 'unclear') : word(one.fact, session.raw[one.key])])
}

function named(fact, answer, { pick, say, list }) {
  if (typeof answer === 'string') return pick(fact.options.find(one => one.id === answer)?.label) || answer
  const { id, ...attributes } = answer
  const words = Object.entries(attributes).map(([key, value]) => {
    const field = fact.fields.find(one => one.key === key)
    return field.type === 'bool' ? `${pick(field.label)} ${say(value ? 'yes' : 'no')}` : pick(field.options.find(one => one.id === value)?.label)
  })
  return list([id === 'other' ? say('other') : '', ...words].filter(Boolean))
}
