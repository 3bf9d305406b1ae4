// Title, place, which policy this is; 长辈版 and 朗读.

import { html, nothing } from 'lit'
import { statusWords } from './standing.js'

export function head(host) {
  const { words, session, mode, yearState, canSpeak, view } = host
  const { pick, say } = words
  const header = session?.pack.header
  const title = yearState?.title ? pick(yearState.title) : session ? pick(session.service.title) : say('frame.title')
  return html`
    <header class="head" part="header">
      <div class="head-words">
        <h2 part="title" tabindex="-1">${title}</h2>
        ${header ? html`<p class="head-place">${header.regionCode === '000000' ? pick(header.title) : html`<strong>${pick(header.region)}</strong>`}<span class="head-basis">${header.reviewedBy ? nothing : html`<strong class="tag">${say('demo')}</strong> `}${statusWords(header, words)}</span></p>` : nothing}
      </div>
      <div class="tools" role="group" aria-label=${say('tools')}>
        <button type="button" class="button" aria-pressed=${mode === 'elder' ? 'true' : 'false'} @click=${() => { host.mode = mode === 'elder' ? 'standard' : 'elder' }}>${say(mode === 'elder' ? 'tools.standard' : 'tools.elder')}</button>
        ${canSpeak ? html`<button type="button" class="button" @click=${() => host.readAloud()}>${say(view.speaking ? 'tools.quiet' : 'tools.speak')}</button>` : nothing}
      </div>
    </header>`
}
