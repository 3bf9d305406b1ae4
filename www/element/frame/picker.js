// Place and service, where the host leaves them to the reader.

import { html, nothing } from 'lit'
import { live } from 'lit/directives/live.js'

export function picker(host) {
  const { loader, words, yearState } = host
  if (yearState) return nothing
  const { places, place } = loader
  const offered = loader.offered
  const parts = [
    places?.size > 0 && loader.asksPlace ? placePicker(host, places, place, words) : nothing,
    offered.length > 1 ? servicePicker(host, offered, words) : nothing,
  ]
  if (parts.every(one => one === nothing)) return nothing
  return html`<div class="picker" part="picker">${parts}</div>${shutList(host, offered, words)}`
}

function placePicker({ loader }, places, place, { pick, say }) {
  return html`
    <div class="question">
      <label class="question-title" for="place">${say('choose.place')}</label>
      <p class="hint" id="place-hint">${say('choose.lead')}</p>
      <select id="place" class="field" aria-describedby="place-hint" @change=${event => loader.choosePlace(event.target.value)}>
        <option value="" disabled .selected=${live(place === undefined)}>${say('form.choose')}</option>
        ${[...places.values()].map(one => html`<option value=${one.code} .selected=${live(place === one)}>${pick(one.region)}</option>`)}
      </select>
    </div>`
}

function servicePicker({ loader, session }, offered, { pick, say }) {
  const groups = new Map()
  offered.forEach((one, i) => {
    const key = one.entry?.id ?? ''
    groups.set(key, [...(groups.get(key) ?? []), { ...one, i }])
  })
  const isChosen = ({ entry, service }) => session?.service.id === service.id && (entry === undefined || entry.id === session.pack.id)
  const options = all => all.map(one => html`<option value=${one.i} .selected=${live(isChosen(one))}>${pick(one.service.title)}</option>`)
  return html`
    <div class="question">
      <label class="question-title" for="service">${say('choose.service')}</label>
      <select id="service" class="field" @change=${event => { const { entry, service } = offered[Number(event.target.value)]; loader.choose(entry, service.id, { answerable: false }) }}>
        ${session === undefined ? html`<option value="" disabled selected>${say('form.choose')}</option>` : nothing}
        ${groups.size > 1 ? [...groups.values()].map(all => html`<optgroup label=${pick(all[0].entry.title)}>${options(all)}</optgroup>`) : options([...groups.values()][0])}
      </select>
    </div>`
}

/** What this pack cannot answer, each in one sentence with the reason. */
function shutList({ loader, session }, offered, language) {
  const { pick, say, list, sentence } = language
  if (!session?.pack.rules) return nothing
  const own = offered.filter(one => one.entry === undefined || one.entry.id === session.pack.id).map(one => session.pack.service(one.service.id)).filter(Boolean)
  const shut = own.map(service => [service, loader.shut(service)]).filter(([, why]) => why)
  if (shut.length === 0 || shut.length === own.length) return nothing
  return html`<ul class="shut">${shut.map(([service, why]) => html`<li>${sentence(say('choose.shut', { service: pick(service.title), why: list([...new Set(why.map(pick))]) }))}</li>`)}</ul>`
}
