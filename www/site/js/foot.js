// The foot of the page: what the answers rest on, and what becomes of what is entered.

import { el, refill } from './dom.js'
import { day } from './figures.js'

export function foot(language) {
  const { lang, pick, say } = language
  const list = el('ul', { class: 'foot-packs' })
  const node = el('footer', { class: 'foot' },
    el('p', {}, el('strong', {}, say('foot.private'))), el('p', {}, el('strong', {}, say('foot.desk'))), el('p', {}, say('foot.demo')),
    el('details', { class: 'more', open: true, 'data-open': 'foot' }, el('summary', {}, say('foot.packs')), list))
  const show = packs => refill(list, packs.map(({ header, id, digest }) => el('li', {},
    el('span', { class: 'foot-title' }, pick(header.title)),
    el('span', {}, `${say('foot.pack')} `, el('code', {}, id)), el('span', {}, `${say('foot.revision')} `, el('code', {}, header.revision)),
    el('span', {}, `${say('foot.digest')} `, el('code', { class: 'digest' }, digest)),
    el('span', {}, header.reviewedBy ? say('foot.reviewed', { by: header.reviewedBy, date: day(header.reviewedOn, lang) }) : say('foot.unreviewed')))))
  return { node, show }
}
