// After the story: medicine for the weeks at home, and the transfer down itself.

import { el, phrases, refill } from './dom.js'
import { panel } from './panel.js'
import { question } from './questions.js'

const LOCAL = { pack: 'gaizhou-2021', service: 'long_prescription' }
const NATIONAL = { pack: 'cn-long-prescription', service: 'limit' }

/** 回家后一次能拿多少药. `answers`: raw, kept over a change of language. */
export function medicine({ packs, language, titles, answers }) {
  const { pick, say } = language
  const choices = [LOCAL, NATIONAL].filter(one => packs.has(one.pack))
  const text = { zh: say('story.rxWhere'), en: say('story.rxWhere') }
  const where = question(
    { key: 'where', type: 'option', label: text, question: text, hint: null, confirmedBy: null, fields: [], options: choices.map(one => ({ id: one.pack, label: packs.get(one.pack).header.title })) },
    { language, given: (answers.where ??= choices[0].pack), changed: () => { answers.where = where.raw(); show() } })
  const body = el('div', {})
  function show() {
    const chosen = choices.find(one => one.pack === where.value())
    refill(body, chosen && panel({ pack: packs.get(chosen.pack), serviceId: chosen.service, language, titles, answers: (answers[chosen.pack] ??= {}), without: ['serviceDate'] }))
  }
  show()
  return el('section', { class: 'block', 'aria-labelledby': 'medicine' },
    el('h2', { id: 'medicine' }, phrases(say('story.rx'))), el('p', {}, say('story.rxLead')), where.node, body, el('p', { class: 'aside' }, pick(packs.get(NATIONAL.pack)?.header.caveats[1])))
}

/** 下转要符合什么条件、带什么材料. */
export function transferDown({ pack, language, titles, answers }) {
  const { say } = language
  return el('section', { class: 'block', 'aria-labelledby': 'transfer-down' },
    el('h2', { id: 'transfer-down' }, phrases(say('story.down'))), el('p', {}, say('story.downLead')),
    el('p', { class: 'emergency' }, say('page.emergency')),
    panel({ pack, serviceId: 'down_referral', language, titles, answers, without: ['serviceDate'] }))
}
