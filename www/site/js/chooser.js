// Another place, another question: pack, service, and the panel for it.

import { el, newId, phrases, refill } from './dom.js'
import { notAPlace } from './evidence.js'
import { panel } from './panel.js'

const FIRST = 'anhui-suzhou-resident'

/** `state`: `{ pack, service, answers }`, kept over a change of language. */
export function chooser({ packs, others, language, titles, state, onPack }) {
  const { pick, say } = language
  const places = [...packs.values()].filter(pack => notAPlace(pack.plan) === undefined && pack.services.length > 0)
    .sort((a, b) => (a.header.regionCode < b.header.regionCode ? -1 : 1))
  state.pack ??= places.some(pack => pack.id === FIRST) ? FIRST : places[0].id
  state.answers ??= {}

  const [placeId, serviceId] = [newId('place'), newId('service')]
  const place = el('select', { id: placeId, class: 'field', on: { change: () => { state.pack = place.value; state.service = undefined; services(); show() } } },
    places.map(pack => el('option', { value: pack.id }, placeName(pack))))
  const service = el('select', { id: serviceId, class: 'field', on: { change: () => { state.service = service.value; show() } } })
  const body = el('div', {})
  const named = el('p', { class: 'hint' })
  /** The place alone where one pack speaks of it. */
  function placeName({ header }) {
    const same = places.filter(one => one.header.regionCode === header.regionCode)
    if (same.length === 1) return pick(header.region)
    const [region, title] = [pick(header.region), pick(header.title)]
    return title.startsWith(region) ? title : `${region}：${title}`
  }

  function services() {
    const pack = packs.get(state.pack)
    state.service ??= pack.services[0].id
    refill(service, pack.services.map(one => el('option', { value: one.id }, pick(one.title))))
    service.value = state.service
  }

  function show() {
    const pack = packs.get(state.pack)
    const referral = pack.service(state.service).topic === 'referral'
    const answers = (state.answers[`${pack.id}/${state.service}`] ??= {})
    named.textContent = pick(pack.header.title)
    refill(body,
      referral && el('p', { class: 'emergency' }, say('page.emergency')),
      panel({ pack, serviceId: state.service, language, titles, answers }))
    onPack(pack)
  }

  place.value = state.pack
  services()
  show()
  return el('section', { class: 'block', id: 'choose', 'aria-labelledby': 'choose-title' },
    el('h2', { id: 'choose-title' }, phrases(say('choose.title'))), el('p', {}, say('choose.lead')),
    el('div', { class: 'question' }, el('label', { class: 'question-title', for: placeId }, say('choose.place')), place, named),
    el('div', { class: 'question' }, el('label', { class: 'question-title', for: serviceId }, say('choose.service')), service),
    body,
    others.length > 0 && el('details', { class: 'more', 'data-open': 'others' }, el('summary', {}, say('choose.others', { n: others.length })),
      el('p', {}, say('choose.othersWhy')),
      el('ul', {}, others.map(({ title, why }) => el('li', {}, `${pick(title)} — ${say(`standing.${why}`)}`)))),
  )
}
