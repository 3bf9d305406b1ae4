// What can be done with a result: look further, take it along, begin again.

import { html, nothing } from 'lit'
import { forget } from '../state/store.js'

export function actions(host) {
  const { session, words, allows, view, paused, more } = host
  const { say } = words
  const { decision, errors } = session.outcome
  const ready = more !== undefined && decision !== undefined && !errors && !paused && !(session.untouched && decision.outcome !== 'computed')
  return html`
    ${ready ? html`<div class="further">${more.further(host)}</div>` : nothing}
    <div class="row" part="actions">
      ${ready && allows.has('print') ? html`<button type="button" class="button button-main" @click=${() => more.printSheet(host)}>${say('action.paper')}</button>` : nothing}
      ${ready && allows.has('export') ? html`<button type="button" class="button" @click=${() => more.download(host.exportCase(), 'case.json')}>${say('action.export')}</button>` : nothing}
      ${host.stores && !session.untouched ? html`
        <button type="button" class="button" @click=${() => { view.saved = host.save(); host.requestUpdate() }}>${say('action.save')}</button>
        <button type="button" class="button" @click=${() => { forget(session.pack.id, session.service.id); view.saved = undefined; host.requestUpdate() }}>${say('action.forget')}</button>` : nothing}
      ${session.untouched ? nothing : html`<button type="button" class="button" @click=${() => { host.reset(); host.focusTop() }}>${say('action.reset')}</button>`}
    </div>
    ${view.saved === undefined ? nothing : html`<p>${say(view.saved ? 'action.saved' : 'action.notSaved')}</p>`}`
}
