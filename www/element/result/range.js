// Where answers are missing: from–to, as far as the engine can tell, and the one question that narrows it most.

import { html, nothing } from 'lit'
import { shown } from '../figures.js'

const money = (text, language) => shown({ state: 'known', unit: 'yuan', text }, language)

/** Whether there is a range to show. */
export const hasRange = (decision, { bounds, untouched }) => Boolean(!untouched && decision.service.kind === 'settlement' && reached(bounds, 'net'))

/** Amounts that are reached, not only bounded: an outer bound can lie far off, and would mislead. */
const reached = (bounds, id) => bounds?.amounts.find(one => one.id === id && !one.outer)

export function range(decision, { language, bounds, go, untouched }) {
  if (!hasRange(decision, { bounds, untouched })) return nothing
  const { pick, say } = language
  const net = reached(bounds, 'net')
  const first = bounds.ask[0]
  const settles = first?.leaves === '0.00'
  const leaves = first?.leaves ? say('range.narrows', { leaves: money(first.leaves, language) }) : ''
  return html`
    <div class="range" part="range">
      <p class="answer-part">${say('money.youPay')} <strong class="answer-figure">${net.least === net.greatest ? money(net.least, language) : say('range.between', { least: money(net.least, language), greatest: money(net.greatest, language) })}</strong></p>
      ${bounds.refused ? html`<p>${say('range.refused')}</p>` : nothing}
      ${first ? html`<p>${say(settles ? 'range.settle' : 'range.ask', { leaves })} <button type="button" class="link" @click=${() => go(first.fact)}>${pick(first.question ?? first.label)}</button></p>` : nothing}
    </div>`
}
