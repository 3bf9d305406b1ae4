// The frame of the element: what stands there from the first moment, and where everything else goes.

import { html, nothing } from 'lit'
import { actions } from './actions.js'
import { foot } from './foot.js'
import { form } from './form.js'
import { head } from './head.js'
import { picker } from './picker.js'
import { trouble } from './trouble.js'

export function frame(host) {
  const { words, session, mode } = host
  return html`
    <div class="root ${mode}" lang=${words.lang} part="root">
      <p id="live" class="only-heard" role="status" aria-live="polite" aria-atomic="true"></p>
      <span id="probe" hidden></span>
      ${host.more?.patterns ?? nothing}
      ${head(host)}
      <slot name="intro"></slot>
      <slot name="notice"></slot>
      ${emergency(host)}
      ${picker(host)}
      ${trouble(host)}
      ${session === undefined ? (host.status === 'loading' ? waiting(words) : nothing) : body(host)}
      <slot name="help"></slot>
      ${foot(host)}
      <slot name="footer"></slot>
    </div>`
}

/** Stands before any question about a referral, and where it is not yet known what will be asked. */
function emergency({ session, service, words }) {
  const referral = session ? session.service.topic === 'referral' || session.service.facts.includes('direction') : service === 'referral'
  return referral ? html`<p class="emergency" part="emergency">${words.say('page.emergency')}</p>` : nothing
}

/** Before anything is there: the frame of a question, so that nothing jumps. */
const waiting = ({ say }) => html`<div class="question waiting" aria-busy="true"><p>${say('frame.loading')}</p><span class="bone"></span><span class="bone"></span><span class="bone"></span></div>`

function body(host) {
  const { session, words, yearState, paused } = host
  const { header, rules } = session.pack
  if (yearState && !paused && rules && !rules.isComplete && host.loader.behind) return waiting(words)
  if (yearState && !paused && rules?.isComplete) {
    return html`
      ${yearState.lead ? html`<p class="lead">${words.pick(yearState.lead)}</p>` : nothing}
      ${host.more.evidenceNote(header, { language: words, caveats: header.caveats })}
      ${host.more.yearView(yearState, { ...contextOf(host), change: () => host.changed() })}
      <button type="button" class="button" @click=${() => host.endYear()}>${words.say('year.single')}</button>`
  }
  return html`
    <div class=${host.stepwise ? 'steps' : 'single'}>
      ${form(host)}
      ${host.stepwise && !host.atResult ? nothing : result(host)}
    </div>
    ${host.stepwise && !host.atResult ? nothing : actions(host)}`
}

/** What templates of a result need. */
export function contextOf(host) {
  const { session, words } = host
  const { pack } = session
  return {
    language: words, options: pack.options, header: pack.header, untouched: session.untouched, stepwise: host.stepwise,
    titles: id => (id === pack.id ? words.pick(pack.header.title) : host.loader.titleOf(id) ?? id),
    go: fact => host.goTo(fact), bounds: session.bounds,
  }
}

/** These answers take a part of the engine that is on its way, or could not be had. */
const undecided = ({ loader, words: { say } }) => html`<p class="hint">${say(loader.behind ? 'frame.loading' : 'trouble.engine')}</p>`

function result(host) {
  const { session, words, paused } = host
  const { say } = words
  if (paused || host.more === undefined || session.pack.rules === undefined) return nothing
  const { decision, errors } = session.outcome
  return html`
    <section class="result" aria-labelledby="result-title" part="result" tabindex="-1" id="result">
      <h3 id="result-title">${say('result.title')}</h3>
      ${errors ? html`<p class="hint">${say('error.title')}</p>` : decision ? host.more.resultView(decision, contextOf(host)) : undecided(host)}
    </section>`
}
