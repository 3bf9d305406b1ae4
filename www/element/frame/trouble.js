// Why there is no figure: said clearly, and never filled with another place's.

import { html, nothing } from 'lit'

const NAMED = ['engine', 'fetch', 'no-plan', 'too-new']

export function trouble(host) {
  const { words, status, loader, region, session } = host
  const { say } = words
  const { refused } = session?.pack ?? {}
  if (status === 'paused') return box(host.pauseWords ? words.pick(host.pauseWords) : say('trouble.paused'), say('trouble.desk'))
  if (status === 'unsupported') return box(say(loader.fault === 'service' ? 'trouble.service' : 'trouble.place', { region: region ?? '' }), say('trouble.never'), others(loader, words))
  if (status === 'error') return box(refused?.text ? words.pick(refused.text) : say(`trouble.${NAMED.includes(loader.fault) ? loader.fault : 'failed'}`), say(loader.failed ? 'trouble.readable' : 'trouble.desk'))
  return status === 'choosing' ? others(loader, words) : nothing
}

const box = (what, then, more = nothing) => html`<div class="trouble" role="group" part="trouble"><p><strong>${what}</strong></p><p>${then}</p>${more}</div>`

/** Packs that are at hand but stand for no place, and why. */
function others({ others: all = [] }, { pick, say }) {
  if (all.length === 0) return nothing
  return html`<details class="more"><summary>${say('choose.others', { n: all.length })}</summary><p>${say('choose.othersWhy')}</p><ul>${all.map(({ title, why }) => html`<li>${pick(title)}<span class="line-note">${say(`standing.${why}`)}</span></li>`)}</ul></details>`
}
