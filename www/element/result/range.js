// Where answers are missing: from–to, as far as the engine can tell, and the one question that narrows it most.

import { html, nothing } from 'lit'
import { shown } from '../figures.js'

const money = (text, language) => shown({ state: 'known', unit: 'yuan', text }, language)

/** Amounts that are reached, not only bounded: an outer bound can lie far off, and would mislead. */
const reached = (bounds, id) => bounds?.amounts.find(one => one.id === id && !one.outer)

export function range(decision, { language, bounds, go, untouched }) {
  if (bounds === undefined || untouched) return nothing
  const { pick, say } = language
  const net = decision.service.kind === 'settlement' && reached(bounds, 'net')
  if (!net) return nothing
  const first = bounds.ask[0]
  const leaves = first?.leaves ? say(first.leaves === '0.00' ? 'range.settles' : 'range.narrows', { leaves: money(first.leaves, language) }) : ''
  return html`
    <div class="range" part="range">
      <p class="answer-part">${say('money.youPay')} <strong class="answer-figure">${net.least === net.greatest ? money(net.least, language) : say('range.between', { least: money(net.least, language), greatest: money(net.greatest, language) })}</strong></p>
      ${bounds.refused ? html`<p>${say('range.refused')}</p>` : nothing}
      ${first ? html`<p>${say('range.ask', { leaves })} <button type="button" class="link" @click=${() => go(first.fact)}>${pick(first.question ?? first.label)}</button></p>` : nothing}
    </div>`
}
